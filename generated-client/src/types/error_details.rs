// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::runtime::value::json::Json;
use crate::runtime::value::union;
use crate::types::{ErrorDetail, FieldErrors};

/// Which fields are wrong, and why. Two shapes are published: an object for a single field, and
/// an array of fields. Any other shape is kept unchanged.
#[derive(Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a value is read once and rarely moved")]
#[non_exhaustive]
pub enum ErrorDetails {
    /// Holds [`ErrorDetail`].
    Single(ErrorDetail),
    /// Holds [`FieldErrors`].
    Fields(FieldErrors),
    /// A value that matches no other variant, as it was received.
    Unrecognized(Json),
}

impl From<ErrorDetail> for ErrorDetails {
    fn from(value: ErrorDetail) -> Self {
        Self::Single(value)
    }
}

impl Serialize for ErrorDetails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Single(value) => value.serialize(serializer),
            Self::Fields(value) => value.serialize(serializer),
            Self::Unrecognized(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ErrorDetails {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        union::Choice::read(deserializer)?
            .or(Self::Single)
            .or(Self::Fields)
            .finish(|value| Ok(Self::Unrecognized(Json::unrecognized(value))))
    }
}

impl fmt::Debug for ErrorDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(value) => f.debug_tuple("Single").field(value).finish(),
            Self::Fields(value) => f.debug_tuple("Fields").field(value).finish(),
            Self::Unrecognized(_) => f.write_str("Unrecognized([redacted])"),
        }
    }
}
