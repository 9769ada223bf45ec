//! What a store has to do: the trait [`Store`] and the types that pass through it.
//!
//! A store keeps deliveries in one of four states. It never waits for a handler, never reads an
//! event, and knows no schedule: [`Workers`](crate::Workers) decides when a try comes next.
//!
//! ```text
//! queued --(first of its group)--> ready --claim--> leased --complete--> handled --retention--> gone
//!                                    ^                 |
//!                                    '--postpone, end of the lease, give_back
//!                                                      |--bury--> dead --retry--> ready
//!                                                                   '--discard--> handled
//! ```

use std::fmt;
use std::future::Future;
use std::time::{Duration, SystemTime};

use novamed::webhooks::Inbox;

use crate::waiting::Waiting;
use crate::{Retention, StoreError, mismatch};

/// Keeps deliveries durably, and hands them out one group at a time.
///
/// All methods are durable when they return: what was written survives a crash of the process and
/// of the machine. Each may fail with a [`StoreError`]; then nothing of it was written, or, where
/// the answer was lost on the way, the same call can be made again.
///
/// Two claims of one event never hold at once. A claim ends with [`complete`](Self::complete),
/// [`postpone`](Self::postpone), [`bury`](Self::bury), [`give_back`](Self::give_back) or the end of
/// its lease, once another has claimed the event; from then on it is [`Claim::Lost`] whatever is
/// asked of it, because each claim of an event has its own number and only the last counts.
///
/// Within a group (a medication order) an event is handed out only when all that arrived before it
/// are handled or dead. Events without a group wait for nothing.
pub trait Store: Inbox {
    /// Claims at most `wanted.events` events that are due, the longest due first.
    ///
    /// Each claim counts as an attempt. An event whose attempts are used up, because its last
    /// claims ended without a word, becomes a dead letter with [`Reason::LeaseEnded`] instead.
    fn claim(&self, wanted: Wanted) -> impl Future<Output = Result<Claimed, StoreError>> + Send;

    /// Lets a claim's lease end `lease` from now, in an hour at the latest.
    fn extend(&self, ticket: Ticket, lease: Duration) -> impl Future<Output = Result<Claim, StoreError>> + Send;

    /// Marks the event as handled, and frees its group.
    fn complete(&self, ticket: Ticket) -> impl Future<Output = Result<Claim, StoreError>> + Send;

    /// Lets the event be due again after `delay`, an hour at most; its group waits with it.
    fn postpone(
        &self,
        ticket: Ticket,
        delay: Duration,
        reason: Reason,
    ) -> impl Future<Output = Result<Claim, StoreError>> + Send;

    /// Makes the event a dead letter, and frees its group.
    fn bury(&self, ticket: Ticket, reason: Reason) -> impl Future<Output = Result<Claim, StoreError>> + Send;

    /// Ends the claim without a word on how it went: the event is due at once. The attempt counts, as
    /// a handler may have begun.
    fn give_back(&self, ticket: Ticket) -> impl Future<Output = Result<Claim, StoreError>> + Send;

    /// Returns at most `limit` dead letters in the order of arrival, those after `after` if given.
    fn dead_letters(
        &self,
        after: Option<DeadLetterId>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<DeadLetter>, StoreError>> + Send;

    /// Returns a dead letter, if there is one with this id.
    fn dead_letter(&self, id: DeadLetterId) -> impl Future<Output = Result<Option<DeadLetter>, StoreError>> + Send {
        async move {
            let before = DeadLetterId::new(id.get().saturating_sub(1));
            let letters = self.dead_letters(Some(before), 1).await?;
            Ok(letters.into_iter().find(|letter| letter.id == id))
        }
    }

    /// Returns at most `limit` events that wait, in the order of arrival, those after `after` if given.
    fn waiting(
        &self,
        after: Option<DeadLetterId>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Waiting>, StoreError>> + Send;

    /// Lets a dead letter be handled once more, its attempts counted from 1 again, ahead of what its
    /// group has waiting, and behind what is being handled. Returns whether there was such a dead letter.
    fn retry(&self, id: DeadLetterId) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Takes a dead letter as handled and removes its body and reason at once; its duplicate key
    /// stays for as long as that of any handled event. Returns whether there was such a dead letter.
    fn discard(&self, id: DeadLetterId) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Removes what was kept for long enough.
    fn remove_expired(&self, retention: Retention) -> impl Future<Output = Result<Removed, StoreError>> + Send;

    /// Returns how much the store holds.
    fn counts(&self) -> impl Future<Output = Result<Counts, StoreError>> + Send;

    /// Ends the use of the store: what waits is done, and what is asked for later fails with
    /// [`StoreErrorKind::Closed`](crate::StoreErrorKind::Closed). Workers end, and a receiver answers 503. A
    /// store that has nothing to put in order does nothing.
    fn close(&self) -> impl Future<Output = Result<(), StoreError>> + Send {
        std::future::ready(Ok(()))
    }

    /// Ends when an event may have become due since the call (not since the first poll). It may end
    /// without cause, and need not end for what another process wrote.
    fn changed(&self) -> impl Future<Output = ()> + Send;
}

/// How far ahead an event can be due: what is longer, a delay or a lease, is cut to this. Where the clock is set
/// back, an event waits no longer than this.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) const LONGEST_DELAY: Duration = Duration::from_secs(60 * 60);

/// What is asked of [`Store::claim`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// How many events at most; 0 claims nothing.
    pub events: u32,
    /// How long the claims hold, an hour at most. They can be extended.
    pub lease: Duration,
    /// After how many attempts an event is a dead letter; at least 1.
    pub attempts: u32,
}

/// What [`Store::claim`] returns.
#[derive(Debug)]
pub struct Claimed {
    /// The claimed events, the longest due first.
    pub events: Vec<ClaimedEvent>,
    /// In what time the next event is due that could not be claimed now; nothing if none waits.
    /// An event that becomes due by another's end is not counted in: see [`Store::changed`].
    pub next: Option<Duration>,
    /// The events that became dead letters, as their attempts were used up.
    pub buried: Vec<DeadLetterId>,
}

/// A stored event that is claimed. `Debug` shows neither keys nor body.
#[derive(Clone)]
pub struct ClaimedEvent {
    /// What ends or extends the claim.
    pub ticket: Ticket,
    /// Which attempt this is: 1 is the first.
    pub attempt: u32,
    /// When the event was stored.
    pub received_at: SystemTime,
    /// The delivery's body, as it was received.
    pub body: Vec<u8>,
    /// What is the same for two deliveries of the event.
    pub duplicate_key: String,
}

impl fmt::Debug for ClaimedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimedEvent")
            .field("ticket", &self.ticket)
            .field("attempt", &self.attempt)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

/// Names one claim of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket {
    id: i64,
    claim: i64,
}

impl Ticket {
    /// Names the `claim`th claim of the event with this id in the store: what a store hands out.
    #[must_use]
    pub const fn new(id: i64, claim: i64) -> Self {
        Self { id, claim }
    }

    /// Returns the event's id in the store.
    #[must_use]
    pub const fn id(self) -> i64 {
        self.id
    }

    /// Returns the number of the claim, which no other claim of the event has.
    #[must_use]
    pub const fn claim(self) -> i64 {
        self.claim
    }
}

/// Whether a claim still held when something was asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a lost claim means that the event is somebody else's now"]
pub enum Claim {
    /// It held, and what was asked is done.
    Held,
    /// It did not: it was ended before, or the lease ran out and the event was claimed again.
    /// Nothing was done.
    Lost,
}

/// Why a try failed, or why an event is a dead letter.
///
/// `Debug` and `Display` withhold what the handler said, as it may name a patient; it is read by
/// [`Reason::text`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The handler failed and said this.
    Failed(String),
    /// The handler panicked; what it said is not kept.
    Panicked,
    /// The lease ended without a word: the process ended, or it hung.
    LeaseEnded,
    /// This version of `novamed` cannot read the stored body as an event.
    Unreadable,
    /// An event with the same duplicate key came before, and said something else.
    Differs,
}

impl Reason {
    /// Returns the reason in full, which may hold personal data.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Failed(text) => text,
            Self::Panicked => "panicked",
            Self::LeaseEnded => "the lease ended before the handler did",
            Self::Unreadable => "this version cannot read the event",
            Self::Differs => "the event came before with another content",
        }
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Failed(_) => "Failed([redacted])",
            Self::Panicked => "Panicked",
            Self::LeaseEnded => "LeaseEnded",
            Self::Unreadable => "Unreadable",
            Self::Differs => "Differs",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Failed(_) => "the handler failed",
            Self::Panicked => "the handler panicked",
            other => other.text(),
        })
    }
}

/// Names a dead letter in its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeadLetterId(i64);

impl DeadLetterId {
    /// Names the dead letter with this number: what [`get`](Self::get) returned before.
    #[must_use]
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// Returns the number, to be shown to whoever decides about the dead letter.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// An event that nobody could handle. `Debug` shows neither name, keys, body nor the handler's words.
#[derive(Clone)]
#[non_exhaustive]
pub struct DeadLetter {
    /// What names it.
    pub id: DeadLetterId,
    /// The event's name, where the delivery has one. It may be any text that was sent.
    pub name: Option<String>,
    /// The delivery's body, as it was received.
    pub body: Vec<u8>,
    /// Why it is here.
    pub reason: Reason,
    /// How often it was tried; 0 if it could not be read when it came.
    pub attempts: u32,
    /// When it was stored.
    pub received_at: SystemTime,
    /// When it became a dead letter.
    pub died_at: SystemTime,
}

impl fmt::Debug for DeadLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeadLetter")
            .field("id", &self.id)
            .field("reason", &self.reason)
            .field("attempts", &self.attempts)
            .field("received_at", &self.received_at)
            .field("died_at", &self.died_at)
            .finish_non_exhaustive()
    }
}

impl DeadLetter {
    /// Describes a dead letter: what a store hands out.
    #[must_use]
    pub fn new(id: DeadLetterId, body: Vec<u8>, reason: Reason, received_at: SystemTime, died_at: SystemTime) -> Self {
        Self { id, name: None, body, reason, attempts: 0, received_at, died_at }
    }

    /// Describes why it is here, without personal data. If a delivery can't be read, that is the place in it and the
    /// rule that is broken there:
    ///
    /// ```text
    /// this version cannot read the event: /event_data/clinic_id: missing
    /// ```
    #[must_use]
    pub fn explanation(&self) -> String {
        if self.reason != Reason::Unreadable {
            return self.reason.to_string();
        }
        match mismatch::explain(&self.body) {
            Some(mismatch) => format!("{}: {mismatch}", self.reason),
            None => "an older version could not read the event; this one can, so it can be retried".to_owned(),
        }
    }
}

/// How much was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Handled events.
    pub handled: u64,
    /// Dead letters.
    pub dead: u64,
}

/// How much a store holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events that are neither handled nor dead, the claimed ones included.
    pub waiting: u64,
    /// Those of them whose claim holds.
    pub running: u64,
    /// Handled events that are still kept, and discarded dead letters.
    pub handled: u64,
    /// Dead letters.
    pub dead: u64,
    /// Those of the dead letters that say something else than the event of the same duplicate key.
    pub differing: u64,
    /// For how long the oldest waiting event has been waiting.
    pub oldest_waiting: Option<Duration>,
    /// How long ago the last event was handled or discarded, if that one is still kept.
    pub last_handled: Option<Duration>,
}
