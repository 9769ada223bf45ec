//! The requests in the specification's examples, built like an app would, and calls of all operations.

use novamed::builder::Set;
use novamed::response::Meta;
use novamed::value::Base64;
use novamed::{
    Address, CarrierId, Client, Contact, ContactKind, Date, Error, Gender, Medication, MedicationRequest,
    PatientRequest, PatientStatus, PractitionerRequest, PreferredContactMethods, RefillRequest, Response,
    ShipmentGroupId, Species, WebhookRequest,
};
use serde::Serialize;
use serde_json::Value;

/// The operations of the API, as its facts list them.
pub const OPERATIONS: [&str; 8] = [
    "createPractitioner",
    "createPatient",
    "createMedicationRequest",
    "createRefillRequest",
    "getCarriers",
    "getCarrierServices",
    "createWebhook",
    "deleteWebhook",
];

/// An id in the examples. They differ only in the last four digits.
pub fn id<T: std::str::FromStr>(last: &str) -> T {
    format!("00000000-0000-4000-8000-00000000{last}").parse().ok().expect("it is a UUID")
}

fn date(year: i16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).expect("there is such a day")
}

/// Calls an operation with the example's request, or with the examples of its parameters if it has no body.
/// Returns the answer's data as JSON, which gives all operations the same type.
pub async fn call(client: &Client, operation: &str, example: &str) -> Result<(Value, Meta), Error> {
    match operation {
        "createPractitioner" => erased(client.create_practitioner(&practitioner(example)).await),
        "createPatient" => erased(client.create_patient(&patient(example)).await),
        "createMedicationRequest" => erased(client.create_medication_request(&medication_request(example)).await),
        "createRefillRequest" => erased(client.create_refill_request(&refill(example)).await),
        "createWebhook" => erased(client.create_webhook(&webhook(example)).await),
        "getCarriers" => erased(client.get_carriers().await),
        "getCarrierServices" => erased(client.get_carrier_services(&CarrierId::new("ameriship"), id("b001")).await),
        "deleteWebhook" => erased(client.delete_webhook(id("c101")).await),
        other => panic!("`{other}` is a new operation: call it here"),
    }
}

/// Calls an operation with its first example.
pub async fn call_any(client: &Client, operation: &str) -> Result<(Value, Meta), Error> {
    let examples = super::spec::operation(operation).requests();
    call(client, operation, examples.first().map_or("", |example| example.name)).await
}

fn erased<T: Serialize>(result: Result<Response<T>, Error>) -> Result<(Value, Meta), Error> {
    let (data, meta) = result?.into_parts();
    Ok((serde_json::to_value(&data).expect("data can be written"), meta))
}

pub fn practitioner(example: &str) -> PractitionerRequest {
    let common = PractitionerRequest::builder().assigned_clinic(id("c001")).city("Exampleville").zip_code("00000");
    let common = common.state_code("CA");
    match example {
        "required" => common
            .first_name("Alex")
            .last_name("Example")
            .email("alex@example.com")
            .npi("0000000000")
            .is_veterinarian(false)
            .address_line_1("1 Example Street")
            .build(),
        "withCredentials" => common
            .first_name("Robin")
            .last_name("Sample")
            .email("robin@example.com")
            .phone("+12025550100")
            .npi("0000000001")
            .is_veterinarian(true)
            .address_line_1("2 Example Street")
            .address_line_2("Suite 0")
            .credentials("MD")
            .specialty("Example medicine")
            .license_number("EXAMPLE-0000")
            .license_state("CA")
            .license_expiration(date(2099, 12, 31))
            .dea_number("EXAMPLE-0001")
            .dea_expiration(date(2099, 12, 31))
            .signature_image(Base64::new(*b"FICTITIOUS"))
            .build(),
        other => panic!("`{other}` is a new example: build it here"),
    }
}

/// The only address in an example, without its optional lines.
fn address(line_1: &str) -> novamed::AddressBuilder<Set, Set, Set, Set> {
    Address::builder().address_line_1(line_1).city("Exampleville").state("CA").postal_code("00000")
}

pub fn patient(example: &str) -> PatientRequest {
    let common = PatientRequest::builder().practitioner_id(id("a001")).assigned_clinic(id("c001"));
    match example {
        "required" => common
            .first_name("Jamie")
            .last_name("Example")
            .gender(Gender::Unknown)
            .dob(date(1985, 3, 15))
            .addresses([address("3 Example Street").build()])
            .build(),
        "person" => person(),
        "animal" => common
            .first_name("Rex")
            .last_name("Example")
            .gender(Gender::Male)
            .dob(date(2020, 2, 2))
            .addresses([address("5 Example Street").build()])
            .species(Species::OtherMammal)
            .animal_owner_name("Jamie Example")
            .build(),
        other => panic!("`{other}` is a new example: build it here"),
    }
}

/// The patient with every field set.
fn person() -> PatientRequest {
    let address = address("4 Example Street").address_line_2("Apartment 0").address_line_3_null().build();
    let contact = |key, value: &str| Contact::builder().key(key).value(value).build();
    PatientRequest::builder()
        .practitioner_id(id("a001"))
        .assigned_clinic(id("c001"))
        .first_name("Sam")
        .middle_name("Quincy")
        .last_name("Sample")
        .gender(Gender::Female)
        .dob(date(1990, 1, 1))
        .addresses([address])
        .species(Species::Human)
        .animal_owner_name_null()
        .weight("70.5")
        .weight_recorded_date(date(2026, 1, 1))
        .status(PatientStatus::Active)
        .contacts(vec![contact(ContactKind::Email, "sam@example.com"), contact(ContactKind::Sms, "+12025550101")])
        .height("170.5".parse::<novamed::Decimal>().expect("it is a number"))
        .medication_allergies(vec!["Examplecillin".to_owned()])
        .medical_history("Made-up history of a made-up person.")
        .preferred_contact_methods(PreferredContactMethods::builder().email(true).sms(false).phone(false).build())
        .notes("Made-up note.")
        .build()
}

pub fn medication_request(example: &str) -> MedicationRequest {
    let common = MedicationRequest::builder()
        .patient_id(id("b001"))
        .practitioner_id(id("a001"))
        .clinic_id(id("c001"))
        .service_id("example-service".into());
    let decimal = |text: &str| text.parse::<novamed::Decimal>().expect("it is a number");
    let statin = |quantity| {
        let medication = Medication::builder().medication("Examplestatin").dose("200mg/ml");
        medication.quantity(decimal(quantity)).direction("Made-up direction.")
    };
    let other = Medication::builder().medication("Samplezol").dose("10mg").quantity(30.into());
    match example {
        "required" => common.carrier_id("ameriship".into()).medication_requests([statin("10").build()]).build(),
        "complete" => {
            let complete = statin("2.5")
                .unit_of_measure("ml")
                .refills("3")
                .days_supply(decimal("30"))
                .flavor("Example flavor")
                .notes("Made-up note.")
                .do_not_refill(false)
                .do_not_fill(false)
                .patient_contact_requested(true)
                .reason_for_compounding("Made-up reason.")
                .reason_for_compounding_additional_context("Made-up context.");
            common
                .carrier_id(CarrierId::new("se-11226"))
                .is_refrigerated(true)
                .shipment_group_id(ShipmentGroupId::new("example-group"))
                .medication_requests([complete.build(), other.direction("Made-up direction.").build()])
                .build()
        }
        other => panic!("`{other}` is a new example: build it here"),
    }
}

pub fn refill(example: &str) -> RefillRequest {
    let common = RefillRequest::builder().medication_request_id(id("d001"));
    match example {
        "required" => common.build(),
        "grouped" => common.shipment_group_id(ShipmentGroupId::new("example-group")).build(),
        other => panic!("`{other}` is a new example: build it here"),
    }
}

pub fn webhook(example: &str) -> WebhookRequest {
    match example {
        "webhook" => {
            WebhookRequest::builder().clinic_id(id("c001")).webhook_url("https://receiver.example.com/events").build()
        }
        other => panic!("`{other}` is a new example: build it here"),
    }
}
