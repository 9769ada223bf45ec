// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::runtime::value::parse::Unrecognized;

/// The kind of a contact. It determines how the service checks the contact's value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ContactKind {
    /// The value `email`.
    Email,
    /// The value `phone`.
    Phone,
    /// The value `url`.
    Url,
    /// The value `sms`.
    Sms,
    /// The value `fax`.
    Fax,
    /// A value that this version of the client doesn't know.
    Unrecognized(Unrecognized),
}

impl ContactKind {
    /// Returns the value as it is on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::Sms => "sms",
            Self::Fax => "fax",
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

impl From<&str> for ContactKind {
    fn from(value: &str) -> Self {
        match value {
            "email" => Self::Email,
            "phone" => Self::Phone,
            "url" => Self::Url,
            "sms" => Self::Sms,
            "fax" => Self::Fax,
            _ => Self::Unrecognized(Unrecognized::new(value)),
        }
    }
}

impl From<String> for ContactKind {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl Serialize for ContactKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ContactKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for ContactKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContactKind([redacted])")
    }
}
