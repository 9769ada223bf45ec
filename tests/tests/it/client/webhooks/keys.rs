//! A delivery needs the right key, which is checked first.

use novamed::ConfigError;
use novamed::webhooks::{KEY_HEADER, Receiver};

use super::{App, Manner, SECRET, delivery, head, receiver};

#[tokio::test]
async fn a_delivery_without_the_right_key_is_refused() {
    let app = App::start(receiver(), Manner::Keep).await;
    let body = delivery("shipment:created").to_string();
    let longer = format!("{SECRET}R");
    for key in ["", "another", &SECRET[1..], &longer, &SECRET.to_lowercase(), "\u{fc}"] {
        assert_eq!(app.deliver(key, body.as_bytes()).await, 401);
    }
    let without = format!("content-length: {}", body.len());
    assert_eq!(app.send(&head("POST /webhooks", &without), body.as_bytes()).await, 401);
    let twice = format!("x-api-key: {SECRET}\r\nx-api-key: {SECRET}\r\n{without}");
    assert_eq!(app.send(&head("POST /webhooks", &twice), body.as_bytes()).await, 401);
    let elsewhere = format!("authorization: Bearer {SECRET}\r\n{without}");
    assert_eq!(app.send(&head(&format!("POST /webhooks?x-api-key={SECRET}"), &elsewhere), body.as_bytes()).await, 401);
    assert!(app.inbox.take().is_empty());
    // Whitespace around a header's value is ignored, and header names are case-insensitive.
    let spaced = format!("X-API-Key:  {SECRET} \r\n{without}");
    assert_eq!(app.send(&head("POST /webhooks", &spaced), body.as_bytes()).await, 200);
}

#[tokio::test]
async fn a_secret_can_be_replaced_while_deliveries_come() {
    let body = delivery("practitioner:activated").to_string();
    let both = receiver().also_accepting("whsec_previous").expect("it is a secret");
    for (receiver, secret, previous) in [(receiver(), 200, 401), (both, 200, 200)] {
        let app = App::start(receiver, Manner::Keep).await;
        assert_eq!(app.deliver(SECRET, body.as_bytes()).await, secret);
        assert_eq!(app.deliver("whsec_previous", body.as_bytes()).await, previous);
        assert_eq!(app.deliver("whsec_other", body.as_bytes()).await, 401);
    }
}

#[tokio::test]
async fn with_a_wrong_key_nothing_of_the_body_is_waited_for() {
    let app = App::start(receiver(), Manner::Keep).await;
    // These bodies are never sent.
    for body in ["content-length: 1000000000000", "transfer-encoding: chunked"] {
        let headers = format!("x-api-key: wrong\r\n{body}");
        assert_eq!(app.send(&head("POST /webhooks", &headers), b"").await, 401, "{body}");
    }
}

#[test]
fn an_unfit_secret_is_refused_when_the_app_starts() {
    for secret in ["", "two words", "line\n"] {
        let error = Receiver::new(secret).err();
        assert_eq!(error, Some(ConfigError::InvalidCredential("webhook secret")));
    }
    assert_eq!(KEY_HEADER, "x-api-key");
}
