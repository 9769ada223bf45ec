//! The service that responds to deliveries: [`Deliveries`]. With the feature `tracing` it logs how, for whoever
//! operates the receiver. No field holds anything from a delivery: an event's name or id may be a patient's.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

#[cfg(feature = "axum")]
use axum::Router;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::header::{ALLOW, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body as HttpBody;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tower_service::Service;

use crate::runtime::receiver::Receiver;
#[cfg(feature = "tracing")]
use crate::runtime::receiver::inbox::InboxError;
use crate::runtime::receiver::inbox::{Inbox, Incoming};
use crate::runtime::receiver::received::ReceiveErrorKind;
use crate::runtime::transport::body::Body;

/// How long a delivery may take in all, its body and the inbox together. Senders wait for some
/// seconds, 5 at the least of those known, and need a part of that for the way.
const DEADLINE: Duration = Duration::from_secs(4);
/// How much the bodies take that are read and stored at a time, in units of [`UNIT`]: 64 MiB. Events have some
/// hundred bytes, so only very large or very many ones wait for others.
const MEMORY: u32 = 64 << 10;
const UNIT: usize = 1 << 10;

/// Responds to deliveries, as a `tower` service. It compares the key before it reads the body, reads at most
/// as much as the limit allows, and passes deliveries with the right key to the inbox.
///
/// | status | when |
/// |---|---|
/// | 200 | the inbox keeps the delivery now or kept it before, whether a known event, an unknown one or a dead letter |
/// | 400 | the body broke off |
/// | 401 | the key is missing, wrong, or there more than once |
/// | 405 | the method is not POST |
/// | 408 | the body did not arrive within 4 seconds |
/// | 413 | the body is larger than the limit, by `content-length` or in fact |
/// | 503 | the inbox failed, or did not answer within 4 seconds of the delivery's arrival; or too much came at a time |
///
/// The responses have no body. Deliveries that can't be read as an event are passed to the inbox too, because
/// sending them again would not change them. The service needs a tokio runtime with timers enabled.
///
/// With the feature `tracing` it emits an event for each response: with level `DEBUG` if the delivery was
/// stored, `WARN` if it was refused or is a dead letter, and `ERROR` if it couldn't be stored. `tower` layers
/// around the service see the same statuses.
#[derive(Clone)]
pub struct Deliveries<I> {
    receiver: Receiver,
    inbox: I,
    memory: Arc<Semaphore>,
}

impl<I: Inbox> Deliveries<I> {
    pub(crate) fn new(receiver: Receiver, inbox: I) -> Self {
        Self { receiver, inbox, memory: Arc::new(Semaphore::new(MEMORY as usize)) }
    }

    /// Returns the inbox.
    pub const fn inbox(&self) -> &I {
        &self.inbox
    }

    /// Checks what comes before the body, and returns the status to refuse it with.
    fn refusal(&self, method: &Method, headers: &HeaderMap, least: u64) -> Option<StatusCode> {
        let limit = u64::try_from(self.receiver.limit()).unwrap_or(u64::MAX);
        let stated = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if *method != Method::POST {
            Some(StatusCode::METHOD_NOT_ALLOWED)
        } else if !self.receiver.accepts(headers) {
            Some(StatusCode::UNAUTHORIZED)
        } else if least > limit || stated.is_some_and(|stated| stated > limit) {
            Some(StatusCode::PAYLOAD_TOO_LARGE)
        } else {
            None
        }
    }

    /// Gives the inbox what was read, and returns the status.
    async fn store(&self, headers: &HeaderMap, body: Bytes) -> StatusCode {
        let incoming = match self.receiver.receive(headers, body) {
            Ok(received) => Incoming::Event(received),
            Err(error) => match (error.kind(), error.into_malformed()) {
                (_, Some(malformed)) => {
                    #[cfg(feature = "tracing")]
                    dead_letter();
                    Incoming::Malformed(malformed)
                }
                (ReceiveErrorKind::TooLarge, None) => return StatusCode::PAYLOAD_TOO_LARGE,
                (_, None) => return StatusCode::UNAUTHORIZED,
            },
        };
        match self.inbox.store(incoming).await {
            Ok(_) => StatusCode::OK,
            Err(error) => {
                #[cfg(feature = "tracing")]
                not_stored(&error);
                #[cfg(not(feature = "tracing"))]
                drop(error);
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}

impl<I, B> Service<Request<B>> for Deliveries<I>
where
    I: Inbox,
    B: HttpBody + Send + 'static,
    B::Data: Send,
    B::Error: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (head, body) = request.into_parts();
        if let Some(status) = self.refusal(&head.method, &head.headers, body.size_hint().lower()) {
            return Box::pin(std::future::ready(Ok(answer(status))));
        }
        let this = self.clone();
        Box::pin(async move { Ok(answer(this.take(&head.headers, body).await)) })
    }
}

impl<I: Inbox> Deliveries<I> {
    /// Reads the body and stores it, both within the time that there is.
    async fn take<B>(&self, headers: &HeaderMap, body: B) -> StatusCode
    where
        B: HttpBody + Send,
        B::Data: Send,
        B::Error: Send,
    {
        let limit = self.receiver.limit();
        let stated = body.size_hint().exact().and_then(|size| usize::try_from(size).ok());
        let mut late = StatusCode::SERVICE_UNAVAILABLE;
        let taking = async {
            let units = u32::try_from(stated.unwrap_or(limit) / UNIT + 1).unwrap_or(MEMORY).min(MEMORY);
            // It is never closed, and given back at the end.
            let _memory = self.memory.acquire_many(units).await;
            late = StatusCode::REQUEST_TIMEOUT;
            let body = match read(body, stated.unwrap_or(0), limit).await {
                Ok(body) => body,
                Err(status) => return status,
            };
            late = StatusCode::SERVICE_UNAVAILABLE;
            self.store(headers, body).await
        };
        timeout(DEADLINE, taking).await.unwrap_or(late)
    }
}

/// Reads a body of at most `limit` bytes, of `stated` bytes or, if that is 0, of any size. It stops where it goes beyond.
async fn read<B: HttpBody>(body: B, stated: usize, limit: usize) -> Result<Bytes, StatusCode> {
    let mut body = pin!(body);
    // A buffer that grows takes up to twice as much.
    let mut read = BytesMut::with_capacity(stated.min(limit));
    while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        // What comes after the data, trailers, is of no interest.
        let Ok(data) = frame.map_err(|_| StatusCode::BAD_REQUEST)?.into_data() else { continue };
        if data.remaining() > limit - read.len() {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        read.put(data);
    }
    Ok(read.freeze())
}

fn answer(status: StatusCode) -> Response<Body> {
    #[cfg(feature = "tracing")]
    tell(status);
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    if status == StatusCode::METHOD_NOT_ALLOWED {
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    answer
}

impl<I> fmt::Debug for Deliveries<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deliveries").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}

#[cfg(feature = "axum")]
impl<I: Inbox> Deliveries<I> {
    /// Returns a router that responds to deliveries at `path`, such as `/webhooks`. Merge it into the router of an
    /// app, or serve it as it is (feature `axum`).
    ///
    /// The receiver's limit for bodies applies, not axum's.
    ///
    /// # Panics
    ///
    /// The same as [`Router::route_service`]: if `path` doesn't start with a slash or isn't a valid pattern.
    pub fn into_router<S>(self, path: &str) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        Router::new().route_service(path, self)
    }
}

/// Tells of an answer.
#[cfg(feature = "tracing")]
pub(crate) fn tell(status: StatusCode) {
    let code = status.as_u16();
    if status.is_success() {
        tracing::debug!(
            target: env!("CARGO_CRATE_NAME"),
            { http.response.status_code = code },
            "a delivery was taken"
        );
    } else if status.is_server_error() {
        tracing::error!(
            target: env!("CARGO_CRATE_NAME"),
            { http.response.status_code = code },
            "a delivery could not be kept in time, and will come again"
        );
    } else {
        tracing::warn!(
            target: env!("CARGO_CRATE_NAME"),
            { http.response.status_code = code, error.r#type = reason(status) },
            "a delivery was refused"
        );
    }
}

/// Tells that a delivery is given to the inbox which cannot be read as an event.
#[cfg(feature = "tracing")]
pub(crate) fn dead_letter() {
    tracing::warn!(target: env!("CARGO_CRATE_NAME"), "a delivery cannot be read as an event");
}

/// Tells why the inbox did not keep a delivery, in the words that its author fixed. The cause stays
/// within: a database's error may hold values.
#[cfg(feature = "tracing")]
pub(crate) fn not_stored(error: &InboxError) {
    tracing::error!(target: env!("CARGO_CRATE_NAME"), inbox = %error, "the inbox failed");
}

/// Why a delivery is refused.
#[cfg(feature = "tracing")]
const fn reason(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "key",
        StatusCode::METHOD_NOT_ALLOWED => "method",
        StatusCode::REQUEST_TIMEOUT => "timeout",
        StatusCode::PAYLOAD_TOO_LARGE => "size",
        _ => "body",
    }
}
