//! A delivery with the right key ([`Received`], [`Malformed`]), and why one was refused ([`ReceiveError`]).

use std::fmt;
use std::fmt::Write as _;

use bytes::Bytes;
use ring::digest::{SHA256, digest};

use crate::runtime::value::secret::Redacted;
use crate::runtime::webhook::keys::{DuplicateKey, GroupKey};
use crate::runtime::webhook::{EventError, event_name};
use crate::webhooks::{Event, NAME_PROPERTY};

/// A delivery with the right key whose body is an event, known or unknown.
///
/// `Debug` prints what the event's `Debug` prints, and nothing from the body.
#[derive(Clone, PartialEq)]
pub struct Received {
    event: Box<Event>,
    body: Bytes,
}

impl Received {
    /// Reads the body of a delivery that was received before, such as one that was stored with
    /// [`body`](Self::body). The key isn't checked: the caller is responsible for that.
    ///
    /// An event that was unknown to an older version of this crate may be known now and have other keys. A store
    /// should keep using the keys that it stored.
    ///
    /// # Errors
    ///
    /// The body isn't an event, or it is a known one whose payload differs from the documentation. The error has
    /// the body ([`ReceiveError::malformed`]).
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

    /// Returns only the event.
    #[must_use]
    pub fn into_event(self) -> Event {
        *self.event
    }

    /// Returns the event's name on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        self.event.name()
    }

    /// Returns the body exactly as it arrived. It is shared: cloning it copies nothing.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns a key that is the same when the event is delivered again: the event's own key, or `sha256:` and the
    /// hash of the body if it has none, because deliveries are repeated unchanged.
    #[must_use]
    pub fn duplicate_key(&self) -> DuplicateKey {
        self.event.duplicate_key().unwrap_or_else(|| body_hash(&self.body))
    }

    /// Returns a key that is the same for events that should be processed in the order of their arrival. None if the
    /// order doesn't matter, or if the event doesn't say what it is about.
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

/// A delivery with the right key whose body can't be read as an event, kept whole for a dead letter: it isn't an
/// event, or it is a known one whose payload differs from the documentation.
///
/// `Debug` prints the reason, and neither name nor body.
#[derive(Clone, PartialEq, Eq)]
pub struct Malformed {
    name: Option<String>,
    body: Bytes,
    reason: EventError,
}

impl Malformed {
    pub(crate) fn new(body: Bytes, reason: EventError) -> Self {
        Self { name: event_name(&body, NAME_PROPERTY).ok(), body, reason }
    }

    /// Returns what is wrong with the body.
    #[must_use]
    pub const fn reason(&self) -> EventError {
        self.reason
    }

    /// Returns the name of the event, which is a known one. None if the body doesn't have one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the body exactly as it arrived.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns a key that is the same when the delivery is sent again: `sha256:` and the hash of the body.
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

/// Why a delivery was not received. It prints nothing of the delivery.
///
/// ```text
/// the delivery's key is missing or wrong
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiveError(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    WrongKey,
    TooLarge,
    NoEvent(Malformed),
}

/// The kind of a [`ReceiveError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReceiveErrorKind {
    /// The key is missing, isn't accepted, or appears more than once. The body was not looked at.
    WrongKey,
    /// The body is larger than the limit. It was not parsed.
    TooLarge,
    /// The key is right, but the body isn't a JSON object.
    NotJson,
    /// The key is right, and the body is a JSON object that doesn't name an event.
    NoName,
    /// The key is right and the event is known, but its payload is missing or differs from the documentation.
    Malformed,
}

impl ReceiveError {
    pub(crate) const fn wrong_key() -> Self {
        Self(Kind::WrongKey)
    }

    pub(crate) const fn too_large() -> Self {
        Self(Kind::TooLarge)
    }

    pub(crate) const fn no_event(malformed: Malformed) -> Self {
        Self(Kind::NoEvent(malformed))
    }

    /// Returns the kind of the error.
    #[must_use]
    pub const fn kind(&self) -> ReceiveErrorKind {
        match &self.0 {
            Kind::WrongKey => ReceiveErrorKind::WrongKey,
            Kind::TooLarge => ReceiveErrorKind::TooLarge,
            Kind::NoEvent(malformed) => match malformed.reason() {
                EventError::NotJson => ReceiveErrorKind::NotJson,
                EventError::NoName => ReceiveErrorKind::NoName,
                EventError::Payload => ReceiveErrorKind::Malformed,
            },
        }
    }

    /// Returns the delivery whose key was right but whose body isn't an event, for a dead letter.
    #[must_use]
    pub const fn malformed(&self) -> Option<&Malformed> {
        match &self.0 {
            Kind::NoEvent(malformed) => Some(malformed),
            Kind::WrongKey | Kind::TooLarge => None,
        }
    }

    /// Returns the same delivery by value.
    #[must_use]
    pub fn into_malformed(self) -> Option<Malformed> {
        match self.0 {
            Kind::NoEvent(malformed) => Some(malformed),
            Kind::WrongKey | Kind::TooLarge => None,
        }
    }
}

impl fmt::Display for ReceiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::WrongKey => f.write_str("the delivery's key is missing or wrong"),
            Kind::TooLarge => f.write_str("the delivery's body is larger than the limit"),
            Kind::NoEvent(malformed) => malformed.reason().fmt(f),
        }
    }
}

impl std::error::Error for ReceiveError {}

/// Returns a key of the body: `sha256:` and 64 hexadecimal digits. No key that an event has by
/// itself begins so, as those are JSON arrays.
pub(crate) fn body_hash(body: &[u8]) -> DuplicateKey {
    let mut key = String::from("sha256:");
    for byte in digest(&SHA256, body).as_ref() {
        write!(key, "{byte:02x}").expect("a string takes any text");
    }
    DuplicateKey(key)
}
