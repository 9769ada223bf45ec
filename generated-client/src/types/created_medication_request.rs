// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::{MedicationOrderId, MedicationRequestId, OrderedMedication};

/// A newly accepted medication request.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedMedicationRequest {
    /// The id of the request. Store it: you need it for refills.
    pub medication_request_id: MedicationRequestId,
    /// The id of the order, which its events carry. May be absent. In that case, patient,
    /// practitioner and time are all that links the order's events to the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medication_order_id: Option<MedicationOrderId>,
    /// The medications of the order. May be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medications: Option<Vec<OrderedMedication>>,
}

impl fmt::Debug for CreatedMedicationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedMedicationRequest")
            .field("medication_request_id", &self.medication_request_id)
            .field("medication_order_id", &self.medication_order_id)
            .field("medications", &self.medications)
            .finish()
    }
}
