//! The keys of an event: [`DuplicateKey`] finds repeated deliveries, [`GroupKey`] events about the same thing.

use std::fmt;

use serde::Serialize;

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
        Parts { array: format!("[{}", json(name)), identify: false }
    }

    /// Returns the key as a string, for storing it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The parts of a key that is being made: a JSON array without its end.
pub(crate) struct Parts {
    array: String,
    /// Whether one of the fields is there.
    identify: bool,
}

impl Parts {
    /// Adds a field; one that is absent keeps its place.
    pub(crate) fn with(mut self, field: Option<&impl Serialize>) -> Self {
        let part = field.map_or_else(|| NULL.to_owned(), json);
        self.identify |= part != NULL;
        self.array.push(',');
        self.array.push_str(&part);
        self
    }

    /// Returns the key, or nothing if no field is there: the name alone identifies no event.
    pub(crate) fn finish(mut self) -> Option<DuplicateKey> {
        self.array.push(']');
        self.identify.then_some(DuplicateKey(self.array))
    }
}

const NULL: &str = "null";

/// Returns a value as JSON. One that can't be written is absent.
fn json(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| NULL.to_owned())
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
        let field = field.map(json).filter(|field| field != NULL)?;
        Some(Self(format!("[{},{field}]", json(group))))
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
