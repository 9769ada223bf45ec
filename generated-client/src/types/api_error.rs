// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::redact::Redacted;
use crate::types::{ErrorCode, ErrorDetails};

/// What went wrong. The message and the details may repeat what was sent, so they count as
/// protected health information.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ApiError {
    /// What went wrong, as a sentence.
    pub message: String,
    /// What kind of failure it is. Often absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// Which fields are wrong, and why. May be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<ErrorDetails>,
    /// After how many whole seconds the request may be sent again. Present where the rate limit was
    /// exceeded.
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
