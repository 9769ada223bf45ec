// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::secret::Redacted;
use crate::types::CarrierId;

/// A company that ships orders.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Carrier {
    /// The carrier's id.
    pub id: CarrierId,
    /// The carrier's name, for display.
    pub name: String,
}

impl fmt::Debug for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carrier").field("id", &self.id).field("name", &Redacted).finish()
    }
}
