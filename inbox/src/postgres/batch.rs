//! Combines concurrent calls into shared transactions.
//!
//! A commit waits for a write to disk, however much it contains. While one transaction runs, new jobs queue up, and
//! the next transaction takes them all. No job is answered before the commit.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::problem::Problem;
use crate::StoreErrorKind;

/// The maximum number of waiting jobs. Further callers get an error: the store is busy.
const WAITING: usize = 4096;
/// The maximum number of jobs in a transaction, to limit the wait of the first one.
const TOGETHER: usize = 256;

/// A job, and the channel for its answer.
struct Job<A, T> {
    asked: A,
    reply: oneshot::Sender<Result<T, Problem>>,
}

/// Accepts jobs, to be done together with those of others.
pub struct Batches<A, T> {
    jobs: mpsc::Sender<Job<A, T>>,
}

impl<A, T> Clone for Batches<A, T> {
    fn clone(&self) -> Self {
        Self { jobs: self.jobs.clone() }
    }
}

impl<A, T> Batches<A, T>
where
    A: Clone + Send + Sync + 'static,
    T: Send + 'static,
{
    /// Starts the task that calls `perform`. It ends with the last clone. `perform` returns an answer for each job, in
    /// order, once all of them are durable. If it fails, none was done.
    pub fn start<F, R>(perform: F) -> Self
    where
        F: Fn(Arc<[A]>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<T>, Problem>> + Send + 'static,
    {
        let (jobs, waiting) = mpsc::channel(WAITING);
        tokio::spawn(gather(waiting, perform));
        Self { jobs }
    }

    /// Does a job, and returns once it is durable.
    ///
    /// # Errors
    ///
    /// Fails if the job or its transaction fails, or if too many jobs are waiting.
    pub async fn run(&self, asked: A) -> Result<T, Problem> {
        let (reply, answer) = oneshot::channel();
        self.jobs.try_send(Job { asked, reply }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Problem::of(StoreErrorKind::Busy),
            mpsc::error::TrySendError::Closed(_) => Problem::of(StoreErrorKind::Closed),
        })?;
        answer.await.unwrap_or(Err(Problem::of(StoreErrorKind::Closed)))
    }
}

async fn gather<A, T, F, R>(mut waiting: mpsc::Receiver<Job<A, T>>, perform: F)
where
    A: Clone + Send + Sync + 'static,
    T: Send + 'static,
    F: Fn(Arc<[A]>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Vec<T>, Problem>> + Send + 'static,
{
    loop {
        let mut jobs = Vec::new();
        if waiting.recv_many(&mut jobs, TOGETHER).await == 0 {
            return;
        }
        // A caller that was just answered may immediately submit another job, which should join this transaction.
        tokio::task::yield_now().await;
        while jobs.len() < TOGETHER
            && let Ok(job) = waiting.try_recv()
        {
            jobs.push(job);
        }
        jobs.retain(|job| !job.reply.is_closed());
        // One transaction at a time: a second would wait for the first if they touch the same group.
        answer(jobs, &perform).await;
    }
}

async fn answer<A, T, F, R>(jobs: Vec<Job<A, T>>, perform: &F)
where
    A: Clone,
    F: Fn(Arc<[A]>) -> R,
    R: Future<Output = Result<Vec<T>, Problem>>,
{
    if jobs.is_empty() {
        return;
    }
    let (asked, replies): (Vec<A>, Vec<_>) = jobs.into_iter().map(|job| (job.asked, job.reply)).unzip();
    let alone = asked.len() == 1;
    let asked: Arc<[A]> = asked.into();
    // The caller may be gone. A stored delivery is then a duplicate next time, and a claim ends with its lease.
    match perform(Arc::clone(&asked)).await {
        Ok(done) => {
            for (reply, done) in replies.into_iter().zip(done) {
                drop(reply.send(Ok(done)));
            }
        }
        // A job's failure doesn't affect the others.
        Err(problem) if problem.is_of_the_statement() && !alone => {
            for (asked, reply) in asked.iter().zip(replies) {
                let done = perform(Arc::from([asked.clone()])).await;
                drop(reply.send(done.and_then(|mut done| done.pop().ok_or(Problem::of(StoreErrorKind::Other)))));
            }
        }
        Err(problem) => replies.into_iter().for_each(|reply| drop(reply.send(Err(problem)))),
    }
}
