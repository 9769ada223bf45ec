//! The feature `test-util`: what the tests of an app can do with the fake.

mod page;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use novamed::testing::{Fake, assert_same, differences};
use novamed::{
    Address, Carrier, CarrierId, CarrierService, CarrierServices, Carriers, Client, CreatedPatient, Date, Decimal,
    DeletedWebhook, Delivery, Environment, Error, ErrorKind, ErrorResponse, Event, Gender, MedicationOrderId,
    PatientId, PatientRequest, ServiceId, ShipmentCancelled, ShipmentCreated, ShipmentId,
};

use super::assert_holds_none;

const ID: &str = "00000000-0000-4000-8000-00000000b001";

/// Values that no message may contain.
const SECRETS: [&str; 3] = ["Canaryson", "Canaryville", "00000000-0000-4000-8000-00000000b001"];

fn id<T: std::str::FromStr>() -> T {
    ID.parse().ok().expect("it is an id")
}

fn patient() -> PatientRequest {
    let address =
        Address::builder().address_line_1("1 Main").city("Canaryville").state("TX").postal_code("78701").build();
    PatientRequest::builder()
        .first_name("John")
        .last_name("Canaryson")
        .gender(Gender::Male)
        .dob(Date::new(1985, 3, 15).expect("it is a day"))
        .practitioner_id(id())
        .assigned_clinic(id())
        .addresses([address])
        .build()
}

fn services() -> CarrierServices {
    let price: Decimal = "12.50".parse().expect("it is a number");
    let service = CarrierService::builder().id(ServiceId::new("2day")).name("Two days").total_cost(price);
    CarrierServices::builder()
        .services([service.original_cost(price).build()])
        .is_free_shipment(false)
        .free_shipment_type(None)
        .patient_state("TX")
        .build()
}

/// Returns a panic's message.
fn panicked(run: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(run)).expect_err("it panics");
    let text = payload.downcast_ref::<String>().cloned();
    let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    let text = text.expect("a panic has a text");
    assert_holds_none("the panic", &text, &SECRETS);
    text
}

#[test]
fn the_page_shows_the_test_that_is_run() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated-client/guide/testing.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let shown = page.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next());
    assert_eq!(shown, Some(include_str!("page.rs")), "the page and tests/it/client/test_util/page.rs differ");
}

#[tokio::test]
async fn requests_are_kept_with_typed_bodies_and_parameters() {
    let fake = Fake::new();
    fake.create_patient().answers(CreatedPatient::builder().patient_id(id::<PatientId>()).build());
    fake.get_carriers().answers(
        Carriers::builder().carriers([Carrier::builder().id(CarrierId::new("a/b")).name("A").build()]).build(),
    );
    fake.get_carrier_services().answers(services());
    let client = fake.client();
    let created = client.create_patient(&patient()).await.expect("it is answered");
    let carriers = client.get_carriers().await.expect("it is answered");
    let carrier = &carriers.carriers[0].id;
    let answered = client.get_carrier_services(carrier, created.patient_id).await.expect("it is answered");
    assert_same(&*answered, &services());

    let [call] = &fake.create_patient().calls()[..] else { panic!("it is sent once") };
    assert_same(&call.body(), &patient());
    assert_holds_none("what was recorded", &format!("{call:?} {fake:?} {:?}", fake.calls()), &SECRETS);
    // The ids of practitioners and clinics may be shown.
    assert_holds_none("a recorded body", &format!("{:?}", call.body()), &SECRETS[..2]);
    let [call] = &fake.get_carrier_services().calls()[..] else { panic!("it is sent once") };
    assert_eq!(call.parameter::<CarrierId>("carrierId"), Some(CarrierId::new("a/b")));
    assert_eq!(call.parameter::<PatientId>("patientId"), Some(id()));
    let order: Vec<_> = fake.calls().iter().map(novamed::testing::Recorded::operation).collect();
    assert_eq!(order, ["createPatient", "getCarriers", "getCarrierServices"]);
}

#[tokio::test]
async fn every_error_kind_is_reported_like_the_api_reports_it() {
    let fake = Fake::new();
    let refill = fake.create_refill_request();
    let request = novamed::RefillRequest::builder().medication_request_id(id()).build();
    let kinds = [
        ErrorKind::MedicationRequestNotFound,
        ErrorKind::RefillNotPossible,
        ErrorKind::RefillAlreadyExists,
        ErrorKind::Unauthorized,
    ];
    for kind in kinds {
        refill.fails(kind);
        let error = fake.client().create_refill_request(&request).await.expect_err("it is refused");
        assert_eq!((error.kind(), error.delivery()), (Some(kind), Delivery::Refused));
    }
    let text = panicked(|| {
        refill.fails(ErrorKind::ServiceNotAvailable);
    });
    assert_eq!(text, "`createRefillRequest` documents no error of the kind `ServiceNotAvailable`");
}

#[tokio::test(start_paused = true)]
async fn failures_delays_and_sequences() {
    let fake = Fake::new();
    let body = ErrorResponse::builder().success(false);
    let body = body.error(novamed::ApiError::builder().message("no such webhook").build()).build();
    fake.delete_webhook().fails_with(404, &body).times_out().after(Duration::from_secs(20));
    fake.delete_webhook().answers(DeletedWebhook::builder().build());
    fake.get_carriers().limits_rate(30).cuts_answer().answers(Carriers::builder().carriers([]).build());
    let client: Client = fake.client_builder().environment(Environment::Development).build().expect("it is right");
    let delete = || client.delete_webhook(id());
    let error = delete().await.expect_err("the call fails");
    assert_eq!(error.api_error(), Some(body));
    let error: Error = delete().await.expect_err("the call fails");
    assert!(error.is_timeout() && error.delivery() == Delivery::Unknown);
    delete().await.expect("it is answered");
    let start = tokio::time::Instant::now();
    client.get_carriers().await.expect("the client repeats what it may");
    assert_eq!(start.elapsed().as_secs(), 30);
    assert_eq!(fake.get_carriers().calls().len(), 3);
}

#[tokio::test]
async fn a_transport_of_its_own_serves_any_client() {
    let fake = Fake::new();
    fake.get_carriers().fails(ErrorKind::Unauthorized);
    let client = Client::builder().environment(Environment::Production).api_key("prod_x").transport(fake.transport());
    let error = client.build().expect("it is right").get_carriers().await.expect_err("it is refused");
    assert_eq!(error.kind(), Some(ErrorKind::Unauthorized));
}

#[test]
fn what_is_not_expected_fails_the_test_by_the_operations_name() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it can be built");
    let fake = Fake::new();
    let client = fake.client();
    let call = || drop(runtime.block_on(client.create_patient(&patient())));
    assert_eq!(panicked(call), "`createPatient` was asked, and the test's fake has no answer for it");
    fake.create_patient().answers(CreatedPatient::builder().patient_id(id::<PatientId>()).build());
    fake.get_carriers().cuts_after_sending();
    assert_eq!(
        panicked(move || drop(fake)),
        "`createPatient` was asked once more than the test's fake has answers for it; \
         `getCarriers` has an answer left that was not asked for"
    );
}

#[test]
fn events_can_be_built_and_delivered() {
    let shipped = ShipmentCreated::builder()
        .id(id::<MedicationOrderId>())
        .clinic_id(id::<novamed::ClinicId>())
        .patient_id(id::<PatientId>())
        .practitioner_id(id::<novamed::PractitionerId>())
        .shipping_label("https://label.example")
        .shipment_id(id::<ShipmentId>())
        .shipment_provider("ameriship")
        .tracking_url("https://track.example")
        .build();
    let cancelled = ShipmentCancelled::builder().build();
    for event in [Event::ShipmentCreated(shipped), Event::ShipmentCancelled(cancelled)] {
        let read = Event::parse(&event.to_delivery()).expect("it is a delivery");
        assert_eq!(read, event);
    }
    let unknown = br#"{"event_name":"x","event_data":{}}"#;
    let event = Event::parse(unknown).expect("an unknown event is not an error");
    assert_eq!(event.to_delivery(), unknown);
    let text = panicked(|| drop(ShipmentCreated::builder().tracking_url("Canaryville").build()));
    assert_eq!(text, "`id` of `ShipmentCreated` was not set");
}

#[test]
fn the_places_where_two_values_differ_are_named() {
    let mut other = patient();
    other.addresses[0].city = "Elsewhere".to_owned();
    other.gender = Gender::Female;
    let places: Vec<String> = differences(&patient(), &other).iter().map(ToString::to_string).collect();
    assert_eq!(places, ["/gender: other value", "/addresses/0/city: other value"]);
    let text = panicked(|| assert_same(&patient(), &other));
    assert_eq!(text, "the values differ:\n  /gender: other value\n  /addresses/0/city: other value");
}
