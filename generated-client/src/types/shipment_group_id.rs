// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::secret::Redacted;

/// The id of a group of shipments. It is a string, not necessarily a UUID. No published source
/// says who assigns it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShipmentGroupId(String);

impl ShipmentGroupId {
    /// Wraps a string.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Returns the string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ShipmentGroupId {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl From<String> for ShipmentGroupId {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<ShipmentGroupId> for String {
    fn from(value: ShipmentGroupId) -> Self {
        value.0
    }
}

impl AsRef<str> for ShipmentGroupId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ShipmentGroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ShipmentGroupId").field(&Redacted).finish()
    }
}
