// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::Carrier;

/// The carriers that can ship an order.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Carriers {
    /// The carriers.
    pub carriers: Vec<Carrier>,
}

impl fmt::Debug for Carriers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carriers").field("carriers", &self.carriers).finish()
    }
}
