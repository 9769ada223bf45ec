//! What workers tell about their work: [`Report`].

use std::fmt;
use std::sync::Arc;

#[cfg(any(feature = "postgres", feature = "sqlite"))]
use novamed::webhooks::Incoming;

use crate::StoreError;
use crate::metering;
use crate::store::{DeadLetterId, Reason, Removed};

/// Who is told what happens; nobody by default.
#[derive(Clone)]
pub(crate) struct Listener(Arc<dyn Fn(Report) + Send + Sync>);

impl Listener {
    pub fn new(listener: impl Fn(Report) + Send + Sync + 'static) -> Self {
        Self(Arc::new(listener))
    }

    pub fn tell(&self, report: Report) {
        metering::reported(&report);
        (self.0)(report);
    }
}

impl Default for Listener {
    fn default() -> Self {
        Self::new(drop)
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").finish_non_exhaustive()
    }
}

/// Something that whoever runs the workers may want to know: for a log, a counter or an alarm.
///
/// `Debug` and `Display` of all that is in here hold no personal data; only [`Reason::text`] may.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Report {
    /// A try failed, and another follows.
    TryFailed {
        /// What names the event, and would name its dead letter.
        id: DeadLetterId,
        /// Which try it was; 1 is the first.
        attempt: u32,
        /// Why.
        reason: Reason,
    },
    /// An event became a dead letter: somebody has to look at it before its retention ends. Workers report
    /// those that they gave up; a store that was opened with a listener reports those that are dead letters from
    /// the start, as they cannot be read or differ from what came before.
    Died {
        /// What names it.
        id: DeadLetterId,
        /// Why.
        reason: Reason,
    },
    /// A claim was lost while its handler ran, which was then stopped, or had just ended; the event
    /// is another worker's.
    ClaimLost {
        /// What names the event.
        id: DeadLetterId,
    },
    /// The store failed; it is asked again.
    StoreFailed(StoreError),
    /// What was kept for long enough was removed.
    Removed(Removed),
}

#[cfg(any(feature = "postgres", feature = "sqlite"))]
impl Report {
    /// Reports a delivery that was stored as a dead letter: it can't be read, or else differs.
    pub(crate) fn dead_from_the_start(id: DeadLetterId, delivery: &Incoming) -> Self {
        let reason = if matches!(delivery, Incoming::Event(_)) { Reason::Differs } else { Reason::Unreadable };
        Self::Died { id, reason }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TryFailed { id, attempt, reason } => {
                write!(f, "try {attempt} of event {} failed, and another follows: {reason}", id.get())
            }
            Self::Died { id, reason } => write!(f, "event {} is a dead letter: {reason}", id.get()),
            Self::ClaimLost { id } => write!(f, "the claim of event {} was lost: another worker has it", id.get()),
            Self::StoreFailed(error) => write!(f, "the store failed: {error}"),
            Self::Removed(removed) => {
                let Removed { handled, dead } = removed;
                write!(f, "removed what was kept for long enough: {handled} handled, {dead} dead letters")
            }
        }
    }
}
