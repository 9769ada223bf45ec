//! What a handler is given and what it returns: [`Handling`], [`HandlingError`].

use std::fmt;
use std::time::{Duration, SystemTime};

use novamed::webhooks::Event;

use crate::store::ClaimedEvent;

/// An event for a handler, with the history of its attempts. `Debug` shows the event as
/// `novamed` does: nothing that could name a patient.
#[derive(Clone)]
pub struct Handling {
    event: Event,
    claimed: ClaimedEvent,
    last: bool,
}

impl Handling {
    pub(crate) const fn new(event: Event, claimed: ClaimedEvent, last: bool) -> Self {
        Self { event, claimed, last }
    }

    /// Returns the event.
    #[must_use]
    pub const fn event(&self) -> &Event {
        &self.event
    }

    /// Returns the event itself.
    #[must_use]
    pub fn into_event(self) -> Event {
        self.event
    }

    /// Returns which try this is; 1 is the first. An earlier one may have done its work and died
    /// before that was stored: what a handler does has to bear being done again.
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.claimed.attempt
    }

    /// Returns whether the event is a dead letter if this try fails.
    #[must_use]
    pub const fn is_last_attempt(&self) -> bool {
        self.last
    }

    /// Returns when the event was stored.
    #[must_use]
    pub const fn received_at(&self) -> SystemTime {
        self.claimed.received_at
    }

    /// Returns the delivery's body, as it was received.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.claimed.body
    }

    /// Returns what is the same for each try and each delivery of the event, and for no other
    /// event: a key for whatever must happen once. It may hold ids of orders and patients.
    #[must_use]
    pub fn duplicate_key(&self) -> &str {
        &self.claimed.duplicate_key
    }
}

impl fmt::Debug for Handling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handling").field("event", &self.event).field("attempt", &self.attempt()).finish_non_exhaustive()
    }
}

/// A try failed. Any error becomes one by `?`, to be tried again; [`HandlingError::give_up`] makes
/// the event a dead letter at once.
///
/// The reason is stored beside the event, and nowhere else: `Debug` withholds it. It is no
/// `std::error::Error`, as no type can be one and take all others by `?`.
pub struct HandlingError {
    reason: String,
    next: Next,
}

/// When a failed try is followed by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// After the time that the workers' backoff gives.
    Backoff,
    After(Duration),
    Never,
}

impl HandlingError {
    /// Has the event tried again later, or makes it a dead letter if this was the last attempt.
    #[must_use]
    pub fn retry(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), next: Next::Backoff }
    }

    /// Has the event tried again after this time instead of the workers' backoff, or makes it a dead
    /// letter if this was the last attempt: for a service that says when to come back. The events of
    /// the same order wait as long. The wait is an hour at most.
    #[must_use]
    pub fn retry_after(delay: Duration, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), next: Next::After(delay) }
    }

    /// Makes the event a dead letter now, as no further try can succeed.
    #[must_use]
    pub fn give_up(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), next: Next::Never }
    }

    pub(crate) fn into_parts(self) -> (String, Next) {
        (self.reason, self.next)
    }
}

impl<E: std::error::Error> From<E> for HandlingError {
    fn from(error: E) -> Self {
        Self::retry(error.to_string())
    }
}

impl fmt::Debug for HandlingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandlingError").field("next", &self.next).finish_non_exhaustive()
    }
}
