//! By need, for unions with a discriminator: [`tag`], [`variant`].
//!
//! ```text
//! let value = Value::deserialize(deserializer)?;
//! match tag(&value, "petType") {
//!     Some("cat") => variant(&value, Pet::Cat),
//!     Some("dog") => variant(&value, Pet::Dog),
//!     _ => Ok(Pet::Unrecognized(Json::from(value))),
//! }
//! ```

use serde::de::{Deserialize, DeserializeOwned, Error};
use serde_json::Value;

use super::objects::Objects;

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
