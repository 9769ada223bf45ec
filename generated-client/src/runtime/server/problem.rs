//! Failures that the server itself reports: in the document's own type if it fits, or as problem details (RFC 9457).

use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::runtime::api::Envelope;
use crate::runtime::error::problem::Violation;
use crate::runtime::response::envelope;
use crate::runtime::server::{Facts, Fit, Reply};

/// A failure with a message.
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    pub(crate) code: Option<String>,
    pub(crate) retry_after: Option<u64>,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), code: None, retry_after: None }
    }

    /// The failure of a request that breaks rules. The status is the documented one of 422 and 400.
    pub(crate) fn invalid(facts: &Facts, violations: &[Violation]) -> Self {
        let documented = |status: &u16| facts.failures.iter().any(|it| it.statuses == (*status..=*status));
        let status = [422, 400].into_iter().find(documented).unwrap_or(400);
        let places: Vec<String> = violations.iter().map(ToString::to_string).collect();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        Self::new(status, format!("the request is invalid: {}", places.join("; ")))
    }

    /// Returns the response in the type that the document describes for the status, or else problem details.
    pub(crate) fn reply(&self, names: &Envelope, facts: &Facts, violations: &[Violation]) -> Reply {
        let fitted = facts.failure(self.status).and_then(|it| Some((it.media_type, self.fitted(names, it.fit)?)));
        match fitted {
            Some((media_type, body)) => reply(self.status, media_type, body),
            None => self.problem(violations),
        }
    }

    /// Returns the problem details.
    pub(crate) fn problem(&self, violations: &[Violation]) -> Reply {
        let mut problem = self.details();
        if !violations.is_empty() {
            problem["errors"] = violations.iter().map(place).collect();
        }
        reply(self.status, "application/problem+json", problem.to_string().into_bytes())
    }

    fn details(&self) -> Value {
        json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.message,
        })
    }

    /// Writes the failure in the document's type: as the envelope's error object, as problem details, or as an object
    /// with the usual names.
    fn fitted(&self, names: &Envelope, fit: Fit) -> Option<Vec<u8>> {
        let message = Value::from(self.message.as_str());
        let enveloped = envelope::failure(names, &self.message, self.code.as_deref(), self.retry_after);
        let codes = [Some(Value::from(self.status.as_u16())), Some(self.status.as_u16().to_string().into()), None];
        let plain = codes.into_iter().flat_map(|code| {
            let mut object = self.details();
            object["message"] = message.clone();
            if let Some(code) = code {
                object["code"] = code;
            }
            let mut flat = object.clone();
            flat["error"] = message.clone();
            let mut nested = object.clone();
            nested["error"] = object.clone();
            let mut listed = object.clone();
            listed["errors"] = Value::Array(vec![object.clone()]);
            [object, flat, nested, listed]
        });
        let enveloped = names.tells_failures().then(|| serde_json::from_str(&enveloped).ok()).flatten();
        // A type without required properties accepts anything, so the message has to survive.
        let text = message.to_string();
        let has_message = |json: &Vec<u8>| std::str::from_utf8(json).is_ok_and(|json| json.contains(&text));
        enveloped.into_iter().chain(plain).find_map(|candidate| fit(&candidate).filter(has_message))
    }
}

/// Writes an error as a `T`, if it is one.
pub(crate) fn fit<T: DeserializeOwned + Serialize>(candidate: &Value) -> Option<Vec<u8>> {
    let value: T = serde_json::from_value(candidate.clone()).ok()?;
    serde_json::to_vec(&value).ok()
}

/// Describes a violation: a fragment with its pointer, as in RFC 9457, 3.
fn place(violation: &Violation) -> Value {
    let mut place = json!({ "detail": violation.rule });
    match violation.parameter {
        Some(parameter) => {
            place["parameter"] = parameter.into();
            if !violation.pointer.is_empty() {
                place["pointer"] = format!("#{}", violation.pointer).into();
            }
        }
        None => place["pointer"] = format!("#{}", violation.pointer).into(),
    }
    place
}

pub(crate) fn reply(status: StatusCode, media_type: &'static str, body: Vec<u8>) -> Reply {
    let is_empty = body.is_empty();
    let mut reply = Reply::new(axum::body::Body::from(body));
    *reply.status_mut() = status;
    if !is_empty {
        reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    reply
}
