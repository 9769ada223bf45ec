//! One attempt: sends a request and returns a response or an error within the limits.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body::Body as _;
use tokio::time::Instant;

use crate::runtime::audit::observer::Observer;
use crate::runtime::client::Client;
use crate::runtime::error::connection::ConnectTimeout;
use crate::runtime::error::problem::{Class, Context, Problem, RawResponse};
use crate::runtime::error::{BoxError, Delivery, Error, source};
use crate::runtime::response::failure;
use crate::runtime::response::undecoded::UndecodedResponse;
use crate::runtime::transport::body::Body;
use crate::runtime::transport::socket::Sending;
use crate::runtime::transport::{Exchange, Pending, Unsent};

/// When a call has to be over.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    /// None where that is too far ahead to matter.
    end: Option<Instant>,
    /// What a wait has to leave to an attempt. One that began at the last moment would run out of
    /// time, and a call that was surely not acted on would get an unknown fate by it.
    room: Duration,
}

impl Deadline {
    pub(crate) fn start(time: Duration) -> Self {
        /// Most responses come within it.
        const ROOM: Duration = Duration::from_secs(1);
        Self { end: Instant::now().checked_add(time), room: ROOM.min(time / 10) }
    }

    /// Returns the time that is left.
    pub(crate) fn left(self) -> Duration {
        self.end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()))
    }

    /// Returns whether an attempt finds room after a wait.
    pub(crate) fn has_room_after(self, wait: Duration) -> bool {
        wait.saturating_add(self.room) < self.left()
    }

    /// Returns when a wait has to be over, to leave room for an attempt.
    pub(crate) fn last_start(self) -> Option<Instant> {
        self.end.map(|end| end.checked_sub(self.room).unwrap_or(end))
    }
}

/// Says of a response of success whether it is handed over before its body is read.
pub(crate) type IsStreamed<'f> = dyn Fn(StatusCode, &HeaderMap) -> bool + Sync + 'f;

/// How an attempt failed.
enum Fault {
    /// The transport, before there was a response.
    Transport(BoxError),
    /// The connection, while the response was read.
    Cut(BoxError),
    /// The response is longer than it may be.
    TooLong,
}

/// What came of a response so far; it outlives an exchange that is given up.
#[derive(Default)]
struct Progress {
    head: Option<(StatusCode, HeaderMap)>,
    body: Gathered,
}

/// Sends the request once.
pub(crate) async fn attempt(
    client: &Client,
    context: Context,
    request: Request<Body>,
    deadline: Deadline,
    is_streamed: &IsStreamed<'_>,
    observer: &mut Observer,
) -> Result<UndecodedResponse, Error> {
    let (left, attempt_timeout) = (deadline.left(), client.options.attempt_timeout);
    let Exchange { pending, sending } = client.shared.transport.send(request);
    observer.attempt(sending.as_ref());
    let mut progress = Progress::default();
    let is_streamed = |status, headers: &_| is_returned(&context, status) && is_streamed(status, headers);
    let exchange = exchange(pending, &mut progress, client.options.max_answer_bytes, &is_streamed);
    match tokio::time::timeout(left.min(attempt_timeout), exchange).await {
        Ok(Ok(rest)) => finished(context, progress, rest),
        Ok(Err(fault)) => Err(faulty(context, &fault, progress)),
        Err(_) => {
            let text = if left <= attempt_timeout {
                "the time for the call ran out"
            } else {
                "the time for an attempt ran out"
            };
            Err(timed_out(context, text, progress, sending.as_ref()))
        }
    }
}

/// Whether the method returns a response with this status.
fn is_returned(context: &Context, status: StatusCode) -> bool {
    status.is_success() || context.redirects.iter().any(|documented| documented.contains(&status.as_u16()))
}

/// Waits for the response's head, then reads its body, unless it is streamed.
async fn exchange(
    pending: Pending,
    progress: &mut Progress,
    max: usize,
    is_streamed: &IsStreamed<'_>,
) -> Result<Option<Body>, Fault> {
    let (head, body) = pending.await.map_err(Fault::Transport)?.into_parts();
    let is_streamed = is_streamed(head.status, &head.headers);
    progress.head = Some((head.status, head.headers));
    if is_streamed {
        return Ok(Some(body));
    }
    progress.body.gather(body, max).await?;
    Ok(None)
}

/// Looks at the status of a response that was had.
fn finished(context: Context, progress: Progress, rest: Option<Body>) -> Result<UndecodedResponse, Error> {
    let response = progress.into_response().expect("an exchange that succeeded has a head");
    if !is_returned(&context, response.status) {
        return Err(failure::of_status(context, response));
    }
    Ok(UndecodedResponse {
        context,
        status: response.status,
        headers: response.headers,
        body: rest.unwrap_or_else(|| Body::from(response.body)),
        observer: Observer::default(),
    })
}

fn faulty(context: Context, fault: &Fault, progress: Progress) -> Error {
    let new = |class, text, delivery| Error::new(context, Problem::new(class, text), delivery);
    match fault {
        Fault::Transport(error) => {
            let error: &(dyn std::error::Error + 'static) = &**error;
            let made = if !source::holds::<Unsent>(error) {
                new(Class::Transport, "there was no response", Delivery::Unknown)
            } else if source::holds::<ConnectTimeout>(error) {
                new(Class::ConnectTimeout, "connecting took too long", Delivery::NotSent)
            } else if source::holds::<hyper::Error>(error) {
                new(Class::Connect, "the connection was lost before anything was written", Delivery::NotSent)
            } else {
                new(Class::Connect, "there was no connection", Delivery::NotSent)
            };
            made.with_cause(error)
        }
        Fault::Cut(error) => {
            let text = "the response was cut off";
            with_progress(new(Class::Transport, text, Delivery::Unknown), progress).with_cause(&**error)
        }
        Fault::TooLong => {
            let text = "the response is longer than the limit";
            with_progress(new(Class::Response, text, Delivery::Unknown), progress)
        }
    }
}

fn timed_out(context: Context, text: &'static str, progress: Progress, sending: Option<&Sending>) -> Error {
    let is_unsent = progress.head.is_none() && sending.is_some_and(Sending::is_unsent);
    let delivery = if is_unsent { Delivery::NotSent } else { Delivery::Unknown };
    with_progress(Error::new(context, Problem::new(Class::Timeout, text), delivery), progress)
}

/// Keeps what could be read.
fn with_progress(error: Error, progress: Progress) -> Error {
    match progress.into_response() {
        Some(response) => {
            let said = failure::said(&response, None, std::iter::empty());
            error.with_response(response, said)
        }
        None => error,
    }
}

impl Progress {
    fn into_response(self) -> Option<RawResponse> {
        let (status, headers) = self.head?;
        Some(RawResponse { status, headers, body: self.body.into_bytes() })
    }
}

/// The pieces of a body: a single one is not copied.
#[derive(Default)]
struct Gathered {
    first: Bytes,
    /// All pieces, once there are several.
    all: Vec<u8>,
}

impl Gathered {
    /// Reads `body` to its end, at most `max` bytes of it.
    async fn gather(&mut self, mut body: Body, max: usize) -> Result<(), Fault> {
        // What declares itself as too long is not read at all.
        let declared = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if declared > max {
            return Err(Fault::TooLong);
        }
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let Ok(piece) = frame.map_err(Fault::Cut)?.into_data() else {
                continue;
            };
            if piece.len() > max - self.len() {
                return Err(Fault::TooLong);
            }
            self.push(piece, declared);
        }
        Ok(())
    }

    fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    fn push(&mut self, piece: Bytes, declared: usize) {
        /// How much is reserved on a server's word.
        const TRUSTED: usize = 1024 * 1024;
        if self.len() == 0 {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            let needed = self.first.len() + piece.len();
            self.all.reserve(needed.max(declared.min(TRUSTED)));
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&piece);
    }

    fn into_bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { Bytes::from(self.all) }
    }
}
