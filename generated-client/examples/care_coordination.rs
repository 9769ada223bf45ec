//! Care coordination: requests the refills of a plan, and reports the outcome of each.
//!
//! ```text
//! NOVAMED_ENVIRONMENT=development NOVAMED_API_KEY=dev_… \
//!     cargo run -p novamed --example care_coordination -- PLAN BOOK DELIVERIES
//! ```
//!
//! `PLAN` contains one refill per line: `{"reference": "plan-7", "medication_request_id": "…"}`. `BOOK` is a
//! file that the program maintains. `DELIVERIES` contains the bodies that the webhook received, one after
//! another. Run it every day: it doesn't request a refill twice, and tries again if a refill wasn't possible
//! yet.
//!
//! All three files contain patient data. The output doesn't.

mod book;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use book::{Book, Outcome};
use novamed::tracking::Tracking;
use novamed::{Client, CreatedRefillRequest, ErrorKind, MedicationOrderId, MedicationRequestId, RefillRequest};
use serde::Deserialize;

/// A line of `PLAN`.
#[derive(Deserialize)]
struct Planned {
    medication_request_id: MedicationRequestId,
}

/// The outcome of a planned refill.
enum Refill {
    /// It was requested, and creates this order.
    Asked(MedicationOrderId),
    /// A refill is already open.
    Open,
    /// The medication hasn't been shipped yet: try again another day.
    NotYet,
    /// The plan contains it twice, first under this reference.
    SameAs(String),
    /// The plan refers to a medication request that doesn't exist.
    Mistake,
    /// NovaMed may have acted: a person has to find out.
    Unknown,
    /// NovaMed didn't act, for another reason: try again another day.
    Failed(novamed::Error),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [plan, book, deliveries] = &arguments[..] else {
        return Err("usage: care_coordination PLAN BOOK DELIVERIES".into());
    };
    let client = Client::from_env()?;
    let plan = book::lines::<Planned>(plan)?;
    let mut book = Book::open(book)?;

    let mut tracking = Tracking::new();
    let mut first: BTreeMap<MedicationRequestId, &str> = BTreeMap::new();
    let mut refills = Vec::new();
    for (reference, planned) in &plan {
        let earlier = *first.entry(planned.medication_request_id).or_insert(reference);
        let refill = if earlier == reference {
            // If the rate limit requires it, the client waits.
            let request = RefillRequest::builder().medication_request_id(planned.medication_request_id).build();
            let outcome = book.once(reference, client.create_refill_request(&request)).await?;
            if let Outcome::Done(created) = &outcome {
                tracking.expect_refill(created);
            }
            Refill::from(outcome)
        } else {
            Refill::SameAs(earlier.to_owned())
        };
        refills.push(refill);
    }

    book::follow(&mut tracking, deliveries)?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for ((reference, _), refill) in plan.iter().zip(&refills) {
        match refill {
            Refill::Asked(order) => {
                let state = tracking.state(*order).map(|state| state.to_string()).unwrap_or_default();
                println!("{reference}: {refill}, {state}");
            }
            Refill::SameAs(other) => println!("{reference}: {refill} as {other}"),
            Refill::Failed(error) => println!("{reference}: {refill}: {error}"),
            _ => println!("{reference}: {refill}"),
        }
        *counts.entry(refill.name()).or_default() += 1;
    }
    println!("{counts:?}");
    Ok(())
}

impl From<Outcome<CreatedRefillRequest>> for Refill {
    fn from(outcome: Outcome<CreatedRefillRequest>) -> Self {
        match outcome {
            Outcome::Done(created) => Self::Asked(created.medication_order_id),
            Outcome::Existed => Self::Open,
            Outcome::Unknown => Self::Unknown,
            Outcome::Failed(error) => match error.kind() {
                Some(ErrorKind::RefillNotPossible) => Self::NotYet,
                Some(ErrorKind::MedicationRequestNotFound) => Self::Mistake,
                _ => Self::Failed(error),
            },
        }
    }
}

impl Refill {
    fn name(&self) -> &'static str {
        match self {
            Self::Asked(_) => "requested",
            Self::Open => "already open",
            Self::NotYet => "not yet",
            Self::SameAs(_) => "same",
            Self::Mistake => "mistake in the plan",
            Self::Unknown => "fate unknown",
            Self::Failed(_) => "failed",
        }
    }
}

impl fmt::Display for Refill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
