//! Faults by rule: which requests are answered wrongly, and how.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::operation::Operation;

/// How a request is answered instead of properly.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// The status of the rule (500 if it has none) with the API's error object; a 429 has `retry_after`.
    Status,
    /// The HTML page of a proxy, with the status of the rule (502 if it has none).
    Html,
    /// 200 with `success: false`.
    Unsuccessful,
    /// 200 without a body.
    Empty,
    /// The first half of the answer, and then the connection is closed.
    Truncated,
    /// An answer that never ends.
    Endless,
    /// The answer, after the seconds of the rule (5 if it has none) in real time.
    Slow,
    /// The connection is closed before anything is read. A client that reuses a connection doesn't notice.
    ClosedOnConnect,
    /// The connection is closed after the request's head was read.
    ClosedInRequest,
    /// The connection is closed after the whole request was read.
    ClosedAfterRequest,
}

impl Fault {
    /// All faults.
    pub const ALL: [Self; 10] = [
        Self::Status,
        Self::Html,
        Self::Unsuccessful,
        Self::Empty,
        Self::Truncated,
        Self::Endless,
        Self::Slow,
        Self::ClosedOnConnect,
        Self::ClosedInRequest,
        Self::ClosedAfterRequest,
    ];

    /// Returns the name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Html => "html",
            Self::Unsuccessful => "unsuccessful",
            Self::Empty => "empty",
            Self::Truncated => "truncated",
            Self::Endless => "endless",
            Self::Slow => "slow",
            Self::ClosedOnConnect => "closed_on_connect",
            Self::ClosedInRequest => "closed_in_request",
            Self::ClosedAfterRequest => "closed_after_request",
        }
    }
}

/// A fault and the requests that it meets. In JSON, everything but `fault` is optional:
///
/// ```json
/// { "operation": "createMedicationRequest", "fault": "closed_after_request", "acts": true, "skip": 0, "count": 1 }
/// ```
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rule {
    /// The operation, or any.
    #[serde(default)]
    pub operation: Option<Operation>,
    /// What happens.
    pub fault: Fault,
    /// Whether the sandbox acts on the request before it answers wrongly.
    #[serde(default)]
    pub acts: bool,
    /// How many requests are answered properly first.
    #[serde(default)]
    pub skip: u32,
    /// How many requests are then answered wrongly.
    #[serde(default = "once")]
    pub count: u32,
    /// The status of `status` and `html`.
    #[serde(default)]
    pub status: Option<u16>,
    /// The wait of `slow`, and the `retry_after` of a 429.
    #[serde(default)]
    pub seconds: Option<u32>,
}

fn once() -> u32 {
    1
}

impl Rule {
    /// Returns a rule that meets the next request, whose operation doesn't act.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self { operation: None, fault, acts: false, skip: 0, count: 1, status: None, seconds: None }
    }

    /// Limits the rule to one operation.
    #[must_use]
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Lets the sandbox act before it answers wrongly.
    #[must_use]
    pub fn acting(mut self) -> Self {
        self.acts = true;
        self
    }

    /// Answers this many requests properly first.
    #[must_use]
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Answers this many requests wrongly.
    #[must_use]
    pub fn count(mut self, requests: u32) -> Self {
        self.count = requests;
        self
    }

    /// Sets the status of [`Fault::Status`] and [`Fault::Html`].
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets the wait of [`Fault::Slow`], or the `retry_after` of a 429.
    #[must_use]
    pub fn seconds(mut self, seconds: u32) -> Self {
        self.seconds = Some(seconds);
        self
    }

    fn check(&self) -> Result<(), String> {
        let name = self.fault.name();
        let is_documented = |status| matches!(status, 400 | 401 | 403 | 404 | 429 | 500..=599);
        if let Some(status) = self.status {
            if !matches!(self.fault, Fault::Status | Fault::Html) {
                return Err(format!("`{name}` has no `status`"));
            }
            if !is_documented(status) {
                return Err(format!("`status` must be 400, 401, 403, 404, 429 or 5xx, found {status}"));
            }
        }
        if self.acts && matches!(self.fault, Fault::ClosedOnConnect | Fault::ClosedInRequest) {
            return Err(format!("`{name}` closes the connection before there is a request to act on"));
        }
        if self.operation.is_some() && self.fault == Fault::ClosedOnConnect {
            return Err("`closed_on_connect` happens before the operation is known".to_owned());
        }
        if self.count == 0 {
            return Err("`count` must be at least 1".to_owned());
        }
        Ok(())
    }

    /// Returns the status and body of [`Fault::Status`].
    pub(crate) fn failure(&self) -> (u16, Value) {
        let status = self.status.unwrap_or(500);
        let (code, message) = match status {
            400 => ("VALIDATION_ERROR", "Validation failed"),
            401 => ("UNAUTHORIZED", "Unauthorized"),
            403 => ("FORBIDDEN", "Forbidden"),
            404 => ("NOT_FOUND", "Not found"),
            429 => ("RATE_LIMIT_EXCEEDED", "Rate limit exceeded"),
            _ => ("INTERNAL_ERROR", "Internal error"),
        };
        let mut error = json!({ "message": message, "code": code });
        if status == 429 {
            error["retry_after"] = json!(self.seconds.unwrap_or(1));
        }
        (status, json!({ "success": false, "error": error }))
    }
}

/// The rules that are still to be met. The first that fits a request is used.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Rule>);

impl Faults {
    /// Reads one rule, or an array of them.
    pub(crate) fn read(value: Value) -> Result<Vec<Rule>, String> {
        let values = if let Value::Array(values) = value { values } else { vec![value] };
        let read = |value| serde_json::from_value::<Rule>(value).map_err(|problem| problem.to_string());
        values.into_iter().map(|value| read(value).and_then(|rule| rule.check().map(|()| rule))).collect()
    }

    pub(crate) fn add(&mut self, rule: Rule) -> Result<(), String> {
        rule.check()?;
        self.0.push(rule);
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.0
    }

    /// Returns the rule that the next connection meets.
    pub(crate) fn connection(&mut self) -> Option<Rule> {
        self.take(|rule| rule.fault == Fault::ClosedOnConnect)
    }

    /// Returns the rule that the next request of an operation meets.
    pub(crate) fn request(&mut self, operation: Operation) -> Option<Rule> {
        self.take(|rule| {
            rule.fault != Fault::ClosedOnConnect && rule.operation.is_none_or(|wanted| wanted == operation)
        })
    }

    fn take(&mut self, fits: impl Fn(&Rule) -> bool) -> Option<Rule> {
        let at = self.0.iter().position(fits)?;
        let rule = &mut self.0[at];
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        let met = rule.clone();
        rule.count -= 1;
        if rule.count == 0 {
            self.0.remove(at);
        }
        Some(met)
    }
}
