//! Connections of the app's pool: [`Database`] lends one, and sees to it that none goes back that is in
//! the middle of something.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Object, Pool};
use tokio::time::timeout;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};

use super::pooler;
use super::problem::Problem;
use super::schema;
use super::statements::Statements;
use super::value::{Value, ask};
use crate::StoreErrorKind;
use crate::sealing::Sealing;

/// After what time a transaction is given up: the server may have gone without a word, and then
/// nothing would ever end it. Above all that a lock or a slow disk takes.
const GIVEN_UP: Duration = Duration::from_secs(15);

/// The app's pool, and what is asked of its connections.
pub struct Database {
    pool: Pool,
    /// How long to wait for a connection.
    wait: Duration,
    /// Whether a connection keeps the server's process, so that statements can be prepared on it.
    keeps_process: bool,
    pub statements: Statements,
    pub sealing: Sealing,
}

impl Database {
    pub const fn new(pool: Pool, wait: Duration, statements: Statements, sealing: Sealing) -> Self {
        Self { pool, wait, keeps_process: false, statements, sealing }
    }

    /// Finds out whether statements can be prepared, which saves the server their planning. Until this
    /// has said so, none is. The connection is closed in the end.
    pub async fn look_for_pooler(&mut self, first: Connection) -> Result<(), Problem> {
        // Out of the pool, which may have room for one.
        let first = first.detached();
        let second = self.connection().await?;
        let lends = timeout(GIVEN_UP, pooler::lends_processes(&*first, &**second)).await;
        self.keeps_process = !lends.map_err(|_| Problem::of(StoreErrorKind::Unreachable))??;
        second.give_back();
        Ok(())
    }

    /// Whether statements are prepared.
    pub const fn prepares(&self) -> bool {
        self.keeps_process
    }

    /// Returns a connection that is free.
    pub async fn connection(&self) -> Result<Connection, Problem> {
        if let Ok(connection) = timeout(self.wait, self.pool.get()).await {
            return Ok(Connection(Some(connection?)));
        }
        let status = self.pool.status();
        // A pool that is not full waits for no connection to come free, but for one to be made.
        let full = status.size >= status.max_size;
        Err(if full { Problem::no_free_connection() } else { Problem::of(StoreErrorKind::Unreachable) })
    }

    /// Has statements done in one transaction, sent together, and returns the rows of each.
    pub async fn transact(&self, asked: &[Asked<'_>]) -> Result<Vec<Vec<Row>>, Problem> {
        let connection = self.connection().await?;
        match timeout(GIVEN_UP, self.send(&connection, asked)).await {
            Ok(done) => {
                // The transaction has ended, one way or the other.
                connection.give_back();
                done
            }
            Err(_) => Err(Problem::of(StoreErrorKind::Unreachable)),
        }
    }

    /// Sends all at once, so that a transaction costs one way to the server and back. What follows a
    /// failed statement fails as well, and the commit of a failed transaction takes it back.
    async fn send(&self, connection: &Connection, asked: &[Asked<'_>]) -> Result<Vec<Vec<Row>>, Problem> {
        let (known, with_keys) = (schema::newest(), self.sealing.is_on());
        let enter = Asked { statement: self.statements.enter(), values: &[&known, &with_keys] };
        let mut prepared = Vec::new();
        if self.keeps_process {
            for asked in std::iter::once(&enter).chain(asked) {
                prepared.push(connection.prepare_cached(asked.statement).await?);
            }
        }
        // Each future sends when it is polled first, and `together` polls in this order.
        let opening = connection.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
        let work = std::iter::once(&enter).chain(asked).enumerate();
        let work = together(work.map(|(at, asked)| asked.send(connection, prepared.get(at))).collect());
        let ending = connection.batch_execute("COMMIT");
        let (begun, rows, committed) = tokio::join!(opening, work, ending);
        begun?;
        let mut rows = rows.into_iter();
        rows.next().transpose()?;
        let rows = rows.collect::<Result<_, _>>()?;
        committed?;
        Ok(rows)
    }

    /// Has statements without values done, as one transaction where they name none.
    pub async fn batch(&self, statements: &str) -> Result<(), Problem> {
        let connection = self.connection().await?;
        match timeout(GIVEN_UP, connection.batch_execute(statements)).await {
            Ok(done) => {
                connection.give_back();
                Ok(done?)
            }
            Err(_) => Err(Problem::of(StoreErrorKind::Unreachable)),
        }
    }
}

/// A statement and its values.
pub struct Asked<'a> {
    pub statement: &'a str,
    pub values: &'a [&'a dyn Value],
}

impl Asked<'_> {
    /// Sends the statement as it was prepared, or else as it is.
    async fn send(
        &self,
        connection: &Connection,
        prepared: Option<&Statement>,
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        let Some(prepared) = prepared else { return ask(&***connection, self.statement, self.values).await };
        let values: Vec<&(dyn ToSql + Sync)> = self.values.iter().map(|value| *value as _).collect();
        connection.query(prepared, &values).await
    }
}

/// Polls futures in their order until all have ended.
async fn together<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    use std::pin::Pin;
    use std::task::Poll;

    let mut futures: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut outputs: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut all = true;
        for (future, output) in futures.iter_mut().zip(&mut outputs) {
            if output.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(done) => *output = Some(done),
                    Poll::Pending => all = false,
                }
            }
        }
        if all { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outputs.into_iter().flatten().collect()
}

/// A connection of the pool. One that is dropped without being [given back](Self::give_back) may be in
/// the middle of a transaction, and is closed.
pub struct Connection(Option<Object>);

impl Connection {
    /// Lets the pool have it again.
    pub fn give_back(mut self) {
        drop(self.0.take());
    }

    /// Takes it out of the pool, to be closed when it is dropped.
    fn detached(mut self) -> ClientWrapper {
        Object::take(self.0.take().expect("a connection is there until it is given back"))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(Object::take(connection));
        }
    }
}

impl Deref for Connection {
    type Target = ClientWrapper;

    fn deref(&self) -> &Self::Target {
        self.0.as_ref().expect("a connection is there until it is given back")
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0.as_mut().expect("a connection is there until it is given back")
    }
}
