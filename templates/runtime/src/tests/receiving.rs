//! Deliveries without a server: keys, sizes, bodies, and what is printed of them.

use http::{HeaderMap, HeaderValue};

use crate::runtime::error::BoxError;
use crate::runtime::error::config::ConfigError;
use crate::runtime::receiver::Receiver;
use crate::runtime::receiver::inbox::{InboxError, Incoming};
use crate::runtime::receiver::received::Received;
use crate::runtime::receiver::received::{ReceiveError, ReceiveErrorKind};
use crate::runtime::webhook::EventError;
use crate::webhooks::{Event, KEY_HEADER};

const SECRET: &str = "s3cret-MARKER";
const PREVIOUS: &str = "previous-MARKER";
const PAID: &str = r#"{"name":"paid","data":7}"#;

fn receiver() -> Receiver {
    Receiver::new(SECRET).expect("it is a secret")
}

fn headers(keys: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for key in keys {
        headers.append(KEY_HEADER, HeaderValue::from_bytes(key.as_bytes()).expect("it fits into a header"));
    }
    headers
}

fn kind(receiver: &Receiver, keys: &[&str], body: &'static str) -> Option<ReceiveErrorKind> {
    receiver.receive(&headers(keys), body).err().map(|error| error.kind())
}

#[test]
fn the_right_key_alone_is_accepted() {
    let receiver = receiver();
    assert_eq!(kind(&receiver, &[SECRET], PAID), None);
    let half = &SECRET[..6];
    let longer = format!("{SECRET}0");
    let cases: [&[&str]; 8] = [
        &[],
        &[""],
        &[half],
        &[&longer],
        &["S3CRET-marker"],
        &["é"],
        // Whoever added a second one, it is not clear which one counts.
        &[SECRET, SECRET],
        &[SECRET, "another"],
    ];
    for keys in cases {
        assert_eq!(kind(&receiver, keys, PAID), Some(ReceiveErrorKind::WrongKey), "{keys:?}");
    }
    // Before anything else is looked at.
    assert_eq!(kind(&receiver.max_body_bytes(1), &["another"], "{"), Some(ReceiveErrorKind::WrongKey));
}

#[test]
fn each_of_several_secrets_is_accepted() {
    let receiver = receiver().also_accepting(PREVIOUS).and_then(|it| it.also_accepting("third-MARKER"));
    let receiver = receiver.expect("they are secrets");
    for key in [SECRET, PREVIOUS, "third-MARKER"] {
        assert_eq!(kind(&receiver, &[key], PAID), None);
    }
    assert_eq!(kind(&receiver, &["fourth-MARKER"], PAID), Some(ReceiveErrorKind::WrongKey));
    let printed = format!("{receiver:?} {receiver:#?}");
    assert!(!printed.contains("MARKER"), "a secret is printed");
    assert!(format!("{receiver:?}").starts_with("Receiver { accepted: 3, max_body_bytes: 1048576"));
}

#[test]
fn what_no_header_carries_is_no_secret() {
    for secret in ["", " ", "a b", "a\n", "\u{7f}", "\u{a0}a"] {
        let error = Receiver::new(secret).err();
        assert_eq!(error, Some(ConfigError::InvalidCredential("webhook secret")), "{secret:?}");
        assert_eq!(receiver().also_accepting(secret).err(), error);
    }
}

#[test]
fn variables_name_the_secret_and_the_previous_one() {
    let from = |variables: &'static [(&str, &str)]| {
        let value = |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
        Receiver::from_lookup(|name| value(name).map(str::to_owned))
    };
    let missing = ConfigError::MissingVariable("STANDIN_WEBHOOK_SECRET".to_owned());
    assert_eq!(from(&[("STANDIN_WEBHOOK_SECRET_PREVIOUS", PREVIOUS)]).err(), Some(missing));
    let invalid = Some(ConfigError::InvalidCredential("webhook secret"));
    assert_eq!(from(&[("STANDIN_WEBHOOK_SECRET", "")]).err(), invalid);
    let two = [("STANDIN_WEBHOOK_SECRET", SECRET), ("STANDIN_WEBHOOK_SECRET_PREVIOUS", " ")];
    let invalid = Some(ConfigError::InvalidCredential("previous webhook secret"));
    assert_eq!(from(Box::leak(Box::new(two))).err(), invalid);
    for (previous, is_accepted) in [(PREVIOUS, true), ("", false)] {
        let two = [("STANDIN_WEBHOOK_SECRET", SECRET), ("STANDIN_WEBHOOK_SECRET_PREVIOUS", previous)];
        let receiver = from(Box::leak(Box::new(two))).expect("they are secrets");
        assert_eq!(kind(&receiver, &[SECRET], PAID), None);
        assert_eq!(kind(&receiver, &[PREVIOUS], PAID).is_none(), is_accepted);
    }
}

#[test]
fn a_body_may_have_as_much_as_the_limit() {
    let exact = receiver().max_body_bytes(PAID.len());
    assert_eq!(kind(&exact, &[SECRET], PAID), None);
    assert_eq!(kind(&exact.max_body_bytes(PAID.len() - 1), &[SECRET], PAID), Some(ReceiveErrorKind::TooLarge));
    // What is too large is not looked at.
    assert_eq!(kind(&receiver().max_body_bytes(0), &[SECRET], "{"), Some(ReceiveErrorKind::TooLarge));
}

fn received(body: &'static str) -> Result<Received, ReceiveError> {
    receiver().receive(&headers(&[SECRET]), body)
}

#[test]
fn an_event_is_parsed_and_its_body_kept() {
    for body in [PAID, " {\"data\": 7, \"more\": [], \"name\":\"paid\"}\n"] {
        let delivery = received(body).expect("it is an event");
        assert_eq!(delivery.event(), &Event::Paid(7));
        assert_eq!((delivery.name(), &delivery.body()[..]), ("paid", body.as_bytes()));
        assert_eq!(delivery.duplicate_key().as_str(), r#"["paid",7]"#);
        assert_eq!(delivery.group_key().expect("it has one").as_str(), r#"["order",7]"#);
        assert_eq!(Received::from_stored(delivery.body().clone()), Ok(delivery.clone()));
        assert_eq!(delivery.into_event(), Event::Paid(7));
    }
}

#[test]
fn an_unknown_event_is_received_and_told_by_its_body() {
    let delivery = received(r#"{"name":"other"}"#).expect("an unknown event isn't an error");
    let Event::Unknown(event) = delivery.event() else { panic!("it is not known") };
    assert_eq!((event.name(), event.body()), ("other", &delivery.body()[..]));
    // `printf '{"name":"other"}' | sha256sum`
    let expected = "sha256:feb03dfc47835f1e0f3998c544c441e879a2e29b49743eaf2065a9cd2d15bc39";
    assert_eq!(delivery.duplicate_key().as_str(), expected);
    let same = received(r#"{"name":"other"}"#).expect("an unknown event isn't an error");
    assert_eq!(same.duplicate_key(), delivery.duplicate_key());
    let other = received(r#"{"name":"other" }"#).expect("an unknown event isn't an error");
    assert_ne!(other.duplicate_key(), delivery.duplicate_key());
    assert_eq!(delivery.group_key(), None);
}

#[test]
fn what_is_no_event_is_told_apart_and_kept() {
    let cases = [
        ("", ReceiveErrorKind::NotJson, EventError::NotJson, None),
        ("[]", ReceiveErrorKind::NotJson, EventError::NotJson, None),
        (r#"{"name":"paid","data":7"#, ReceiveErrorKind::NotJson, EventError::NotJson, None),
        (r#"{"name":null}"#, ReceiveErrorKind::NoName, EventError::NoName, None),
        (r#"{"name":"paid"}"#, ReceiveErrorKind::Malformed, EventError::Payload, Some("paid")),
        (r#"{"name":"paid","data":"MARKER"}"#, ReceiveErrorKind::Malformed, EventError::Payload, Some("paid")),
    ];
    for (body, kind, reason, name) in cases {
        let error = received(body).expect_err("it isn't an event");
        assert_eq!((error.kind(), error.to_string()), (kind, reason.to_string()), "{body}");
        let letter = error.malformed().expect("it is kept");
        assert_eq!((letter.reason(), letter.name()), (reason, name), "{body}");
        assert_eq!(&letter.body()[..], body.as_bytes());
        assert!(letter.duplicate_key().as_str().starts_with("sha256:"));
        assert_eq!(Received::from_stored(body).err().as_ref(), Some(&error));
        assert_eq!(error.clone().into_malformed().as_ref(), Some(letter));
        let incoming = Incoming::Malformed(letter.clone());
        assert_eq!((incoming.name(), incoming.body(), incoming.group_key()), (name, letter.body(), None));
        assert_eq!(incoming.duplicate_key(), letter.duplicate_key());
    }
    for refused in
        [receiver().receive(&headers(&[]), ""), receiver().max_body_bytes(0).receive(&headers(&[SECRET]), " ")]
    {
        let error = refused.expect_err("it is refused");
        assert!(error.malformed().is_none() && error.into_malformed().is_none());
    }
}

#[test]
fn nothing_of_a_delivery_is_printed() {
    let bodies = [
        r#"{"name":"MARKER","data":"MARKER"}"#,
        r#"{"name":"paid","data":"MARKER"}"#,
        r#"{"name":["MARKER"]}"#,
        "MARKER",
    ];
    for body in bodies {
        let printed = match received(body) {
            Ok(delivery) => {
                let key = delivery.duplicate_key();
                format!("{delivery:?} {delivery:#?} {key:?} {:?}", Incoming::Event(delivery.clone()))
            }
            Err(error) => {
                let letter = error.malformed().cloned().expect("it is kept");
                format!("{error} {error:?} {error:#?} {letter:?} {:#?}", Incoming::Malformed(letter.clone()))
            }
        };
        assert!(!printed.contains("MARKER") && !printed.contains("sha256"), "{printed}");
        assert!(printed.contains("[redacted]"), "{printed}");
    }
    let delivery = received(PAID).expect("it is an event");
    assert_eq!(format!("{:?}", delivery.group_key()), "Some(GroupKey([redacted]))");
}

#[test]
fn an_inbox_s_error_prints_its_own_text_alone() {
    let error = InboxError::new("the disk is full").caused_by(BoxError::from("MARKER"));
    assert_eq!(error.to_string(), "the disk is full");
    assert_eq!(format!("{error:?}"), "InboxError { message: \"the disk is full\", .. }");
    assert_eq!(std::error::Error::source(&error).map(ToString::to_string), Some("MARKER".to_owned()));
    assert!(std::error::Error::source(&InboxError::new("")).is_none());
}
