//! By need, for unions without a discriminator: [`Choice`].
//!
//! ```text
//! impl<'de> Deserialize<'de> for Details {
//!     fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
//!         Choice::read(deserializer)?
//!             .or(Details::Reason)
//!             .or(Details::Fields)
//!             .finish(|value| Ok(Details::Unrecognized(Json::from(value))))
//!     }
//! }
//! ```
//!
//! A closed union ends in `.finish(|_| Err(D::Error::custom("no variant fits")))`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::objects::Objects;

/// The choice among the variants of a union: the first that is written back as the same JSON, and
/// otherwise the first that can be read at all.
pub(crate) struct Choice<U> {
    value: Value,
    /// Written back as it was read.
    exact: Option<U>,
    /// Read, with something lost.
    loose: Option<U>,
}

impl<U> Choice<U> {
    /// Reads the value; no variant was tried yet.
    pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { value: Value::deserialize(deserializer)?, exact: None, loose: None })
    }

    /// Tries a variant.
    pub(crate) fn or<T>(mut self, variant: impl FnOnce(T) -> U) -> Self
    where
        T: DeserializeOwned + Serialize,
    {
        if self.exact.is_some() {
            return self;
        }
        let Ok(Objects(read)) = Objects::<T>::deserialize(&self.value) else {
            return self;
        };
        let written = serde_json::to_value(&read).ok();
        if written.is_some_and(|written| is_same(&written, &self.value)) {
            self.exact = Some(variant(read));
        } else if self.loose.is_none() {
            self.loose = Some(variant(read));
        }
        self
    }

    /// Returns the chosen variant, or what `otherwise` makes of a value that fits none.
    pub(crate) fn finish<E>(self, otherwise: impl FnOnce(Value) -> Result<U, E>) -> Result<U, E> {
        match self.exact.or(self.loose) {
            Some(chosen) => Ok(chosen),
            None => otherwise(self.value),
        }
    }
}

/// Returns whether two values are the same JSON: `2` and `2.0` are.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || (one.is_f64() != other.is_f64() && one.as_f64() == other.as_f64())
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| is_same(one, other)))
        }
        _ => one == other,
    }
}
