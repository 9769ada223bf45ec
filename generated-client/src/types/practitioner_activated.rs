// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::secret::Redacted;
use crate::types::{PractitionerId, PractitionerStatus};

/// A practitioner who is now active. Everything except the id is personal data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PractitionerActivated {
    /// The practitioner.
    pub practitioner_id: PractitionerId,
    /// The practitioner's name.
    pub practitioner_name: String,
    /// The practitioner's email address.
    pub practitioner_email: String,
    /// The practitioner's phone number. May be null.
    pub practitioner_phone: Option<String>,
    /// The practitioner's National Provider Identifier.
    pub practitioner_npi: String,
    /// The practitioner's status, such as `active`.
    pub practitioner_status: PractitionerStatus,
}

impl fmt::Debug for PractitionerActivated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PractitionerActivated")
            .field("practitioner_id", &self.practitioner_id)
            .field("practitioner_name", &Redacted)
            .field("practitioner_email", &Redacted)
            .field("practitioner_phone", &Redacted)
            .field("practitioner_npi", &Redacted)
            .field("practitioner_status", &self.practitioner_status)
            .finish()
    }
}
