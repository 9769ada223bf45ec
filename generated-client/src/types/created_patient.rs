// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::PatientId;

/// A patient who was just registered.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedPatient {
    /// The new patient's id. Keep it.
    pub patient_id: PatientId,
}

impl fmt::Debug for CreatedPatient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedPatient").field("patient_id", &self.patient_id).finish()
    }
}
