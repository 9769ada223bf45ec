// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::runtime::value::parse::Unrecognized;

/// Why a shipment is free.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FreeShipmentType {
    /// The value `clinic_specific`.
    ClinicSpecific,
    /// A value that this version of the client doesn't know.
    Unrecognized(Unrecognized),
}

impl FreeShipmentType {
    /// Returns the value as it is on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::ClinicSpecific => "clinic_specific",
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

impl From<&str> for FreeShipmentType {
    fn from(value: &str) -> Self {
        match value {
            "clinic_specific" => Self::ClinicSpecific,
            _ => Self::Unrecognized(Unrecognized::instead_of_constant(value)),
        }
    }
}

impl From<String> for FreeShipmentType {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl Serialize for FreeShipmentType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FreeShipmentType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for FreeShipmentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            match self {
                Self::ClinicSpecific => "ClinicSpecific",
                Self::Unrecognized(_) => "Unrecognized([redacted])",
            },
        )
    }
}
