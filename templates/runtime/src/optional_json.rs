//! By need, for properties that may be left out and hold any JSON: [`read`].
//!
//! ```text
//! #[serde(default, deserialize_with = "optional_json::read", skip_serializing_if = "Option::is_none")]
//! pub metadata: Option<Json>,
//! ```
//!
//! A null is JSON as well. serde reads it as `None`, and what was there would not be sent back.

use serde::{Deserialize, Deserializer};

use super::json::Json;

/// Reads the value of a property that is there, null included.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}
