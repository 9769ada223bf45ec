//! The service that answers deliveries: statuses, limits and time, without a socket.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};
use tower_service::Service;

use crate::runtime::receiver::Receiver;
use crate::runtime::receiver::inbox::{Hook, Verdict};
use crate::runtime::receiver::inbox::{Inbox, InboxError, Incoming, Stored};
use crate::runtime::receiver::service::Deliveries;
use crate::webhooks::KEY_HEADER;

const SECRET: &str = "s3cret";
const PAID: &str = r#"{"name":"paid","data":7}"#;

/// What an inbox does with what it is given.
#[derive(Clone, Copy)]
enum Manner {
    Keep,
    Know,
    Fail,
    Hang,
}

#[derive(Clone)]
struct Notes {
    manner: Manner,
    kept: Arc<Mutex<Vec<Incoming>>>,
}

impl Inbox for Notes {
    async fn store(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        match self.manner {
            Manner::Keep => self.kept.lock().expect("no test panicked").push(delivery),
            Manner::Know => return Ok(Stored::Known),
            Manner::Fail => return Err(InboxError::new("the disk is full")),
            Manner::Hang => std::future::pending().await,
        }
        Ok(Stored::New)
    }
}

fn deliveries(manner: Manner) -> Deliveries<Notes> {
    Receiver::new(SECRET).expect("it is a secret").deliver_to(Notes { manner, kept: Arc::default() })
}

/// A body whose pieces come one after the other, each after a pause; it tells how many were taken.
struct Dripping {
    pieces: VecDeque<Result<Bytes, &'static str>>,
    /// Whether the last piece comes again and again.
    is_endless: bool,
    pause: Duration,
    sleeping: Pin<Box<Sleep>>,
    least: u64,
    taken: Arc<Mutex<usize>>,
}

impl Dripping {
    fn new(pieces: impl IntoIterator<Item = Result<&'static str, &'static str>>, pause: Duration) -> Self {
        Self {
            pieces: pieces.into_iter().map(|piece| piece.map(|text| Bytes::from_static(text.as_bytes()))).collect(),
            is_endless: false,
            pause,
            sleeping: Box::pin(sleep(pause)),
            least: 0,
            taken: Arc::default(),
        }
    }
}

impl HttpBody for Dripping {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        if !self.pause.is_zero() {
            std::task::ready!(self.sleeping.as_mut().poll(cx));
            self.sleeping = Box::pin(sleep(self.pause));
        }
        let piece = match self.pieces.front() {
            Some(piece) if self.is_endless => Some(piece.clone()),
            _ => self.pieces.pop_front(),
        };
        *self.taken.lock().expect("no test panicked") += 1;
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = SizeHint::new();
        hint.set_lower(self.least);
        hint
    }
}

fn whole(text: &'static str) -> Dripping {
    Dripping::new([Ok(text)], Duration::ZERO)
}

fn request(key: &str, body: Dripping) -> Request<Dripping> {
    let request = Request::builder().method(Method::POST).uri("/hooks").header(KEY_HEADER, key);
    request.body(body).expect("it is a request")
}

async fn status<I: Inbox>(deliveries: &Deliveries<I>, request: Request<Dripping>) -> StatusCode {
    let answer = deliveries.clone().call(request).await.expect("it cannot fail");
    assert_eq!(answer.body().size_hint().exact(), Some(0), "answers have no body");
    answer.status()
}

#[tokio::test]
async fn what_comes_with_the_right_key_is_kept() {
    let deliveries = deliveries(Manner::Keep);
    for body in [PAID, r#"{"name":"other"}"#, r#"{"name":"paid"}"#, "<html>", ""] {
        assert_eq!(status(&deliveries, request(SECRET, whole(body))).await, StatusCode::OK, "{body}");
        let kept = deliveries.inbox().kept.lock().expect("no test panicked").pop().expect("it is kept");
        assert_eq!(&kept.body()[..], body.as_bytes());
        assert_eq!(matches!(kept, Incoming::Event(_)), body.contains("other") || body == PAID, "{body}");
    }
}

#[tokio::test]
async fn a_duplicate_is_answered_as_the_first_was() {
    assert_eq!(status(&deliveries(Manner::Know), request(SECRET, whole(PAID))).await, StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_comes_in_pieces_is_put_together() {
    let deliveries = deliveries(Manner::Keep);
    let body = Dripping::new([Ok("{\"name\":"), Ok(""), Ok("\"paid\",\"data\""), Ok(":7}")], Duration::ZERO);
    assert_eq!(status(&deliveries, request(SECRET, body)).await, StatusCode::OK);
    let kept = deliveries.inbox().kept.lock().expect("no test panicked");
    assert_eq!(&kept[0].body()[..], PAID.as_bytes());
}

/// Fails unless a request is answered so, and nothing is kept of it.
async fn assert_refused(
    deliveries: &Deliveries<Notes>,
    request: Request<Dripping>,
    expected: StatusCode,
    pieces: usize,
) {
    let taken = Arc::clone(&request.body().taken);
    assert_eq!(status(deliveries, request).await, expected);
    assert_eq!(*taken.lock().expect("no test panicked"), pieces, "{expected}: pieces of the body that were read");
    assert!(deliveries.inbox().kept.lock().expect("no test panicked").is_empty());
}

#[tokio::test]
async fn a_wrong_key_is_refused_before_the_body_is_read() {
    let deliveries = deliveries(Manner::Keep);
    for key in ["", "another", "s3cre", "s3cret0"] {
        let mut body = whole(PAID);
        body.is_endless = true;
        body.least = u64::MAX;
        assert_refused(&deliveries, request(key, body), StatusCode::UNAUTHORIZED, 0).await;
    }
    let mut without = request("", whole(PAID));
    without.headers_mut().remove(KEY_HEADER);
    assert_refused(&deliveries, without, StatusCode::UNAUTHORIZED, 0).await;
}

#[tokio::test]
async fn another_method_is_refused() {
    let deliveries = deliveries(Manner::Keep);
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::OPTIONS] {
        let mut request = request(SECRET, whole(PAID));
        *request.method_mut() = method;
        assert_refused(&deliveries, request, StatusCode::METHOD_NOT_ALLOWED, 0).await;
    }
    let mut other = request("", whole(""));
    *other.method_mut() = Method::GET;
    let answer = deliveries.clone().call(other).await.expect("it cannot fail");
    assert_eq!(answer.headers().get("allow").map(http::HeaderValue::as_bytes), Some(&b"POST"[..]));
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let deliveries = Receiver::new(SECRET)
        .expect("it is a secret")
        .max_body_bytes(PAID.len())
        .deliver_to(Notes { manner: Manner::Keep, kept: Arc::default() });
    let too_large = StatusCode::PAYLOAD_TOO_LARGE;
    // By what the body says of itself, by `content-length`, and in fact.
    let mut body = whole(PAID);
    body.least = PAID.len() as u64 + 1;
    assert_refused(&deliveries, request(SECRET, body), too_large, 0).await;
    let mut stated = request(SECRET, whole(PAID));
    stated.headers_mut().insert("content-length", "25".parse().expect("it is a value"));
    assert_refused(&deliveries, stated, too_large, 0).await;
    let body = Dripping::new([Ok(PAID), Ok(" "), Ok(" ")], Duration::ZERO);
    assert_refused(&deliveries, request(SECRET, body), too_large, 2).await;
    let mut body = whole("0123456789");
    body.is_endless = true;
    assert_refused(&deliveries, request(SECRET, body), too_large, 3).await;
    // No number that could be compared: what counts is what comes.
    let mut strange = request(SECRET, whole(PAID));
    strange.headers_mut().insert("content-length", "99999999999999999999999".parse().expect("it is a value"));
    assert_eq!(status(&deliveries, strange).await, StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_kept() {
    let deliveries = deliveries(Manner::Keep);
    let body = Dripping::new([Ok(PAID), Err("reset")], Duration::ZERO);
    assert_refused(&deliveries, request(SECRET, body), StatusCode::BAD_REQUEST, 2).await;
}

#[tokio::test]
async fn an_inbox_that_fails_makes_the_sender_come_again() {
    let deliveries = deliveries(Manner::Fail);
    for body in [PAID, "no JSON"] {
        let answered = status(&deliveries, request(SECRET, whole(body))).await;
        assert_eq!(answered, StatusCode::SERVICE_UNAVAILABLE, "{body}");
    }
}

#[cfg(feature = "tracing")]
#[tokio::test]
async fn an_operator_sees_what_was_refused_and_nothing_of_it() {
    use super::tracing::Seen;

    let seen = Seen::default();
    let guard = seen.observer();
    let steps = [
        (Manner::Keep, SECRET, PAID, "message=a delivery was taken\nhttp.response.status_code=200\n"),
        (
            Manner::Keep,
            "c4n4ry",
            PAID,
            "message=a delivery was refused\nhttp.response.status_code=401\nerror.type=\"key\"\n",
        ),
        (
            Manner::Keep,
            SECRET,
            r#"{"name":"paid","data":"c4n4ry"}"#,
            "message=a delivery cannot be read as an event\n\
             message=a delivery was taken\nhttp.response.status_code=200\n",
        ),
        (
            Manner::Fail,
            SECRET,
            PAID,
            "message=the inbox failed\ninbox=the disk is full\n\
             message=a delivery could not be kept in time, and will come again\nhttp.response.status_code=503\n",
        ),
    ];
    for (manner, key, body, expected) in steps {
        status(&deliveries(manner), request(key, whole(body))).await;
        assert_eq!(seen.take(), expected);
    }
    drop(guard);
}

/// Returns the status and how long it took, of the paused clock.
async fn timed(deliveries: &Deliveries<Notes>, request: Request<Dripping>) -> (StatusCode, Duration) {
    let start = Instant::now();
    (status(deliveries, request).await, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn the_sender_has_an_answer_within_its_five_seconds() {
    let seconds = Duration::from_secs;
    let hanging = timed(&deliveries(Manner::Hang), request(SECRET, whole(PAID))).await;
    assert_eq!(hanging, (StatusCode::SERVICE_UNAVAILABLE, seconds(4)));

    let mut body = Dripping::new([Ok(" ")], seconds(1));
    body.is_endless = true;
    let (dripping, after) = timed(&deliveries(Manner::Keep), request(SECRET, body)).await;
    assert_eq!((dripping, after), (StatusCode::REQUEST_TIMEOUT, seconds(4)));

    // The time that the body took is not there for the inbox any more.
    let slow = Dripping::new([Ok(PAID)], Duration::from_millis(1500));
    let (both, after) = timed(&deliveries(Manner::Hang), request(SECRET, slow)).await;
    assert_eq!((both, after), (StatusCode::SERVICE_UNAVAILABLE, seconds(4)));

    let slow = Dripping::new([Ok(PAID)], Duration::from_millis(1500));
    assert_eq!(timed(&deliveries(Manner::Keep), request(SECRET, slow)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_hook_decides_in_the_place_of_an_inbox() {
    let receiver = || Receiver::new(SECRET).expect("it is a secret");
    let hook = || {
        Hook::new(|delivery| async move { if delivery.name() == "paid" { Verdict::Taken } else { Verdict::Redeliver } })
    };
    let (taken, again) = (StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE);
    let plain = receiver().deliver_to(hook());
    let letters =
        receiver().deliver_to(hook().malformed(|letter| async move {
            if letter.name().is_some() { Verdict::Taken } else { Verdict::Redeliver }
        }));
    let unknown = r#"{"name":"other"}"#;
    let malformed = r#"{"name":"paid"}"#;
    for (deliveries, body, expected) in [
        (&plain, PAID, taken),
        (&plain, unknown, again),
        // Nobody looks at it: nothing is lost.
        (&plain, malformed, again),
        (&plain, "no JSON", again),
        (&letters, PAID, taken),
        (&letters, malformed, taken),
        (&letters, "no JSON", again),
    ] {
        assert_eq!(status(deliveries, request(SECRET, whole(body))).await, expected, "{body}");
    }
    assert_eq!(format!("{:?}", hook()), "Hook { .. }");
}

#[test]
fn a_service_prints_nothing_of_its_secrets() {
    let expected = "Deliveries { receiver: Receiver { accepted: 1, max_body_bytes: 1048576 }, .. }";
    assert_eq!(format!("{:?}", deliveries(Manner::Keep)), expected);
}
