// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `patients`.
//!
//! The people or animals that receive medications. A patient belongs to a clinic and a
//! practitioner. Everything here is protected health information.

use crate::runtime::blocking::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::types::{CreatedPatient, PatientRequest};

#[allow(clippy::missing_errors_doc, reason = "the async methods document their errors")]
impl Client {
    /// Blocking version of [`Client::create_patient`](crate::Client::create_patient).
    pub fn create_patient(
        &self,
        patient_request: &PatientRequest,
    ) -> Result<Response<CreatedPatient>, Error> {
        self.driver.run(self.client.create_patient(patient_request))
    }
}
