//! Values that the document gives no type: [`Json`], [`read_optional`].
//!
//! ```text
//! #[serde(default, deserialize_with = "json::read_optional", skip_serializing_if = "Option::is_none")]
//! pub metadata: Option<Json>,
//! ```
//!
//! Null is a JSON value too. serde alone would read it as `None`, and it would be lost when the value is sent
//! back.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::runtime::value::parse::{ParseError, Unknown};
use crate::runtime::value::secret::Redacted;

/// A JSON value of any shape. `Debug` prints `[redacted]`.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(Value);

impl Json {
    /// Returns `value` as JSON.
    ///
    /// # Errors
    ///
    /// If it can't be written as JSON, such as a map whose keys aren't strings. The error holds no part of the
    /// value.
    pub fn of(value: &impl Serialize) -> Result<Self, ParseError> {
        serde_json::to_value(value).map(Self).map_err(|_| ParseError::new("JSON value"))
    }

    /// Keeps a value that fits no variant of a union.
    pub(crate) fn unrecognized(value: Value) -> Self {
        Unknown::count_value();
        Self(value)
    }

    /// Returns the value as serde's own type.
    #[must_use]
    pub const fn get(&self) -> &Value {
        &self.0
    }

    /// Returns the value as serde's own type.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.0
    }

    /// Decodes the value.
    ///
    /// # Errors
    ///
    /// If it has another shape. Unlike serde's error, this one names the type and holds no part of the value.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, ParseError> {
        T::deserialize(&self.0).map_err(|_| ParseError::new(std::any::type_name::<T>()))
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self(value.into())
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted.fmt(f)
    }
}

/// Reads the value of a property that is there, null included.
pub(crate) fn read_optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}
