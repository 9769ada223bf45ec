// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::PatientId;

/// A newly registered patient.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedPatient {
    /// The new patient's id. Store it.
    pub patient_id: PatientId,
}

impl fmt::Debug for CreatedPatient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedPatient").field("patient_id", &self.patient_id).finish()
    }
}
