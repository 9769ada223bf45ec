//! Reading the events that webhooks deliver: [`EventError`], [`UnknownEvent`].
//!
//! ```text
//! match webhook::event_name(body, "event_name")?.as_str() {
//!     "shipment:created" => webhook::event_payload(body, "event_data").map(Event::ShipmentCreated),
//!     name => Ok(Event::Unknown(UnknownEvent::new(name, body))),
//! }
//! ```

pub(crate) mod keys;

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::Deserializer;
#[cfg(feature = "test-util")]
use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, IgnoredAny, MapAccess, Visitor};

use crate::runtime::response::envelope::OneOf;
use crate::runtime::value::objects::Objects;
use crate::runtime::value::secret::Redacted;

/// Why a delivery isn't an event. It holds no part of the delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventError {
    /// The body isn't a JSON object.
    NotJson,
    /// The body doesn't name an event.
    NoName,
    /// The event is known, but its payload is missing or differs from the documentation.
    Payload,
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the delivery is not a JSON object",
            Self::NoName => "the delivery names no event",
            Self::Payload => "the event's payload has another shape than documented",
        })
    }
}

impl std::error::Error for EventError {}

/// An event that this version doesn't know, kept whole. `Debug` prints neither name nor body.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownEvent {
    name: String,
    body: Bytes,
}

impl UnknownEvent {
    pub(crate) fn new(name: &str, body: &[u8]) -> Self {
        Self { name: name.to_owned(), body: Bytes::copy_from_slice(body) }
    }

    /// Returns the event's name. It counts as personal data, because nothing is known about it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole delivery as it was received.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownEvent").field("name", &Redacted).field("body", &Redacted).finish()
    }
}

/// Returns the event's name, which the given property holds.
pub(crate) fn event_name(body: &[u8], property: &str) -> Result<String, EventError> {
    if read::<IgnoredAny>(body, property).is_err() {
        return Err(EventError::NotJson);
    }
    match read::<String>(body, property) {
        Ok(Some(name)) => Ok(name),
        Ok(None) | Err(_) => Err(EventError::NoName),
    }
}

/// Decodes the event's payload, which the given property holds.
pub(crate) fn event_payload<T: DeserializeOwned>(body: &[u8], property: &str) -> Result<T, EventError> {
    match read(body, property) {
        Ok(Some(payload)) => Ok(payload),
        Ok(None) | Err(_) => Err(EventError::Payload),
    }
}

/// Reads one property of an object; nothing where it is absent or null.
fn read<'de, T: Deserialize<'de>>(body: &'de [u8], name: &str) -> Result<Option<T>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = json.deserialize_map(Property { name, ty: PhantomData })?;
    json.end()?;
    Ok(read)
}

/// Reads the property of this name, and skips the others.
struct Property<'n, T> {
    name: &'n str,
    ty: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Property<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let mut value = None;
        while let Some(place) = map.next_key_seed(OneOf(&[Some(self.name)]))? {
            if place.is_some() {
                value = map.next_value::<Option<Objects<T>>>()?.map(|Objects(value)| value);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(value)
    }
}

/// Writes the body of a delivery: two properties, for the event's name and for its payload.
///
/// # Panics
///
/// If the payload cannot be written as JSON.
#[cfg(feature = "test-util")]
pub(crate) fn delivery(name: &str, event: &str, payload: &str, value: &impl Serialize) -> Vec<u8> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let value = serde_json::to_string(value).unwrap_or_else(|_| panic!("the payload cannot be written as JSON"));
    format!("{{{}:{},{}:{value}}}", quoted(name), quoted(event), quoted(payload)).into_bytes()
}
