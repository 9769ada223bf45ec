// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::runtime::value::parse::Unrecognized;

/// The status of a practitioner.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PractitionerStatus {
    /// The value `active`.
    Active,
    /// A value that this version of the client doesn't know.
    Unrecognized(Unrecognized),
}

impl PractitionerStatus {
    /// Returns the value as it is on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "active",
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

impl From<&str> for PractitionerStatus {
    fn from(value: &str) -> Self {
        match value {
            "active" => Self::Active,
            _ => Self::Unrecognized(Unrecognized::instead_of_constant(value)),
        }
    }
}

impl From<String> for PractitionerStatus {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl Serialize for PractitionerStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PractitionerStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for PractitionerStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PractitionerStatus([redacted])")
    }
}
