// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of a carrier, such as `ameriship` or `se-11226`. It isn't necessarily a UUID. The
/// list of carriers contains it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CarrierId(String);

impl CarrierId {
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

impl From<&str> for CarrierId {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl From<String> for CarrierId {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<CarrierId> for String {
    fn from(value: CarrierId) -> Self {
        value.0
    }
}

impl AsRef<str> for CarrierId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CarrierId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for CarrierId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CarrierId").field(&self.0).finish()
    }
}
