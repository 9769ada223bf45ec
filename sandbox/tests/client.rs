//! The client, from the first call to a shipped order.

use novamed::{
    Address, Client, ClinicId, Date, Decimal, Delivery, Environment, Gender, Medication, MedicationRequest,
    PatientRequest, PractitionerRequest,
};
use novamed_sandbox::{Sandbox, Stage};

fn client(sandbox: &Sandbox, key: &str) -> Client {
    let builder = Client::builder().environment(Environment::Development).base_url(sandbox.base_url());
    builder.api_key(key).build().unwrap()
}

#[tokio::test]
async fn an_order_is_placed_and_shipped() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox, sandbox.key());
    let clinic: ClinicId = sandbox.state().clinic().parse().unwrap();
    let practitioner = PractitionerRequest::builder()
        .first_name("Ada")
        .last_name("Moss")
        .email("ada@clinic.example")
        .npi("1234567890")
        .is_veterinarian(false)
        .assigned_clinic(clinic)
        .address_line_1("1 Main St")
        .city("Austin")
        .state_code("TX")
        .zip_code("73301")
        .build();
    let practitioner = client.create_practitioner(&practitioner).await.unwrap().practitioner_id;
    let address =
        Address::builder().address_line_1("2 Main St").city("Austin").state("TX").postal_code("73301").build();
    let patient = PatientRequest::builder()
        .first_name("Pat")
        .last_name("Example")
        .gender(Gender::Unknown)
        .dob(Date::new(1985, 3, 15).unwrap())
        .practitioner_id(practitioner)
        .assigned_clinic(clinic)
        .addresses([address])
        .build();
    let created = client.create_patient(&patient).await.unwrap().patient_id;
    let duplicate = client.create_patient(&patient).await.unwrap_err();
    assert_eq!(duplicate.delivery(), Delivery::Refused);
    let carriers = client.get_carriers().await.unwrap().into_data().carriers;
    let services = client.get_carrier_services(&carriers[0].id, created).await.unwrap().into_data();
    let medication =
        Medication::builder().medication("Example").dose("1mg").quantity(Decimal::from(1)).direction("daily").build();
    let order = MedicationRequest::builder()
        .patient_id(created)
        .practitioner_id(practitioner)
        .clinic_id(clinic)
        .carrier_id(carriers[0].id.clone())
        .service_id(services.services[0].id.clone())
        .medication_requests([medication])
        .build();
    client.create_medication_request(&order).await.unwrap();
    assert_eq!(sandbox.state().orders().len(), 1);
    let _ = sandbox.state().advance(std::time::Duration::from_secs(600));
    assert!(sandbox.state().orders().all(|order| order.stage == Stage::Shipped));
}

#[tokio::test]
async fn a_wrong_key_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let error = client(&sandbox, "dev_other").get_carriers().await.unwrap_err();
    assert_eq!((error.delivery(), error.status().map(|status| status.as_u16())), (Delivery::Refused, Some(401)));
}
