//! By need, for further properties that are objects: [`read`].
//!
//! ```text
//! #[serde(flatten, deserialize_with = "further::read")]
//! pub additional_properties: BTreeMap<String, Pet>,
//! ```
//!
//! serde keeps further properties in a buffer of its own before they are read, which takes an array for an object again.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::objects::Objects;

/// Reads further properties, whose structs are read from objects alone.
pub(crate) fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    Objects::deserialize(deserializer).map(|Objects(found)| found)
}
