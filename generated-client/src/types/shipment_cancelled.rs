// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::ShipmentId;

/// A shipment that was canceled. The payload is not published, so every field may be absent.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ShipmentCancelled {
    /// The canceled shipment. May be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment_id: Option<ShipmentId>,
}

impl fmt::Debug for ShipmentCancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShipmentCancelled")
            .field("shipment_id", &self.shipment_id)
            .finish()
    }
}
