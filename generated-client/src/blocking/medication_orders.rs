// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `medication orders`.
//!
//! Prescriptions sent to the pharmacy. A request contains at least one medication and selects
//! the carrier and the service that ship it. Webhooks report its progress.

use crate::runtime::blocking::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::types::{CreatedMedicationRequest, MedicationRequest};

#[allow(clippy::missing_errors_doc, reason = "the async methods document their errors")]
impl Client {
    /// Blocking version of
    /// [`Client::create_medication_request`](crate::Client::create_medication_request).
    pub fn create_medication_request(
        &self,
        medication_request: &MedicationRequest,
    ) -> Result<Response<CreatedMedicationRequest>, Error> {
        self.driver.run(self.client.create_medication_request(medication_request))
    }
}
