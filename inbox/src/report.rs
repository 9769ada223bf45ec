//! What workers tell about their work: [`Report`].

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
