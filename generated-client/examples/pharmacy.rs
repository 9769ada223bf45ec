//! Pharmacy: orders medications for patients, and follows the orders.
//!
//! ```text
//! NOVAMED_ENVIRONMENT=development NOVAMED_API_KEY=dev_… \
//!     cargo run -p novamed --example pharmacy -- ORDERS BOOK DELIVERIES
//! ```
//!
//! `ORDERS` holds one order a line, under a number of the pharmacy's own:
//! `{"reference": "rx-17", "order": {"patient_id": "…", …}}`. `BOOK` is a file that the program keeps,
//! and `DELIVERIES` holds the bodies that the webhook received, one after another. Run it as often as you
//! like: an order is sent once, and each run shows how far all of them are.
//!
//! All three files hold patient data. What is printed holds none.

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

    // Order what is new, and expect the orders that the answers name.
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

    // Duplicates and the order of arrival do not count: all deliveries are taken in, at every run.
    book::follow(&mut tracking, deliveries)?;
    for ((reference, prescription), outcome) in prescriptions.iter().zip(&outcomes) {
        println!("{reference}: {}", said(prescription, outcome, &tracking));
    }
    if tracking.has_unattributed_cancellation() {
        println!("a shipment was cancelled that the event does not name: ask NovaMed which");
    }
    Ok(())
}

/// Says what became of a prescription.
fn said(prescription: &Prescription, outcome: &Outcome<CreatedMedicationRequest>, tracking: &Tracking) -> String {
    match outcome {
        Outcome::Done(created) => match created.medication_order_id.and_then(|id| tracking.state(id)) {
            Some(OrderState::ShipmentCancelled) => "its shipment was cancelled, look into it".to_owned(),
            Some(state) => state.to_string(),
            None => {
                // The answer names no order, and nothing published links the two.
                let (patient, practitioner) = (prescription.order.patient_id, prescription.order.practitioner_id);
                let count = tracking.orders_for(patient, practitioner).count();
                format!("ordered; known orders of its patient and practitioner: {count}, one may be it")
            }
        },
        Outcome::Unknown => "fate unknown, it is not sent again: ask NovaMed".to_owned(),
        Outcome::Failed(error) => format!("not ordered: {error}"),
        Outcome::Existed => "it exists already".to_owned(),
    }
}
