// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::runtime::value::parse::ParseError;

/// The id of a clinic, a UUID that the service assigns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClinicId(Uuid);

impl ClinicId {
    /// Wraps the value.
    #[must_use]
    pub const fn new(value: Uuid) -> Self {
        Self(value)
    }

    /// Returns the value.
    #[must_use]
    pub const fn get(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for ClinicId {
    fn from(value: Uuid) -> Self {
        Self(value)
    }
}

impl From<ClinicId> for Uuid {
    fn from(value: ClinicId) -> Self {
        value.0
    }
}

impl FromStr for ClinicId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse().map(Self).map_err(|_| ParseError::new("ClinicId"))
    }
}

impl fmt::Display for ClinicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for ClinicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClinicId").field(&self.0).finish()
    }
}
