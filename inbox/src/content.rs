//! Detects deliveries of the same event with different contents: [`Contents`].
//!
//! A store keeps a hash of each delivery's JSON content. The order of keys, whitespace and the notation of numbers
//! make no difference, so an unchanged redelivery has the same hash. The hash uses a random key of the store, so it
//! doesn't reveal the content of a removed body.

use std::borrow::Cow;
use std::fmt;

use novamed::webhooks::Incoming;
use ring::hmac::{HMAC_SHA256, Key, sign};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

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
        // Checks the encoding once, not string by string.
        let canonical = std::str::from_utf8(body).ok().and_then(|text| canonical(text).ok());
        let hash = canonical.map_or_else(|| sign(&self.0, body), |text| sign(&self.0, &text));
        let digit = |number: u8| char::from(b"0123456789abcdef"[usize::from(number)]);
        let mut text = String::with_capacity(2 * BYTES);
        for byte in hash.as_ref().iter().take(BYTES) {
            text.push(digit(byte >> 4));
            text.push(digit(byte & 15));
        }
        text
    }
}

/// Writes JSON in a canonical form.
fn canonical(json: &str) -> serde_json::Result<Vec<u8>> {
    let node: Node<'_> = serde_json::from_str(json)?;
    let mut text = Vec::with_capacity(json.len());
    write_canonical(&node, &mut text);
    Ok(text)
}

/// A JSON value. It borrows its strings from the text, because every delivery is hashed before it is stored, and
/// `serde_json::Value` takes twice as long.
enum Node<'a> {
    /// `null`, `true` or `false`.
    Literal(&'static str),
    /// A number in canonical notation.
    Number(String),
    String(Text<'a>),
    Array(Vec<Node<'a>>),
    /// The members, sorted by name. Of members with the same name, only the last is kept.
    Object(Vec<(Text<'a>, Node<'a>)>),
}

/// A string, borrowed unless it has escape sequences.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Text<'a>(Cow<'a, str>);

/// With the feature `arbitrary_precision`, which an app can enable, `serde_json` represents a number as an object with
/// this name and the number's text.
const PRECISE_NUMBER: &str = "$serde_json::private::Number";

/// Returns a number's canonical notation: 1, 1.0 and 1e0 are the same. Integers that don't fit into a double are
/// written unchanged.
fn notation(number: &Number) -> String {
    match number.as_f64() {
        Some(double) if !number.is_i64() && !number.is_u64() => double.to_string(),
        _ => number.to_string(),
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Node<'de>, E> {
        Ok(Node::Literal("null"))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Literal(if value { "true" } else { "false" }))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Node<'de>, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Node<'de>, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Node<'de>, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Node<'de>, E> {
        TextVisitor.visit_borrowed_str(text).map(Node::String)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node<'de>, E> {
        TextVisitor.visit_str(text).map(Node::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Node<'de>, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = elements.next_element()? {
            nodes.push(node);
        }
        Ok(Node::Array(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Node<'de>, A::Error> {
        let mut members: Vec<(Text<'de>, Node<'de>)> = Vec::new();
        while let Some(name) = object.next_key::<Text<'de>>()? {
            if name.0 == PRECISE_NUMBER {
                let text: Text<'de> = object.next_value()?;
                return text.0.parse().map(|number| Node::Number(notation(&number))).map_err(A::Error::custom);
            }
            members.push((name, object.next_value()?));
        }
        // The sort is stable, so of members with the same name the last one comes first in the reverse order.
        members.reverse();
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        members.dedup_by(|(one, _), (other, _)| one == other);
        Ok(Node::Object(members))
    }
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

fn write_canonical(node: &Node<'_>, text: &mut Vec<u8>) {
    match node {
        Node::Literal(literal) => text.extend_from_slice(literal.as_bytes()),
        Node::Number(number) => text.extend_from_slice(number.as_bytes()),
        Node::String(string) => write_string(string, text),
        Node::Array(nodes) => {
            text.push(b'[');
            for node in nodes {
                write_canonical(node, text);
                text.push(b',');
            }
            text.push(b']');
        }
        Node::Object(members) => {
            text.push(b'{');
            for (name, node) in members {
                write_string(name, text);
                text.push(b':');
                write_canonical(node, text);
                text.push(b',');
            }
            text.push(b'}');
        }
    }
}

fn write_string(string: &Text<'_>, text: &mut Vec<u8>) {
    match &string.0 {
        // It has no escape sequences, so it needs none.
        Cow::Borrowed(plain) => {
            text.push(b'"');
            text.extend_from_slice(plain.as_bytes());
            text.push(b'"');
        }
        Cow::Owned(other) => serde_json::to_writer(text, other).expect("a string can be written to memory"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        let canonical = |text: &str| canonical(text).unwrap();
        canonical(one) == canonical(other)
    }

    #[test]
    fn order_spacing_and_spelling_make_no_difference() {
        assert!(same(r#"{"a":1,"b":[true,null]}"#, "{ \"b\" : [ true , null ],\n\"a\": 1.0 }"));
        assert!(same(r#"{"a":"\u00e9\/"}"#, r#"{"a":"é/"}"#));
        assert!(same("[1e2,-0.50]", "[100,-0.5]"));
        assert!(same(r#"{"b":1,"a":2,"b":3}"#, r#"{"a":2,"b":3}"#));
        assert!(same(r#"[{"$serde_json::private::Number":"1.50"}]"#, "[1.5]"));
    }

    /// Rows keep their hashes across versions.
    #[test]
    fn form_stays_as_it_is() {
        let text = canonical(r#"{"b":[1e2,-7,18446744073709551615,0.25],"a":{"\u00e9\n":"\"\/","":null},"c":true}"#);
        let expected = r#"{"a":{"":null,"é\n":"\"/",},"b":[100,-7,18446744073709551615,0.25,],"c":true,}"#;
        assert_eq!(String::from_utf8(text.unwrap()).unwrap(), expected);
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
