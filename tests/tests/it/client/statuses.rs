//! Every documented status of every operation, with each example answer in the document.

use std::collections::BTreeSet;
use std::time::{Duration, UNIX_EPOCH};

use novamed::{Delivery, Error, ErrorDetails, ErrorKind};
use serde_json::{Value, json};

use super::requests::{OPERATIONS, call_any};
use super::server::{Reply, Server};
use super::{Sight, assert_same, client, failed, spec};

/// The rate-limit headers that come with every answer.
const LIMITS: [(&str, &str); 3] =
    [("X-RateLimit-Limit", "60"), ("X-RateLimit-Remaining", "59"), ("X-RateLimit-Reset", "1767225600")];

/// Returns an answer with the documented headers.
fn reply(status: u16, body: &Value) -> Reply {
    let headers = [&LIMITS[..], &[("content-type", "application/json")]].concat();
    Reply::whole(status, &headers, body.to_string().as_bytes())
}

/// The statuses on the wire that a documented status stands for.
fn statuses(documented: &str) -> Vec<u16> {
    match documented {
        "5XX" => vec![500, 502, 503, 599],
        status => vec![status.parse().expect("it is a number")],
    }
}

#[test]
fn every_operation_documents_the_same_statuses() {
    let expected = BTreeSet::from(["200", "201", "400", "401", "403", "404", "429", "5XX"]);
    for operation in OPERATIONS {
        let documented: BTreeSet<&str> = spec::operation(operation).responses().into_keys().collect();
        assert_eq!(documented, expected, "{operation}");
    }
}

#[tokio::test]
async fn a_success_gives_the_data_and_what_stands_beside_it() {
    let mut read = 0;
    for operation in spec::operations() {
        for (status, examples) in operation.responses().into_iter().filter(|(status, _)| status.starts_with('2')) {
            for example in examples {
                let what = format!("{} {status} {}", operation.id, example.name);
                let status = status.parse().expect("it is a number");
                let server = Server::start(reply(status, example.value)).await;
                let result = call_any(&client(&server.url), operation.id).await;
                let (data, meta) = result.unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_same(&what, &data, &data_of(operation.id, example.value));
                assert_eq!(meta.status().as_u16(), status, "{what}");
                assert_eq!(meta.message(), example.value.get("message").and_then(Value::as_str), "{what}");
                let limit = meta.rate_limit().expect("the headers say it");
                assert_eq!((limit.limit(), limit.remaining()), (Some(60), Some(59)), "{what}");
                assert_eq!(limit.reset(), Some(UNIX_EPOCH + Duration::from_secs(1_767_225_600)), "{what}");
                assert_eq!(meta.headers().get("x-ratelimit-limit").expect("headers are kept"), "60", "{what}");
                read += 1;
            }
        }
    }
    assert_eq!(read, 26, "the document has other examples of successes than were counted");
}

/// Returns the part of an answer that the client treats as its data.
fn data_of(operation: &str, answer: &Value) -> Value {
    match operation {
        // Three fields are next to `data`, or `data` is absent: everything except the envelope's own fields is data.
        "getCarrierServices" | "deleteWebhook" => {
            let mut data = answer.clone();
            let members = data.as_object_mut().expect("it is an object");
            members.remove("success");
            members.remove("message");
            data
        }
        _ => answer["data"].clone(),
    }
}

/// The error kind of a message, according to the facts of the API.
fn kind(status: u16, message: &str) -> Option<ErrorKind> {
    match (status, message) {
        (401, message) if message.starts_with("Unauthorized") => Some(ErrorKind::Unauthorized),
        (400, "Clinic not found") => Some(ErrorKind::ClinicNotFound),
        (400, "Clinic ID must be a valid UUID.") => Some(ErrorKind::InvalidClinicId),
        (400, "Medication request not found") => Some(ErrorKind::MedicationRequestNotFound),
        (400, "Refills are not possible for pending medication requests") => Some(ErrorKind::RefillNotPossible),
        (400, "Refill request already exists") => Some(ErrorKind::RefillAlreadyExists),
        (400, "Service not available") => Some(ErrorKind::ServiceNotAvailable),
        _ => None,
    }
}

/// Whether nothing was done, according to the facts of the API.
fn delivery(status: u16, code: Option<&str>) -> Delivery {
    match status {
        429 if code == Some("RATE_LIMIT_EXCEEDED") => Delivery::Refused,
        400 | 401 | 403 | 404 => Delivery::Refused,
        _ => Delivery::Unknown,
    }
}

/// Fails if an error doesn't match the example's answer.
fn assert_error(what: &str, error: &Error, status: u16, answer: &Value) {
    let object = &answer["error"];
    let message = object["message"].as_str().expect("there is always a message");
    let code = object.get("code").and_then(Value::as_str);
    assert_eq!(error.status().expect("there was an answer").as_u16(), status, "{what}");
    assert_eq!(error.kind(), kind(status, message), "{what}");
    assert_eq!(error.code(), code, "{what}");
    assert_eq!(error.message(), Some(message), "{what}");
    assert_eq!(error.delivery(), delivery(status, code), "{what}");
    let seconds = object.get("retry_after").and_then(Value::as_u64);
    assert_eq!(error.retry_after(), seconds.map(Duration::from_secs), "{what}");
    assert!(!error.is_connect() && !error.is_timeout(), "{what}");
    assert_eq!(error.headers().expect("there was an answer")["x-ratelimit-remaining"], "59", "{what}");
    assert_eq!(error.body().expect("there was an answer"), answer.to_string().as_bytes(), "{what}");
    let body = error.api_error().expect("the body is the documented one");
    assert_same(what, &serde_json::to_value(&body).expect("it is written"), answer);
    assert!(!body.success && body.error.message == message, "{what}");
    match (object.get("details"), &body.error.details) {
        (None, None) => {}
        (Some(Value::Object(shown)), Some(ErrorDetails::Single(read))) => {
            assert_eq!(read.field.as_deref(), shown.get("field").and_then(Value::as_str), "{what}");
            assert_eq!(read.reason.as_deref(), shown.get("reason").and_then(Value::as_str), "{what}");
        }
        (Some(Value::Array(shown)), Some(ErrorDetails::Fields(read))) => {
            assert_eq!(read.len(), shown.len(), "{what}");
            let fields: Vec<_> = read.iter().map(|it| json!({"field": it.field, "message": it.message})).collect();
            assert_same(what, &Value::from(fields), &Value::from(shown.clone()));
        }
        _ => panic!("{what}: the details have another shape"),
    }
}

/// Fails if an error prints more of the server's text than it may.
fn assert_display(what: &str, error: &Error, sight: Sight, answer: &Value) {
    let text = error.to_string();
    let may_show = sight == Sight::Development && error.kind().is_none();
    assert_eq!(text.contains("Example text."), may_show, "{what} as {sight:?}");
    assert!(!text.contains("example text"), "{what} as {sight:?}: of a kind the fixed text alone is printed");
    assert!(!text.contains("Example reason."), "{what} as {sight:?}");
    if let Some(kind) = error.kind() {
        assert!(text.contains(&format!(": {kind}; ")), "{what} as {sight:?}");
    }
    if let Some(code) = answer["error"].get("code").and_then(Value::as_str) {
        assert!(text.contains(&format!(", code {code}")), "{what} as {sight:?}");
    }
}

#[tokio::test]
async fn a_failure_tells_kind_code_delivery_and_details() {
    let mut kinds = BTreeSet::new();
    let mut shapes = BTreeSet::new();
    for operation in spec::operations() {
        for (documented, examples) in operation.responses().into_iter().filter(|(status, _)| !status.starts_with('2')) {
            for example in examples {
                for status in statuses(documented) {
                    let what = format!("{} {status} {}", operation.id, example.name);
                    let server = Server::start(reply(status, example.value)).await;
                    for sight in Sight::ALL {
                        let error = failed(call_any(&sight.client(&server.url), operation.id).await);
                        assert_eq!(error.operation(), Some(operation.id), "{what}");
                        assert_error(&what, &error, status, example.value);
                        assert_display(&what, &error, sight, example.value);
                        kinds.extend(error.kind().map(|kind| format!("{kind:?}")));
                    }
                    shapes.extend(example.value["error"].get("details").map(Value::is_array));
                }
            }
        }
    }
    assert_eq!(kinds.len(), 7, "every named kind is to have an example");
    assert_eq!(shapes.len(), 2, "both shapes of details are to have an example");
}

#[tokio::test]
async fn a_kind_counts_for_the_operations_that_document_it() {
    let body = json!({"success": false, "error": {"message": "Refill request already exists"}});
    let server = Server::start(Reply::json(400, &body)).await;
    let client = client(&server.url);
    for operation in OPERATIONS {
        let error = failed(call_any(&client, operation).await);
        let expected = (operation == "createRefillRequest").then_some(ErrorKind::RefillAlreadyExists);
        assert_eq!(error.kind(), expected, "{operation}");
        assert_eq!(error.delivery(), Delivery::Refused, "{operation}");
    }
}

#[tokio::test]
async fn only_the_documented_message_makes_a_kind() {
    for message in ["clinic not found", "Clinic not found.", " Clinic not found", "No: Clinic not found"] {
        let body = json!({"success": false, "error": {"message": message}});
        let server = Server::start(Reply::json(400, &body)).await;
        assert_eq!(failed(call_any(&client(&server.url), "createPatient").await).kind(), None);
    }
    // `Unauthorized` may start a sentence, and counts only with its own status.
    for (status, message, expected) in [
        (401, "Unauthorized: the key is revoked", Some(ErrorKind::Unauthorized)),
        (401, "You are Unauthorized", None),
        (400, "Unauthorized", None),
    ] {
        let body = json!({"success": false, "error": {"message": message}});
        let server = Server::start(Reply::json(status, &body)).await;
        assert_eq!(failed(call_any(&client(&server.url), "createPatient").await).kind(), expected);
    }
}
