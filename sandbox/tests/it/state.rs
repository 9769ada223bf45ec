//! Orders, refills and webhooks over virtual time.

use std::time::Duration;

use novamed_sandbox::{Attempt, State};
use serde_json::{Value, json};

const MINUTE: Duration = Duration::from_secs(60);

/// Creates a practitioner, a patient and a webhook, and returns the body of an order.
fn prepare(state: &mut State) -> Value {
    let clinic = state.clinic().to_owned();
    let practitioner = state
        .create_practitioner(&json!({
            "first_name": "Ada", "last_name": "Moss", "email": "ada@clinic.example", "npi": "1234567890",
            "is_veterinarian": false, "assigned_clinic": clinic, "address_line_1": "1 Main St", "city": "Austin",
            "state_code": "TX", "zip_code": "73301",
        }))
        .unwrap();
    let patient = state.create_patient(&patient(&clinic, &practitioner["practitioner_id"])).unwrap();
    state.create_webhook(&json!({ "clinic_id": clinic, "webhook_url": "https://localhost:9/hook" })).unwrap();
    json!({
        "patient_id": patient["patient_id"], "practitioner_id": practitioner["practitioner_id"], "clinic_id": clinic,
        "carrier_id": "ameriship", "service_id": "ground",
        "medication_requests": [
            { "medication": "Example", "dose": "1mg", "quantity": 1, "direction": "daily", "refills": "1" }
        ],
    })
}

fn patient(clinic: &str, practitioner: &Value) -> Value {
    json!({
        "first_name": "Pat", "last_name": "Example", "gender": "unknown", "dob": "1985-03-15",
        "practitioner_id": practitioner, "assigned_clinic": clinic,
        "addresses": [{ "addressLine1": "2 Main St", "city": "Austin", "state": "TX", "postalCode": "73301" }],
    })
}

fn names(attempts: &[Attempt]) -> Vec<&str> {
    attempts.iter().map(|attempt| attempt.event.as_str()).collect()
}

#[test]
fn an_order_is_shipped_by_the_clock() {
    let mut state = State::new(1);
    let order = prepare(&mut state);
    let answer = state.create_medication_request(&order).unwrap();
    let attempts = state.advance(5 * MINUTE);
    assert_eq!(
        names(&attempts),
        [
            "practitioner:activated",
            "medication_order:verified",
            "medication_order:submitted",
            "medication_order:acknowledged",
            "medication_order:filled",
            "shipment:created",
        ]
    );
    let id = answer["medication_order_id"].as_str().unwrap();
    assert!(state.cancel_shipment(id));
    assert!(!state.cancel_shipment(id));
    assert_eq!(names(&state.advance(Duration::ZERO)), ["shipment:cancelled"]);
}

#[test]
fn a_refill_needs_a_shipped_order_and_an_authorization() {
    let mut state = State::new(1);
    let order = prepare(&mut state);
    let answer = state.create_medication_request(&order).unwrap();
    let refill = json!({ "medication_request_id": answer["medication_request_id"] });
    let message = |state: &mut State| state.create_refill_request(&refill).map_err(|failure| failure.message);
    assert_eq!(message(&mut state), Err("Refills are not possible for pending medication requests".to_owned()));
    state.advance(5 * MINUTE);
    assert!(message(&mut state).is_ok());
    assert_eq!(state.orders().len(), 2);
    assert_eq!(message(&mut state), Err("Refill request already exists".to_owned()));
    state.advance(5 * MINUTE);
    assert_eq!(message(&mut state), Err("No refills authorized".to_owned()));
    assert_eq!(state.orders().len(), 2);
}

#[test]
fn a_delivery_is_given_up_after_five_failures() {
    let mut state = State::new(1);
    prepare(&mut state);
    let mut attempts = state.advance(MINUTE);
    for minutes in [1_u64, 5, 15, 60] {
        assert_eq!(attempts.len(), 1);
        state.answered(attempts[0].delivery, Err("refused".to_owned()));
        assert!(state.advance(Duration::from_secs(minutes * 60 - 1)).is_empty());
        attempts = state.advance(Duration::from_secs(1));
    }
    assert_eq!(attempts.len(), 1);
    state.answered(attempts[0].delivery, Err("refused".to_owned()));
    assert!(state.advance(10_000 * MINUTE).is_empty());
}

#[test]
fn the_same_seed_and_calls_give_the_same_history() {
    let history = |seed| {
        let mut state = State::new(seed);
        let order = prepare(&mut state);
        state.create_medication_request(&order).unwrap();
        state.advance(5 * MINUTE)
    };
    assert_eq!(history(7), history(7));
    assert_ne!(history(7), history(8));
}

#[test]
fn wrong_requests_get_the_published_messages() {
    let mut state = State::new(1);
    let mut order = prepare(&mut state);
    let duplicate = patient(state.clinic(), &order["practitioner_id"]);
    assert_eq!(state.create_patient(&duplicate).unwrap_err().status, 400);
    order["patient_id"] = json!("unknown");
    assert_eq!(state.create_medication_request(&order).unwrap_err().status, 404);
    order["clinic_id"] = json!("here");
    assert_eq!(
        state.create_medication_request(&order).unwrap_err().body()["error"]["message"],
        "Clinic ID must be a valid UUID."
    );
    order["clinic_id"] = order["practitioner_id"].clone();
    assert_eq!(state.create_medication_request(&order).unwrap_err().message, "Clinic not found");
    let unknown = json!({ "medication_request_id": "unknown" });
    assert_eq!(state.create_refill_request(&unknown).unwrap_err().message, "Medication request not found");
    assert_eq!(state.delete_webhook("unknown").unwrap_err().status, 404);
    assert_eq!(state.orders().len(), 0);
}
