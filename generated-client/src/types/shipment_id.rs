// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::runtime::value::parse::ParseError;
use crate::runtime::value::secret::Redacted;

/// The id of a shipment, a UUID that the service assigns. Events refer to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShipmentId(Uuid);

impl ShipmentId {
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

impl From<Uuid> for ShipmentId {
    fn from(value: Uuid) -> Self {
        Self(value)
    }
}

impl From<ShipmentId> for Uuid {
    fn from(value: ShipmentId) -> Self {
        value.0
    }
}

impl FromStr for ShipmentId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse().map(Self).map_err(|_| ParseError::new("ShipmentId"))
    }
}

impl fmt::Debug for ShipmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ShipmentId").field(&Redacted).finish()
    }
}
