// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::secret::Redacted;
use crate::types::{ErrorCode, ErrorDetails};

/// What went wrong. The message and the details may repeat values from the request, so they
/// count as protected health information.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ApiError {
    /// A message that describes what went wrong.
    pub message: String,
    /// The kind of failure. Often absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// Which fields are wrong, and why. May be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<ErrorDetails>,
    /// The number of whole seconds to wait before sending the request again. Present if the rate
    /// limit was exceeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<i64>,
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("message", &Redacted)
            .field("code", &self.code)
            .field("details", &self.details)
            .field("retry_after", &Redacted)
            .finish()
    }
}
