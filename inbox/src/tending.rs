//! One claimed event, from its claim to its end: the handler runs, the lease is extended, and what
//! came of it is stored.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use novamed::webhooks::Event;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep};

use crate::store::{Claim, ClaimedEvent, DeadLetterId, Reason, Store, Ticket};
use crate::workers::Listener;
use crate::{Backoff, Handling, HandlingError, Report, StoreError};

/// What all events of one run share.
pub struct Tending<S, H> {
    pub store: S,
    pub handler: Arc<H>,
    pub lease: Duration,
    pub attempts: u32,
    pub backoff: Backoff,
    pub listener: Listener,
    /// Turns true when handlers have to be dropped.
    pub stopped: watch::Receiver<bool>,
}

impl<S: Clone, H> Clone for Tending<S, H> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            handler: Arc::clone(&self.handler),
            lease: self.lease,
            attempts: self.attempts,
            backoff: self.backoff,
            listener: Arc::clone(&self.listener),
            stopped: self.stopped.clone(),
        }
    }
}

/// How a try ended.
enum Ended {
    Handled,
    Again(Reason),
    Dead(Reason),
    /// The handler was dropped for a shutdown.
    Stopped,
    /// The event is another worker's.
    Lost,
}

/// Sees one event through.
pub async fn tend<S, H, F>(mut tending: Tending<S, H>, claimed: ClaimedEvent)
where
    S: Store,
    H: Fn(Handling) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), HandlingError>> + Send + 'static,
{
    let (ticket, attempt) = (claimed.ticket, claimed.attempt);
    let ended = match Event::parse(&claimed.body) {
        Ok(event) => {
            let last = attempt >= tending.attempts;
            let ended = tending.run(ticket, Handling::new(event, claimed, last)).await;
            match ended {
                Ended::Again(reason) if last => Ended::Dead(reason),
                ended => ended,
            }
        }
        // Stored by a version that could read it.
        Err(_) => Ended::Dead(Reason::Unreadable),
    };
    tending.settle(ticket, attempt, ended).await;
}

impl<S, H, F> Tending<S, H>
where
    S: Store,
    H: Fn(Handling) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), HandlingError>> + Send + 'static,
{
    /// Runs the handler, and extends the lease meanwhile.
    async fn run(&mut self, ticket: Ticket, handling: Handling) -> Ended {
        // A task of its own catches a panic; a set of one drops the handler with this future.
        let mut task = JoinSet::new();
        let handler = Arc::clone(&self.handler);
        task.spawn(async move { handler(handling).await });
        let mut pause = self.lease / 3;
        loop {
            let extend = tokio::select! {
                Some(result) = task.join_next() => return ended(result),
                _ = self.stopped.wait_for(|stopped| *stopped) => false,
                () = sleep(pause) => true,
            };
            if !extend {
                task.shutdown().await;
                return Ended::Stopped;
            }
            pause = match self.store.extend(ticket, self.lease).await {
                Ok(Claim::Held) => self.lease / 3,
                Ok(Claim::Lost) => {
                    // What it does from here on is done by another as well.
                    task.shutdown().await;
                    return Ended::Lost;
                }
                Err(error) => {
                    (self.listener)(Report::StoreFailed(error));
                    self.lease / 20
                }
            };
        }
    }

    /// Stores how the try ended. While the store fails this is tried again for as long as the claim
    /// can hold; after that the event is handled once more.
    async fn settle(&self, ticket: Ticket, attempt: u32, ended: Ended) {
        let until = Instant::now() + self.lease;
        let pause = (self.lease / 20).clamp(Duration::from_millis(5), Duration::from_millis(500));
        loop {
            match self.record(ticket, attempt, &ended).await {
                Ok(Claim::Held) => break self.report(ticket, attempt, ended),
                Ok(Claim::Lost) => break (self.listener)(Report::ClaimLost),
                Err(error) => {
                    (self.listener)(Report::StoreFailed(error));
                    if Instant::now() >= until {
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
            Ended::Again(reason) => self.store.postpone(ticket, self.backoff.after(attempt), reason.clone()).await,
            Ended::Dead(reason) => self.store.bury(ticket, reason.clone()).await,
            Ended::Stopped => self.store.give_back(ticket).await,
            Ended::Lost => Ok(Claim::Lost),
        }
    }

    fn report(&self, ticket: Ticket, attempt: u32, ended: Ended) {
        let id = DeadLetterId::new(ticket.id());
        match ended {
            Ended::Again(reason) => (self.listener)(Report::TryFailed { id, attempt, reason }),
            Ended::Dead(reason) => (self.listener)(Report::Died { id, reason }),
            Ended::Handled | Ended::Stopped | Ended::Lost => {}
        }
    }
}

fn ended(result: Result<Result<(), HandlingError>, JoinError>) -> Ended {
    match result {
        Ok(Ok(())) => Ended::Handled,
        Ok(Err(error)) => match error.into_parts() {
            (reason, true) => Ended::Dead(Reason::Failed(reason)),
            (reason, false) => Ended::Again(Reason::Failed(reason)),
        },
        // Nothing else drops the task while it is waited for.
        Err(_) => Ended::Again(Reason::Panicked),
    }
}
