// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The answer to deleting a webhook. It has no `data`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeletedWebhook {}

impl fmt::Debug for DeletedWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeletedWebhook").finish()
    }
}
