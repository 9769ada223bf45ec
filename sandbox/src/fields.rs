//! Fields of request bodies, and the failures that a wrong one causes.

use serde_json::{Value, json};

/// A failure that the API documents.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Failure {
    /// The HTTP status.
    pub status: u16,
    /// The code of the error object.
    pub code: &'static str,
    /// The message of the error object.
    pub message: String,
    /// The field and the reason, when one field is wrong.
    pub details: Option<Value>,
    /// The seconds to wait, when there were too many requests.
    pub retry_after: Option<u64>,
}

impl Failure {
    /// Returns the body of the answer.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut error = json!({ "message": self.message, "code": self.code });
        if let Some(details) = &self.details {
            error["details"] = details.clone();
        }
        if let Some(seconds) = self.retry_after {
            error["retry_after"] = json!(seconds);
        }
        json!({ "success": false, "error": error })
    }

    /// Turns `{field, reason}` into the other published shape, `[{field, message}]`.
    pub(crate) fn with_details_as_array(mut self) -> Self {
        self.details = self.details.map(|it| json!([{ "field": it["field"], "message": it["reason"] }]));
        self
    }

    fn new(status: u16, code: &'static str, message: &str) -> Self {
        Self { status, code, message: message.to_owned(), details: None, retry_after: None }
    }

    pub(crate) fn invalid(message: &str) -> Self {
        Self::new(400, "VALIDATION_ERROR", message)
    }

    pub(crate) fn unauthorized(message: &str) -> Self {
        Self::new(401, "UNAUTHORIZED", message)
    }

    pub(crate) fn not_found(message: &str) -> Self {
        Self::new(404, "NOT_FOUND", message)
    }

    pub(crate) fn rate_limited(seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(429, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded") }
    }

    pub(crate) fn internal(message: &str) -> Self {
        Self::new(500, "INTERNAL_ERROR", message)
    }

    fn field(field: &str, reason: &str) -> Self {
        Self { details: Some(json!({ "field": field, "reason": reason })), ..Self::invalid("Validation failed") }
    }
}

/// Returns the string at `field`, which has at least `min` characters.
pub(crate) fn string<'a>(body: &'a Value, field: &str, min: usize) -> Result<&'a str, Failure> {
    let found = body[field].as_str().ok_or_else(|| Failure::field(field, "must be a string"))?;
    if found.chars().count() < min {
        return Err(Failure::field(field, &format!("must have at least {min} characters")));
    }
    Ok(found)
}

/// Returns the string at `field` if `valid` accepts it.
pub(crate) fn checked<'a>(
    body: &'a Value,
    field: &str,
    reason: &str,
    valid: impl Fn(&str) -> bool,
) -> Result<&'a str, Failure> {
    let found = string(body, field, 1)?;
    if valid(found) { Ok(found) } else { Err(Failure::field(field, reason)) }
}

/// Returns the array at `field` if its length is accepted by `valid`.
pub(crate) fn array<'a>(
    body: &'a Value,
    field: &str,
    reason: &str,
    valid: impl Fn(usize) -> bool,
) -> Result<&'a [Value], Failure> {
    match body[field].as_array() {
        Some(items) if valid(items.len()) => Ok(items),
        _ => Err(Failure::field(field, reason)),
    }
}

/// Fails unless a boolean is at `field`.
pub(crate) fn boolean(body: &Value, field: &str) -> Result<(), Failure> {
    body[field].as_bool().map(drop).ok_or_else(|| Failure::field(field, "must be a boolean"))
}

/// Fails unless a number is at `field`.
pub(crate) fn number(body: &Value, field: &str) -> Result<(), Failure> {
    body[field].as_f64().map(drop).ok_or_else(|| Failure::field(field, "must be a number"))
}

pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
