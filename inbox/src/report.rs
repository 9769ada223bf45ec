//! What workers tell about their work: [`Report`].

use std::fmt;

use crate::StoreError;
use crate::store::{DeadLetterId, Reason, Removed};

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
    /// An event became a dead letter: somebody has to look at it before its retention ends.
    Died {
        /// What names it.
        id: DeadLetterId,
        /// Why.
        reason: Reason,
    },
    /// Events became dead letters, as their last attempts ended without a word.
    DiedInSilence {
        /// How many.
        count: u32,
    },
    /// A claim was lost while its handler ran, which was then stopped, or had just ended; the event
    /// is another worker's.
    ClaimLost,
    /// The store failed; it is asked again.
    StoreFailed(StoreError),
    /// What was kept for long enough was removed.
    Removed(Removed),
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TryFailed { id, attempt, reason } => {
                write!(f, "try {attempt} of event {} failed, and another follows: {reason}", id.get())
            }
            Self::Died { id, reason } => write!(f, "event {} is a dead letter: {reason}", id.get()),
            Self::DiedInSilence { count } => {
                write!(f, "events that are dead letters, as their last attempts ended without a word: {count}")
            }
            Self::ClaimLost => f.write_str("a claim was lost: the event is another worker's"),
            Self::StoreFailed(error) => write!(f, "the store failed: {error}"),
            Self::Removed(removed) => {
                let Removed { handled, dead } = removed;
                write!(f, "removed what was kept for long enough: {handled} handled, {dead} dead letters")
            }
        }
    }
}
