// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::secret::Redacted;
use crate::types::{
    ClinicId, MedicationOrderId, PatientId, PractitionerId, PrescriptionNumber,
    ShipmentId,
};

/// A shipment that was created for a medication order.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ShipmentCreated {
    /// The medication order.
    pub id: MedicationOrderId,
    /// The clinic that placed the order.
    pub clinic_id: ClinicId,
    /// The patient whom the order is for.
    pub patient_id: PatientId,
    /// The practitioner who prescribed.
    pub practitioner_id: PractitionerId,
    /// The prescription number. Not always present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rx_number: Option<PrescriptionNumber>,
    /// The URL of the shipping label, a PDF. The URL and the label are protected health
    /// information.
    pub shipping_label: String,
    /// The shipment.
    pub shipment_id: ShipmentId,
    /// The carrier's name, such as `Ameriship`.
    pub shipment_provider: String,
    /// The URL for tracking the parcel. It is protected health information.
    pub tracking_url: String,
}

impl fmt::Debug for ShipmentCreated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShipmentCreated")
            .field("id", &self.id)
            .field("clinic_id", &self.clinic_id)
            .field("patient_id", &self.patient_id)
            .field("practitioner_id", &self.practitioner_id)
            .field("rx_number", &self.rx_number)
            .field("shipping_label", &Redacted)
            .field("shipment_id", &self.shipment_id)
            .field("shipment_provider", &Redacted)
            .field("tracking_url", &Redacted)
            .finish()
    }
}
