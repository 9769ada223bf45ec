//! The thread that owns the connection: jobs in, one transaction for all that wait, answers out.
//!
//! A commit costs a write to the disk that is waited for, however much is in it. While one runs,
//! new jobs gather; the next transaction takes them all. No answer is given before the commit.
//!
//! What is committed is in `-wal` first. SQLite moves it to the database and leaves it in `-wal` until it is
//! written over, so the thread empties `-wal` every few seconds: nothing that was removed from the database
//! is to be found there.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::problem::Problem;
use super::{proofs, schema};
use crate::StoreErrorKind;

/// How many jobs may wait. Whoever comes then is told that the store is busy.
const WAITING: usize = 4096;
/// How many jobs share a transaction at most, so that the first of them does not wait for long.
const TOGETHER: usize = 256;
/// After what time `-wal` is emptied of what was written.
const EMPTIED_AFTER: Duration = Duration::from_secs(10);

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
        // If nobody waits for the answer any more, nothing is lost: a stored delivery is known next time,
        // and a claim ends with its lease.
        drop(reply.send(answer));
    }
}

/// What the thread is told.
enum Message {
    Do(Box<dyn Job>),
    /// Empties `-wal` now.
    Empty,
    Close(oneshot::Sender<Result<(), Problem>>),
}

/// How a thread works on its connection.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Whether there are keys: without them it stops at a database that another process has encrypted.
    pub with_keys: bool,
    /// How long to wait for another connection.
    pub wait: Duration,
}

/// Takes jobs for the thread. The thread ends when it is told to, or when the last of these is gone.
#[derive(Clone)]
pub struct Writer {
    messages: mpsc::SyncSender<Message>,
}

impl Writer {
    /// Starts a thread and opens a connection there. Returns what was read with it, too.
    pub async fn start<T: Send + 'static>(
        settings: Settings,
        open: impl FnOnce() -> Result<(Connection, T), Problem> + Send + 'static,
    ) -> Result<(Self, T), Problem> {
        let (messages, waiting) = mpsc::sync_channel(WAITING);
        let (opened, answer) = oneshot::channel();
        std::thread::Builder::new()
            .name("novamed-inbox".to_owned())
            .spawn(move || match open() {
                Ok((connection, read)) => {
                    let _ = opened.send(Ok(read));
                    write(connection, &waiting, settings);
                }
                Err(problem) => {
                    let _ = opened.send(Err(problem));
                }
            })
            .map_err(|_| Problem::of(StoreErrorKind::Other))?;
        let read = answer.await.unwrap_or(Err(Problem::of(StoreErrorKind::Closed)))?;
        Ok((Self { messages }, read))
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
        self.send(Message::Do(Box::new(Work { act, done: None, reply })))?;
        answer.await.unwrap_or(Err(Problem::of(StoreErrorKind::Closed)))
    }

    /// Empties `-wal` after what waits, of what was just removed from the database.
    pub fn empty_log(&self) {
        // Where too much waits, it is emptied a little later.
        let _ = self.send(Message::Empty);
    }

    /// Ends the thread once what waits is done, and moves all of `-wal` to the database.
    ///
    /// # Errors
    ///
    /// Another connection kept `-wal` in use, or the disk failed. All is stored nevertheless.
    pub async fn close(&self) -> Result<(), Problem> {
        let (reply, answer) = oneshot::channel();
        match self.send(Message::Close(reply)) {
            Ok(()) => answer.await.unwrap_or(Ok(())),
            // It is closed already.
            Err(problem) if problem.error().kind() == StoreErrorKind::Closed => Ok(()),
            Err(problem) => Err(problem),
        }
    }

    fn send(&self, message: Message) -> Result<(), Problem> {
        self.messages.try_send(message).map_err(|error| match error {
            mpsc::TrySendError::Full(_) => Problem::of(StoreErrorKind::Busy),
            mpsc::TrySendError::Disconnected(_) => Problem::of(StoreErrorKind::Closed),
        })
    }
}

fn write(mut connection: Connection, waiting: &mpsc::Receiver<Message>, settings: Settings) {
    let mut jobs = Vec::with_capacity(TOGETHER);
    let mut empty_at: Option<Instant> = None;
    loop {
        let first = match empty_at {
            Some(then) => waiting.recv_timeout(then.saturating_duration_since(Instant::now())),
            None => waiting.recv().map_err(|mpsc::RecvError| mpsc::RecvTimeoutError::Disconnected),
        };
        let then = match first {
            Ok(message) => gather(message, waiting, &mut jobs),
            Err(mpsc::RecvTimeoutError::Timeout) => None,
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
        };
        if !jobs.is_empty() {
            perform(&mut connection, &mut jobs, settings.with_keys);
            empty_at = empty_at.or_else(|| Some(Instant::now() + EMPTIED_AFTER));
        }
        match then {
            Some(Then::Close(reply)) => {
                let emptied = empty_log(&connection, settings.wait);
                drop(connection);
                let _ = reply.send(emptied);
                return;
            }
            Some(Then::Empty) => empty_at = Some(Instant::now()),
            None => {}
        }
        if empty_at.is_some_and(|then| then <= Instant::now()) {
            // Without a wait: where somebody reads, deliveries are not to wait for the end of it.
            let emptied = empty_log(&connection, Duration::ZERO).is_ok();
            drop(connection.busy_timeout(settings.wait));
            empty_at = (!emptied).then(|| Instant::now() + EMPTIED_AFTER);
        }
    }
}

/// What is to be done after the jobs.
enum Then {
    Empty,
    Close(oneshot::Sender<Result<(), Problem>>),
}

/// Takes the jobs that wait, up to another message.
fn gather(first: Message, waiting: &mpsc::Receiver<Message>, jobs: &mut Vec<Box<dyn Job>>) -> Option<Then> {
    let mut next = Some(first);
    while let Some(message) = next {
        match message {
            Message::Do(job) if job.is_wanted() => jobs.push(job),
            Message::Do(_) => {}
            Message::Empty => return Some(Then::Empty),
            Message::Close(reply) => return Some(Then::Close(reply)),
        }
        next = if jobs.len() < TOGETHER { waiting.try_recv().ok() } else { None };
    }
    None
}

/// Moves all of `-wal` to the database, and cuts it to nothing.
pub fn empty_log(connection: &Connection, wait: Duration) -> Result<(), Problem> {
    connection.busy_timeout(wait)?;
    let in_use: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if in_use { Err(Problem::of(StoreErrorKind::Busy)) } else { Ok(()) }
}

/// Does jobs in one transaction, and answers them.
fn perform(connection: &mut Connection, jobs: &mut Vec<Box<dyn Job>>, with_keys: bool) {
    match transact(connection, jobs, with_keys) {
        Ok(()) => jobs.drain(..).for_each(|job| job.answer(Ok(()))),
        // Nobody can write at all: each alone would wait as long and get no further.
        Err(Failed::Begin(problem)) => jobs.drain(..).for_each(|job| job.answer(Err(problem))),
        Err(Failed::Later(problem)) if jobs.len() == 1 => jobs.drain(..).for_each(|job| job.answer(Err(problem))),
        // One job's failure need not fail the others: on a full disk a completion may fit where an event does not.
        Err(Failed::Later(_)) => {
            for mut job in jobs.drain(..) {
                let done = transact(connection, std::slice::from_mut(&mut job), with_keys);
                job.answer(done.map_err(Failed::problem));
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
