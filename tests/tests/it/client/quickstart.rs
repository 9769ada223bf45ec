//! The client's quickstart, run as a separate process against a server in this one: a practitioner, a patient and an
//! order.

use std::process::Command;

use serde_json::{Value, json};

use super::server::{Received, Reply, Server};
use super::{DEV_KEY, assert_holds_none, assert_same, example, spec};
use crate::compile::is_skipped;

const CLINIC: &str = "00000000-0000-4000-8000-00000000c001";

/// Answers as the document's examples do.
fn answer(request: &Received) -> Reply {
    let operation = match request.line.as_str() {
        "POST /api/external/practitioner HTTP/1.1" => "createPractitioner",
        "POST /api/external/patient HTTP/1.1" => "createPatient",
        "POST /api/external/medication-order HTTP/1.1" => "createMedicationRequest",
        "GET /api/external/carriers HTTP/1.1" => "getCarriers",
        line if line.starts_with("GET /api/external/carriers/ameriship/services?") => "getCarrierServices",
        _ => return Reply::whole(404, &[], b""),
    };
    Reply::json(200, spec::operation(operation).responses()["200"][0].value)
}

/// Runs the quickstart with an empty environment.
fn quickstart(variables: &[(&str, &str)]) -> std::process::Output {
    let mut command = Command::new(example("quickstart"));
    let set = ["NOVAMED_ENVIRONMENT", "NOVAMED_API_KEY", "NOVAMED_BASE_URL", "NOVAMED_CLINIC_ID"];
    for name in set {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).output().expect("it can be run")
}

fn body(request: &Received) -> Value {
    serde_json::from_slice(&request.body).expect("the body is JSON")
}

#[tokio::test]
async fn the_quickstart_creates_a_practitioner_a_patient_and_an_order() {
    if is_skipped() {
        return;
    }
    let server = Server::answering(answer).await;
    let url = server.url.clone();
    let run = tokio::task::spawn_blocking(move || {
        quickstart(&[
            ("NOVAMED_ENVIRONMENT", "development"),
            ("NOVAMED_API_KEY", DEV_KEY),
            ("NOVAMED_BASE_URL", &url),
            ("NOVAMED_CLINIC_ID", CLINIC),
        ])
    });
    let output = run.await.expect("the process was run");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "it failed:\n{said}");
    assert!(said.contains("practitioner 00000000-0000-4000-8000-00000000a001"), "it said:\n{said}");
    assert!(said.contains("ordered: CreatedMedicationRequest"), "it said:\n{said}");
    let patient = "00000000-0000-4000-8000-00000000b001";
    assert_holds_none("what it said", &said, &[patient, "KEYMARKER", &server.host, "00000000d001"]);

    let seen = server.seen();
    assert_eq!(seen.len(), 5, "practitioner, patient, carriers, services, order");
    let key = ("x-api-key".to_owned(), DEV_KEY.to_owned());
    assert!(seen.iter().all(|request| request.headers.contains(&key)));
    let order = body(&seen[4]);
    let expected = json!({
        "patient_id": patient,
        "practitioner_id": "00000000-0000-4000-8000-00000000a001",
        "clinic_id": CLINIC,
        "carrier_id": "ameriship",
        "service_id": "example-ground",
    });
    for (key, value) in expected.as_object().expect("it is an object") {
        assert_same(key, &order[key], value);
    }
    assert_eq!(body(&seen[1])["practitioner_id"], expected["practitioner_id"]);
}

#[test]
fn the_variables_have_no_defaults() {
    if is_skipped() {
        return;
    }
    let base = ("NOVAMED_BASE_URL", "http://127.0.0.1:1");
    for (variables, expected) in [
        (vec![base], "`NOVAMED_ENVIRONMENT` is not set"),
        (vec![base, ("NOVAMED_ENVIRONMENT", "development")], "`NOVAMED_API_KEY` is not set"),
        (vec![base, ("NOVAMED_ENVIRONMENT", "staging")], "`NOVAMED_ENVIRONMENT` names no known environment"),
        (
            vec![base, ("NOVAMED_ENVIRONMENT", "development"), ("NOVAMED_API_KEY", super::PROD_KEY)],
            "belongs to the environment `production`",
        ),
    ] {
        let output = quickstart(&variables);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(expected), "expected {expected}, it said:\n{said}");
        assert_holds_none("what it said", &said, &["KEYMARKER"]);
    }
}
