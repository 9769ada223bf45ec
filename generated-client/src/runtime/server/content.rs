//! A successful response: [`Success`], and how its body is written: [`Content`].

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use crate::runtime::api::Envelope;
use crate::runtime::response::envelope;
use crate::runtime::transport::body::Body;
use crate::runtime::value::secret::Redacted;

/// A successful response of an operation: its data, and what goes along.
///
/// Data converts into it: `Ok(pet.into())`. The status is the first success that the document describes, unless
/// [`status`](Self::status) sets another.
#[must_use]
pub struct Success<T> {
    pub(crate) data: T,
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    pub(crate) message: Option<String>,
}

impl<T> Success<T> {
    /// Creates a response with this data.
    pub fn new(data: T) -> Self {
        Self { data, status: None, headers: HeaderMap::new(), message: None }
    }

    /// Sets the status.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets a header. `content-type` replaces the documented media type.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sets the envelope's message, if the document describes an envelope with a message.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}

impl<T> From<T> for Success<T> {
    fn from(data: T) -> Self {
        Self::new(data)
    }
}

impl<T> fmt::Debug for Success<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Success").field("data", &Redacted).field("status", &self.status).finish_non_exhaustive()
    }
}

/// The body of a response.
pub(crate) struct Content {
    pub(crate) body: Body,
    /// None for a response without a body.
    pub(crate) media_type: Option<&'static str>,
    /// Whether the media type is the only one that fits.
    pub(crate) status: Option<u16>,
    /// Whether the documented media type replaces this one.
    pub(crate) is_usual: bool,
}

const JSON: &str = "application/json";

/// What the functions that write a body are given besides the data.
#[derive(Clone, Copy)]
pub(crate) struct Wrapping<'w> {
    pub(crate) names: &'w Envelope,
    pub(crate) message: Option<&'w str>,
}

impl Content {
    fn of(body: impl Into<Body>, media_type: &'static str) -> Self {
        Self { body: body.into(), media_type: Some(media_type), status: None, is_usual: true }
    }

    /// Sets what the chosen variant of several has.
    pub(crate) fn with(mut self, status: u16, media_type: Option<&'static str>) -> Self {
        self.status = Some(status);
        if media_type.is_some_and(|media_type| !media_type.contains('*')) {
            self.media_type = media_type;
        }
        self.is_usual = false;
        self
    }

    /// Writes the envelope around the data. None if the data can't be written, and so for the others.
    pub(crate) fn data<T: Serialize>(data: T, with: Wrapping<'_>) -> Option<Self> {
        let data = serde_json::to_string(&data).ok()?;
        Some(Self::of(envelope::around(with.names, &data, with.message), JSON))
    }

    /// Writes the envelope's properties next to those of the data.
    pub(crate) fn whole<T: Serialize>(data: T, with: Wrapping<'_>) -> Option<Self> {
        let data = serde_json::to_string(&data).ok()?;
        Some(Self::of(envelope::beside(with.names, &data, with.message)?, JSON))
    }

    /// Writes JSON without an envelope.
    pub(crate) fn json<T: Serialize>(data: T, _: Wrapping<'_>) -> Option<Self> {
        Some(Self::of(serde_json::to_vec(&data).ok()?, JSON))
    }

    /// Writes text.
    #[allow(clippy::unnecessary_wraps, reason = "all functions that write have the same signature")]
    pub(crate) fn text(text: String, _: Wrapping<'_>) -> Option<Self> {
        Some(Self::of(text, "text/plain; charset=utf-8"))
    }

    /// Writes bytes, from memory or streamed.
    #[allow(clippy::unnecessary_wraps, reason = "all functions that write have the same signature")]
    pub(crate) fn bytes(body: Body, _: Wrapping<'_>) -> Option<Self> {
        Some(Self::of(body, "application/octet-stream"))
    }

    /// Writes nothing, or an envelope that says that the call succeeded.
    #[allow(clippy::unnecessary_wraps, reason = "all functions that write have the same signature")]
    pub(crate) fn empty((): (), with: Wrapping<'_>) -> Option<Self> {
        if with.names.success.is_none() {
            return Some(Self { body: Body::empty(), media_type: None, status: None, is_usual: false });
        }
        Some(Self::of(envelope::beside(with.names, "{}", with.message)?, JSON))
    }
}
