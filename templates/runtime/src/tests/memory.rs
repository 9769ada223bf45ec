//! A server in memory: a transport whose answers, failures and silences a test chooses, so that
//! time can be paused.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::{Body as _, Frame};
use tower_service::Service;

use super::builder;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::BoxError;
use crate::runtime::transport::body::Body;

pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

/// A transport made of a function.
pub(crate) struct Memory<F>(Arc<F>);

impl<F> Clone for Memory<F> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<F: Fn(Request<Body>) -> Answering> Service<Request<Body>> for Memory<F> {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.0(request)
    }
}

/// A builder of clients of this server. They make one attempt, as nothing else is said.
pub(crate) fn served<F>(answer: F) -> ClientBuilder
where
    F: Fn(Request<Body>) -> Answering + Send + Sync + 'static,
{
    builder("https://unreached.invalid").transport(Memory(Arc::new(answer)))
}

/// Reads a body that is in memory.
pub(crate) async fn text(mut body: Body) -> String {
    let mut all = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let piece = frame.expect("it is in memory").into_data().expect("it has no trailers");
        all.extend_from_slice(&piece);
    }
    String::from_utf8(all).expect("requests are text")
}

pub(crate) fn answer(status: u16, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    response
}

/// The API's own words for a failure with this code.
pub(crate) fn own(code: &str) -> String {
    format!(r#"{{"success": false, "error": {{"message": "m", "code": "{code}"}}}}"#)
}

pub(crate) const FINE: &str = r#"{"success": true, "data": 1}"#;

/// A body that begins, and then is cut off, or hangs.
pub(crate) struct Broken {
    pub(crate) is_cut: bool,
    first: Option<Bytes>,
}

impl Broken {
    pub(crate) fn body(is_cut: bool) -> Body {
        Body::stream(Self { is_cut, first: Some(Bytes::from_static(b"{\"succ")) })
    }
}

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(Frame::data(first)))),
            None if self.is_cut => Poll::Ready(Some(Err("cut".into()))),
            None => Poll::Pending,
        }
    }
}

/// Chance with a seed, so that a test is the same each time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// Returns a number below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }
}
