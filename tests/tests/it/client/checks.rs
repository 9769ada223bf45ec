//! Checks before a request is sent: the error reports every violation at once.

use novamed::{Client, Delivery, Error, PatientRequest, PractitionerRequest, WebhookRequest};
use serde_json::{Value, json};

use super::requests::{id, patient, practitioner};
use super::server::{Reply, Server};
use super::{assert_keeps, client, failed};

/// The pointers and rules in the error of a request that wasn't sent.
fn broken(error: &Error) -> Vec<(&str, &str)> {
    assert_eq!((error.delivery(), error.attempts(), error.status()), (Delivery::NotSent, 0, None));
    error.violations().iter().map(|violation| (violation.pointer(), violation.rule())).collect()
}

fn wrong_practitioner() -> PractitionerRequest {
    let mut request = practitioner("required");
    "A".clone_into(&mut request.first_name);
    "12".clone_into(&mut request.npi);
    "ca".clone_into(&mut request.state_code);
    "MARKER".clone_into(&mut request.email);
    request
}

fn homeless_patient() -> PatientRequest {
    let mut request = patient("required");
    request.addresses.clear();
    request
}

fn open_webhook() -> WebhookRequest {
    WebhookRequest::builder().clinic_id(id("c001")).webhook_url("http://MARKER.example.com/events").build()
}

/// A server that accepts everything, and a client for it.
async fn taking(data: Value) -> (Server, Client) {
    let server = Server::start(Reply::json(200, &json!({"success": true, "data": data}))).await;
    let client = client(&server.url);
    (server, client)
}

#[tokio::test]
async fn all_violations_come_at_once_and_nothing_is_sent() {
    let (server, client) = taking(json!({})).await;
    let error = failed(client.create_practitioner(&wrong_practitioner()).await);
    let expected = [
        ("/first_name", "at least 2 characters"),
        ("/email", "an email address"),
        ("/npi", "matches `^[0-9]{10}$`"),
        ("/state_code", "matches `^[A-Z]{2}$`"),
    ];
    assert_eq!(broken(&error), expected);
    assert_keeps(&error, &["MARKER", "12\"", "\"ca\""]);
    let expected = "createPractitioner: the request breaks 4 rules: /first_name: at least 2 characters; \
                    /email: an email address; /npi: matches `^[0-9]{10}$`; /state_code: matches `^[A-Z]{2}$`; \
                    nothing was sent";
    assert_eq!(error.to_string(), expected);

    let error = failed(client.create_patient(&homeless_patient()).await);
    assert_eq!(broken(&error), [("/addresses", "at least 1 item")]);

    let error = failed(client.create_webhook(&open_webhook()).await);
    assert_eq!(broken(&error), [("/webhook_url", "matches `^https://`")]);
    assert_keeps(&error, &["MARKER"]);
    assert!(server.seen().is_empty(), "a request that breaks rules was sent");
}

#[tokio::test]
async fn an_unchecked_call_is_sent_as_it_is() {
    let (server, client) = taking(json!({})).await;
    let unchecked = client.with_options(|options| options.check(false));
    // The server decides what happens.
    drop(unchecked.create_practitioner(&wrong_practitioner()).await);
    let sent: Value = serde_json::from_slice(&server.only().body).expect("the body is JSON");
    assert!(sent["npi"] == "12" && sent["state_code"] == "ca");
    drop(unchecked.create_patient(&homeless_patient()).await);
    drop(unchecked.create_webhook(&open_webhook()).await);
    assert_eq!(server.seen().len(), 3);
    // Only the copy is unchecked.
    assert!(!failed(client.create_patient(&homeless_patient()).await).violations().is_empty());
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_whole_client_can_be_unchecked() {
    let (server, _) = taking(json!({})).await;
    let builder = super::Sight::Development.builder(&server.url);
    let client = builder.check(false).build().expect("the configuration is right");
    drop(client.create_patient(&homeless_patient()).await);
    assert_eq!(server.seen().len(), 1);
}
