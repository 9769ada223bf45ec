//! The exact bytes of the requests: request line, headers and body, for every operation and every example.

use std::collections::BTreeSet;
use std::path::Path;

use novamed::{Address, CarrierId, Delivery, PatientRequest};
use serde_json::{Value, json};

use super::requests::{OPERATIONS, call, call_any, id, patient};
use super::server::{Received, Reply, Server};
use super::{DEV_KEY, assert_same, client, failed, spec};

/// The request line of an operation with the examples of its parameters, according to the facts of the API.
fn request_line(operation: &str) -> &'static str {
    match operation {
        "createPractitioner" => "POST /api/external/practitioner HTTP/1.1",
        "createPatient" => "POST /api/external/patient HTTP/1.1",
        "createMedicationRequest" => "POST /api/external/medication-order HTTP/1.1",
        "createRefillRequest" => "POST /api/external/refill-request HTTP/1.1",
        "getCarriers" => "GET /api/external/carriers HTTP/1.1",
        "getCarrierServices" => {
            "GET /api/external/carriers/ameriship/services?patientId=00000000-0000-4000-8000-00000000b001 HTTP/1.1"
        }
        "createWebhook" => "POST /api/external/webhook HTTP/1.1",
        "deleteWebhook" => "DELETE /api/external/webhook?id=00000000-0000-4000-8000-00000000c101 HTTP/1.1",
        other => panic!("`{other}` is a new operation: write its request line"),
    }
}

/// The crate's name and version, from its manifest.
fn user_agent() -> String {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated-client/Cargo.toml");
    let manifest = std::fs::read_to_string(manifest).expect("the client has a manifest");
    let version = manifest.lines().find_map(|line| line.strip_prefix("version = \""));
    format!("novamed/{}", version.expect("it has a version").trim_end_matches('"'))
}

/// Fails if a request has other headers than these, or has one of them twice.
fn assert_headers(what: &str, server: &Server, request: &Received) {
    let mut expected = vec![
        ("accept".to_owned(), "application/json".to_owned()),
        ("host".to_owned(), server.host.clone()),
        ("user-agent".to_owned(), user_agent()),
        ("x-api-key".to_owned(), DEV_KEY.to_owned()),
    ];
    if !request.body.is_empty() {
        expected.push(("content-length".to_owned(), request.body.len().to_string()));
        expected.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    expected.sort();
    let mut headers = request.headers.clone();
    headers.sort();
    assert!(headers == expected, "{what}: other headers: {:?}", names(&headers));
}

fn names(headers: &[(String, String)]) -> Vec<&str> {
    headers.iter().map(|(name, _)| name.as_str()).collect()
}

/// Answers any request with an object that no operation accepts as a success.
async fn server() -> Server {
    Server::start(Reply::json(200, &json!({}))).await
}

#[test]
fn every_operation_is_tested() {
    let documented: BTreeSet<&str> = spec::operations().iter().map(|operation| operation.id).collect();
    assert_eq!(documented, BTreeSet::from(OPERATIONS));
}

#[tokio::test]
async fn every_request_example_goes_out_as_the_document_shows_it() {
    let mut sent = 0;
    for operation in spec::operations() {
        for example in operation.requests() {
            let what = format!("{} {}", operation.id, example.name);
            let server = server().await;
            let _unread = call(&client(&server.url), operation.id, example.name).await;
            let request = server.only();
            assert_eq!(request.line, request_line(operation.id), "{what}");
            assert_headers(&what, &server, &request);
            let body: Value = serde_json::from_slice(&request.body).expect("the body is JSON");
            assert_same(&what, &body, example.value);
            sent += 1;
        }
    }
    assert_eq!(sent, 10, "the document has other examples of requests than were counted");
}

#[tokio::test]
async fn an_operation_without_a_body_sends_none() {
    for operation in ["getCarriers", "getCarrierServices", "deleteWebhook"] {
        let server = server().await;
        let _unread = call_any(&client(&server.url), operation).await;
        let request = server.only();
        assert_eq!(request.line, request_line(operation), "{operation}");
        assert!(request.body.is_empty(), "{operation}");
        assert_headers(operation, &server, &request);
    }
}

#[tokio::test]
async fn an_id_in_the_path_is_one_segment_of_it() {
    let server = server().await;
    let strange = CarrierId::new("a b/../c?d=e#f&%é\u{ae}");
    let _unread = client(&server.url).get_carrier_services(&strange, id("b001")).await;
    let expected = "GET /api/external/carriers/a%20b%2F..%2Fc%3Fd%3De%23f%26%25%C3%A9%C2%AE/services\
                    ?patientId=00000000-0000-4000-8000-00000000b001 HTTP/1.1";
    assert_eq!(server.only().line, expected);
}

#[tokio::test]
async fn an_id_that_would_name_another_path_is_not_sent() {
    let server = server().await;
    for carrier in ["", ".", ".."] {
        let result = client(&server.url).get_carrier_services(&CarrierId::new(carrier), id("b001")).await;
        let error = failed(result);
        assert_eq!(error.delivery(), Delivery::NotSent);
        let expected =
            "getCarrierServices: the path parameter is empty or a dot segment (`carrierId`); nothing was sent";
        assert_eq!(error.to_string(), expected);
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_base_url_may_have_a_path() {
    for base in ["/partners", "/partners/"] {
        let server = server().await;
        let _unread = client(&format!("{}{base}", server.url)).get_carriers().await;
        assert_eq!(server.only().line, "GET /partners/api/external/carriers HTTP/1.1");
    }
}

/// Sends a patient and returns the bytes of the body as text.
async fn sent(patient: &PatientRequest) -> String {
    let server = server().await;
    let _unread = client(&server.url).create_patient(patient).await;
    String::from_utf8(server.only().body).expect("JSON is UTF-8")
}

#[tokio::test]
async fn absent_null_and_present_are_three_things_on_the_wire() {
    let start = || Address::builder().address_line_1("1").city("2").state("3").postal_code("4");
    for (address, expected) in [
        (start(), r#"[{"addressLine1":"1","city":"2","state":"3","postalCode":"4"}]"#),
        (start().address_line_2(None::<String>), r#"[{"addressLine1":"1","city":"2","state":"3","postalCode":"4"}]"#),
        (
            start().address_line_2_null(),
            r#"[{"addressLine1":"1","addressLine2":null,"city":"2","state":"3","postalCode":"4"}]"#,
        ),
        (
            start().address_line_2("5"),
            r#"[{"addressLine1":"1","addressLine2":"5","city":"2","state":"3","postalCode":"4"}]"#,
        ),
        (
            start().address_line_2(Some("5")),
            r#"[{"addressLine1":"1","addressLine2":"5","city":"2","state":"3","postalCode":"4"}]"#,
        ),
        (
            start().address_line_2("5").address_line_2_null(),
            r#"[{"addressLine1":"1","addressLine2":null,"city":"2","state":"3","postalCode":"4"}]"#,
        ),
    ] {
        let mut request = patient("required");
        request.addresses = vec![address.build()];
        let body = sent(&request).await;
        assert!(body.ends_with(&format!("\"addresses\":{expected}}}")), "expected {expected}");
    }
}

#[tokio::test]
async fn fields_stand_in_the_order_of_the_document() {
    let body = sent(&patient("person")).await;
    let schema = &spec::document()["components"]["schemas"]["PatientRequest"]["properties"];
    let keys: Vec<&String> = schema.as_object().expect("it has properties").keys().collect();
    let places: Vec<Option<usize>> = keys.iter().map(|key| body.find(&format!("\"{key}\":"))).collect();
    assert!(places.iter().all(Option::is_some), "a field is not sent");
    // `serde_json` keeps the document's order only with a feature, so the order is read from the text.
    let text = include_str!("../../../../spec/novamed.yaml");
    let start = text.find("\n    PatientRequest:\n").expect("the schema is there");
    let in_document = |key: &str| text[start..].find(&format!("\n        {key}:")).expect("the property is there");
    let mut by_document: Vec<_> = keys.iter().zip(&places).collect();
    by_document.sort_by_key(|(key, _)| in_document(key));
    assert!(by_document.is_sorted_by_key(|(_, place)| **place), "the fields are sent in another order");
}
