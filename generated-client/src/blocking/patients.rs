// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `patients`.
//!
//! The people or animals that receive medications. A patient belongs to a clinic and a
//! practitioner. Everything here is protected health information.

use crate::runtime::blocking::Client;
use crate::runtime::{Error, Response};
use crate::types::{CreatedPatient, PatientRequest};

impl Client {
    /// Registers a patient.
    ///
    /// Blocks the thread; [`Client::create_patient`](crate::Client::create_patient) tells the rest.
    ///
    /// # Errors
    ///
    /// See [`Client::create_patient`](crate::Client::create_patient).
    pub fn create_patient(
        &self,
        patient_request: &PatientRequest,
    ) -> Result<Response<CreatedPatient>, Error> {
        self.driver.run(self.client.create_patient(patient_request))
    }
}
