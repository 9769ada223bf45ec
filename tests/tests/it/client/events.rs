//! Webhook deliveries: parsed by event name, and kept if the event is unknown.

use std::collections::BTreeSet;

use novamed::Event;
use novamed::webhooks::EventError;
use serde_json::{Value, json};

use super::spec::{self, Example};
use super::{assert_holds_none, assert_same};

/// The events of the API.
const EVENTS: [&str; 7] = [
    "medication_order:verified",
    "medication_order:submitted",
    "medication_order:acknowledged",
    "medication_order:filled",
    "shipment:created",
    "shipment:cancelled",
    "practitioner:activated",
];

fn parse(delivery: &Value) -> Result<Event, EventError> {
    Event::parse(delivery.to_string().as_bytes())
}

/// Returns the name of the variant and its payload as JSON.
fn taken_apart(event: &Event) -> (&'static str, Value) {
    let (name, payload) = match event {
        Event::MedicationOrderVerified(event) => ("medication_order:verified", serde_json::to_value(event)),
        Event::MedicationOrderSubmitted(event) => ("medication_order:submitted", serde_json::to_value(event)),
        Event::MedicationOrderAcknowledged(event) => ("medication_order:acknowledged", serde_json::to_value(event)),
        Event::MedicationOrderFilled(event) => ("medication_order:filled", serde_json::to_value(event)),
        Event::ShipmentCreated(event) => ("shipment:created", serde_json::to_value(event)),
        Event::ShipmentCancelled(event) => ("shipment:cancelled", serde_json::to_value(event)),
        Event::PractitionerActivated(event) => ("practitioner:activated", serde_json::to_value(event)),
        _ => ("another", Ok(Value::Null)),
    };
    (name, payload.expect("a payload can be written"))
}

fn deliveries() -> Vec<Example> {
    spec::callbacks().iter().flat_map(super::spec::Operation::requests).collect()
}

/// Returns the example of an event with the most fields.
fn delivery(name: &str) -> Value {
    let named = deliveries().into_iter().map(|it| it.value).filter(|it| it["event_name"] == name);
    named.max_by_key(|it| it.to_string().len()).expect("it has one").clone()
}

#[test]
fn every_example_is_parsed_as_the_event_it_names() {
    let mut names: Vec<&str> = Vec::new();
    for example in deliveries() {
        let name = example.value["event_name"].as_str().expect("an event has a name");
        let event = parse(example.value).expect("the example is an event");
        let (variant, payload) = taken_apart(&event);
        assert_eq!((variant, event.name()), (name, name));
        assert_same(name, &payload, &example.value["event_data"]);
        names.push(name);
    }
    let names: BTreeSet<&str> = names.into_iter().collect();
    assert_eq!(names, BTreeSet::from(EVENTS));
}

#[test]
fn an_event_may_carry_fields_that_nobody_knows() {
    for name in EVENTS {
        let mut known = delivery(name);
        let payload = parse(&known).map(|event| taken_apart(&event)).expect("it is parsed");
        known["sent_at"] = json!("now");
        known["event_data"]["newField"] = json!({"a": [1]});
        assert!(parse(&known).map(|event| taken_apart(&event)) == Ok(payload), "{name}");
    }
}

#[test]
fn an_unknown_event_is_kept_whole() {
    for body in [
        r#"{"event_name":"shipment:delivered", "event_data":{"id":"dataMARKER","n":1.50}}"#,
        r#" { "event_name" : "Shipment:Created", "event_data": null }"#,
        r#"{"event_name":""}"#,
    ] {
        let event = Event::parse(body.as_bytes()).expect("an unknown event is not an error");
        let Event::Unknown(unknown) = &event else { panic!("it was parsed as a known event") };
        assert_eq!(unknown.body(), body.as_bytes());
        let read: Value = serde_json::from_str(body).expect("it is JSON");
        assert_eq!(read["event_name"], *event.name());
        assert_eq!(event.duplicate_key(), None);
        let text = format!("{event:?} {event:#?}");
        assert_holds_none("an unknown event", &text, &["MARKER", "delivered", "Created\""]);
    }
}

#[test]
fn a_body_without_an_event_is_an_error_without_values() {
    for body in ["", "bodyMARKER", "[]", "7", r#"{"event_name":"shipment:created""#, "\u{0}", r#"{"a":1}{"#] {
        assert_eq!(Event::parse(body.as_bytes()).err(), Some(EventError::NotJson));
    }
    // Invalid UTF-8 isn't a name.
    assert!(Event::parse(b"{\"event_name\":\"\xff\"}").is_err());
    for body in [r#"{"event_data":{}}"#, r#"{"event_name":null}"#, r#"{"event_name":7}"#, r#"{"event_name":["a"]}"#] {
        assert_eq!(Event::parse(body.as_bytes()).err(), Some(EventError::NoName));
    }
    for error in [EventError::NotJson, EventError::NoName, EventError::Payload] {
        assert_holds_none("an error", &format!("{error} {error:?}"), &["MARKER"]);
    }
}

#[test]
fn a_payload_of_another_shape_is_an_error() {
    for name in EVENTS {
        for payload in [json!(null), json!("dataMARKER"), json!(7), json!([["a"]])] {
            let result = parse(&json!({"event_name": name, "event_data": payload}));
            assert!(result.err() == Some(EventError::Payload), "{name} with another payload: {payload}");
        }
        assert!(parse(&json!({"event_name": name})).err() == Some(EventError::Payload), "{name} without a payload");
    }
    // Every required field must be present and valid.
    for name in EVENTS.iter().filter(|name| **name != "shipment:cancelled") {
        let whole = delivery(name);
        let keys: Vec<&String> = whole["event_data"].as_object().expect("it is an object").keys().collect();
        for key in keys.into_iter().filter(|key| !matches!(key.as_str(), "rx_number" | "practitioner_phone")) {
            let mut changed = whole.clone();
            changed["event_data"][key] = json!({"a": 1});
            assert!(parse(&changed).err() == Some(EventError::Payload), "{name}: {key} of another type");
            changed["event_data"].as_object_mut().expect("it is an object").remove(key);
            assert!(parse(&changed).err() == Some(EventError::Payload), "{name}: no {key}");
        }
    }
}

#[test]
fn an_array_is_not_an_object() {
    let result = parse(&json!({"event_name": "shipment:cancelled", "event_data": []}));
    assert_eq!(result.map(|_| ()).err(), Some(EventError::Payload));
}

/// Returns the duplicate key of the first example of an event, with one field changed.
fn key_with(name: &str, field: &str, value: Value) -> Option<String> {
    let mut delivery = delivery(name);
    if !field.is_empty() {
        delivery["event_data"][field] = value;
    }
    let key = parse(&delivery).expect("it is an event").duplicate_key()?;
    assert_holds_none("a key", &format!("{key:?} {key:#?}"), &["0000"]);
    Some(key.as_str().to_owned())
}

fn key(name: &str) -> Option<String> {
    key_with(name, "", Value::Null)
}

const OTHER: &str = "00000000-0000-4000-8000-00000000ffff";

#[test]
fn a_second_delivery_is_a_duplicate_and_another_event_is_not() {
    let keys: Vec<String> = EVENTS.iter().map(|name| key(name).expect("each event has a key")).collect();
    for (index, name) in EVENTS.iter().enumerate() {
        assert_eq!(key(name).as_ref(), Some(&keys[index]), "{name} is the same twice");
        assert!(!keys[index + 1..].contains(&keys[index]), "{name} has the key of another event");
    }
    for name in &EVENTS[..5] {
        assert_ne!(key_with(name, "id", json!(OTHER)), key(name), "{name}: another order");
        assert_eq!(key_with(name, "rx_number", json!("another")), key(name), "{name}: what does not identify it");
    }
}

#[test]
fn a_second_shipment_of_an_order_is_not_a_duplicate() {
    assert_ne!(key_with("shipment:created", "shipment_id", json!(OTHER)), key("shipment:created"));
    assert_ne!(key_with("shipment:cancelled", "shipment_id", json!(OTHER)), key("shipment:cancelled"));
    assert_eq!(key_with("shipment:created", "shipment_provider", json!("another")), key("shipment:created"));
}

#[test]
fn an_activated_practitioner_is_identified_by_the_practitioner() {
    let own = key("practitioner:activated");
    assert!(own.is_some());
    assert_ne!(key_with("practitioner:activated", "practitioner_id", json!(OTHER)), own);
    assert_eq!(key_with("practitioner:activated", "practitioner_name", json!("another")), own);
}

#[test]
fn a_cancelled_shipment_without_an_id_has_no_key() {
    let bare = parse(&json!({"event_name": "shipment:cancelled", "event_data": {}})).expect("every field is optional");
    assert_eq!(bare.duplicate_key(), None);
}
