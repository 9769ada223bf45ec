//! The keys of an event: [`DuplicateKey`] finds repeated deliveries, [`GroupKey`] events about the same thing.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::runtime::value::secret::Redacted;

/// A key that is the same for two deliveries of one event, and different for two events.
///
/// It consists of the event's name and the fields that identify the event. It may hold ids, so `Debug`
/// prints `[redacted]`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DuplicateKey(pub(crate) String);

impl DuplicateKey {
    /// Begins a key with the event's name.
    pub(crate) fn start(name: &str) -> Parts {
        Parts(vec![Value::from(name)])
    }

    /// Returns the key as a string, for storing it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The parts of a key that is being made.
pub(crate) struct Parts(Vec<Value>);

impl Parts {
    /// Adds a field; one that is absent keeps its place.
    pub(crate) fn with(mut self, field: Option<&impl Serialize>) -> Self {
        let value = field.and_then(|field| serde_json::to_value(field).ok());
        self.0.push(value.unwrap_or_default());
        self
    }

    /// Returns the key, or nothing if no field is there: the name alone identifies no event.
    pub(crate) fn finish(self) -> Option<DuplicateKey> {
        let identifies = self.0.iter().skip(1).any(|part| !part.is_null());
        identifies.then(|| DuplicateKey(Value::from(self.0).to_string()))
    }
}

impl fmt::Debug for DuplicateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DuplicateKey(")?;
        Redacted.fmt(f)?;
        f.write_str(")")
    }
}

/// A key that is the same for all events about one thing, such as one order. They should be processed one after
/// the other, in the order in which they arrived.
///
/// It consists of the group's name and the field that identifies the thing, as the API's description says.
/// It may hold an id, so `Debug` prints `[redacted]`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKey(String);

impl GroupKey {
    /// Returns the key of the group with this name, or nothing if the field is absent.
    pub(crate) fn of(group: &str, field: Option<&impl Serialize>) -> Option<Self> {
        let value = field.and_then(|field| serde_json::to_value(field).ok()).filter(|value| !value.is_null())?;
        Some(Self(Value::from(vec![Value::from(group), value]).to_string()))
    }

    /// Returns the key as a string, for storing it: a JSON array of the group's name and the field.
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
