// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `refills`.
//!
//! Additional supplies of a medication that was shipped or delivered before. A refill
//! automatically creates a new prescription and a new medication order.

use crate::runtime::blocking::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::types::{CreatedRefillRequest, RefillRequest};

#[allow(clippy::missing_errors_doc, reason = "the async methods document their errors")]
impl Client {
    /// Blocking version of [`Client::create_refill_request`](crate::Client::create_refill_request).
    pub fn create_refill_request(
        &self,
        refill_request: &RefillRequest,
    ) -> Result<Response<CreatedRefillRequest>, Error> {
        self.driver.run(self.client.create_refill_request(refill_request))
    }
}
