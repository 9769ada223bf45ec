//! Behind the feature `test-util`, by need, for webhooks: [`delivery`], the body that delivers an event.
#![cfg(feature = "test-util")]

use serde::Serialize;

/// Writes the body of a delivery: two properties, for the event's name and for its payload.
///
/// # Panics
///
/// If the payload cannot be written as JSON.
pub(crate) fn delivery(name: &str, event: &str, payload: &str, value: &impl Serialize) -> Vec<u8> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let value = serde_json::to_string(value).unwrap_or_else(|_| panic!("the payload cannot be written as JSON"));
    format!("{{{}:{},{}:{value}}}", quoted(name), quoted(event), quoted(payload)).into_bytes()
}
