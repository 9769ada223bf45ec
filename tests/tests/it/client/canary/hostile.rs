//! A server that repeats the request in every part of every answer, and causes all kinds of faults.

use serde_json::{Value, json};

use crate::client::DEV_KEY;
use crate::client::server::{Received, Reply, Then};

/// The message in answers to a development client, which may print it.
pub const MESSAGE: &str = "messageMARKER";

/// Markers in every answer.
pub const OWN: [&str; 4] = ["codeMARKER", "pageMARKER", "headerMARKER", "locationMARKER"];

/// A server's behavior after it received a whole request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The documented success, with status 200 or 201.
    Success(u16),
    /// The success with a truncated body.
    Truncated,
    /// A success with swapped types: strings in place of objects, and objects in place of strings.
    OtherShape,
    /// A success with a string as its data, or nothing.
    Text,
    Empty,
    /// A success status with the API's error object.
    SaysFailed,
    /// The API's error object, with an unknown or a known code.
    Object(u16, Option<&'static str>),
    /// The API's error object with a message that starts like that of a known kind.
    Kind(u16, &'static str),
    /// A proxy's error page.
    Page(u16),
    Redirect(u16),
    /// Invalid HTTP in the status line, in the headers, and in the body's length.
    NoStatus,
    NoHeader,
    NoLength,
    /// The connection ends before the status, in the status line, in the headers, and in the body.
    Cut,
    CutInStatus,
    CutInHead,
    CutInBody,
    /// The connection stays open but silent, at the same places.
    Silent,
    SilentInHead,
    SilentInBody,
    /// A body that never ends.
    Endless,
}

impl Answer {
    /// All behaviors.
    pub fn all() -> Vec<Self> {
        let statuses = [400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504];
        let mut all = vec![
            Self::Success(200),
            Self::Success(201),
            Self::Truncated,
            Self::OtherShape,
            Self::Text,
            Self::Empty,
            Self::SaysFailed,
            Self::Kind(401, "Unauthorized"),
            Self::NoStatus,
            Self::NoHeader,
            Self::NoLength,
            Self::Cut,
            Self::CutInStatus,
            Self::CutInHead,
            Self::CutInBody,
            Self::Silent,
            Self::SilentInHead,
            Self::SilentInBody,
            Self::Endless,
        ];
        for status in statuses {
            all.extend([Self::Object(status, None), Self::Page(status)]);
        }
        all.extend([Self::Object(400, Some("VALIDATION_ERROR")), Self::Object(429, Some("RATE_LIMIT_EXCEEDED"))]);
        all.extend([301, 302, 303, 307, 308].map(Self::Redirect));
        all
    }

    /// Whether only a client's timeout ends the call.
    pub const fn is_silent(self) -> bool {
        matches!(self, Self::Silent | Self::SilentInHead | Self::SilentInBody)
    }

    /// Answers a request of the operation whose success is `success`.
    pub fn reply(self, request: &Received, success: &Value) -> Reply {
        let echo = format!("{} {:?} {}", request.line, request.headers, String::from_utf8_lossy(&request.body));
        let is_development = request.headers.iter().any(|(_, value)| value == DEV_KEY);
        let message = if is_development { MESSAGE.to_owned() } else { format!("{MESSAGE} {echo}") };
        let json = |status, body: String| whole(status, &echo, "application/json", &body);
        let page = format!("<html>pageMARKER {echo}</html>");
        let body = success.to_string();
        let cut = |length: usize, then| {
            let all = json(200, body.clone()).bytes;
            Reply::new(&all[..length.min(all.len() - 1)], then)
        };
        let raw = |text: String| Reply::new(text.into_bytes(), Then::Cut);
        match self {
            Self::Success(status) => json(status, body),
            Self::Truncated => json(200, body[..body.len() - 1].to_owned()),
            Self::OtherShape => json(200, turned(success, &echo).to_string()),
            Self::Text => json(200, page),
            Self::Empty => json(200, String::new()),
            Self::SaysFailed => json(200, object(&message, "codeMARKER", &echo).to_string()),
            Self::Object(status, code) => {
                json(status, object(&message, code.unwrap_or("codeMARKER"), &echo).to_string())
            }
            Self::Kind(status, start) => {
                json(status, object(&format!("{start}: {message}"), "UNAUTHORIZED", &echo).to_string())
            }
            Self::Page(status) => whole(status, &echo, "text/html", &page),
            Self::Redirect(status) => {
                let location = "http://127.0.0.1:9/locationMARKER";
                let path = request.line.split(' ').nth(1).unwrap_or_default();
                let headers = format!("location: {location}{path}\r\nx-echo: {echo}\r\ncontent-length: 0");
                raw(format!("HTTP/1.1 {status} {echo}\r\n{headers}\r\n\r\n"))
            }
            Self::NoStatus => raw(format!("{echo}\r\n\r\n")),
            Self::NoHeader => raw(format!("HTTP/1.1 200 OK\r\n{echo} \0\r\n\r\n{echo}")),
            Self::NoLength => raw(format!("HTTP/1.1 200 OK\r\ncontent-length: {echo}\r\n\r\n{echo}")),
            Self::Cut => cut(0, Then::Cut),
            Self::CutInStatus => cut(9, Then::Cut),
            Self::CutInHead => cut(60, Then::Cut),
            Self::CutInBody => cut(usize::MAX, Then::Cut),
            Self::Silent => cut(0, Then::Silence),
            Self::SilentInHead => cut(60, Then::Silence),
            Self::SilentInBody => cut(usize::MAX, Then::Silence),
            Self::Endless => Reply::new("HTTP/1.1 200 OK\r\n\r\n", Then::Again(b"pageMARKER")),
        }
    }
}

/// Returns an answer whose reason and headers repeat the request.
fn whole(status: u16, echo: &str, media_type: &str, body: &str) -> Reply {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} {echo}\r\ncontent-type: {media_type}\r\nx-request-id: headerMARKER\r\nx-echo: {echo}\r\n\
         retry-after: headerMARKER\r\nx-ratelimit-limit: headerMARKER\r\nset-cookie: {echo}\r\n\
         content-length: {length}\r\n\r\n"
    );
    Reply::new([head.as_bytes(), body.as_bytes()].concat(), Then::Next)
}

/// The API's error object, with the request repeated in every part.
fn object(message: &str, code: &str, echo: &str) -> Value {
    let details = json!([{"field": echo, "message": echo, "extra": echo}]);
    json!({
        "success": false, "message": echo, "data": {"echo": echo}, "traceId": echo,
        "error": {"message": message, "code": code, "retry_after": 2, "details": details, "extra": echo},
    })
}

/// Returns the value with its strings replaced by objects, and other scalars by strings.
fn turned(value: &Value, echo: &str) -> Value {
    match value {
        Value::Object(members) => {
            let turn = |(key, value): (&String, &Value)| {
                let is_envelope = matches!(key.as_str(), "success" | "message");
                (key.clone(), if is_envelope { value.clone() } else { turned(value, echo) })
            };
            members.iter().map(turn).collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|item| turned(item, echo)).collect::<Vec<_>>().into(),
        Value::String(text) => json!({"value": text, "echo": echo}),
        other => json!(format!("{other} {echo}")),
    }
}
