// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `carriers`.
//!
//! The companies that ship orders, and their prices. A medication request needs the id of a
//! carrier and the id of one of its services.

use crate::runtime::blocking::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::types::{CarrierId, CarrierServices, Carriers, PatientId};

#[allow(clippy::missing_errors_doc, reason = "the async methods document their errors")]
impl Client {
    /// Blocking version of [`Client::get_carriers`](crate::Client::get_carriers).
    pub fn get_carriers(&self) -> Result<Response<Carriers>, Error> {
        self.driver.run(self.client.get_carriers())
    }

    /// Blocking version of [`Client::get_carrier_services`](crate::Client::get_carrier_services).
    pub fn get_carrier_services(
        &self,
        carrier_id: &CarrierId,
        patient_id: PatientId,
    ) -> Result<Response<CarrierServices>, Error> {
        self.driver.run(self.client.get_carrier_services(carrier_id, patient_id))
    }
}
