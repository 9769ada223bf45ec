// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::runtime::value::parse::Unrecognized;

/// A patient's gender.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Gender {
    /// The value `male`.
    Male,
    /// The value `female`.
    Female,
    /// The value `other`.
    Other,
    /// The value `unknown`.
    Unknown,
    /// A value that this version of the client doesn't know.
    Unrecognized(Unrecognized),
}

impl Gender {
    /// Returns the value as it is on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
            Self::Other => "other",
            Self::Unknown => "unknown",
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

impl From<&str> for Gender {
    fn from(value: &str) -> Self {
        match value {
            "male" => Self::Male,
            "female" => Self::Female,
            "other" => Self::Other,
            "unknown" => Self::Unknown,
            _ => Self::Unrecognized(Unrecognized::new(value)),
        }
    }
}

impl From<String> for Gender {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl Serialize for Gender {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Gender {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for Gender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gender([redacted])")
    }
}
