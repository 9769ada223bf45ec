// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::secret::Redacted;
use crate::types::PractitionerId;

/// A newly registered practitioner.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedPractitioner {
    /// The new practitioner's id. Store it.
    pub practitioner_id: PractitionerId,
    /// The practitioner's verification status, such as `Pending verification`. May be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

impl fmt::Debug for CreatedPractitioner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedPractitioner")
            .field("practitioner_id", &self.practitioner_id)
            .field("status", &Redacted)
            .finish()
    }
}
