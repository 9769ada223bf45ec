//! What is wrong with a delivery that can't be read as an event: [`explain`].
//!
//! ```text
//! /event_data/clinic_id: missing
//! ```
//!
//! The payload is decoded once more, by a deserializer that knows where it is. Its errors hold the rule that is broken,
//! and no value of the delivery: names of properties are only written if the type has them.

use std::fmt;

use novamed::webhooks::Event;
use novamed::{
    MedicationOrderAcknowledged, MedicationOrderFilled, MedicationOrderSubmitted, MedicationOrderVerified,
    PractitionerActivated, ShipmentCancelled, ShipmentCreated,
};
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

const NAME: &str = "event_name";
const PAYLOAD: &str = "event_data";

/// Returns what keeps this version from reading a delivery: a JSON pointer and the rule that is broken there. None if
/// it can be read.
pub fn explain(body: &[u8]) -> Option<String> {
    if Event::parse(body).is_ok() {
        return None;
    }
    let delivery = match serde_json::from_slice(body) {
        Ok(Value::Object(delivery)) => delivery,
        Ok(_) => return Some("the delivery isn't a JSON object".to_owned()),
        Err(error) => return Some(format!("the delivery isn't JSON: byte {}", offset(body, &error))),
    };
    let mismatch = match delivery.get(NAME) {
        None | Some(Value::Null) => Mismatch::new("missing").below(NAME),
        Some(Value::String(name)) => payload_mismatch(name, delivery.get(PAYLOAD)).below(PAYLOAD),
        Some(_) => Mismatch::new("expected a string").below(NAME),
    };
    Some(mismatch.to_string())
}

/// Returns which byte of the body, counted from 0, ends what can be read.
fn offset(body: &[u8], error: &serde_json::Error) -> usize {
    let before = body.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    let offset = before.map(<[u8]>::len).sum::<usize>() + error.column();
    offset.saturating_sub(1)
}

fn payload_mismatch(name: &str, payload: Option<&Value>) -> Mismatch {
    let Some(payload) = payload.filter(|payload| !payload.is_null()) else { return Mismatch::new("missing") };
    let found = match name {
        "medication_order:verified" => mismatch::<MedicationOrderVerified>(payload),
        "medication_order:submitted" => mismatch::<MedicationOrderSubmitted>(payload),
        "medication_order:acknowledged" => mismatch::<MedicationOrderAcknowledged>(payload),
        "medication_order:filled" => mismatch::<MedicationOrderFilled>(payload),
        "shipment:created" => mismatch::<ShipmentCreated>(payload),
        "shipment:cancelled" => mismatch::<ShipmentCancelled>(payload),
        "practitioner:activated" => mismatch::<PractitionerActivated>(payload),
        _ => None,
    };
    // Such as a property that is there twice.
    found.unwrap_or_else(|| Mismatch::new("differs from the documentation"))
}

fn mismatch<'de, T: Deserialize<'de>>(payload: &'de Value) -> Option<Mismatch> {
    T::deserialize(Node(payload)).err()
}

/// A rule that is broken, and where.
#[derive(Debug)]
struct Mismatch {
    pointer: String,
    rule: String,
}

impl Mismatch {
    fn new(rule: impl Into<String>) -> Self {
        Self { pointer: String::new(), rule: rule.into() }
    }

    fn below(mut self, segment: &str) -> Self {
        self.pointer.insert_str(0, &format!("/{}", segment.replace('~', "~0").replace('/', "~1")));
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.rule)
    }
}

impl std::error::Error for Mismatch {}

impl de::Error for Mismatch {
    /// Withholds the message, which may quote a value.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new("not a valid value")
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format!("expected {expected}"))
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format!("expected {expected}"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new("missing").below(field)
    }
}

/// A value, as a deserializer.
#[derive(Clone, Copy)]
struct Node<'de>(&'de Value);

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::Array(values) => visitor.visit_seq(Elements { values, index: 0 }),
            Value::Object(object) => visitor.visit_map(Members::new(object, &[])),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Object(object) => visitor.visit_map(Members::new(object, fields)),
            _ => Err(Mismatch::new("expected an object")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            Value::Object(object) => visitor.visit_enum(MapAccessDeserializer::new(Members::new(object, &[]))),
            _ => Err(Mismatch::new("expected a string or an object")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// The elements of an array.
struct Elements<'de> {
    values: &'de [Value],
    index: usize,
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mismatch> {
        let Some(value) = self.values.get(self.index) else { return Ok(None) };
        let element = seed.deserialize(Node(value)).map_err(|error| error.below(&self.index.to_string()));
        self.index += 1;
        element.map(Some)
    }
}

/// The members of an object. The names of those that aren't fields of a type are withheld.
struct Members<'de> {
    rest: serde_json::map::Iter<'de>,
    current: Option<(&'de str, &'de Value)>,
    fields: &'static [&'static str],
}

impl<'de> Members<'de> {
    fn new(object: &'de Map<String, Value>, fields: &'static [&'static str]) -> Self {
        Self { rest: object.iter(), current: None, fields }
    }

    fn shown(&self, name: &str) -> &'static str {
        self.fields.iter().find(|field| **field == name).copied().unwrap_or("*")
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        self.current = self.rest.next().map(|(name, value)| (name.as_str(), value));
        let Some((name, _)) = self.current else { return Ok(None) };
        let key: StrDeserializer<'de, Mismatch> = name.into_deserializer();
        seed.deserialize(key).map(Some).map_err(|error| error.below(self.shown(name)))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mismatch> {
        let Some((name, value)) = self.current.take() else { return Err(Mismatch::new("not a valid value")) };
        seed.deserialize(Node(value)).map_err(|error| error.below(self.shown(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00000000-0000-4000-8000-000000000001";

    /// Returns a delivery of a practitioner whose property has this value.
    fn practitioner(property: &str, value: &str) -> String {
        let payload = [
            ("practitioner_id", format!("\"{ID}\"")),
            ("practitioner_name", r#""Jane Doe""#.to_owned()),
            ("practitioner_email", r#""jane@example.org""#.to_owned()),
            ("practitioner_npi", r#""1234567893""#.to_owned()),
            ("practitioner_status", r#""active""#.to_owned()),
        ];
        let write = |(name, text): &(&str, String)| {
            let text = if *name == property { value } else { text };
            (!text.is_empty()).then(|| format!("\"{name}\":{text}"))
        };
        let payload: Vec<String> = payload.iter().filter_map(write).collect();
        format!(r#"{{"event_name":"practitioner:activated","event_data":{{{}}}}}"#, payload.join(","))
    }

    #[test]
    fn place_and_rule_are_named() {
        let cases = [
            (String::new(), "the delivery isn't JSON: byte 0"),
            ("{\"event_name\":\n\"Jane Doe\",}".to_owned(), "the delivery isn't JSON: byte 26"),
            (r#"["Jane Doe"]"#.to_owned(), "the delivery isn't a JSON object"),
            (r#"{"Jane Doe":1}"#.to_owned(), "/event_name: missing"),
            (r#"{"event_name":7}"#.to_owned(), "/event_name: expected a string"),
            (r#"{"event_name":"shipment:created"}"#.to_owned(), "/event_data: missing"),
            (
                r#"{"event_name":"shipment:created","event_data":["Jane Doe"]}"#.to_owned(),
                "/event_data: expected an object",
            ),
            (practitioner("practitioner_email", ""), "/event_data/practitioner_email: missing"),
            (practitioner("practitioner_name", "[\"Jane Doe\"]"), "/event_data/practitioner_name: expected a string"),
            (practitioner("practitioner_npi", "{\"Jane\":1}"), "/event_data/practitioner_npi: expected a string"),
        ];
        for (body, expected) in cases {
            assert_eq!(explain(body.as_bytes()).as_deref(), Some(expected), "{body}");
        }
        let id = explain(practitioner("practitioner_id", "\"Jane Doe\"").as_bytes()).unwrap();
        assert!(id.starts_with("/event_data/practitioner_id: ") && !id.contains("Jane"), "{id}");
    }

    #[test]
    fn readable_deliveries_have_no_mismatch() {
        for body in [practitioner("", ""), r#"{"event_name":"an event to come"}"#.to_owned()] {
            assert_eq!(explain(body.as_bytes()), None, "{body}");
        }
    }

    /// Each event that the client knows is decoded by its type here as well: without one, no property is named.
    #[test]
    fn each_known_event_is_explained() {
        let names = include_str!("../../generated-client/src/webhooks/event.rs").lines();
        let arm = |line: &'static str| Some(line.trim().strip_prefix('"')?.split_once("\" =>")?.0);
        let mut count = 0;
        for name in names.filter_map(arm) {
            let body = format!(r#"{{"event_name":"{name}","event_data":"Jane Doe"}}"#);
            assert_eq!(explain(body.as_bytes()).as_deref(), Some("/event_data: expected an object"), "{name}");
            count += 1;
        }
        assert!(count > 3);
    }
}
