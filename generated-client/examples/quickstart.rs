//! Creates a practitioner, a patient and a medication order in a development environment.
//!
//! ```text
//! NOVAMED_ENVIRONMENT=development NOVAMED_API_KEY=dev_… NOVAMED_CLINIC_ID=… \
//!     cargo run -p novamed --example quickstart
//! ```
//!
//! The people are made up, so the example refuses to run in production.

use std::env;
use std::error::Error;
use std::process::ExitCode;

use novamed::{
    Address, CarrierId, Client, ClinicId, Date, Delivery, Gender, Medication, MedicationRequest, PatientId,
    PatientRequest, PractitionerId, PractitionerRequest, ServiceId,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("quickstart: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    if env::var("NOVAMED_ENVIRONMENT").is_ok_and(|name| name == "production") {
        return Err("this example creates made-up people: run it in development".into());
    }
    let client = Client::from_env()?;
    let clinic = env::var("NOVAMED_CLINIC_ID").map_err(|_| "set NOVAMED_CLINIC_ID to the id of your clinic")?;
    let clinic: ClinicId = clinic.parse()?;

    let practitioner = create_practitioner(&client, clinic).await?;
    println!("practitioner {practitioner}");
    let patient = create_patient(&client, clinic, practitioner).await?;
    println!("patient {patient:?}");

    let (carrier, service) = choose_shipping(&client, patient).await?;
    let order = MedicationRequest::builder()
        .patient_id(patient)
        .practitioner_id(practitioner)
        .clinic_id(clinic)
        .carrier_id(carrier)
        .service_id(service)
        .medication_requests([medication()?])
        .build();
    match client.create_medication_request(&order).await {
        Ok(created) => println!("ordered: {:?}", *created),
        Err(error) if error.delivery() == Delivery::Unknown => {
            println!("NovaMed may have the order, so it is not sent again: {error}");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn create_practitioner(client: &Client, clinic: ClinicId) -> Result<PractitionerId, novamed::Error> {
    let practitioner = PractitionerRequest::builder()
        .first_name("Jane")
        .last_name("Roe")
        .email("jane.roe@example.com")
        .npi("1234567893")
        .is_veterinarian(false)
        .assigned_clinic(clinic)
        .address_line_1("500 Congress Avenue")
        .city("Austin")
        .state_code("TX")
        .zip_code("78701")
        .build();
    let created = client.create_practitioner(&practitioner).await?;
    Ok(created.practitioner_id)
}

async fn create_patient(
    client: &Client,
    clinic: ClinicId,
    practitioner: PractitionerId,
) -> Result<PatientId, Box<dyn Error>> {
    let address =
        Address::builder().address_line_1("123 Main Street").city("Austin").state("TX").postal_code("78701").build();
    let patient = PatientRequest::builder()
        .first_name("John")
        .last_name("Doe")
        .gender(Gender::Male)
        .dob(Date::new(1985, 3, 15)?)
        .practitioner_id(practitioner)
        .assigned_clinic(clinic)
        .addresses([address])
        .build();
    let created = client.create_patient(&patient).await?;
    Ok(created.patient_id)
}

/// Returns the first carrier that ships to the patient, and the first of its services.
async fn choose_shipping(client: &Client, patient: PatientId) -> Result<(CarrierId, ServiceId), Box<dyn Error>> {
    let carriers = client.get_carriers().await?;
    for carrier in &carriers.carriers {
        let offer = client.get_carrier_services(&carrier.id, patient).await?;
        if let Some(service) = offer.services.first() {
            return Ok((carrier.id.clone(), service.id.clone()));
        }
    }
    Err("no carrier ships to this patient".into())
}

fn medication() -> Result<Medication, Box<dyn Error>> {
    Ok(Medication::builder()
        .medication("Testosterone Cypionate")
        .dose("200mg/ml")
        .quantity("10".parse()?)
        .direction("Inject 0.5 ml once a week")
        .refills("3")
        .build())
}
