// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::{
    ClinicId, MedicationOrderId, PatientId, PractitionerId, PrescriptionNumber,
};

/// A medication order that was verified.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MedicationOrderVerified {
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
}

impl fmt::Debug for MedicationOrderVerified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MedicationOrderVerified")
            .field("id", &self.id)
            .field("clinic_id", &self.clinic_id)
            .field("patient_id", &self.patient_id)
            .field("practitioner_id", &self.practitioner_id)
            .field("rx_number", &self.rx_number)
            .finish()
    }
}
