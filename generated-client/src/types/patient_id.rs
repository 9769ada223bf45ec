// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::runtime::value::parse::ParseError;
use crate::runtime::value::secret::Redacted;

/// The id of a patient, a UUID that the service assigns. It identifies a person, so it is
/// protected health information.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PatientId(Uuid);

impl PatientId {
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

impl From<Uuid> for PatientId {
    fn from(value: Uuid) -> Self {
        Self(value)
    }
}

impl From<PatientId> for Uuid {
    fn from(value: PatientId) -> Self {
        value.0
    }
}

impl FromStr for PatientId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse().map(Self).map_err(|_| ParseError::new("PatientId"))
    }
}

impl fmt::Debug for PatientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PatientId").field(&Redacted).finish()
    }
}
