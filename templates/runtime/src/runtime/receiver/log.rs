//! The feature `tracing`: how deliveries were answered, for whoever operates the receiver.
//!
//! No field holds anything from a delivery: an event's name or id may be a patient's.
#![cfg(feature = "tracing")]

use http::StatusCode;

use crate::runtime::receiver::inbox::InboxError;

/// Tells of an answer.
pub(crate) fn tell(status: StatusCode) {
    let code = status.as_u16();
    if status.is_success() {
        tracing::debug!(
            target: env!("CARGO_CRATE_NAME"),
            { http.response.status_code = code },
            "a delivery was taken"
        );
    } else if status.is_server_error() {
        tracing::error!(
            target: env!("CARGO_CRATE_NAME"),
            { http.response.status_code = code },
            "a delivery could not be kept in time, and will come again"
        );
    } else {
        tracing::warn!(
            target: env!("CARGO_CRATE_NAME"),
            { http.response.status_code = code, error.r#type = reason(status) },
            "a delivery was refused"
        );
    }
}

/// Tells that a delivery is given to the inbox which cannot be read as an event.
pub(crate) fn dead_letter() {
    tracing::warn!(target: env!("CARGO_CRATE_NAME"), "a delivery cannot be read as an event");
}

/// Tells why the inbox did not keep a delivery, in the words that its author fixed. The cause stays
/// within: a database's error may hold values.
pub(crate) fn not_stored(error: &InboxError) {
    tracing::error!(target: env!("CARGO_CRATE_NAME"), inbox = %error, "the inbox failed");
}

/// Why a delivery is refused.
const fn reason(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "key",
        StatusCode::METHOD_NOT_ALLOWED => "method",
        StatusCode::REQUEST_TIMEOUT => "timeout",
        StatusCode::PAYLOAD_TOO_LARGE => "size",
        _ => "body",
    }
}
