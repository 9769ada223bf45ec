//! A request that a fake received: [`Recorded`].
#![cfg(feature = "test-util")]

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, request};
use http_body::Body as _;
use serde::de::DeserializeOwned;

use crate::runtime::api::Operation;
use crate::runtime::error::BoxError;
use crate::runtime::transport::body::Body;
use crate::runtime::value::objects::Objects;

/// A body without a known type: one that isn't JSON, or of an unspecified operation.
#[derive(Debug, Clone, Copy)]
pub enum Any {}

/// A request that a fake received. `Q` is the type of its body. Each attempt of a call is recorded as it was sent.
///
/// `Debug` prints only the operation and sizes.
pub struct Recorded<Q> {
    pub(crate) sent: Arc<Sent>,
    pub(crate) body: PhantomData<fn() -> Q>,
}

/// A request, with its body read.
pub(crate) struct Sent {
    pub(crate) operation: &'static Operation,
    pub(crate) attempt: u32,
    method: Method,
    path: String,
    /// As it was written, without a question mark.
    query: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Sent {
    pub(crate) async fn read(
        operation: &'static Operation,
        attempt: u32,
        head: request::Parts,
        mut body: Body,
    ) -> Result<Self, BoxError> {
        let mut bytes = Vec::new();
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            if let Ok(piece) = frame?.into_data() {
                bytes.extend_from_slice(&piece);
            }
        }
        Ok(Self {
            operation,
            attempt,
            method: head.method,
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head.headers,
            body: Bytes::from(bytes),
        })
    }

    /// The value in place of `{name}` in the path.
    fn in_path(&self, name: &str) -> Option<String> {
        let place = format!("{{{name}}}");
        // The base URL may have a path too, so the last segments are compared.
        let pairs = self.operation.path.rsplit('/').zip(self.path.rsplit('/'));
        pairs.into_iter().find_map(|(template, segment)| {
            let (before, after) = template.split_once(&place)?;
            segment.strip_prefix(before)?.strip_suffix(after).map(decoded)
        })
    }

    fn in_query(&self, name: &str) -> Vec<String> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| decoded(key) == name).map(|(_, value)| decoded(value)).collect()
    }
}

impl<Q> Recorded<Q> {
    /// Returns the operation's id in the API's document.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.sent.operation.id
    }

    /// Returns the number of the attempt within its call, starting with 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.sent.attempt
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.sent.method
    }

    /// Returns the path as it was written, with its values.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.sent.path
    }

    /// Returns the values of a query parameter in order, by its name on the wire. Empty if it was left out.
    #[must_use]
    pub fn query(&self, name: &str) -> Vec<String> {
        self.sent.in_query(name)
    }

    /// Returns the headers, including those that the client adds.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.sent.headers
    }

    /// Returns a decoded parameter from the path, query or headers, by its name on the wire. None if it was left out
    /// or isn't a `T`. For lists use [`Recorded::query`].
    ///
    /// ```text
    /// let carrier: Option<CarrierId> = call.parameter("carrierId");
    /// ```
    #[must_use]
    pub fn parameter<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let in_header = || self.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let text = self.sent.in_path(name).or_else(|| self.query(name).into_iter().next()).or_else(in_header)?;
        // A number or a boolean is written as in JSON, and a text without its quotes.
        let Objects(value) = serde_json::from_value(serde_json::Value::from(text.as_str()))
            .or_else(|_| serde_json::from_str(&text))
            .ok()?;
        Some(value)
    }

    /// Returns the body as it was sent, even if it isn't JSON.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.sent.body
    }
}

impl<Q: DeserializeOwned> Recorded<Q> {
    /// Returns the decoded body. An optional body that was left out is `None`.
    ///
    /// # Panics
    ///
    /// If the body isn't a `Q`, which the client never sends. The message names only the operation.
    #[must_use]
    #[track_caller]
    pub fn body(&self) -> Q {
        let body: &[u8] = if self.bytes().is_empty() { b"null" } else { self.bytes() };
        let Ok(Objects(value)) = serde_json::from_slice(body) else {
            panic!("the body that was sent to `{}` has another type than the operation documents", self.operation());
        };
        value
    }
}

impl<Q> Clone for Recorded<Q> {
    fn clone(&self) -> Self {
        Self { sent: Arc::clone(&self.sent), body: PhantomData }
    }
}

impl<Q> fmt::Debug for Recorded<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("operation", &self.operation())
            .field("attempt", &self.attempt())
            .field("body_bytes", &self.bytes().len())
            .finish_non_exhaustive()
    }
}

/// Decodes `%2F` and the like; a plus sign is one, as the client writes a blank as `%20`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = match rest {
            [b'%', high, low, ..] => digit(*high).zip(digit(*low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
