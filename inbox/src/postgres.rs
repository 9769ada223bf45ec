//! The store in a PostgreSQL database: [`PostgresInbox`], and its settings.
//!
//! The statements are in `statements`, their values and answers in `rows`, the tables in `schema`.
//! What is stored and what is completed shares transactions (`batch`); `connection` lends the pool's
//! connections, `wake` tells workers of changes, and `problem` strips the server's errors of their
//! words.

mod batch;
mod connection;
mod operating;
mod pooler;
mod problem;
mod proofs;
mod rows;
mod schema;
mod statements;
mod value;
mod wake;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Pool;
use novamed::webhooks::{Inbox, InboxError, Incoming, Stored};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Config, Socket};

use crate::content::Contents;
use crate::metering;
use crate::report::Listener;
use crate::sealing::{NewDelivery, Sealing, Taken};
use crate::store::{Claim, Claimed, Counts, DeadLetter, DeadLetterId, Reason, Removed, Store, Ticket, Wanted};
use crate::waiting::Waiting;
use crate::{Report, Retention, StoreError};
use batch::Batches;
use connection::Database;
use problem::Problem;
use statements::Statements;
pub use wake::Notifications;
use wake::Waker;

/// An inbox in a PostgreSQL database, for any number of processes on any number of hosts.
///
/// It uses the app's own pool, and keeps its tables in a separate schema (`novamed_inbox`). What is stored
/// survives a crash of the processes and of the server: each commit waits for the server's disk, also
/// where the session's `synchronous_commit` is off. All times are those of the server's clock.
///
/// Workers on other hosts are woken by `NOTIFY`. To be woken, a process [listens](PostgresOptions::listen)
/// on a connection beside the pool; without it, it looks for events as often as
/// [`Workers::poll`](crate::Workers::poll) says.
///
/// ```no_run
/// # async fn f(pool: deadpool_postgres::Pool, config: tokio_postgres::Config) -> Result<(), Box<dyn std::error::Error>> {
/// use novamed_inbox::PostgresInbox;
/// use tokio_postgres::NoTls;
///
/// // A process that receives:
/// let inbox = PostgresInbox::open(pool.clone()).await?;
/// // A process that works:
/// let inbox = PostgresInbox::options().listen(config, NoTls).open(pool).await?;
/// # Ok(())
/// # }
/// ```
///
/// The pool may go through PgBouncer, in session mode or in transaction mode: where connections turn
/// out to share the server's processes, statements are sent without being prepared.
///
/// A clone shares everything. The crates of pool and driver are [`deadpool_postgres`] 0.14 and
/// [`tokio_postgres`] 0.7; an app on another driver gives the inbox a separate small pool.
#[derive(Clone)]
pub struct PostgresInbox {
    shared: Arc<Shared>,
}

struct Shared {
    database: Arc<Database>,
    waker: Arc<Waker>,
    stores: Batches<NewDelivery, Taken>,
    completions: Batches<Ticket, Claim>,
    contents: Contents,
    listener: Listener,
}

impl fmt::Debug for PostgresInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresInbox")
            .field("prepares", &self.shared.database.prepares())
            .field("notifications", &self.notifications())
            .finish_non_exhaustive()
    }
}

/// Settings of a [`PostgresInbox`].
pub struct PostgresOptions {
    schema: String,
    wait: Duration,
    listen: Option<Listen>,
    sealing: Sealing,
    reports: Listener,
    existing: bool,
}

/// Starts to listen on a channel, with the connection's settings.
type Listen = Box<dyn FnOnce(&Arc<Waker>, &str) + Send>;

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("schema", &self.schema)
            .field("wait", &self.wait)
            .field("listen", &self.listen.is_some())
            .field("encrypts", &self.sealing.is_on())
            .finish_non_exhaustive()
    }
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            schema: schema::DEFAULT.to_owned(),
            wait: Duration::from_secs(3),
            listen: None,
            sealing: Sealing::default(),
            reports: Listener::default(),
            existing: false,
        }
    }
}

impl PostgresOptions {
    /// The schema of the inbox, `novamed_inbox` by default: at most 63 lowercase letters,
    /// digits and underscores, no digit first, and no word that SQL keeps for itself, as `user`. It is
    /// created if it is missing. Each inbox of a database has its own.
    #[must_use]
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.schema = name.into();
        self
    }

    /// How long to wait for a free connection of the pool; default 3 s. NovaMed waits 5 s for an
    /// answer, and the receiver 4 s for the inbox.
    #[must_use]
    pub fn connection_wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// Encrypts what deliveries and handlers say, with these keys; by default it is in the clear. An
    /// inbox that was in the clear is encrypted when it is opened so for the first time, and from then
    /// on refuses whoever has no keys.
    #[cfg(feature = "encryption")]
    #[must_use]
    pub fn keys(mut self, keys: crate::Keys) -> Self {
        self.sealing = Sealing(Some(Arc::new(keys)));
        self
    }

    /// Listens for events that other processes store, so that idle workers wake at once. The
    /// connection isn't part of the pool. It stays open as long as the inbox, and is made again
    /// when it breaks. It has to reach the server itself: a pooler that lends the server's connections for
    /// one transaction at a time, as PgBouncer in transaction mode, passes no notifications on. Where
    /// there is one, workers poll; [`PostgresInbox::notifications`] says so.
    #[must_use]
    pub fn listen<T>(mut self, config: Config, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        self.listen = Some(Box::new(move |waker, channel| waker.listen(config, tls, channel)));
        self
    }

    /// Reports deliveries that are dead letters from the start ([`Report::Died`](crate::Report::Died)) to a
    /// function, which has to be quick and must not panic. Workers report all others.
    #[must_use]
    pub fn on_report(mut self, listener: impl Fn(Report) + Send + Sync + 'static) -> Self {
        self.reports = Listener::new(listener);
        self
    }

    /// Opens only an inbox that is there, as it is: creates nothing, brings no schema up to date and
    /// encrypts nothing. Keys for an inbox that is in the clear are left aside. For tools that look at
    /// an inbox of another program.
    #[must_use]
    pub fn existing(mut self) -> Self {
        self.existing = true;
        self
    }

    /// Opens the inbox in the database of this pool.
    ///
    /// # Errors
    ///
    /// As [`PostgresInbox::open`], and with [`existing`](Self::existing) if it is missing
    /// ([`StoreErrorKind::Missing`](crate::StoreErrorKind::Missing)) or an older version has written it
    /// ([`StoreErrorKind::OlderSchema`](crate::StoreErrorKind::OlderSchema)); and where the schema's name is none that
    /// [`schema`](Self::schema) takes ([`StoreErrorKind::NotAnInbox`](crate::StoreErrorKind::NotAnInbox)).
    pub async fn open(self, pool: Pool) -> Result<PostgresInbox, StoreError> {
        if !schema::is_name(&self.schema) {
            return Err(schema::no_name().error());
        }
        let mut database = Database::new(pool, self.wait, Statements::new(&self.schema), self.sealing);
        let mut connection = database.connection().await.map_err(Problem::error)?;
        if self.existing {
            schema::check(&mut connection, &self.schema).await.map_err(Problem::error)?;
            let sealed = proofs::check_keys(&mut connection, &self.schema, &database.sealing).await;
            if !sealed.map_err(Problem::error)? {
                database.sealing = Sealing::default();
            }
        } else {
            schema::migrate(&mut connection, &self.schema).await.map_err(Problem::error)?;
            proofs::settle(&mut connection, &self.schema, &database.sealing).await.map_err(Problem::error)?;
        }
        let content_key = schema::content_key(&connection, &self.schema).await.map_err(Problem::error)?;
        database.look_for_pooler(connection).await.map_err(Problem::error)?;
        let database = Arc::new(database);
        let waker = Waker::start(&database, &self.schema);
        if let Some(listen) = self.listen {
            listen(&waker, &self.schema);
        }
        let shared = Shared::start(database, waker, Contents::new(&content_key), self.reports);
        Ok(PostgresInbox { shared: Arc::new(shared) })
    }
}

impl Shared {
    fn start(database: Arc<Database>, waker: Arc<Waker>, contents: Contents, listener: Listener) -> Self {
        let stores = {
            let (database, waker) = (Arc::clone(&database), Arc::clone(&waker));
            Batches::start(move |deliveries| {
                let (database, waker) = (Arc::clone(&database), Arc::clone(&waker));
                async move {
                    let taken = database.store(deliveries).await?;
                    if taken.contains(&Taken::New) {
                        waker.changed();
                    }
                    Ok(taken)
                }
            })
        };
        let completions = {
            let (database, waker) = (Arc::clone(&database), Arc::clone(&waker));
            Batches::start(move |tickets| {
                let (database, waker) = (Arc::clone(&database), Arc::clone(&waker));
                async move {
                    let (claims, freed) = database.complete(tickets).await?;
                    if freed {
                        waker.changed();
                    }
                    Ok(claims)
                }
            })
        };
        Self { database, waker, stores, completions, contents, listener }
    }
}

impl PostgresInbox {
    /// Opens the inbox in the database of this pool, in the schema `novamed_inbox`, which is created if
    /// it is missing. Tables of an older version are brought up to date; of several hosts that start
    /// together, one does so and the others wait. Has to be called within a Tokio runtime, where the
    /// inbox's tasks run.
    ///
    /// # Errors
    ///
    /// The server cannot be reached in time, is older than PostgreSQL 14, or does not wait for its disk
    /// (`fsync` is off); who connects is not let in, or may not create or use the schema; the schema is no
    /// inbox, or was changed by a newer version of this crate
    /// ([`StoreErrorKind::NewerSchema`](crate::StoreErrorKind::NewerSchema)).
    pub async fn open(pool: Pool) -> Result<Self, StoreError> {
        Self::options().open(pool).await
    }

    /// Returns settings to open an inbox with.
    #[must_use]
    pub fn options() -> PostgresOptions {
        PostgresOptions::default()
    }

    /// Seals all that other keys sealed with the current one, so that those can be left out. Returns how
    /// many events there were. Workers and receivers go on meanwhile; all of them need the current key.
    ///
    /// # Errors
    ///
    /// The inbox was opened without keys, is in the clear, or the store failed. What was sealed before
    /// that stays so.
    #[cfg(feature = "encryption")]
    pub async fn rotate_keys(&self) -> Result<u64, StoreError> {
        self.shared.database.rotate_keys().await.map_err(Problem::error)
    }

    /// Returns how this process learns of events that other processes store: worth a line in the log
    /// of a worker.
    #[must_use]
    pub fn notifications(&self) -> Notifications {
        self.shared.waker.notifications()
    }

    /// Returns the answer, and wakes whoever waits for a change if it says that there is one.
    fn answer<T>(&self, done: Result<T, Problem>, changes: impl Fn(&T) -> bool) -> Result<T, StoreError> {
        let done = done.map_err(Problem::error)?;
        if changes(&done) {
            self.shared.waker.changed();
        }
        Ok(done)
    }

    /// Stores a delivery.
    async fn take(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        let Shared { database, stores, contents, listener, .. } = &*self.shared;
        let written = database.sealing.delivery(&delivery, contents)?;
        let mut taken = stores.run(written).await.map_err(Problem::error)?;
        if taken == Taken::Differs {
            let written = database.sealing.differing(&delivery, contents)?;
            taken = stores.run(written).await.map_err(Problem::error)?;
        }
        if let Taken::Dead(id) = taken {
            listener.tell(Report::dead_from_the_start(id, &delivery));
        }
        Ok(if matches!(taken, Taken::New | Taken::Dead(_)) { Stored::New } else { Stored::Known })
    }
}

impl Inbox for PostgresInbox {
    async fn store(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        let stored = self.take(delivery).await;
        metering::delivered(&stored);
        stored
    }
}

impl Store for PostgresInbox {
    async fn claim(&self, wanted: Wanted) -> Result<Claimed, StoreError> {
        self.answer(self.shared.database.claim(wanted).await, |claimed| !claimed.buried.is_empty())
    }

    async fn extend(&self, ticket: Ticket, lease: Duration) -> Result<Claim, StoreError> {
        self.answer(self.shared.database.extend(ticket, lease).await, |_| false)
    }

    async fn complete(&self, ticket: Ticket) -> Result<Claim, StoreError> {
        self.shared.completions.run(ticket).await.map_err(Problem::error)
    }

    async fn postpone(&self, ticket: Ticket, delay: Duration, reason: Reason) -> Result<Claim, StoreError> {
        self.answer(self.shared.database.postpone(ticket, delay, Some(reason)).await, |_| true)
    }

    async fn bury(&self, ticket: Ticket, reason: Reason) -> Result<Claim, StoreError> {
        self.answer(self.shared.database.bury(ticket, reason).await, |_| true)
    }

    async fn give_back(&self, ticket: Ticket) -> Result<Claim, StoreError> {
        self.answer(self.shared.database.postpone(ticket, Duration::ZERO, None).await, |_| true)
    }

    async fn dead_letters(&self, after: Option<DeadLetterId>, limit: u32) -> Result<Vec<DeadLetter>, StoreError> {
        self.answer(self.shared.database.dead_letters(after, limit).await, |_| false)
    }

    async fn waiting(&self, after: Option<DeadLetterId>, limit: u32) -> Result<Vec<Waiting>, StoreError> {
        self.answer(self.shared.database.waiting(after, limit).await, |_| false)
    }

    async fn retry(&self, id: DeadLetterId) -> Result<bool, StoreError> {
        self.answer(self.shared.database.retry(id).await, |retried| *retried)
    }

    async fn discard(&self, id: DeadLetterId) -> Result<bool, StoreError> {
        self.answer(self.shared.database.discard(id).await, |_| false)
    }

    async fn remove_expired(&self, retention: Retention) -> Result<Removed, StoreError> {
        self.answer(self.shared.database.remove_expired(retention).await, |_| false)
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.answer(self.shared.database.counts().await, |_| false)
    }

    fn changed(&self) -> impl Future<Output = ()> + Send {
        // Made here, not when it is polled: it hears what happens from now on.
        self.shared.waker.heard()
    }
}
