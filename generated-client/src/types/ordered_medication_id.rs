// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::runtime::value::parse::ParseError;
use crate::runtime::value::secret::Redacted;

/// The id of one medication within an order, a UUID that the service assigns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderedMedicationId(Uuid);

impl OrderedMedicationId {
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

impl From<Uuid> for OrderedMedicationId {
    fn from(value: Uuid) -> Self {
        Self(value)
    }
}

impl From<OrderedMedicationId> for Uuid {
    fn from(value: OrderedMedicationId) -> Self {
        value.0
    }
}

impl FromStr for OrderedMedicationId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse().map(Self).map_err(|_| ParseError::new("OrderedMedicationId"))
    }
}

impl fmt::Debug for OrderedMedicationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OrderedMedicationId").field(&Redacted).finish()
    }
}
