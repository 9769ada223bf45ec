// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::{MedicationOrderId, RefillRequestId};

/// A newly requested refill.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedRefillRequest {
    /// The id of the refill request. Store it.
    pub refill_request_id: RefillRequestId,
    /// The new medication order. Its events report the refill's progress.
    pub medication_order_id: MedicationOrderId,
}

impl fmt::Debug for CreatedRefillRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedRefillRequest")
            .field("refill_request_id", &self.refill_request_id)
            .field("medication_order_id", &self.medication_order_id)
            .finish()
    }
}
