//! The generated types, by the names of their components.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The result of decoding and encoding a JSON value with a generated type.
pub struct Read {
    /// The encoded value.
    pub json: Value,
    /// Both forms of `Debug`.
    pub debug: [String; 2],
}

/// Decodes a value as a type. The failure contains the place, but no value.
type Reader = fn(&Value) -> Result<Read, String>;

fn reader<T: DeserializeOwned + Serialize + std::fmt::Debug>(value: &Value) -> Result<Read, String> {
    // From bytes, like an answer.
    let read: T = serde_json::from_slice(value.to_string().as_bytes())
        .map_err(|error| format!("it cannot be decoded (line {}, column {})", error.line(), error.column()))?;
    let written = serde_json::to_vec(&read).map_err(|_| "it cannot be encoded".to_owned())?;
    let json = serde_json::from_slice(&written).map_err(|_| "the encoded value isn't JSON".to_owned())?;
    Ok(Read { json, debug: [format!("{read:?}"), format!("{read:#?}")] })
}

/// Each type with the name of its component.
macro_rules! types {
    ($($component:ident => $ty:ident,)*) => {
        /// The components that have a type.
        ///
        /// The envelopes of answers and of deliveries don't: their data and their payloads have types.
        pub const TYPES: &[(&str, Reader)] = &[$((stringify!($component), reader::<novamed::$ty>)),*];

        /// The names of the types.
        pub const NAMES: &[&str] = &[$(stringify!($ty)),*];
    };
}

types! {
    PatientId => PatientId,
    PractitionerId => PractitionerId,
    ClinicId => ClinicId,
    MedicationRequestId => MedicationRequestId,
    MedicationOrderId => MedicationOrderId,
    OrderedMedicationId => OrderedMedicationId,
    RefillRequestId => RefillRequestId,
    ShipmentId => ShipmentId,
    WebhookId => WebhookId,
    CarrierId => CarrierId,
    ServiceId => ServiceId,
    ShipmentGroupId => ShipmentGroupId,
    PrescriptionNumber => PrescriptionNumber,
    Gender => Gender,
    Species => Species,
    PatientStatus => PatientStatus,
    ContactKind => ContactKind,
    FreeShipmentType => FreeShipmentType,
    PractitionerStatus => PractitionerStatus,
    ErrorCode => ErrorCode,
    PractitionerRequest => PractitionerRequest,
    CreatedPractitioner => CreatedPractitioner,
    PatientRequest => PatientRequest,
    Address => Address,
    Contact => Contact,
    PreferredContactMethods => PreferredContactMethods,
    CreatedPatient => CreatedPatient,
    MedicationRequest => MedicationRequest,
    Medication => Medication,
    CreatedMedicationRequest => CreatedMedicationRequest,
    OrderedMedication => OrderedMedication,
    RefillRequest => RefillRequest,
    CreatedRefillRequest => CreatedRefillRequest,
    Carriers => Carriers,
    Carrier => Carrier,
    CarrierService => CarrierService,
    CarrierServicesResponse => CarrierServices,
    WebhookRequest => WebhookRequest,
    CreatedWebhook => CreatedWebhook,
    DeletedWebhookResponse => DeletedWebhook,
    ErrorResponse => ErrorResponse,
    ErrorObject => ApiError,
    ErrorDetails => ErrorDetails,
    ErrorDetail => ErrorDetail,
    FieldErrors => FieldErrors,
    FieldError => FieldError,
    MedicationOrderVerified => MedicationOrderVerified,
    MedicationOrderSubmitted => MedicationOrderSubmitted,
    MedicationOrderAcknowledged => MedicationOrderAcknowledged,
    MedicationOrderFilled => MedicationOrderFilled,
    ShipmentCreated => ShipmentCreated,
    ShipmentCancelled => ShipmentCancelled,
    PractitionerActivated => PractitionerActivated,
}

/// Decodes a value as the type of a component.
pub fn read(component: &str, value: &Value) -> Result<Read, String> {
    let (_, reader) = TYPES.iter().find(|(name, _)| *name == component).expect("the component has a type");
    reader(value)
}

/// Returns the envelopes, the components without a type, each with its data property.
pub const ENVELOPES: &[(&str, &str)] = &[
    ("PractitionerResponse", "data"),
    ("PatientResponse", "data"),
    ("MedicationRequestResponse", "data"),
    ("RefillRequestResponse", "data"),
    ("CarriersResponse", "data"),
    ("WebhookResponse", "data"),
    ("MedicationOrderVerifiedDelivery", "event_data"),
    ("MedicationOrderSubmittedDelivery", "event_data"),
    ("MedicationOrderAcknowledgedDelivery", "event_data"),
    ("MedicationOrderFilledDelivery", "event_data"),
    ("ShipmentCreatedDelivery", "event_data"),
    ("ShipmentCancelledDelivery", "event_data"),
    ("PractitionerActivatedDelivery", "event_data"),
];

/// The component of event names, which are variants of `Event`.
pub const EVENT_NAME: &str = "EventName";

#[test]
fn every_component_is_a_type_or_an_envelope() {
    let components = super::spec::document()["components"]["schemas"].as_object().expect("there are components");
    let mut listed: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
    listed.extend(ENVELOPES.iter().map(|(name, _)| name));
    listed.push(EVENT_NAME);
    listed.sort_unstable();
    let mut named: Vec<&str> = components.keys().map(String::as_str).collect();
    named.sort_unstable();
    assert_eq!(listed, named);
}
