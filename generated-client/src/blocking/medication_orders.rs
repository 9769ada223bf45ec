// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `medication orders`.
//!
//! Prescriptions sent to the pharmacy. A request contains at least one medication and selects
//! the carrier and the service that ship it. Webhooks report its progress.

use crate::runtime::blocking::Client;
use crate::runtime::{Error, Response};
use crate::types::{CreatedMedicationRequest, MedicationRequest};

impl Client {
    /// Orders medications for a patient.
    ///
    /// Blocks the thread;
    /// [`Client::create_medication_request`](crate::Client::create_medication_request) tells the
    /// rest.
    ///
    /// # Errors
    ///
    /// See [`Client::create_medication_request`](crate::Client::create_medication_request).
    pub fn create_medication_request(
        &self,
        medication_request: &MedicationRequest,
    ) -> Result<Response<CreatedMedicationRequest>, Error> {
        self.driver.run(self.client.create_medication_request(medication_request))
    }
}
