//! A failed response: [`Failure`].

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::runtime::api::{Kind, Operation};
use crate::runtime::response::failure;
use crate::runtime::server::problem::Refused;

/// A failure of an operation. `E` is the type of the body that the document describes for it.
///
/// It is either a [documented body](Self::new) with its status, or a [message](Self::message) that is written in the
/// document's type if one fits the status, and as problem details (RFC 9457) otherwise.
#[must_use]
pub struct Failure<E>(Box<Parts<E>>);

struct Parts<E> {
    what: What<E>,
    code: Option<String>,
    retry_after: Option<u64>,
    headers: HeaderMap,
}

enum What<E> {
    Body(StatusCode, E),
    Message(StatusCode, String),
    Unimplemented,
    /// The document says per operation how an error of the kind looks.
    Kind(Box<dyn Fn(&'static Operation) -> Option<failure::Written> + Send + Sync>),
}

impl<E> Failure<E> {
    fn of(what: What<E>) -> Self {
        Self(Box::new(Parts { what, code: None, retry_after: None, headers: HeaderMap::new() }))
    }

    /// A failure with this status and body.
    pub fn new(status: StatusCode, body: E) -> Self {
        Self::of(What::Body(status, body))
    }

    /// A failure with a status from the document.
    pub(crate) fn documented(status: u16, body: E) -> Self {
        Self::new(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body)
    }

    /// A failure with this status and a message for humans.
    pub fn message(status: StatusCode, message: impl Into<String>) -> Self {
        Self::of(What::Message(status, message.into()))
    }

    /// The failure of an operation that isn't implemented: status 501 and the operation's name.
    pub fn unimplemented() -> Self {
        Self::of(What::Unimplemented)
    }

    /// An error of this kind, as the operation documents it.
    pub(crate) fn of_kind<K: Kind + Copy + PartialEq>(kind: K) -> Self {
        Self::of(What::Kind(Box::new(move |operation| failure::of_kind(operation, &kind))))
    }

    /// Sets the code for programs, if the document's error object has one. A documented body has its own.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Sets the header `retry-after`, and the same property of the document's error object.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self.0.headers.insert(header::RETRY_AFTER, seconds.into());
        self
    }

    /// Sets a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }
}

/// A failure, ready to be written.
pub(crate) enum Written {
    Body(StatusCode, Vec<u8>),
    Refused(Refused),
}

impl<E: Serialize> Failure<E> {
    /// Returns what is written, and the headers.
    pub(crate) fn written(self, operation: &'static Operation) -> (Written, HeaderMap) {
        let Parts { what, code, retry_after, headers } = *self.0;
        let refused = |status, message| Refused { status, message, code, retry_after };
        let internal = "the server's failure cannot be written";
        let written = match what {
            What::Body(status, body) => match serde_json::to_vec(&body) {
                Ok(json) if json == b"null" => Written::Body(status, Vec::new()),
                Ok(json) => Written::Body(status, json),
                Err(_) => Written::Refused(Refused::new(StatusCode::INTERNAL_SERVER_ERROR, internal)),
            },
            What::Message(status, message) => Written::Refused(refused(status, message)),
            What::Unimplemented => {
                let message = format!("the operation `{}` is not implemented", operation.id);
                Written::Refused(refused(StatusCode::NOT_IMPLEMENTED, message))
            }
            What::Kind(find) => Written::Refused(match find(operation) {
                Some(found) => Refused { code: found.code.map(str::to_owned), ..refused(found.status, found.message) },
                None => Refused::new(StatusCode::INTERNAL_SERVER_ERROR, internal),
            }),
        };
        (written, headers)
    }
}

impl<E> fmt::Debug for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match &self.0.what {
            What::Body(status, _) | What::Message(status, _) => Some(*status),
            What::Unimplemented => Some(StatusCode::NOT_IMPLEMENTED),
            What::Kind(_) => None,
        };
        f.debug_struct("Failure").field("status", &status).finish_non_exhaustive()
    }
}
