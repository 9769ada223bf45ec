//! Calls by the generated client as it comes: checks, pacing and retries are on.
//!
//! The rate limit is high, so that pacing counts but never waits.

use std::time::Duration;

use calls::{Failure, KEY};
use novamed::{CarrierId, Client, ClinicId, Environment, Medication, MedicationRequest};
use novamed::{PatientId, PractitionerId, ServiceId};

struct Calls {
    client: Client,
    request: MedicationRequest,
}

fn build(url: &str) -> Result<Calls, Failure> {
    let client = Client::builder()
        .environment(Environment::Development)
        .base_url(url)
        .rate_limit(1_000_000_000, Duration::from_secs(60))
        .api_key(KEY)
        .build()?;
    let medication = Medication::builder()
        .medication("Examplestatin")
        .dose("200mg/ml")
        .quantity("10".parse::<novamed::Decimal>()?)
        .direction("Made-up direction.")
        .build();
    let request = MedicationRequest::builder()
        .patient_id("00000000-0000-4000-8000-00000000b001".parse::<PatientId>()?)
        .practitioner_id("00000000-0000-4000-8000-00000000a001".parse::<PractitionerId>()?)
        .clinic_id("00000000-0000-4000-8000-00000000c001".parse::<ClinicId>()?)
        .carrier_id(CarrierId::new("ameriship"))
        .service_id(ServiceId::new("example-service"))
        .medication_requests([medication])
        .build();
    Ok(Calls { client, request })
}

fn main() -> Result<(), Failure> {
    calls::run(
        build,
        async |calls: &Calls| {
            let created = calls.client.create_medication_request(&calls.request).await?;
            std::hint::black_box(&created.medication_request_id);
            Ok(())
        },
        async |calls: &Calls| {
            let listed = calls.client.get_carriers().await?;
            if listed.carriers.len() == 4 { Ok(()) } else { Err("four carriers were listed".into()) }
        },
    )
}
