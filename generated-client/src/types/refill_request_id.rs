// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::runtime::value::parse::ParseError;
use crate::runtime::value::secret::Redacted;

/// The id of a refill request, a UUID that the service assigns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RefillRequestId(Uuid);

impl RefillRequestId {
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

impl From<Uuid> for RefillRequestId {
    fn from(value: Uuid) -> Self {
        Self(value)
    }
}

impl From<RefillRequestId> for Uuid {
    fn from(value: RefillRequestId) -> Self {
        value.0
    }
}

impl FromStr for RefillRequestId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse().map(Self).map_err(|_| ParseError::new("RefillRequestId"))
    }
}

impl fmt::Debug for RefillRequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RefillRequestId").field(&Redacted).finish()
    }
}
