//! What waits, as an operator sees it: [`Waiting`].

use std::time::SystemTime;

use crate::store::{DeadLetterId, Reason};

/// An event that is neither handled nor dead: when it came, and when its turn is. It holds nothing of
/// the delivery; [`Reason::text`] may.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// What names the event, and would name its dead letter.
    pub id: DeadLetterId,
    /// What it waits for.
    pub state: WaitingState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was stored.
    pub received_at: SystemTime,
    /// When it is due; of a running one, when its lease ends.
    pub due_at: SystemTime,
    /// Why the last try failed, if one did.
    pub reason: Option<Reason>,
}

/// What an event waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitingState {
    /// For an earlier event of the same order.
    Queued,
    /// For a worker.
    Due,
    /// For the time of its next try.
    Later,
    /// For its handler, which a worker runs.
    Running,
}

impl Waiting {
    /// Describes a waiting event that nobody tried: what a store hands out.
    #[must_use]
    pub fn new(id: DeadLetterId, state: WaitingState, received_at: SystemTime, due_at: SystemTime) -> Self {
        Self { id, state, attempts: 0, received_at, due_at, reason: None }
    }
}

impl WaitingState {
    /// Returns the state as one word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Due => "due",
            Self::Later => "later",
            Self::Running => "running",
        }
    }

    /// Returns the state of an event by what its row says.
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    pub(crate) const fn of(queued: bool, leased: bool, in_the_future: bool) -> Self {
        match (queued, leased, in_the_future) {
            (true, _, _) => Self::Queued,
            (_, true, true) => Self::Running,
            (_, false, true) => Self::Later,
            (_, _, false) => Self::Due,
        }
    }
}
