//! What all connections share: the state, and the rules, limits and records around it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::delivery;
use crate::faults::{Fault, Faults};
use crate::fields::Failure;
use crate::journal::{Change, Journal};
use crate::limit::Limit;
use crate::state::State;
use crate::webhooks::Attempt;

/// How many exchanges are remembered, for the page.
const EXCHANGES: usize = 100;

/// A request and its answer, without its key.
pub(crate) struct Exchange {
    pub(crate) number: u64,
    /// The virtual time.
    pub(crate) at: Duration,
    pub(crate) method: String,
    /// The path and query.
    pub(crate) target: String,
    pub(crate) body: String,
    /// The status, unless the connection was closed.
    pub(crate) status: Option<u16>,
    pub(crate) answer: String,
    pub(crate) fault: Option<Fault>,
}

/// How the virtual clock runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Clock {
    Manual,
    /// So many times as fast as real time.
    Running(u32),
}

pub(crate) struct Core {
    pub(crate) state: State,
    pub(crate) faults: Faults,
    pub(crate) limit: Option<Limit>,
    pub(crate) clock: Clock,
    /// Newest first.
    pub(crate) exchanges: VecDeque<Exchange>,
    pub(crate) journal: Option<Journal>,
}

impl Core {
    /// Makes a change, and stores it if it is to be stored.
    pub(crate) fn change(&mut self, change: &Change) -> Result<Value, Failure> {
        let at = self.state.now();
        let answer = self.state.apply(change)?;
        let is_read = matches!(change, Change::Perform(operation, _) if !operation.changes());
        match &self.journal {
            Some(journal) if !is_read => journal.write(at, change)?,
            _ => {}
        }
        Ok(answer)
    }

    /// Moves the clock on, and returns the deliveries that are due. What happened is stored before they are sent.
    pub(crate) fn advance(&mut self, by: Duration) -> Vec<Attempt> {
        let has_passed = self.state.is_due(by);
        let attempts = self.state.advance(by);
        if let Some(journal) = self.journal.as_ref().filter(|_| has_passed) {
            // The failure has been printed, and a later change stores the time as well.
            journal.write(self.state.now(), &Change::Passed).unwrap_or_default();
        }
        attempts
    }

    pub(crate) fn record(&mut self, mut exchange: Exchange) {
        exchange.number = self.exchanges.front().map_or(1, |last| last.number + 1);
        self.exchanges.push_front(exchange);
        self.exchanges.truncate(EXCHANGES);
    }
}

/// A core behind a lock.
pub(crate) struct Shared(pub(crate) Mutex<Core>);

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Core> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends deliveries in order, and records their answers.
    pub(crate) async fn send(&self, attempts: Vec<Attempt>) {
        for attempt in attempts {
            let answer = delivery::send(&attempt).await;
            // A failure to store the answer has been printed, and leads to another attempt after a restart.
            self.lock().change(&Change::Answered(attempt.delivery, answer)).unwrap_or_default();
        }
    }
}
