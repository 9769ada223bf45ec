// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `practitioners`.
//!
//! The people who prescribe. You register a practitioner once, and the service verifies them.
//! Patients and medication requests then refer to the practitioner.

use crate::runtime::blocking::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::types::{CreatedPractitioner, PractitionerRequest};

#[allow(clippy::missing_errors_doc, reason = "the async methods document their errors")]
impl Client {
    /// Blocking version of [`Client::create_practitioner`](crate::Client::create_practitioner).
    pub fn create_practitioner(
        &self,
        practitioner_request: &PractitionerRequest,
    ) -> Result<Response<CreatedPractitioner>, Error> {
        self.driver.run(self.client.create_practitioner(practitioner_request))
    }
}
