// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `carriers`.
//!
//! The companies that ship orders, and their prices. A medication request needs the id of a
//! carrier and the id of one of its services.

use crate::runtime::blocking::Client;
use crate::runtime::{Error, Response};
use crate::types::{CarrierId, CarrierServices, Carriers, PatientId};

impl Client {
    /// Lists the carriers.
    ///
    /// Blocks the thread; [`Client::get_carriers`](crate::Client::get_carriers) tells the rest.
    ///
    /// # Errors
    ///
    /// See [`Client::get_carriers`](crate::Client::get_carriers).
    pub fn get_carriers(&self) -> Result<Response<Carriers>, Error> {
        self.driver.run(self.client.get_carriers())
    }

    /// Lists a carrier's services and prices for a patient.
    ///
    /// Blocks the thread; [`Client::get_carrier_services`](crate::Client::get_carrier_services)
    /// tells the rest.
    ///
    /// # Errors
    ///
    /// See [`Client::get_carrier_services`](crate::Client::get_carrier_services).
    pub fn get_carrier_services(
        &self,
        carrier_id: &CarrierId,
        patient_id: PatientId,
    ) -> Result<Response<CarrierServices>, Error> {
        self.driver.run(self.client.get_carrier_services(carrier_id, patient_id))
    }
}
