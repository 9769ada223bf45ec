// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `practitioners`.
//!
//! The people who prescribe. A practitioner is registered once, is verified by the service, and
//! can then be named by patients and medication requests.

use crate::runtime::blocking::Client;
use crate::runtime::{Error, Response};
use crate::types::{CreatedPractitioner, PractitionerRequest};

impl Client {
    /// Registers a practitioner.
    ///
    /// Blocks the thread; [`Client::create_practitioner`](crate::Client::create_practitioner) tells
    /// the rest.
    ///
    /// # Errors
    ///
    /// See [`Client::create_practitioner`](crate::Client::create_practitioner).
    pub fn create_practitioner(
        &self,
        practitioner_request: &PractitionerRequest,
    ) -> Result<Response<CreatedPractitioner>, Error> {
        self.driver.run(self.client.create_practitioner(practitioner_request))
    }
}
