//! Patient portal: asks for the refills that patients want, and shows them how far these are.
//!
//! ```text
//! NOVAMED_ENVIRONMENT=development NOVAMED_API_KEY=dev_… \
//!     cargo run -p novamed --example portal -- WISHES BOOK TRACKING DELIVERIES
//! ```
//!
//! `WISHES` holds one wish a line: `{"reference": "wish-3", "medication_request_id": "…"}`. `BOOK` and
//! `TRACKING` are files that the program keeps. `DELIVERIES` holds the bodies that the webhook received
//! since the last run, one after another; older ones among them do no harm.
//!
//! All files hold patient data. What is printed holds none: the link to a parcel is for the patient's
//! own page.

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
    // A patient waits at the screen: better an unknown fate soon than an answer late.
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

/// Says to a patient what became of a wish.
fn shown(refill: &Outcome<CreatedRefillRequest>, tracking: &Tracking) -> String {
    match refill {
        Outcome::Done(refill) => progress(refill.medication_order_id, tracking),
        Outcome::Existed => "You have asked for this refill already.".to_owned(),
        Outcome::Unknown => "We are finding out whether your request arrived. Please do not ask again.".to_owned(),
        Outcome::Failed(error) => match error.kind() {
            Some(ErrorKind::RefillNotPossible) => "A refill is possible once the medication was shipped.".to_owned(),
            // The patient did not type the id: it is the portal's mistake.
            Some(ErrorKind::MedicationRequestNotFound) => format!("Something is wrong on our side. ({error})"),
            _ => "Please try again later.".to_owned(),
        },
    }
}

/// Says how far the order of a refill is.
fn progress(order: MedicationOrderId, tracking: &Tracking) -> String {
    match tracking.state(order) {
        None | Some(OrderState::Expected) => "Your request was taken.".to_owned(),
        Some(OrderState::Filled) => "Your medication is ready to be shipped.".to_owned(),
        Some(OrderState::Shipped) => {
            let links = tracking.shipments_of(order).filter_map(|shipment| shipment.parcel()).count();
            format!("Your medication is on its way: {links} link(s) to follow it.")
        }
        Some(OrderState::ShipmentCancelled) => "The shipment was cancelled. We look into it.".to_owned(),
        Some(_) => "Your medication is being prepared.".to_owned(),
    }
}

/// Reads what was known at the end of the last run.
fn load(path: &str) -> Result<Tracking, Box<dyn Error>> {
    if !Path::new(path).exists() {
        return Ok(Tracking::new());
    }
    serde_json::from_slice(&fs::read(path)?).map_err(|_| "the tracking cannot be read".into())
}

/// Replaces it as a whole. If that fails, the same deliveries may be taken in again.
fn save(path: &str, tracking: &Tracking) -> Result<(), Box<dyn Error>> {
    let draft = format!("{path}.draft");
    fs::write(&draft, serde_json::to_vec(tracking)?)?;
    Ok(fs::rename(draft, path)?)
}
