//! Behind the feature `test-util`: what a fake does with one request.
#![cfg(feature = "test-util")]

use std::future::pending;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use http_body::Frame;

use super::body::{Body, BoxError};
use super::transport::Unsent;

/// What is done with one request, and after how long.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) delay: Duration,
    pub(super) what: What,
}

#[derive(Clone)]
pub(super) enum What {
    Answer {
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
    },
    /// There is no connection.
    CutBeforeSending,
    /// The request goes out, and nothing comes back.
    CutAfterSending,
    /// The answer begins, and its body breaks off.
    CutAnswer,
    /// Nothing comes, and the connection stays.
    Silence,
}

impl Step {
    pub(super) async fn give(self) -> Result<Response<Body>, BoxError> {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        match self.what {
            What::Answer { status, headers, body } => Ok(response(status, headers, Body::from(body))),
            What::CutBeforeSending => Err(Unsent::new("the fake has no connection").into()),
            What::CutAfterSending => Err("the fake cut the connection".into()),
            What::CutAnswer => Ok(response(StatusCode::OK, HeaderMap::new(), Body::stream(Cut))),
            What::Silence => pending().await,
        }
    }
}

fn response(status: StatusCode, headers: HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// A body that breaks off.
struct Cut;

impl http_body::Body for Cut {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(Some(Err("the fake cut the answer off".into())))
    }
}
