//! A server in memory: a transport that counts how often each call acts, and causes faults in every phase.

use std::collections::HashMap;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body::Frame;
use novamed::body::Body;
use novamed::transport::{BoxError, Unsent};
use serde_json::{Value, json};
use tower_service::Service;

use super::dice::Dice;

tokio::task_local! {
    /// Identifies the call. The transport runs in the call's task.
    pub static NUMBER: u64;
}

/// The server's reaction to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Does {
    /// The connection fails.
    Unreachable,
    /// It is cut before the server acts: before the request was written, or after half of it.
    CutBefore,
    /// The server acts, and is cut before the status or in the headers.
    CutAfter,
    CutInBody,
    HangBefore,
    HangAfter,
    HangInBody,
    /// The API's own refusal.
    Refuse(u16),
    /// The refusal marked as made before acting.
    Busy,
    /// Another 429: it may have acted.
    OtherLimit(bool),
    /// The API's own failure with a status that proves nothing, after acting or not.
    Fail(u16, bool),
    /// A proxy's error page, after acting or not.
    Page(u16, bool),
    /// A success status with an invalid body.
    Garbage,
    SaysFailed(bool),
    Redirect(bool),
    /// It acts, and answers after a few seconds.
    Slow,
    Fine,
}

/// The number of variants.
pub const SORTS: usize = 17;

impl Does {
    pub fn any(dice: &mut Dice) -> Self {
        let acts = dice.roll(2) == 0;
        match dice.roll(25) {
            0..=2 => Self::Unreachable,
            3 => Self::CutBefore,
            4 => Self::CutAfter,
            5 => Self::CutInBody,
            6 => Self::HangBefore,
            7 => Self::HangAfter,
            8 => Self::HangInBody,
            9 => Self::Refuse(dice.pick(&[400, 401, 403, 404])),
            10..=12 => Self::Busy,
            13 => Self::OtherLimit(acts),
            14 => Self::Fail(dice.pick(&[409, 422, 500, 502, 503, 504]), acts),
            15 => Self::Page(dice.pick(&[400, 401, 403, 404, 429, 500, 502, 503, 504]), acts),
            16 => Self::Garbage,
            17 => Self::SaysFailed(acts),
            18 => Self::Slow,
            19 => Self::Redirect(acts),
            _ => Self::Fine,
        }
    }

    /// The reactions after which a repeatable operation succeeds.
    pub fn passing(dice: &mut Dice) -> Self {
        loop {
            match Self::any(dice) {
                Self::Refuse(_)
                | Self::OtherLimit(_)
                | Self::Fail(409 | 422, _)
                | Self::Page(400..=499, _)
                | Self::Garbage
                | Self::Redirect(_)
                | Self::SaysFailed(_) => {}
                does => return does,
            }
        }
    }

    const fn acts(self) -> bool {
        match self {
            Self::Unreachable | Self::CutBefore | Self::HangBefore | Self::Refuse(_) | Self::Busy => false,
            Self::OtherLimit(acts)
            | Self::Fail(_, acts)
            | Self::Page(_, acts)
            | Self::SaysFailed(acts)
            | Self::Redirect(acts) => acts,
            _ => true,
        }
    }

    async fn answer(self, fine: Bytes) -> Result<Response<Body>, BoxError> {
        let own = |code: &str| json!({"success": false, "error": {"message": "m", "code": code}}).to_string();
        Ok(match self {
            Self::Unreachable => return Err(Unsent::new("unreachable").into()),
            Self::CutBefore | Self::CutAfter => return Err("cut".into()),
            Self::HangBefore | Self::HangAfter => pending().await,
            Self::CutInBody => answer(200, Broken::body(&fine, true)),
            Self::HangInBody => answer(200, Broken::body(&fine, false)),
            Self::Refuse(status) => answer(status, own("NOT_FOUND")),
            Self::Busy => answer(429, own("RATE_LIMIT_EXCEEDED")),
            Self::OtherLimit(_) => answer(429, own("BUSY")),
            Self::Fail(status, _) => answer(status, own("INTERNAL_ERROR")),
            Self::Page(status, _) => answer(status, "<html>"),
            Self::Garbage => answer(200, "<html>"),
            Self::SaysFailed(_) => answer(200, own("NOT_FOUND")),
            Self::Redirect(_) => answer(307, ""),
            Self::Slow => {
                tokio::time::sleep(Duration::from_secs(7)).await;
                answer(200, fine)
            }
            Self::Fine => answer(200, fine),
        })
    }
}

fn answer(status: u16, body: impl Into<Body>) -> Response<Body> {
    Response::builder().status(status).body(body.into()).expect("the status is one")
}

/// A body that starts and then is cut, or hangs.
struct Broken {
    first: Option<Bytes>,
    is_cut: bool,
}

impl Broken {
    fn body(whole: &Bytes, is_cut: bool) -> Body {
        let first = whole.slice(..whole.len() / 2);
        Body::stream(Self { first: Some(first), is_cut })
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

/// What the server saw of one call.
#[derive(Default, Clone)]
pub struct Seen {
    pub attempts: u32,
    pub acts: u32,
    pub did: Vec<Does>,
}

/// A counting server.
pub struct Counting {
    dice: Mutex<Dice>,
    seen: Mutex<HashMap<u64, Seen>>,
    choose: fn(&Seen, &mut Dice) -> Does,
    /// The body of a success.
    fine: Bytes,
}

impl Counting {
    pub fn new(fine: &Value, choose: fn(&Seen, &mut Dice) -> Does) -> Arc<Self> {
        Arc::new(Self {
            dice: Mutex::new(Dice::new(0x0dd5)),
            seen: Mutex::default(),
            choose,
            fine: fine.to_string().into(),
        })
    }

    pub fn seen(&self) -> MutexGuard<'_, HashMap<u64, Seen>> {
        self.seen.lock().expect("no test panics in the lock")
    }

    fn does(&self, call: u64) -> Does {
        let mut seen = self.seen();
        let seen = seen.entry(call).or_default();
        let does = (self.choose)(seen, &mut self.dice.lock().expect("no test panics in the lock"));
        seen.attempts += 1;
        seen.acts += u32::from(does.acts());
        seen.did.push(does);
        does
    }
}

/// The transport to the server.
#[derive(Clone)]
pub struct Memory(pub Arc<Counting>);

impl Service<Request<Body>> for Memory {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let key = request.headers().get("x-api-key");
        assert!(key.is_some_and(HeaderValue::is_sensitive), "the key is to be there, and marked as sensitive");
        Box::pin(self.0.does(NUMBER.get()).answer(self.0.fine.clone()))
    }
}
