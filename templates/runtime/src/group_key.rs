//! By need, for events that belong together: [`GroupKey`].

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::redact::Redacted;

/// What is the same for all events that are about one thing, such as one order, and that therefore
/// are to be worked on one after the other, in the order of their arrival.
///
/// It is made of the group's name and of the field that identifies the thing, both as the API's
/// description says. It may hold an id, so `Debug` prints `[redacted]`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKey(String);

impl GroupKey {
    /// Returns the key of the group with this name, or nothing if the field is absent.
    pub(crate) fn of(group: &str, field: Option<&impl Serialize>) -> Option<Self> {
        let value = field.and_then(|field| serde_json::to_value(field).ok()).filter(|value| !value.is_null())?;
        Some(Self(Value::from(vec![Value::from(group), value]).to_string()))
    }

    /// Returns the key as text, to be stored: a JSON array of the group's name and the field.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GroupKey(")?;
        Redacted.fmt(f)?;
        f.write_str(")")
    }
}
