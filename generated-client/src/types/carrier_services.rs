// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::secret::Redacted;
use crate::types::{CarrierService, FreeShipmentType};

/// A carrier's services, and details about shipping to the patient.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CarrierServices {
    /// The carrier's services.
    #[serde(rename = "data")]
    pub services: Vec<CarrierService>,
    /// Whether the shipment is free.
    #[serde(rename = "isFreeShipment")]
    pub is_free_shipment: bool,
    /// Why shipping is free. Null if no reason is given.
    #[serde(rename = "freeShipmentType")]
    pub free_shipment_type: Option<FreeShipmentType>,
    /// The state in which the patient lives. It is protected health information.
    #[serde(rename = "patientState")]
    pub patient_state: String,
}

impl fmt::Debug for CarrierServices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CarrierServices")
            .field("services", &self.services)
            .field("is_free_shipment", &Redacted)
            .field("free_shipment_type", &self.free_shipment_type)
            .field("patient_state", &Redacted)
            .finish()
    }
}
