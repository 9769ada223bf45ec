//! Calls that share a transaction: jobs in, one transaction for all that wait, answers out.
//!
//! A commit costs a write to the disk that is waited for, however much is in it. While one
//! runs, new jobs gather; the next takes them all. No answer is given before the commit.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::problem::Problem;
use crate::StoreErrorKind;

/// How many jobs may wait. Whoever comes then is told that the store is busy.
const WAITING: usize = 4096;
/// How many jobs share a transaction at most, so that the first of them does not wait for long.
const TOGETHER: usize = 256;

/// What is asked for, and who waits for the answer.
struct Job<A, T> {
    asked: A,
    reply: oneshot::Sender<Result<T, Problem>>,
}

/// Takes what is asked for, to be done together with what others ask for.
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
    /// Starts the task that has `perform` do what is asked for, and that ends with the last clone.
    /// `perform` returns an answer for each of what it is given, in that order, once all of them are
    /// durable; on an error none was done.
    pub fn start<F, R>(perform: F) -> Self
    where
        F: Fn(Arc<[A]>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<T>, Problem>> + Send + 'static,
    {
        let (jobs, waiting) = mpsc::channel(WAITING);
        tokio::spawn(gather(waiting, perform));
        Self { jobs }
    }

    /// Has something done, and returns when it is durable.
    ///
    /// # Errors
    ///
    /// It failed, or its transaction did; too much waits.
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
        // Who was just answered may come again at once: in this transaction, not in one more.
        tokio::task::yield_now().await;
        while jobs.len() < TOGETHER
            && let Ok(job) = waiting.try_recv()
        {
            jobs.push(job);
        }
        jobs.retain(|job| !job.reply.is_closed());
        // One at a time: a second would wait for the first wherever they touch the same group.
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
    // Who has gone does not want the answer: a delivery that is stored all the same is known next time,
    // a claim ends with its lease.
    match perform(Arc::clone(&asked)).await {
        Ok(done) => {
            for (reply, done) in replies.into_iter().zip(done) {
                drop(reply.send(Ok(done)));
            }
        }
        // One job's trouble is no other's.
        Err(problem) if problem.is_of_the_statement() && !alone => {
            for (asked, reply) in asked.iter().zip(replies) {
                let done = perform(Arc::from([asked.clone()])).await;
                drop(reply.send(done.and_then(|mut done| done.pop().ok_or(Problem::of(StoreErrorKind::Other)))));
            }
        }
        Err(problem) => replies.into_iter().for_each(|reply| drop(reply.send(Err(problem)))),
    }
}
