//! The steps that a fake goes through for an operation, one for each request.
#![cfg(feature = "test-util")]

use std::collections::VecDeque;
use std::future::pending;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use http_body::Frame;

use crate::runtime::error::BoxError;
use crate::runtime::transport::Unsent;
use crate::runtime::transport::body::Body;

/// The steps of an operation.
pub(crate) struct Script {
    pub(crate) operation: &'static str,
    steps: VecDeque<Step>,
    /// What was given last, for a repeat of the same request.
    last: Option<Step>,
    /// What is given once the others are used up.
    pub(crate) always: Option<Step>,
    /// Requests for which there was no step.
    missing: usize,
}

impl Script {
    pub(crate) fn new(operation: &'static str) -> Self {
        Self { operation, steps: VecDeque::new(), last: None, always: None, missing: 0 }
    }

    pub(crate) fn push(&mut self, step: Step) {
        self.steps.push_back(step);
    }

    /// Takes back the step that was added last.
    pub(crate) fn pop(&mut self) -> Option<Step> {
        self.steps.pop_back()
    }

    pub(crate) fn next(&mut self, attempt: u32) -> Option<Step> {
        let repeated = || if attempt > 1 { self.last.clone() } else { None };
        let next = self.steps.pop_front().or_else(|| self.always.clone()).or_else(repeated);
        match &next {
            Some(step) => self.last = Some(step.clone()),
            None => self.missing += 1,
        }
        next
    }

    /// What is not as the test expected it.
    pub(crate) fn problem(&self) -> Option<String> {
        let (name, left) = (self.operation, self.steps.len());
        match (self.missing, left) {
            (0, 0) => None,
            (0, 1) => Some(format!("`{name}` has an answer left that was not asked for")),
            (0, _) => Some(format!("`{name}` has {left} answers left that were not asked for")),
            (1, _) => Some(format!("`{name}` was asked once more than the test's fake has answers for it")),
            (missing, _) => {
                Some(format!("`{name}` was asked {missing} times more than the test's fake has answers for it"))
            }
        }
    }
}

/// What is done with one request, and after how long.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) delay: Duration,
    pub(crate) what: What,
}

#[derive(Clone)]
pub(crate) enum What {
    Answer {
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
    },
    /// Connecting fails.
    CutBeforeSending,
    /// The request goes out, and nothing comes back.
    CutAfterSending,
    /// The answer begins, and its body breaks off.
    CutAnswer,
    /// Nothing comes, and the connection stays.
    Silence,
}

impl Step {
    pub(crate) async fn give(self) -> Result<Response<Body>, BoxError> {
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
