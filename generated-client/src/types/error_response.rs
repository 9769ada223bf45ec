// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::ApiError;

/// The body of every failure.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// Always `false`.
    pub success: bool,
    /// What went wrong.
    pub error: ApiError,
}

impl fmt::Debug for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorResponse")
            .field("success", &self.success)
            .field("error", &self.error)
            .finish()
    }
}
