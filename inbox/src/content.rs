//! Detects deliveries of the same event with different contents: [`Contents`].
//!
//! A store keeps a hash of each delivery's JSON content. The order of keys, whitespace and the notation of numbers
//! make no difference, so an unchanged redelivery has the same hash. The hash uses a random key of the store, so it
//! doesn't reveal the content of a removed body.

use novamed::webhooks::Incoming;
use ring::hmac::{HMAC_SHA256, Key, sign};
use serde::Serialize;
use serde_json::Value;

/// Half of a SHA-256 is enough, since only bodies of the same event are compared.
const BYTES: usize = 16;

/// Hashes the contents of deliveries.
#[derive(Debug, Clone)]
pub struct Contents(Key);

impl Contents {
    /// Hashes with this key.
    pub fn new(key: &[u8]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// Returns the hash of a delivery's content, in hexadecimal digits.
    pub fn of(&self, delivery: &Incoming) -> String {
        let body = delivery.body();
        let hash = match serde_json::from_slice::<Value>(body) {
            Ok(value) => sign(&self.0, &canonical(&value)),
            Err(_) => sign(&self.0, body),
        };
        let digit = |number: u8| char::from(b"0123456789abcdef"[usize::from(number)]);
        hash.as_ref().iter().take(BYTES).flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }
}

/// Writes a value in a canonical form.
fn canonical(value: &Value) -> Vec<u8> {
    let mut text = Vec::with_capacity(512);
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, text: &mut Vec<u8>) {
    match value {
        Value::Object(object) => {
            // The map keeps the text's order if the app enables serde_json's `preserve_order`.
            let mut members: Vec<_> = object.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            text.push(b'{');
            for (name, value) in members {
                write_json(name, text);
                text.push(b':');
                write_canonical(value, text);
                text.push(b',');
            }
            text.push(b'}');
        }
        Value::Array(values) => {
            text.push(b'[');
            for value in values {
                write_canonical(value, text);
                text.push(b',');
            }
            text.push(b']');
        }
        Value::Number(number) => match number.as_f64() {
            // 1, 1.0 and 1e0 are the same number. Integers that don't fit into a double are written unchanged.
            Some(double) if !number.is_i64() && !number.is_u64() => text.extend(double.to_string().into_bytes()),
            _ => write_json(number, text),
        },
        other => write_json(other, text),
    }
}

fn write_json(value: &(impl Serialize + ?Sized), text: &mut Vec<u8>) {
    serde_json::to_writer(text, value).expect("a string, a number, a boolean or null can be written to memory");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        let canonical = |text| canonical(&serde_json::from_str(text).unwrap());
        canonical(one) == canonical(other)
    }

    #[test]
    fn order_spacing_and_spelling_make_no_difference() {
        assert!(same(r#"{"a":1,"b":[true,null]}"#, "{ \"b\" : [ true , null ],\n\"a\": 1.0 }"));
        assert!(same(r#"{"a":"\u00e9\/"}"#, r#"{"a":"é/"}"#));
        assert!(same("[1e2,-0.50]", "[100,-0.5]"));
    }

    #[test]
    fn what_is_said_makes_a_difference() {
        for (one, other) in [
            (r#"{"a":1}"#, r#"{"a":"1"}"#),
            (r#"{"a":1}"#, r#"{"a":1,"b":null}"#),
            ("[1,2]", "[2,1]"),
            ("[[1],2]", "[1,[2]]"),
            ("[1,2]", "[12]"),
            ("9007199254740993", "9007199254740992"),
            (r#"["a,","b"]"#, r#"["a",",b"]"#),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn hash_depends_on_the_key() {
        let delivery = novamed::webhooks::Received::from_stored(r#"{"event_name":"new"}"#).unwrap();
        let delivery = Incoming::Event(delivery);
        let hash = Contents::new(b"one").of(&delivery);
        assert_eq!(hash.len(), 2 * BYTES);
        assert_eq!(hash, Contents::new(b"one").of(&delivery));
        assert_ne!(hash, Contents::new(b"two").of(&delivery));
    }
}
