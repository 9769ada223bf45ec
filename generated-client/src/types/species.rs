// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::runtime::value::parse::Unrecognized;

/// The species of a patient.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Species {
    /// The value `human`.
    Human,
    /// The value `canine`.
    Canine,
    /// The value `feline`.
    Feline,
    /// The value `equine`.
    Equine,
    /// The value `avian`.
    Avian,
    /// The value `mammal - other`.
    OtherMammal,
    /// The value `reptilian`.
    Reptilian,
    /// The value `swine`.
    Swine,
    /// A value that this version of the client doesn't know.
    Unrecognized(Unrecognized),
}

impl Species {
    /// Returns the value as it is on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Human => "human",
            Self::Canine => "canine",
            Self::Feline => "feline",
            Self::Equine => "equine",
            Self::Avian => "avian",
            Self::OtherMammal => "mammal - other",
            Self::Reptilian => "reptilian",
            Self::Swine => "swine",
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

impl From<&str> for Species {
    fn from(value: &str) -> Self {
        match value {
            "human" => Self::Human,
            "canine" => Self::Canine,
            "feline" => Self::Feline,
            "equine" => Self::Equine,
            "avian" => Self::Avian,
            "mammal - other" => Self::OtherMammal,
            "reptilian" => Self::Reptilian,
            "swine" => Self::Swine,
            _ => Self::Unrecognized(Unrecognized::new(value)),
        }
    }
}

impl From<String> for Species {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl Serialize for Species {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Species {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for Species {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            match self {
                Self::Human => "Human",
                Self::Canine => "Canine",
                Self::Feline => "Feline",
                Self::Equine => "Equine",
                Self::Avian => "Avian",
                Self::OtherMammal => "OtherMammal",
                Self::Reptilian => "Reptilian",
                Self::Swine => "Swine",
                Self::Unrecognized(_) => "Unrecognized([redacted])",
            },
        )
    }
}
