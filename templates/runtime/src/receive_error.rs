//! By need, for deliveries that are received: [`ReceiveError`].

use std::fmt;

use super::received::Malformed;
use super::webhook::EventError;

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

/// What a [`ReceiveError`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReceiveErrorKind {
    /// The key is missing, is none of those that are accepted, or is there more than once. Nothing
    /// of the body was looked at.
    WrongKey,
    /// The body is larger than the limit. It was not parsed.
    TooLarge,
    /// The key is right, and the body is no JSON object.
    NotJson,
    /// The key is right, and the body is a JSON object that names no event.
    NoName,
    /// The key is right and the event is known, and its payload is missing or has another shape than
    /// documented.
    Malformed,
}

impl ReceiveError {
    pub(super) const fn wrong_key() -> Self {
        Self(Kind::WrongKey)
    }

    pub(super) const fn too_large() -> Self {
        Self(Kind::TooLarge)
    }

    pub(super) const fn no_event(malformed: Malformed) -> Self {
        Self(Kind::NoEvent(malformed))
    }

    /// Returns what it is about.
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

    /// Returns the delivery whose key was right and whose body is no event, for a dead letter.
    #[must_use]
    pub const fn malformed(&self) -> Option<&Malformed> {
        match &self.0 {
            Kind::NoEvent(malformed) => Some(malformed),
            Kind::WrongKey | Kind::TooLarge => None,
        }
    }

    /// The same, taken out.
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
