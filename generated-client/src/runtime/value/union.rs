//! Reading and writing unions: by trying the variants ([`Choice`]), or by a discriminator ([`tag`], [`variant`],
//! [`write_tagged`]).
//!
//! ```text
//! Choice::read(deserializer)?
//!     .or(Details::Reason)
//!     .or(Details::Fields)
//!     .finish(|value| Ok(Details::Unrecognized(Json::from(value))))
//!
//! let value = Value::deserialize(deserializer)?;
//! match union::tag(&value, "petType") {
//!     Some("cat") => union::variant(&value, Pet::Cat),
//!     Some("dog") => union::variant(&value, Pet::Dog),
//!     _ => Ok(Pet::Unrecognized(Json::from(value))),
//! }
//! ```
//!
//! A closed union ends with `.finish(|_| Err(D::Error::custom("no variant fits")))`. A variant that doesn't
//! hold its own tag is written by [`write_tagged`].

use serde::de::{DeserializeOwned, Error};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::runtime::value::objects::Objects;

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

/// Returns the value of the property that tells the variants apart.
pub(crate) fn tag<'v>(value: &'v Value, property: &str) -> Option<&'v str> {
    value.get(property)?.as_str()
}

/// Reads the variant that the tag named. The error holds no value.
pub(crate) fn variant<T: DeserializeOwned, U, E: Error>(value: &Value, variant: impl FnOnce(T) -> U) -> Result<U, E> {
    let Ok(Objects(read)) = Objects::<T>::deserialize(value) else {
        return Err(E::custom("the variant that the discriminator names does not fit"));
    };
    Ok(variant(read))
}

/// A tag, and the variant that does not hold it.
#[derive(Serialize)]
struct Tagged<'v, T> {
    #[serde(flatten)]
    tag: Tag,
    #[serde(flatten)]
    value: &'v T,
}

/// The property that tells the variants apart, and its value.
struct Tag(&'static str, &'static str);

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, self.1)?;
        map.end()
    }
}

/// Writes the variant, which is an object without `property`, with its tag in front.
pub(crate) fn write_tagged<T: Serialize, S: Serializer>(
    serializer: S,
    property: &'static str,
    tag: &'static str,
    value: &T,
) -> Result<S::Ok, S::Error> {
    Tagged { tag: Tag(property, tag), value }.serialize(serializer)
}
