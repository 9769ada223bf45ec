// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::runtime::value::parse::ParseError;
use crate::runtime::value::secret::Redacted;

/// The id of a medication order, a UUID that the service assigns. Events refer to it. It is not
/// the id of a medication request, and no published source relates the two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MedicationOrderId(Uuid);

impl MedicationOrderId {
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

impl From<Uuid> for MedicationOrderId {
    fn from(value: Uuid) -> Self {
        Self(value)
    }
}

impl From<MedicationOrderId> for Uuid {
    fn from(value: MedicationOrderId) -> Self {
        value.0
    }
}

impl FromStr for MedicationOrderId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse().map(Self).map_err(|_| ParseError::new("MedicationOrderId"))
    }
}

impl fmt::Debug for MedicationOrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MedicationOrderId").field(&Redacted).finish()
    }
}
