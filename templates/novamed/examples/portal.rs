//! Patient portal: requests refills for patients, and shows them the progress.
//!
//! ```text
//! NOVAMED_ENVIRONMENT=development NOVAMED_API_KEY=dev_… \
//!     cargo run -p novamed --example portal -- WISHES BOOK TRACKING DELIVERIES
//! ```
//!
//! `WISHES` contains one requested refill per line: `{"reference": "wish-3", "medication_request_id": "…"}`.
//! `BOOK` and `TRACKING` are files that the program maintains. `DELIVERIES` contains the bodies that the
//! webhook received since the last run, one after another. Older ones do no harm.
//!
//! All files contain patient data. The output doesn't: only the patient's own page should show the tracking
//! link of a parcel.

mod book;

use std::error::Error;
use std::fs;
use std::path::Path;

use book::{Book, Outcome};
use novamed::tracking::{OrderState, Tracking};
use novamed::{Client, CreatedRefillRequest, ErrorKind, MedicationOrderId, MedicationRequestId, RefillRequest};
use serde::Deserialize;

/// A line of `WISHES`.
#[derive(Deserialize)]
struct Wish {
    medication_request_id: MedicationRequestId,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [wishes, book, kept, deliveries] = &arguments[..] else {
        return Err("usage: portal WISHES BOOK TRACKING DELIVERIES".into());
    };
    // A patient is waiting: an unknown fate now is better than a late answer.
    let client = Client::from_env()?.with_options(|options| options.deadline(std::time::Duration::from_secs(15)));
    let mut book = Book::open(book)?;
    let mut tracking = load(kept)?;

    let mut refills = Vec::new();
    for (reference, wish) in book::lines::<Wish>(wishes)? {
        let request = RefillRequest::builder().medication_request_id(wish.medication_request_id).build();
        let refill = book.once(&reference, client.create_refill_request(&request)).await?;
        if let Outcome::Done(refill) = &refill {
            tracking.expect_refill(refill);
        }
        refills.push((reference, refill));
    }

    book::follow(&mut tracking, deliveries)?;
    save(kept, &tracking)?;
    for (reference, refill) in refills {
        println!("{reference}: {}", shown(&refill, &tracking));
    }
    Ok(())
}

/// Describes the outcome of a request to the patient.
fn shown(refill: &Outcome<CreatedRefillRequest>, tracking: &Tracking) -> String {
    match refill {
        Outcome::Done(refill) => progress(refill.medication_order_id, tracking),
        Outcome::Existed => "You have already requested this refill.".to_owned(),
        Outcome::Unknown => "We are checking whether your request arrived. Please don't request it again.".to_owned(),
        Outcome::Failed(error) => match error.kind() {
            Some(ErrorKind::RefillNotPossible) => {
                "A refill is possible once your medication has been shipped.".to_owned()
            }
            // The patient didn't enter the id, so the portal made a mistake.
            Some(ErrorKind::MedicationRequestNotFound) => format!("Something went wrong on our side. ({error})"),
            _ => "Please try again later.".to_owned(),
        },
    }
}

/// Describes the progress of a refill's order.
fn progress(order: MedicationOrderId, tracking: &Tracking) -> String {
    match tracking.state(order) {
        None | Some(OrderState::Expected) => "We received your request.".to_owned(),
        Some(OrderState::Filled) => "Your medication is ready to be shipped.".to_owned(),
        Some(OrderState::Shipped) => {
            let links = tracking.shipments_of(order).filter_map(|shipment| shipment.parcel()).count();
            format!("Your medication is on its way, with {links} tracking link(s).")
        }
        Some(OrderState::ShipmentCancelled) => "The shipment was canceled. We are looking into it.".to_owned(),
        Some(_) => "Your medication is being prepared.".to_owned(),
    }
}

/// Loads the state from the end of the last run.
fn load(path: &str) -> Result<Tracking, Box<dyn Error>> {
    if !Path::new(path).exists() {
        return Ok(Tracking::new());
    }
    serde_json::from_slice(&fs::read(path)?).map_err(|_| "the tracking file can't be read".into())
}

/// Replaces the file atomically. If that fails, the same deliveries can be applied again.
fn save(path: &str, tracking: &Tracking) -> Result<(), Box<dyn Error>> {
    let draft = format!("{path}.draft");
    fs::write(&draft, serde_json::to_vec(tracking)?)?;
    Ok(fs::rename(draft, path)?)
}
