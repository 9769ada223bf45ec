//! The thread that owns the connection: jobs in, one transaction for all that wait, answers out.
//!
//! A commit costs a write to the disk that is waited for, however much is in it. While one runs,
//! new jobs gather; the next transaction takes them all. No answer is given before the commit.

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::problem::Problem;
use super::{proofs, schema};
use crate::StoreErrorKind;

/// How many jobs may wait. Whoever comes then is told that the store is busy.
const WAITING: usize = 4096;
/// How many jobs share a transaction at most, so that the first of them does not wait for long.
const TOGETHER: usize = 256;

/// One thing to do in a transaction.
trait Job: Send {
    /// Whether somebody still waits for the answer.
    fn is_wanted(&self) -> bool;
    /// Does it; can be called again after a transaction that was rolled back.
    fn perform(&mut self, connection: &Connection) -> Result<(), Problem>;
    /// Answers: with what was done, or with why the transaction failed.
    fn answer(self: Box<Self>, committed: Result<(), Problem>);
}

struct Work<T, F> {
    act: F,
    done: Option<T>,
    reply: oneshot::Sender<Result<T, Problem>>,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: FnMut(&Connection) -> Result<T, Problem> + Send,
{
    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn perform(&mut self, connection: &Connection) -> Result<(), Problem> {
        self.done = Some((self.act)(connection)?);
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), Problem>) {
        let Self { done, reply, .. } = *self;
        let answer = committed.and_then(|()| done.ok_or(Problem::of(StoreErrorKind::Other)));
        // Who has gone does not want it: a delivery that is stored all the same is known next time,
        // a claim ends with its lease.
        drop(reply.send(answer));
    }
}

/// Takes jobs for the thread. The thread ends when the last of these is gone.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
}

impl Writer {
    /// Opens a connection on a thread of its own, which it stays with. Without keys it stops at a
    /// database that another process has encrypted.
    pub async fn start(
        with_keys: bool,
        open: impl FnOnce() -> Result<Connection, Problem> + Send + 'static,
    ) -> Result<Self, Problem> {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let (opened, answer) = oneshot::channel();
        std::thread::Builder::new()
            .name("novamed-inbox".to_owned())
            .spawn(move || match open() {
                Ok(connection) => {
                    let _ = opened.send(Ok(()));
                    write(connection, waiting, with_keys);
                }
                Err(problem) => {
                    let _ = opened.send(Err(problem));
                }
            })
            .map_err(|_| Problem::of(StoreErrorKind::Other))?;
        answer.await.unwrap_or(Err(Problem::of(StoreErrorKind::Closed)))?;
        Ok(Self { jobs })
    }

    /// Has something done, and returns when it is durable.
    ///
    /// # Errors
    ///
    /// It failed, or its transaction did; too much waits; the thread has ended.
    pub async fn run<T, F>(&self, act: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&Connection) -> Result<T, Problem> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Work { act, done: None, reply });
        self.jobs.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Problem::of(StoreErrorKind::Busy),
            mpsc::error::TrySendError::Closed(_) => Problem::of(StoreErrorKind::Closed),
        })?;
        answer.await.unwrap_or(Err(Problem::of(StoreErrorKind::Closed)))
    }
}

fn write(mut connection: Connection, mut waiting: mpsc::Receiver<Box<dyn Job>>, with_keys: bool) {
    let mut jobs = Vec::with_capacity(TOGETHER);
    while waiting.blocking_recv_many(&mut jobs, TOGETHER) > 0 {
        jobs.retain(|job| job.is_wanted());
        match transact(&mut connection, &mut jobs, with_keys) {
            Ok(()) => jobs.drain(..).for_each(|job| job.answer(Ok(()))),
            // Nobody can write at all: each alone would wait as long and get no further.
            Err(Failed::Begin(problem)) => jobs.drain(..).for_each(|job| job.answer(Err(problem))),
            Err(Failed::Later(problem)) if jobs.len() == 1 => jobs.drain(..).for_each(|job| job.answer(Err(problem))),
            // One job's trouble is no other's: on a full disk a completion may fit where an event does not.
            Err(Failed::Later(_)) => {
                for mut job in jobs.drain(..) {
                    let done = transact(&mut connection, std::slice::from_mut(&mut job), with_keys);
                    job.answer(done.map_err(Failed::problem));
                }
            }
        }
    }
}

/// When a transaction failed.
enum Failed {
    /// It could not begin.
    Begin(Problem),
    /// Later; all of it was rolled back.
    Later(Problem),
}

impl Failed {
    fn problem(self) -> Problem {
        let (Self::Begin(problem) | Self::Later(problem)) = self;
        problem
    }
}

fn transact(connection: &mut Connection, jobs: &mut [Box<dyn Job>], with_keys: bool) -> Result<(), Failed> {
    if jobs.is_empty() {
        return Ok(());
    }
    // Immediate: to become a writer halfway could fail at once, without the wait for the other.
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = begun.map_err(|error| Failed::Begin(error.into()))?;
    // A newer version may have changed the tables since they were opened.
    schema::check(&transaction).map_err(Failed::Begin)?;
    proofs::check(&transaction, with_keys).map_err(Failed::Begin)?;
    for job in jobs.iter_mut() {
        job.perform(&transaction).map_err(Failed::Later)?;
    }
    transaction.commit().map_err(|error| Failed::Later(error.into()))
}
