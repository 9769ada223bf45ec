//! A response whose status means success, and the ways to decode its body.
//!
//! ```text
//! let response = self.call(&GET_REPORT).several(|_, media_type| media_type == "image/png").await?;
//! match (response.status().as_u16(), response.media_type().as_str()) {
//!     (200, "text/csv") => Ok(response.text()?.map(GetReportAnswer::Csv)),
//!     (200, "image/png") => Ok(response.bytes(self).map(GetReportAnswer::Png)),
//!     _ => Ok(response.json()?.map(GetReportAnswer::Report)),
//! }
//! ```

use std::pin::Pin;
use std::task::{Poll, Waker};

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use http_body::Body as _;
use serde::de::DeserializeOwned;

use crate::runtime::audit::observer::Observer;
use crate::runtime::error::Error;
use crate::runtime::error::problem::{Context, RawResponse};
use crate::runtime::response::failure::{undecodable, unreadable, unsuccessful};
use crate::runtime::response::{Meta, Response, envelope};
use crate::runtime::transport::body::Body;
use crate::runtime::value::objects::Objects;

/// A successful response.
pub(crate) struct UndecodedResponse {
    pub(crate) context: Context,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Held in memory, unless the response is streamed.
    pub(crate) body: Body,
    /// Is told when the response was read.
    pub(crate) observer: Observer,
}

impl UndecodedResponse {
    /// Reads the response, whole, by `read`, and with that the call has ended. `read` is given what an
    /// error has to know of the call.
    pub(crate) fn read<T>(
        mut self,
        read: impl FnOnce(Context, RawResponse) -> Result<Response<T>, Error>,
    ) -> Result<Response<T>, Error> {
        let answered = RawResponse { status: self.status, headers: self.headers, body: held_bytes(self.body) };
        let result = read(self.context, answered);
        self.observer.close(result.as_ref().err());
        result
    }
}

/// Returns the bytes of a body that is held in memory, as one piece at most.
fn held_bytes(mut body: Body) -> Bytes {
    let mut cx = std::task::Context::from_waker(Waker::noop());
    match Pin::new(&mut body).poll_frame(&mut cx) {
        Poll::Ready(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        _ => Bytes::new(),
    }
}

/// Returns the response to a call that succeeded.
pub(crate) fn respond<T>(data: T, response: RawResponse, message: Option<String>) -> Response<T> {
    Response::from_parts(data, Meta::new(response.status, response.headers, message))
}

impl UndecodedResponse {
    /// Returns the status, which is one of success.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the media type in lower case without its parameters, or an empty string.
    pub(crate) fn media_type(&self) -> String {
        media_type(&self.headers)
    }
}

pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE);
    let text = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let end = text.find(';').unwrap_or(text.len());
    text[..end].trim().to_ascii_lowercase()
}

/// Returns whether the media type names the charset windows-1252, or ISO 8859-1, for which the web reads it too
/// (WHATWG Encoding, 4.2).
fn is_western(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parameters = value.split(';').skip(1).filter_map(|parameter| parameter.trim().split_once('='));
    let charset = parameters.find(|(name, _)| name.eq_ignore_ascii_case("charset")).map(|(_, charset)| charset);
    charset.is_some_and(|charset| {
        let charset = charset.trim_matches('"');
        ["iso-8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252"]
            .iter()
            .any(|it| charset.eq_ignore_ascii_case(it))
    })
}

/// Returns the character that a byte means in windows-1252.
fn western(byte: u8) -> char {
    /// What the bytes 80 to 9F mean. Those that mean nothing are control characters.
    const SYMBOLS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let place = usize::from(byte).checked_sub(0x80);
    place.and_then(|place| SYMBOLS.get(place).copied()).unwrap_or(char::from(byte))
}

impl UndecodedResponse {
    /// Decodes the data in the envelope: in one pass, where the call succeeded.
    pub(crate) fn data<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.read(|context, response| {
            let names = &context.api.envelope;
            match envelope::read(names, &response.body) {
                Ok(read) if read.success == Some(false) => Err(unsuccessful(context, response)),
                Ok(read) => match read.data {
                    Some(data) => Ok(respond(data, response, read.message)),
                    None => Err(unreadable(context, "the response has no data", None, response)),
                },
                // In a failed call, the property for the data may hold anything.
                Err(error) => match envelope::head(names, &response.body) {
                    Some(head) if head.success == Some(false) => Err(unsuccessful(context, response)),
                    _ => Err(undecodable(context, response, &error)),
                },
            }
        })
    }

    /// Decodes the whole object, after a look at the envelope.
    pub(crate) fn whole<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.read(|context, response| {
            let head = envelope::head(&context.api.envelope, &response.body);
            if head.as_ref().is_some_and(|head| head.success == Some(false)) {
                return Err(unsuccessful(context, response));
            }
            match serde_json::from_slice(&response.body) {
                Ok(Objects(data)) => Ok(respond(data, response, head.and_then(|head| head.message))),
                Err(error) => Err(undecodable(context, response, &error)),
            }
        })
    }

    /// Decodes the body. A 204 and a 205 have none, which is read as null.
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let has_body = !matches!(self.status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT);
        self.read(|context, response| match serde_json::from_slice(if has_body { &response.body } else { b"null" }) {
            Ok(Objects(data)) => Ok(respond(data, response, None)),
            Err(error) => Err(undecodable(context, response, &error)),
        })
    }

    /// Returns the body as text: in UTF-8, or in the single-byte charset that its media type names. A JSON string is
    /// decoded.
    pub(crate) fn text(self) -> Result<Response<String>, Error> {
        let is_json = matches!(self.media_type().as_str(), "application/json" | "text/json");
        self.read(|context, response| {
            if is_json && let Ok(text) = serde_json::from_slice(&response.body) {
                return Ok(respond(text, response, None));
            }
            if !response.body.is_ascii() && is_western(&response.headers) {
                let text = response.body.iter().map(|byte| western(*byte)).collect();
                return Ok(respond(text, response, None));
            }
            match std::str::from_utf8(&response.body) {
                Ok(text) => Ok(respond(text.to_owned(), response, None)),
                Err(_) => Err(unreadable(context, "the response is not UTF-8 text", None, response)),
            }
        })
    }

    /// Looks at the body only for an envelope that says that the call failed.
    pub(crate) fn empty(self) -> Result<Response<()>, Error> {
        self.read(|context, response| {
            let head = envelope::head(&context.api.envelope, &response.body);
            if head.as_ref().is_some_and(|head| head.success == Some(false)) {
                return Err(unsuccessful(context, response));
            }
            Ok(respond((), response, head.and_then(|head| head.message)))
        })
    }
}
