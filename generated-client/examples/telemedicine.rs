//! Telemedicine: turns consultations into orders. Registers each practitioner and patient once, and ships
//! with the carrier that is cheapest for the patient.
//!
//! ```text
//! NOVAMED_ENVIRONMENT=development NOVAMED_API_KEY=dev_… \
//!     cargo run -p novamed --example telemedicine -- CONSULTATIONS BOOK DELIVERIES
//! ```
//!
//! `CONSULTATIONS` contains one `Consultation` per line, with a `reference`. `BOOK` is a file that the program
//! maintains. `DELIVERIES` contains the bodies that the webhook received, one after another. If a run is
//! interrupted, run it again: it continues with what is missing.
//!
//! All three files contain patient data. The output doesn't.

mod book;

use std::error::Error;

use book::{Book, Outcome};
use novamed::tracking::Tracking;
use novamed::{
    Address, CarrierId, CarrierService, Client, CreatedMedicationRequest, Date, ErrorKind, Gender, Medication,
    MedicationRequest, PatientId, PatientRequest, PractitionerRequest,
};
use serde::Deserialize;

/// A line of `CONSULTATIONS`. The app chooses the references.
#[derive(Deserialize)]
struct Consultation {
    practitioner_reference: String,
    practitioner: PractitionerRequest,
    patient_reference: String,
    patient: Person,
    medications: Vec<Medication>,
}

/// A patient, before the practitioner has an id.
#[derive(Deserialize)]
struct Person {
    first_name: String,
    last_name: String,
    gender: Gender,
    dob: Date,
    address: Address,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [consultations, book, deliveries] = &arguments[..] else {
        return Err("usage: telemedicine CONSULTATIONS BOOK DELIVERIES".into());
    };
    let client = Client::from_env()?;
    let mut book = Book::open(book)?;
    let mut tracking = Tracking::new();
    let mut ordered = Vec::new();
    for (reference, consultation) in book::lines::<Consultation>(consultations)? {
        match order(&client, &mut book, &reference, &consultation).await? {
            Outcome::Done(created) => {
                tracking.expect_order(&created);
                ordered.push((reference, created));
            }
            Outcome::Failed(error) => println!("{reference}: not ordered: {error}"),
            Outcome::Unknown | Outcome::Existed => {
                println!("{reference}: fate unknown, not sent again: ask NovaMed");
            }
        }
    }
    book::follow(&mut tracking, deliveries)?;
    for (reference, created) in ordered {
        match created.medication_order_id.and_then(|id| tracking.state(id)) {
            Some(state) => println!("{reference}: {state}"),
            None => println!("{reference}: ordered"),
        }
    }
    Ok(())
}

/// Registers the practitioner and the patient if they are new, and places the order. Stops at the first call
/// that fails or whose fate is unknown, and returns that outcome.
async fn order(
    client: &Client,
    book: &mut Book,
    reference: &str,
    consultation: &Consultation,
) -> Result<Outcome<CreatedMedicationRequest>, Box<dyn Error>> {
    if let Some(known) = book.outcome(reference)? {
        return Ok(known);
    }
    let clinic = consultation.practitioner.assigned_clinic;
    let call = client.create_practitioner(&consultation.practitioner);
    let practitioner = match book.once(&consultation.practitioner_reference, call).await? {
        Outcome::Done(created) => created.practitioner_id,
        Outcome::Failed(error) => return Ok(Outcome::Failed(error)),
        Outcome::Unknown | Outcome::Existed => return Ok(Outcome::Unknown),
    };
    let person = &consultation.patient;
    let request = PatientRequest::builder()
        .first_name(&person.first_name)
        .last_name(&person.last_name)
        .gender(person.gender.clone())
        .dob(person.dob)
        .practitioner_id(practitioner)
        .assigned_clinic(clinic)
        .addresses([person.address.clone()])
        .build();
    let patient = match book.once(&consultation.patient_reference, client.create_patient(&request)).await? {
        Outcome::Done(created) => created.patient_id,
        Outcome::Failed(error) => return Ok(Outcome::Failed(error)),
        Outcome::Unknown | Outcome::Existed => return Ok(Outcome::Unknown),
    };
    let (carrier, service) = cheapest(client, patient).await?.ok_or("no carrier ships to a patient")?;
    println!("{reference}: by {carrier} for {} USD", service.total_cost);
    let request = MedicationRequest::builder()
        .patient_id(patient)
        .practitioner_id(practitioner)
        .clinic_id(clinic)
        .carrier_id(carrier)
        .service_id(service.id)
        .medication_requests(consultation.medications.clone())
        .build();
    book.once(reference, client.create_medication_request(&request)).await
}

/// Returns the cheapest service of all carriers that ship to a patient.
async fn cheapest(client: &Client, patient: PatientId) -> Result<Option<(CarrierId, CarrierService)>, novamed::Error> {
    let mut offers = Vec::new();
    for carrier in client.get_carriers().await?.into_data().carriers {
        match client.get_carrier_services(&carrier.id, patient).await {
            Ok(answer) => {
                let services = answer.into_data().services.into_iter();
                offers.extend(services.map(|service| (carrier.id.clone(), service)));
            }
            // This carrier doesn't ship to the patient, but another one may.
            Err(error) if error.kind() == Some(ErrorKind::ServiceNotAvailable) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(offers.into_iter().min_by_key(|(_, service)| service.total_cost))
}
