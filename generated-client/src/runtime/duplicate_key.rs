//! By need, for events: [`DuplicateKey`].

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::redact::Redacted;

/// What is the same for two deliveries of one event, and differs between two events.
///
/// It is made of the event's name and of the fields that identify the event. It may hold ids, so
/// `Debug` prints `[redacted]`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DuplicateKey(pub(super) String);

impl DuplicateKey {
    /// Begins a key with the event's name.
    pub(crate) fn start(name: &str) -> Parts {
        Parts(vec![Value::from(name)])
    }

    /// Returns the key as text, to be stored.
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
