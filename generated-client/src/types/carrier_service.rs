// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::decimal::Decimal;
use crate::runtime::value::secret::Redacted;
use crate::types::ServiceId;

/// A carrier's service, and its price for a patient.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CarrierService {
    /// The service's id.
    pub id: ServiceId,
    /// The service's name, for display. It may contain characters such as ®.
    pub name: String,
    /// The price of the shipment in US dollars, as an exact decimal number.
    #[serde(rename = "totalCost")]
    pub total_cost: Decimal,
    /// The original price of the shipment in US dollars, as an exact decimal number. Compare it
    /// with the total cost if shipping is free.
    #[serde(rename = "originalCost")]
    pub original_cost: Decimal,
}

impl fmt::Debug for CarrierService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CarrierService")
            .field("id", &self.id)
            .field("name", &Redacted)
            .field("total_cost", &self.total_cost)
            .field("original_cost", &self.original_cost)
            .finish()
    }
}
