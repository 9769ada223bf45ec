//! The generated server and the generated client against each other, over loopback.

use std::sync::{Arc, Mutex};

use novamed::server::{
    self, Authorize, Call, Credentials, Failure, Success, carriers, medication_orders, patients, practitioners,
    refills, webhooks,
};
use novamed::{
    CarrierId, CarrierServices, Carriers, CreatedMedicationRequest, CreatedPatient, CreatedPractitioner,
    CreatedRefillRequest, CreatedWebhook, DeletedWebhook, Delivery, ErrorKind, ErrorResponse, MedicationRequest,
    PatientId, PatientRequest, PractitionerRequest, RefillRequest, WebhookId, WebhookRequest,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::requests::{self, OPERATIONS};
use super::{DEV_KEY, assert_same, client, failed, spec};

/// What a [`Service`] answers next, and what it received last.
#[derive(Default)]
struct Script {
    status: u16,
    /// A documented response, with its envelope.
    body: Value,
    received: Vec<Value>,
}

/// Answers every operation from the script, and records its arguments.
#[derive(Clone, Default)]
struct Service(Arc<Mutex<Script>>);

impl Service {
    fn answer<T: DeserializeOwned>(
        &self,
        received: impl Serialize,
        is_whole: bool,
    ) -> Result<Success<T>, Failure<ErrorResponse>> {
        let mut script = self.0.lock().expect("no test panicked");
        script.received.push(serde_json::to_value(received).expect("arguments can be written"));
        let status = http::StatusCode::from_u16(script.status).expect("it is a status");
        if !status.is_success() {
            let body = serde_json::from_value(script.body.clone()).expect("it is the documented error");
            return Err(Failure::new(status, body));
        }
        let data = if is_whole { &script.body } else { &script.body["data"] };
        let data: T = serde_json::from_value(data.clone()).expect("it is the documented data");
        let success = Success::new(data).status(status);
        Ok(match script.body["message"].as_str() {
            Some(message) => success.message(message),
            None => success,
        })
    }
}

impl Authorize for Service {
    async fn authorize(&self, _: &mut Call, credentials: &Credentials) -> Result<(), Failure<()>> {
        let is_known = credentials.iter().any(|(_, secret)| secret.expose() == DEV_KEY);
        if is_known { Ok(()) } else { Err(ErrorKind::Unauthorized.into()) }
    }
}

/// The result of an operation with data of this type.
type Answer<T> = Result<Success<T>, Failure<ErrorResponse>>;

impl practitioners::Operations for Service {
    async fn create_practitioner(&self, _: &Call, body: PractitionerRequest) -> Answer<CreatedPractitioner> {
        self.answer(body, false)
    }
}

impl patients::Operations for Service {
    async fn create_patient(&self, _: &Call, body: PatientRequest) -> Answer<CreatedPatient> {
        self.answer(body, false)
    }
}

impl medication_orders::Operations for Service {
    async fn create_medication_request(&self, _: &Call, body: MedicationRequest) -> Answer<CreatedMedicationRequest> {
        self.answer(body, false)
    }
}

impl refills::Operations for Service {
    async fn create_refill_request(&self, _: &Call, body: RefillRequest) -> Answer<CreatedRefillRequest> {
        self.answer(body, false)
    }
}

impl carriers::Operations for Service {
    async fn get_carriers(&self, _: &Call) -> Answer<Carriers> {
        self.answer((), false)
    }

    async fn get_carrier_services(&self, _: &Call, carrier: CarrierId, patient: PatientId) -> Answer<CarrierServices> {
        self.answer((carrier, patient), true)
    }
}

impl webhooks::Operations for Service {
    async fn create_webhook(&self, _: &Call, body: WebhookRequest) -> Answer<CreatedWebhook> {
        self.answer(body, false)
    }

    async fn delete_webhook(&self, _: &Call, id: WebhookId) -> Answer<DeletedWebhook> {
        self.answer(id, true)
    }
}

/// Implements nothing.
struct Nothing;

impl Authorize for Nothing {
    async fn authorize(&self, _: &mut Call, _: &Credentials) -> Result<(), Failure<()>> {
        Ok(())
    }
}

/// Implements nothing, and keeps the default for credentials.
struct Closed;

impl Authorize for Closed {}

macro_rules! nothing {
    ($($service:ident)*) => {$(
        impl practitioners::Operations for $service {}
        impl patients::Operations for $service {}
        impl medication_orders::Operations for $service {}
        impl refills::Operations for $service {}
        impl carriers::Operations for $service {}
        impl webhooks::Operations for $service {}
    )*};
}

nothing! { Nothing Closed }

/// Serves a router for as long as the test runs, and returns its address.
async fn serve(router: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound").to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Sends a request and returns the status, the head and the JSON of the response.
async fn send(address: &str, line: &str, headers: &str, body: &str) -> (u16, String, Value) {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("the server answers");
    let (head, body) = text.split_once("\r\n\r\n").expect("it is a response");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("there is a status");
    (status, head.to_ascii_lowercase(), serde_json::from_str(body).unwrap_or_default())
}

const KEY: &str = "x-api-key: dev_KEYMARKER\r\ncontent-type: application/json\r\n";

/// Returns what an operation's method should receive for an example.
fn expected(operation: &str, example: Option<&spec::Example>) -> Value {
    match (operation, example) {
        (_, Some(example)) => example.value.clone(),
        ("getCarriers", None) => Value::Null,
        ("getCarrierServices", None) => json!(["ameriship", "00000000-0000-4000-8000-00000000b001"]),
        ("deleteWebhook", None) => json!("00000000-0000-4000-8000-00000000c101"),
        (other, None) => panic!("`{other}` is a new operation: state its arguments here"),
    }
}

#[tokio::test]
async fn every_example_arrives_as_it_was_sent() {
    let service = Service::default();
    let client = client(&format!("http://{}", serve(server::router(service.clone())).await));
    for operation in OPERATIONS {
        let found = spec::operation(operation);
        let (status, success) = success(&found);
        let examples = found.requests();
        let examples: Vec<_> = if examples.is_empty() { vec![None] } else { examples.iter().map(Some).collect() };
        for example in examples {
            *service.0.lock().expect("no test panicked") =
                Script { status, body: success.clone(), received: Vec::new() };
            let name = example.map_or("", |example| example.name);
            requests::call(&client, operation, name)
                .await
                .unwrap_or_else(|error| panic!("{operation} {name}: {error}"));
            let received = std::mem::take(&mut service.0.lock().expect("no test panicked").received);
            assert_eq!(received.len(), 1, "{operation} {name}");
            assert_same(&format!("{operation} {name}"), &expected(operation, example), &received[0]);
        }
    }
}

/// Returns the first documented success.
fn success(operation: &spec::Operation) -> (u16, Value) {
    let responses = operation.responses();
    let found = responses.iter().find(|(status, examples)| status.starts_with('2') && !examples.is_empty());
    let (status, examples) = found.expect("a success has an example");
    (status.parse().expect("it is a status"), examples[0].value.clone())
}

#[tokio::test]
async fn every_documented_response_comes_back_as_it_was_given() {
    let service = Service::default();
    let client = client(&format!("http://{}", serve(server::router(service.clone())).await));
    let mut count = 0;
    for operation in OPERATIONS {
        for (status, examples) in spec::operation(operation).responses() {
            let status: u16 = status.replace("XX", "00").parse().expect("it is a status");
            for example in examples {
                let what = format!("{operation} {status} {}", example.name);
                *service.0.lock().expect("no test panicked") =
                    Script { status, body: example.value.clone(), received: Vec::new() };
                match requests::call_any(&client, operation).await {
                    Ok((data, meta)) => {
                        assert_eq!(meta.status().as_u16(), status, "{what}");
                        assert!(meta.message() == example.value["message"].as_str(), "{what}: another message");
                        assert_same(&what, &data_of(operation, example.value), &data);
                    }
                    Err(error) => {
                        assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{what}");
                        let body: Value =
                            serde_json::from_slice(error.body().expect("it has a body")).expect("it is JSON");
                        assert_same(&what, example.value, &body);
                    }
                }
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} responses");
}

/// Returns the part of a success that the client returns.
fn data_of(operation: &str, body: &Value) -> Value {
    if !["getCarrierServices", "deleteWebhook"].contains(&operation) {
        return body["data"].clone();
    }
    let mut whole = body.as_object().expect("it is an object").clone();
    whole.retain(|name, _| !["success", "message"].contains(&name.as_str()));
    Value::Object(whole)
}

#[tokio::test]
async fn an_invalid_request_is_refused_with_places_and_without_values() {
    let service = Service::default();
    let address = serve(server::router(service.clone())).await;
    let mut patient = spec::operation("createPatient").request("required").value.clone();
    patient["first_name"] = json!("J");
    patient["dob"] = json!("dobMARKER");
    patient["addresses"][0]["postal_code"] = json!("zipMARKER");
    patient.as_object_mut().expect("it is an object").remove("last_name");
    let cases = [
        (patient.to_string(), "/dob"),
        (json!({ "addresses": [{ "city": { "secretMARKER": 1 } }] }).to_string(), "/addresses/0"),
        ("{\"first_name\": \"jsonMARKER".to_owned(), "valid JSON"),
        (String::new(), "required"),
    ];
    for (body, place) in cases {
        let (status, head, answer) = send(&address, "POST /api/external/patient", KEY, &body).await;
        assert_eq!(status, 400, "{place}");
        assert!(head.contains("content-type: application/json"), "{head}");
        assert_eq!(answer["success"], json!(false), "{answer}");
        let message = answer["error"]["message"].as_str().expect("the documented error has a message");
        assert!(message.contains(place), "{message} lacks {place}");
        assert!(!message.contains("MARKER"), "{message}");
    }
    let mut patient = spec::operation("createPatient").request("required").value.clone();
    patient["first_name"] = json!("J");
    patient["addresses"][0]["postal_code"] = json!("zipMARKER");
    let (_, _, answer) = send(&address, "POST /api/external/patient", KEY, &patient.to_string()).await;
    let message = answer["error"]["message"].as_str().expect("the documented error has a message");
    assert!(message.contains("/first_name: at least 2 characters"), "{message}");
    assert!(!message.contains("MARKER"), "{message}");
    let (status, _, answer) = send(&address, "DELETE /api/external/webhook?id=idMARKER", KEY, "").await;
    let message = answer["error"]["message"].as_str().expect("the documented error has a message");
    assert_eq!(status, 400);
    assert!(message.contains("parameter `id`") && !message.contains("MARKER"), "{message}");
    assert!(service.0.lock().expect("no test panicked").received.is_empty(), "an invalid request reached the service");
}

#[tokio::test]
async fn what_no_operation_describes_gets_problem_details() {
    let address = serve(server::router(Service::default())).await;
    let (status, head, problem) = send(&address, "GET /api/nothingMARKER", KEY, "").await;
    assert_eq!((status, &problem["status"]), (404, &json!(404)));
    assert!(head.contains("content-type: application/problem+json") && !problem.to_string().contains("MARKER"));
    let (status, head, _) = send(&address, "PUT /api/external/webhook", KEY, "").await;
    assert_eq!(status, 405);
    assert!(head.contains("allow: post, delete"), "{head}");
    let headers = "x-api-key: dev_KEYMARKER\r\ncontent-type: text/plain\r\n";
    let (status, _, problem) = send(&address, "POST /api/external/patient", headers, "{}").await;
    assert_eq!((status, &problem["title"]), (415, &json!("Unsupported Media Type")));
}

#[tokio::test]
async fn an_operation_that_is_not_implemented_names_itself() {
    let client = client(&format!("http://{}", serve(server::router(Nothing)).await));
    for operation in OPERATIONS {
        let error = failed(requests::call_any(&client, operation).await);
        assert_eq!(error.status().map(|status| status.as_u16()), Some(501));
        let message = error.message().expect("it has a message");
        assert_eq!(message, format!("the operation `{operation}` is not implemented"));
    }
}

#[tokio::test]
async fn credentials_are_checked_before_anything_else() {
    let address = serve(server::router(Service::default())).await;
    for headers in ["", "x-api-key: other\r\n", "x-api-key:\r\n"] {
        let (status, _, answer) = send(&address, "POST /api/external/patient", headers, "no JSON").await;
        assert_eq!(status, 401, "{headers}");
        let message = answer["error"]["message"].as_str().expect("the documented error has a message");
        assert!(message.starts_with("Unauthorized"), "{message}");
    }
    // Without an implementation of `authorize`, nobody gets in.
    let client = client(&format!("http://{}", serve(server::router(Closed)).await));
    let error = failed(client.get_carriers().await);
    assert_eq!((error.kind(), error.delivery()), (Some(ErrorKind::Unauthorized), Delivery::Refused));
}
