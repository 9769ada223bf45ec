// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::secret::Redacted;

/// A prescription number. It identifies a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PrescriptionNumber(String);

impl PrescriptionNumber {
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

impl From<&str> for PrescriptionNumber {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl From<String> for PrescriptionNumber {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<PrescriptionNumber> for String {
    fn from(value: PrescriptionNumber) -> Self {
        value.0
    }
}

impl AsRef<str> for PrescriptionNumber {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrescriptionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PrescriptionNumber").field(&Redacted).finish()
    }
}
