//! Pharmacy: orders medications for patients, and tracks the orders.
//!
//! ```text
//! NOVAMED_ENVIRONMENT=development NOVAMED_API_KEY=dev_… \
//!     cargo run -p novamed --example pharmacy -- ORDERS BOOK DELIVERIES
//! ```
//!
//! `ORDERS` contains one order per line, with a reference that the pharmacy chooses:
//! `{"reference": "rx-17", "order": {"patient_id": "…", …}}`. `BOOK` is a file that the program maintains.
//! `DELIVERIES` contains the bodies that the webhook received, one after another. Run it as often as you
//! like: each order is sent once, and each run prints the state of all orders.
//!
//! All three files contain patient data. The output doesn't.

mod book;

use std::error::Error;

use book::{Book, Outcome};
use novamed::tracking::{OrderState, Tracking};
use novamed::{Client, CreatedMedicationRequest, MedicationRequest};
use serde::Deserialize;

/// A line of `ORDERS`.
#[derive(Deserialize)]
struct Prescription {
    order: MedicationRequest,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [prescriptions, book, deliveries] = &arguments[..] else {
        return Err("usage: pharmacy ORDERS BOOK DELIVERIES".into());
    };
    let client = Client::from_env()?;
    let prescriptions = book::lines::<Prescription>(prescriptions)?;
    let mut book = Book::open(book)?;

    // Send new orders, and expect the orders in the answers.
    let mut tracking = Tracking::new();
    let mut outcomes = Vec::new();
    for (reference, prescription) in &prescriptions {
        let call = client.create_medication_request(&prescription.order);
        let outcome = book.once(reference, call).await?;
        if let Outcome::Done(created) = &outcome {
            tracking.expect_order(created);
        }
        outcomes.push(outcome);
    }

    // Each run applies all deliveries: duplicates and the order of arrival don't matter.
    book::follow(&mut tracking, deliveries)?;
    for ((reference, prescription), outcome) in prescriptions.iter().zip(&outcomes) {
        println!("{reference}: {}", said(prescription, outcome, &tracking));
    }
    if tracking.has_unattributed_cancellation() {
        println!("an event without a shipment id reported a cancellation: ask NovaMed which shipment it was");
    }
    Ok(())
}

/// Describes the outcome of a prescription.
fn said(prescription: &Prescription, outcome: &Outcome<CreatedMedicationRequest>, tracking: &Tracking) -> String {
    match outcome {
        Outcome::Done(created) => match created.medication_order_id.and_then(|id| tracking.state(id)) {
            Some(OrderState::ShipmentCancelled) => "its shipment was canceled, please investigate".to_owned(),
            Some(state) => state.to_string(),
            None => {
                // The answer contains no order id, and nothing published links the two.
                let (patient, practitioner) = (prescription.order.patient_id, prescription.order.practitioner_id);
                let count = tracking.orders_for(patient, practitioner).count();
                format!("ordered; known orders of its patient and practitioner that may be this one: {count}")
            }
        },
        Outcome::Unknown => "fate unknown, not sent again: ask NovaMed".to_owned(),
        Outcome::Failed(error) => format!("not ordered: {error}"),
        Outcome::Existed => "already exists".to_owned(),
    }
}
