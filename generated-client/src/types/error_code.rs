// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::runtime::value::parse::Unrecognized;

/// The code of a failure. Many failures don't have one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The value `VALIDATION_ERROR`.
    ValidationError,
    /// The value `UNAUTHORIZED`.
    Unauthorized,
    /// The value `FORBIDDEN`.
    Forbidden,
    /// The value `NOT_FOUND`.
    NotFound,
    /// The value `RATE_LIMIT_EXCEEDED`.
    RateLimitExceeded,
    /// The value `INTERNAL_ERROR`.
    InternalError,
    /// A value that this version of the client doesn't know.
    Unrecognized(Unrecognized),
}

impl ErrorCode {
    /// Returns the value as it is on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::ValidationError => "VALIDATION_ERROR",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::RateLimitExceeded => "RATE_LIMIT_EXCEEDED",
            Self::InternalError => "INTERNAL_ERROR",
            Self::Unrecognized(value) => value.as_str(),
        }
    }

    /// Returns the value if this version of the client doesn't know it.
    #[must_use]
    pub fn unrecognized(&self) -> Option<&str> {
        match self {
            Self::Unrecognized(value) => Some(value.as_str()),
            _ => None,
        }
    }
}

impl From<&str> for ErrorCode {
    fn from(value: &str) -> Self {
        match value {
            "VALIDATION_ERROR" => Self::ValidationError,
            "UNAUTHORIZED" => Self::Unauthorized,
            "FORBIDDEN" => Self::Forbidden,
            "NOT_FOUND" => Self::NotFound,
            "RATE_LIMIT_EXCEEDED" => Self::RateLimitExceeded,
            "INTERNAL_ERROR" => Self::InternalError,
            _ => Self::Unrecognized(Unrecognized::new(value)),
        }
    }
}

impl From<String> for ErrorCode {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            match self {
                Self::ValidationError => "ValidationError",
                Self::Unauthorized => "Unauthorized",
                Self::Forbidden => "Forbidden",
                Self::NotFound => "NotFound",
                Self::RateLimitExceeded => "RateLimitExceeded",
                Self::InternalError => "InternalError",
                Self::Unrecognized(_) => "Unrecognized([redacted])",
            },
        )
    }
}
