//! `Debug` prints what the document marks as safe, and nothing else.

use std::collections::BTreeSet;

use novamed::value::Json;
use novamed::webhooks::DuplicateKey;
use novamed::{Client, ContactKind, CreatedPatient, Gender, PractitionerStatus, Response};
use serde_json::{Value, json};

use super::filler::Filler;
use super::requests::{id, patient};
use super::server::{Reply, Server};
use super::spec;
use super::types::{TYPES, read};
use super::{assert_holds_none, client};

#[test]
fn debug_of_every_type_shows_what_is_safe_and_nothing_else() {
    let mut counts = (0, 0);
    for (component, choice) in TYPES.iter().flat_map(|(component, _)| [(component, 0), (component, 1)]) {
        let mut filler = Filler { choice, ..Filler::default() };
        let value = filler.fill(&spec::document()["components"]["schemas"][component], component);
        let read = read(component, &value).unwrap_or_else(|problem| panic!("{component}: {problem}"));
        for text in &read.debug {
            for marker in &filler.sensitive {
                let is_held = marker.texts.iter().any(|secret| text.contains(secret));
                assert!(!is_held, "`Debug` of {component} prints {}", marker.pointer);
            }
            for marker in &filler.safe {
                let is_envelope = marker.pointer.ends_with("Response/message");
                assert!(text.contains(&marker.texts[0]) || is_envelope, "{component} hides {}", marker.pointer);
            }
            // The envelope's own `success` isn't one of the fields next to the data.
            let is_beside = matches!(*component, "CarrierServicesResponse" | "DeletedWebhookResponse");
            let shown = text.matches("true").count() + usize::from(is_beside);
            assert_eq!(shown, filler.safe_booleans, "`Debug` of {component} prints other booleans than the safe ones");
        }
        counts.0 += filler.sensitive.len();
        counts.1 += filler.safe.len();
    }
    assert!(counts.0 > 200 && counts.1 > 50, "too little was tested: {counts:?}");
}

#[test]
fn the_document_calls_safe_what_the_facts_call_safe() {
    let components = spec::document()["components"]["schemas"].as_object().expect("there are components");
    let is_safe = |node: &Value| node.get("x-client-privacy") == Some(&json!("safe"));
    let mut safe = BTreeSet::new();
    for (name, component) in components {
        if is_safe(component) {
            safe.insert(name.clone());
        }
        for (key, property) in component.get("properties").and_then(Value::as_object).into_iter().flatten() {
            assert!(!is_safe(component), "{name} as a whole is safe");
            if is_safe(property) && key != "success" {
                safe.insert(format!("{name}.{key}"));
            }
        }
    }
    let facts = [
        // Ids of clinics, practitioners, carriers, services and webhooks.
        "ClinicId",
        "PractitionerId",
        "CarrierId",
        "ServiceId",
        "WebhookId",
        // Shipping prices.
        "CarrierService.totalCost",
        "CarrierService.originalCost",
        // Enums that don't describe a person, and the two safe ones of a patient.
        "FreeShipmentType",
        "ErrorCode",
        "EventName",
        "Species",
        "PatientStatus",
    ];
    assert_eq!(safe, facts.into_iter().map(str::to_owned).collect());
}

#[test]
fn a_known_value_of_a_sensitive_enum_is_hidden_too() {
    assert_eq!(format!("{:?}", Gender::Female), "Gender([redacted])");
    assert_eq!(format!("{:?}", ContactKind::Fax), "ContactKind([redacted])");
    assert_eq!(format!("{:?}", PractitionerStatus::Active), "PractitionerStatus([redacted])");
    assert_eq!(format!("{:?}", novamed::Species::Canine), "Canine");
}

/// Tests `Debug` of ids with the same UUID.
macro_rules! ids {
    ($($ty:ident: $shown:literal,)*) => {$(
        let text = format!("{:?}", id::<novamed::$ty>("abcd"));
        assert_eq!(text, concat!(stringify!($ty), "(", $shown, ")"));
    )*};
}

#[test]
fn ids_that_stand_for_a_person_are_hidden() {
    ids! {
        PatientId: "[redacted]",
        MedicationRequestId: "[redacted]",
        MedicationOrderId: "[redacted]",
        OrderedMedicationId: "[redacted]",
        RefillRequestId: "[redacted]",
        ShipmentId: "[redacted]",
        ClinicId: "00000000-0000-4000-8000-00000000abcd",
        PractitionerId: "00000000-0000-4000-8000-00000000abcd",
        WebhookId: "00000000-0000-4000-8000-00000000abcd",
    }
    assert_eq!(format!("{:?}", novamed::ShipmentGroupId::new("MARKER")), "ShipmentGroupId([redacted])");
    assert_eq!(format!("{:?}", novamed::PrescriptionNumber::new("MARKER")), "PrescriptionNumber([redacted])");
    assert_eq!(format!("{:?}", novamed::CarrierId::new("ups")), "CarrierId(\"ups\")");
}

#[test]
fn a_text_that_is_no_id_is_not_repeated() {
    let error = "textMARKER".parse::<novamed::PatientId>().expect_err("it isn't a UUID");
    assert_holds_none("the error", &format!("{error} {error:?}"), &["MARKER"]);
    let error = "1985-13-MARKER".parse::<novamed::Date>().expect_err("it isn't a date");
    assert_holds_none("the error", &format!("{error} {error:?}"), &["MARKER", "1985"]);
}

#[test]
fn builders_and_bare_values_print_nothing() {
    let builder = novamed::PatientRequest::builder().first_name("nameMARKER").notes("noteMARKER");
    let json = Json::from("jsonMARKER");
    let bytes = novamed::value::Base64::new(*b"bytesMARKER");
    let text = format!("{builder:?} {builder:#?} {json:?} {bytes:?}");
    assert_holds_none("a builder or a bare value", &text, &["MARKER", "77, 65, 82, 75"]);
}

#[tokio::test]
async fn an_answer_prints_its_status_and_its_rate_limit_alone() {
    let body = json!({
        "success": true, "message": "messageMARKER",
        "data": {"patient_id": "00000000-0000-4000-8000-00000000abcd", "extraMARKER": 1},
    });
    let headers = [("x-trace", "headerMARKER"), ("x-ratelimit-limit", "60")];
    let server = Server::start(Reply::whole(200, &headers, body.to_string().as_bytes())).await;
    let client: Client = client(&server.url);
    let created: Response<CreatedPatient> = client.create_patient(&patient("person")).await.expect("it is a success");
    let expected = "Response { data: [redacted], meta: Meta { status: 200, message: Some([redacted]), \
                    rate_limit: Some(RateLimit { limit: Some(60), remaining: None, reset: None }), .. } }";
    assert_eq!(format!("{created:?}"), expected);
    assert_eq!(format!("{:?}", *created), "CreatedPatient { patient_id: PatientId([redacted]) }");
    assert_eq!(created.meta().message(), Some("messageMARKER"));
}

#[test]
fn a_duplicate_key_is_hidden() {
    let delivery = json!({
        "event_name": "practitioner:activated",
        "event_data": {
            "practitioner_id": "00000000-0000-4000-8000-00000000abcd", "practitioner_name": "nameMARKER",
            "practitioner_email": "mailMARKER", "practitioner_phone": null, "practitioner_npi": "npiMARKER",
            "practitioner_status": "active",
        },
    });
    let event = novamed::Event::parse(delivery.to_string().as_bytes()).expect("it is an event");
    assert_holds_none("the event", &format!("{event:?} {event:#?}"), &["MARKER"]);
    let key: DuplicateKey = event.duplicate_key().expect("it has one");
    assert_eq!(format!("{key:?}"), "DuplicateKey([redacted])");
    assert!(key.as_str().contains("abcd"));
}
