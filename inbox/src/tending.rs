//! One claimed event, from its claim to its end: the handler runs, the lease is extended, and what
//! came of it is stored.

use std::time::Duration;

use novamed::webhooks::Event;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use crate::handlers::{Outcome, Threads};
use crate::handling::Next;
use crate::metering;
use crate::report::Listener;
use crate::store::{Claim, ClaimedEvent, DeadLetterId, Reason, Store, Ticket};
use crate::workers::is_final;
use crate::{Backoff, Handling, Report, StoreError};

/// What all events of one run share.
#[derive(Clone)]
pub struct Tending<S> {
    pub store: S,
    pub threads: Threads,
    pub lease: Duration,
    pub attempts: u32,
    pub backoff: Backoff,
    pub listener: Listener,
    /// Turns true when handlers have to be dropped.
    pub stopped: watch::Receiver<bool>,
}

/// How long a handler that is dropped may take to notice.
const TO_NOTICE: Duration = Duration::from_secs(1);

/// How a try ended.
enum Ended {
    Handled,
    /// To be tried again, after the time that the handler asked for, if it did.
    Again(Reason, Option<Duration>),
    Dead(Reason),
    /// The handler was dropped for a shutdown.
    Stopped,
    /// The event is another worker's.
    Lost,
    /// The claim ends with its lease: the handler blocks its thread and cannot be dropped, or nothing can be
    /// stored any more.
    Left,
}

/// Sees one event through.
pub async fn tend<S: Store>(mut tending: Tending<S>, claimed: ClaimedEvent) {
    let (ticket, attempt) = (claimed.ticket, claimed.attempt);
    let ended = match Event::parse(&claimed.body) {
        Ok(event) => {
            let last = attempt >= tending.attempts;
            let (began, received_at) = (Instant::now(), claimed.received_at);
            let ended = tending.run(ticket, Handling::new(event, claimed, last)).await;
            if matches!(ended, Ended::Handled) {
                metering::handled(received_at.elapsed().unwrap_or_default(), began.elapsed());
            }
            match ended {
                Ended::Again(reason, _) if last => Ended::Dead(reason),
                ended => ended,
            }
        }
        // Stored by a version that could read it.
        Err(_) => Ended::Dead(Reason::Unreadable),
    };
    tending.settle(ticket, attempt, ended).await;
}

impl<S: Store> Tending<S> {
    /// Runs the handler, and extends the lease meanwhile.
    async fn run(&mut self, ticket: Ticket, handling: Handling) -> Ended {
        // A separate task catches a panic, and a set of one drops the handler with this future.
        let mut task = self.threads.handle(handling);
        let mut pause = self.lease / 3;
        loop {
            let stopped = tokio::select! {
                Some(result) = task.join_next() => return ended(result),
                _ = self.stopped.wait_for(|stopped| *stopped) => true,
                () = sleep(pause) => false,
            };
            if stopped {
                return stop(&mut task).await;
            }
            pause = match self.store.extend(ticket, self.lease).await {
                Ok(Claim::Held) => self.lease / 3,
                Ok(Claim::Lost) => {
                    // What it does from here on is done by another as well.
                    task.abort_all();
                    tokio::select! {
                        _ = task.join_next() => {}
                        _ = self.stopped.wait_for(|stopped| *stopped) => {}
                    }
                    return Ended::Lost;
                }
                Err(error) => {
                    self.listener.tell(Report::StoreFailed(error));
                    if is_final(error) {
                        return Ended::Left;
                    }
                    self.lease / 20
                }
            };
        }
    }

    /// Stores how the try ended. While the store fails this is tried again for as long as the claim
    /// can hold; after that the event is handled once more.
    async fn settle(&self, ticket: Ticket, attempt: u32, ended: Ended) {
        if matches!(ended, Ended::Left) {
            return;
        }
        let until = Instant::now() + self.lease;
        let pause = (self.lease / 20).clamp(Duration::from_millis(5), Duration::from_millis(500));
        loop {
            match self.record(ticket, attempt, &ended).await {
                Ok(Claim::Held) => break self.report(ticket, attempt, ended),
                Ok(Claim::Lost) => break self.listener.tell(Report::ClaimLost { id: DeadLetterId::new(ticket.id()) }),
                Err(error) => {
                    self.listener.tell(Report::StoreFailed(error));
                    if is_final(error) || *self.stopped.borrow() || Instant::now() >= until {
                        break;
                    }
                }
            }
            sleep(pause).await;
        }
    }

    async fn record(&self, ticket: Ticket, attempt: u32, ended: &Ended) -> Result<Claim, StoreError> {
        match ended {
            Ended::Handled => self.store.complete(ticket).await,
            Ended::Again(reason, delay) => {
                let delay = delay.unwrap_or_else(|| self.backoff.after(attempt));
                self.store.postpone(ticket, delay, reason.clone()).await
            }
            Ended::Dead(reason) => self.store.bury(ticket, reason.clone()).await,
            Ended::Stopped => self.store.give_back(ticket).await,
            Ended::Lost | Ended::Left => Ok(Claim::Lost),
        }
    }

    fn report(&self, ticket: Ticket, attempt: u32, ended: Ended) {
        let id = DeadLetterId::new(ticket.id());
        match ended {
            Ended::Again(reason, _) => self.listener.tell(Report::TryFailed { id, attempt, reason }),
            Ended::Dead(reason) => self.listener.tell(Report::Died { id, reason }),
            Ended::Handled | Ended::Stopped | Ended::Lost | Ended::Left => {}
        }
    }
}

/// Drops the handler where it waits. One that has just ended is taken at its word.
async fn stop(task: &mut JoinSet<Outcome>) -> Ended {
    task.abort_all();
    match timeout(TO_NOTICE, task.join_next()).await {
        Ok(Some(Err(error))) if error.is_cancelled() => Ended::Stopped,
        Ok(Some(result)) => ended(result),
        Ok(None) | Err(_) => Ended::Left,
    }
}

fn ended(result: Result<Outcome, JoinError>) -> Ended {
    match result {
        Ok(Ok(())) => Ended::Handled,
        Ok(Err(error)) => match error.into_parts() {
            (reason, Next::Never) => Ended::Dead(Reason::Failed(reason)),
            (reason, Next::Backoff) => Ended::Again(Reason::Failed(reason), None),
            (reason, Next::After(delay)) => Ended::Again(Reason::Failed(reason), Some(delay)),
        },
        // Nothing else drops the task while it is waited for.
        Err(_) => Ended::Again(Reason::Panicked, None),
    }
}
