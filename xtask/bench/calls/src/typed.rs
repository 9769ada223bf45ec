//! The API's types that the calls use, written by hand with serde.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What every answer comes in.
#[derive(Deserialize)]
pub struct Envelope<T> {
    /// Whether the call succeeded, whatever its status.
    pub success: bool,
    /// The data, where it did.
    pub data: Option<T>,
    /// A word of the server's.
    pub message: Option<String>,
}

/// A request for medications.
#[derive(Serialize)]
pub struct MedicationRequest {
    /// The patient.
    pub patient_id: Uuid,
    /// The practitioner.
    pub practitioner_id: Uuid,
    /// The clinic.
    pub clinic_id: Uuid,
    /// The carrier.
    pub carrier_id: String,
    /// The carrier's service.
    pub service_id: String,
    /// At least one.
    pub medication_requests: Vec<Medication>,
    /// Whether it is kept cold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_refrigerated: Option<bool>,
    /// The shipments to which it belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipment_group_id: Option<String>,
}

/// A medication of a request.
#[derive(Serialize)]
pub struct Medication {
    /// Its name.
    pub medication: String,
    /// Its strength.
    pub dose: String,
    /// How much of it; a float, which costs less to write than an exact number.
    pub quantity: f64,
    /// How it is taken.
    pub direction: String,
    /// The unit of the quantity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_of_measure: Option<String>,
    /// How many refills there may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refills: Option<String>,
    /// For how many days it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_supply: Option<f64>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// What a request for medications is answered with.
#[derive(Deserialize)]
pub struct Created {
    /// The id of the request.
    pub medication_request_id: Uuid,
    /// The id of the order.
    pub medication_order_id: Option<Uuid>,
}

/// The carriers.
#[derive(Deserialize)]
pub struct Carriers {
    /// In the server's order.
    pub carriers: Vec<Carrier>,
}

/// A carrier.
#[derive(Deserialize)]
pub struct Carrier {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl MedicationRequest {
    /// Returns the request that every program sends.
    #[must_use]
    pub fn example() -> Self {
        let id = |last: u128| Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0000 | last);
        Self {
            patient_id: id(0xb001),
            practitioner_id: id(0xa001),
            clinic_id: id(0xc001),
            carrier_id: "ameriship".to_owned(),
            service_id: "example-service".to_owned(),
            medication_requests: vec![Medication {
                medication: "Examplestatin".to_owned(),
                dose: "200mg/ml".to_owned(),
                quantity: 10.0,
                direction: "Made-up direction.".to_owned(),
                unit_of_measure: None,
                refills: None,
                days_supply: None,
                notes: None,
            }],
            is_refrigerated: None,
            shipment_group_id: None,
        }
    }
}
