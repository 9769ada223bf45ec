//! Received values are never printed, however they are received.

use http::{HeaderMap, HeaderValue};
use novamed::webhooks::{Hook, Incoming, Receiver, Verdict};
use serde_json::{Value, json};

use super::super::assert_holds_none;
use super::{Manner, Notes, SECRET, deliveries, receiver};

/// Fields that the document marks as safe to show.
const SAFE: [&str; 2] = ["clinic_id", "practitioner_id"];

/// Replaces each string in a payload by a unique one of the same form.
fn mark(payload: &mut Value) -> Vec<String> {
    let mut markers = Vec::new();
    for (index, (key, value)) in payload.as_object_mut().expect("it is an object").iter_mut().enumerate() {
        let marker = match value.as_str() {
            Some(id) if id.len() == 36 => format!("abcdef00-0000-4000-8000-{:012}", 7_000_000 + index),
            Some(_) => format!("MARKER{index:04}"),
            None => continue,
        };
        *value = json!(marker);
        if !SAFE.contains(&key.as_str()) {
            markers.push(marker);
        }
    }
    markers
}

/// Everything that is printed about a delivery with the right and with a wrong key.
fn printed(body: &str) -> String {
    let mut headers = HeaderMap::new();
    headers.insert("x-api-key", HeaderValue::from_static(SECRET));
    let right = receiver().receive(&headers, body.to_owned());
    let too_large = receiver().max_body_bytes(3).receive(&headers, body.to_owned());
    headers.insert("x-api-key", HeaderValue::from_static("whsec_OTHERMARKER"));
    let wrong = receiver().receive(&headers, body.to_owned());
    let mut text = Vec::new();
    for result in [right, too_large, wrong] {
        text.push(format!("{result:?} {result:#?} "));
        match result {
            Ok(delivery) => {
                let (key, group) = (delivery.duplicate_key(), delivery.group_key());
                text.push(format!("{key:?} {group:?} {:?} {:?}", delivery.event(), Incoming::Event(delivery.clone())));
            }
            Err(error) => {
                text.push(format!("{error} {:?} {:?}", error.kind(), std::error::Error::source(&error)));
                if let Some(letter) = error.into_malformed() {
                    text.push(format!("{letter:?} {letter:#?} {:?}", letter.duplicate_key()));
                    text.push(format!("{:#?}", Incoming::Malformed(letter)));
                }
            }
        }
    }
    text.join(" ")
}

#[test]
fn no_value_of_a_delivery_is_printed() {
    let mut checked = 0;
    for example in deliveries() {
        let mut delivery = example.value.clone();
        let markers = mark(&mut delivery["event_data"]);
        let markers: Vec<&str> = markers.iter().map(String::as_str).chain(["MARKER"]).collect();
        assert_holds_none(example.name, &printed(&delivery.to_string()), &markers);
        checked += markers.len() - 1;
        // The same if it can't be parsed: then nothing is known to be safe.
        delivery["event_data"]["shipment_id"] = json!({"a": "MARKER"});
        delivery["event_data"]["practitioner_id"] = json!({"a": "MARKER"});
        let text = printed(&delivery.to_string());
        assert_holds_none(example.name, &text, &[markers.as_slice(), &["abcdef00", "sha256"]].concat());
        assert!(text.contains("Malformed"), "{} can still be read", example.name);
        // And if its name is unknown, or it is truncated.
        delivery["event_name"] = json!("unknown:MARKER");
        let whole = delivery.to_string();
        for body in [&whole[..], &whole[..whole.len() - 1]] {
            assert_holds_none(example.name, &printed(body), &["MARKER", "abcdef00", "sha256"]);
        }
    }
    assert!(checked > 20, "{checked} values are few");
}

#[test]
fn no_secret_is_printed() {
    let receiver = receiver().also_accepting("whsec_PREVIOUSMARKER").expect("it is a secret");
    let mut text = vec![format!("{receiver:?} {receiver:#?}")];
    text.push(format!("{:#?}", receiver.clone().deliver_to(Notes::new(Manner::Keep))));
    text.push(format!("{:#?}", receiver.deliver_to(Hook::new(|_| async { Verdict::Taken }))));
    for unfit in ["MARKER unfit", "MARKER\n"] {
        let error = Receiver::new(unfit).expect_err("it isn't a valid secret");
        text.push(format!("{error} {error:?}"));
    }
    assert_holds_none("a receiver", &text.join(" "), &["MARKER"]);
}
