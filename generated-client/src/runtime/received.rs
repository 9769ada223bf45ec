//! By need, for deliveries that are received: [`Received`], [`Malformed`].

use std::fmt;

use bytes::Bytes;

use super::body_hash::body_hash;
use super::duplicate_key::DuplicateKey;
use super::group_key::GroupKey;
use super::receive_error::ReceiveError;
use super::redact::Redacted;
use super::webhook::{EventError, event_name};
use crate::webhooks::{Event, NAME_PROPERTY};

/// A delivery whose key was right and whose body is an event, known or not.
///
/// `Debug` prints what `Debug` of the event does, and nothing of the body.
#[derive(Clone, PartialEq)]
pub struct Received {
    event: Box<Event>,
    body: Bytes,
}

impl Received {
    /// Reads the body of a delivery that was received before, such as one that a store kept by
    /// [`body`](Self::body). Nothing is checked that only the request has: whoever calls this vouches
    /// that the delivery came with the right key.
    ///
    /// What was an unknown event to an older version of this crate may be a known one now, so that
    /// its keys are others: a store goes on with the keys that it wrote down.
    ///
    /// # Errors
    ///
    /// The body is no event, or a known one with another payload than documented. The error has the
    /// body ([`ReceiveError::malformed`]).
    pub fn from_stored(body: impl Into<Bytes>) -> Result<Self, ReceiveError> {
        let body = body.into();
        match Event::parse(&body) {
            Ok(event) => Ok(Self { event: Box::new(event), body }),
            Err(reason) => Err(ReceiveError::no_event(Malformed::new(body, reason))),
        }
    }

    /// Returns the event.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// Returns the event alone.
    #[must_use]
    pub fn into_event(self) -> Event {
        *self.event
    }

    /// Returns the event's name, as it is on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        self.event.name()
    }

    /// Returns the body, byte for byte as it came. It is shared, so a clone of it copies nothing.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns what is the same when the event is delivered again: the event's own key, or, where it
    /// has none, `sha256:` and the hash of the body, since a delivery is repeated unchanged.
    #[must_use]
    pub fn duplicate_key(&self) -> DuplicateKey {
        self.event.duplicate_key().unwrap_or_else(|| body_hash(&self.body))
    }

    /// Returns what is the same for the events that are to be worked on in their order of arrival;
    /// nothing where the order does not matter, or the event does not say what it is about.
    #[must_use]
    pub fn group_key(&self) -> Option<GroupKey> {
        self.event.group_key()
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received").field("event", &self.event).field("body", &Redacted).finish()
    }
}

/// A delivery whose key was right and whose body cannot be read as an event, kept whole for a dead
/// letter: a known event with another payload than documented, or no event at all.
///
/// `Debug` prints the reason, and neither name nor body.
#[derive(Clone, PartialEq, Eq)]
pub struct Malformed {
    name: Option<String>,
    body: Bytes,
    reason: EventError,
}

impl Malformed {
    pub(super) fn new(body: Bytes, reason: EventError) -> Self {
        Self { name: event_name(&body, NAME_PROPERTY).ok(), body, reason }
    }

    /// Returns what is wrong with the body.
    #[must_use]
    pub const fn reason(&self) -> EventError {
        self.reason
    }

    /// Returns the event's name, which is one of a known event; nothing where the body has none.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the body, byte for byte as it came.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns what is the same when this is delivered again: `sha256:` and the hash of the body.
    #[must_use]
    pub fn duplicate_key(&self) -> DuplicateKey {
        body_hash(&self.body)
    }
}

impl fmt::Debug for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut malformed = f.debug_struct("Malformed");
        malformed.field("reason", &self.reason).field("name", &Redacted).field("body", &Redacted).finish()
    }
}
