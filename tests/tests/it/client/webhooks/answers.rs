//! The receiver's answers: only a delivery that is stored, now or before, is answered with 200.

use std::time::Duration;

use novamed::webhooks::{EventError, Hook, Incoming, Received, Verdict};
use novamed::{Event, MedicationOrderId};
use serde_json::json;

use super::{App, Manner, SECRET, answered, deliveries, delivery, head, receiver, serve};

#[tokio::test]
async fn every_example_is_kept_as_the_event_that_it_is() {
    let app = App::start(receiver(), Manner::Keep).await;
    for example in deliveries() {
        let body = example.value.to_string();
        assert_eq!(app.deliver(SECRET, body.as_bytes()).await, 200, "{}", example.name);
        let kept = app.inbox.take();
        let [Incoming::Event(received)] = kept.as_slice() else { panic!("{} is not kept", example.name) };
        assert_eq!(Ok(received.event()), Event::parse(body.as_bytes()).as_ref(), "{}", example.name);
        assert_eq!(received.body(), body.as_bytes(), "{}", example.name);
        // In one of the examples, a shipment is canceled without any id.
        let own = received.event().duplicate_key();
        assert_eq!(own.is_none(), example.value["event_data"] == json!({}), "{}", example.name);
        assert!(own.is_none_or(|own| own == received.duplicate_key()), "{}", example.name);
        assert_eq!(Received::from_stored(body.clone()).as_ref(), Ok(received), "{}", example.name);
    }
}

#[tokio::test]
async fn the_content_type_makes_no_difference() {
    let app = App::start(receiver(), Manner::Keep).await;
    let body = delivery("shipment:created").to_string();
    for said in ["", "content-type: text/plain\r\n", "content-type: application/x-www-form-urlencoded\r\n"] {
        let headers = format!("{said}x-api-key: {SECRET}\r\ncontent-length: {}", body.len());
        assert_eq!(app.send(&head("POST /webhooks", &headers), body.as_bytes()).await, 200, "{said}");
        assert!(matches!(app.inbox.take().as_slice(), [Incoming::Event(_)]), "{said}");
    }
}

#[tokio::test]
async fn an_unknown_event_is_taken_and_kept_whole() {
    let app = App::start(receiver(), Manner::Keep).await;
    for body in [r#"{"event_name":"shipment:delivered", "event_data":{"n":1.50}}"#, r#"{"event_name":""}"#] {
        assert_eq!(app.deliver(SECRET, body.as_bytes()).await, 200);
        let kept = app.inbox.take();
        let [Incoming::Event(received)] = kept.as_slice() else { panic!("it is not kept") };
        let Event::Unknown(event) = received.event() else { panic!("it is known") };
        assert_eq!(event.body(), body.as_bytes());
        assert!(received.duplicate_key().as_str().starts_with("sha256:"));
        assert_eq!(received.group_key(), None);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_a_dead_letter_and_never_sent_again() {
    let app = App::start(receiver(), Manner::Keep).await;
    let mut strange = delivery("shipment:created");
    strange["event_data"]["id"] = json!(7);
    let cases = [
        (strange.to_string(), EventError::Payload, Some("shipment:created")),
        (
            json!({"event_name": "medication_order:filled"}).to_string(),
            EventError::Payload,
            Some("medication_order:filled"),
        ),
        (json!({"event_data": {}}).to_string(), EventError::NoName, None),
        ("<html>502</html>".to_owned(), EventError::NotJson, None),
        (String::new(), EventError::NotJson, None),
    ];
    for (body, reason, name) in cases {
        assert_eq!(app.deliver(SECRET, body.as_bytes()).await, 200, "{reason}");
        let kept = app.inbox.take();
        let [Incoming::Malformed(letter)] = kept.as_slice() else { panic!("{reason}: it is not kept") };
        assert_eq!((letter.reason(), letter.name()), (reason, name));
        assert_eq!(letter.body(), body.as_bytes());
    }
}

#[tokio::test]
async fn a_duplicate_is_answered_with_200() {
    let app = App::start(receiver(), Manner::Know).await;
    assert_eq!(app.deliver(SECRET, delivery("shipment:created").to_string().as_bytes()).await, 200);
}

#[tokio::test]
async fn an_inbox_that_fails_has_the_delivery_sent_again() {
    let app = App::start(receiver(), Manner::Fail).await;
    let event = delivery("shipment:created").to_string();
    for body in [event.as_str(), r#"{"event_name":"new"}"#, "no JSON"] {
        assert_eq!(app.deliver(SECRET, body.as_bytes()).await, 503);
    }
}

#[tokio::test(start_paused = true)]
async fn an_inbox_that_is_slow_is_given_up_before_the_sender_does() {
    let body = delivery("shipment:created").to_string();
    let slow = App::start(receiver(), Manner::Linger(Duration::from_millis(4001))).await;
    assert_eq!(slow.deliver(SECRET, body.as_bytes()).await, 503);
    assert!(slow.inbox.take().is_empty(), "the inbox was left alone");
    let in_time = App::start(receiver(), Manner::Linger(Duration::from_millis(3999))).await;
    assert_eq!(in_time.deliver(SECRET, body.as_bytes()).await, 200);
}

#[tokio::test]
async fn only_deliveries_are_answered() {
    let app = App::start(receiver(), Manner::Keep).await;
    let key = format!("x-api-key: {SECRET}");
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        assert_eq!(app.send(&head(&format!("{method} /webhooks"), &key), b"").await, 405, "{method}");
    }
    assert_eq!(app.send(&head("POST /other", &key), b"").await, 404);
    assert!(app.inbox.take().is_empty());
}

#[tokio::test]
async fn one_connection_serves_many_deliveries() {
    use tokio::io::AsyncWriteExt as _;
    let app = App::start(receiver(), Manner::Keep).await;
    let mut connection = tokio::net::TcpStream::connect(app.address).await.expect("the app listens");
    let body = delivery("shipment:created").to_string();
    for key in [SECRET, "wrong", SECRET] {
        let headers = format!("x-api-key: {key}\r\ncontent-length: {}", body.len());
        let whole = head("POST /webhooks", &headers) + &body;
        connection.write_all(whole.as_bytes()).await.expect("the app reads");
        assert_eq!(answered(&mut connection).await, if key == SECRET { 200 } else { 401 });
    }
    assert_eq!(app.inbox.take().len(), 2);
}

#[tokio::test]
async fn a_hook_decides_without_an_inbox() {
    let hook = Hook::new(|delivery: Received| async move {
        match delivery.event() {
            Event::ShipmentCreated(_) => Verdict::Taken,
            _ => Verdict::Redeliver,
        }
    });
    let with_letters = hook.clone().malformed(|_| async { Verdict::Taken });
    for (hook, malformed) in [(hook, 503), (with_letters, 200)] {
        let address = serve(receiver().deliver_to(hook).into_router("/webhooks")).await;
        let app = App { address, inbox: super::Notes::new(Manner::Keep) };
        assert_eq!(app.deliver(SECRET, delivery("shipment:created").to_string().as_bytes()).await, 200);
        assert_eq!(app.deliver(SECRET, delivery("shipment:cancelled").to_string().as_bytes()).await, 503);
        assert_eq!(app.deliver(SECRET, br#"{"event_name":"shipment:created"}"#).await, malformed);
        assert_eq!(app.deliver("wrong", br#"{"event_name":"shipment:created"}"#).await, 401);
    }
}

/// Returns the group key of an event's example, with its fields changed.
fn group(name: &str, changes: &[(&str, serde_json::Value)]) -> Option<String> {
    let mut delivery = delivery(name);
    for (field, value) in changes {
        delivery["event_data"][*field] = value.clone();
    }
    let received = Received::from_stored(delivery.to_string()).expect("it is an event");
    received.group_key().map(|key| key.as_str().to_owned())
}

#[test]
fn the_events_of_one_order_are_one_group() {
    const ORDER: &str = "00000000-0000-4000-8000-00000000abcd";
    let of_order = [
        "medication_order:verified",
        "medication_order:submitted",
        "medication_order:acknowledged",
        "medication_order:filled",
        "shipment:created",
    ];
    for name in of_order {
        let expected = format!("[\"medication_order\",\"{ORDER}\"]");
        assert_eq!(group(name, &[("id", json!(ORDER))]), Some(expected), "{name}");
        assert_eq!(group(name, &[("patient_id", json!(ORDER))]), group(name, &[]), "{name}");
        assert_ne!(group(name, &[("id", json!(ORDER))]), group(name, &[]), "{name}: another order");
    }
    // Neither is published with its order.
    for name in ["shipment:cancelled", "practitioner:activated"] {
        assert_eq!(group(name, &[]), None, "{name}");
    }
    assert!(ORDER.parse::<MedicationOrderId>().is_ok());
}
