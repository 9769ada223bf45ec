//! Answers to requests: the key, the rate limit, the operation, and the faults in between.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use serde_json::{Value, json};
use tower_service::Service as _;

use crate::delivery::target;
use crate::faults::{Fault, Rule};
use crate::fields::Failure;
use crate::journal::Change;
use crate::limit::Usage;
use crate::operation::{Operation, carrier};
use crate::shared::{Core, Exchange, Shared};

/// The key that requests need.
pub(crate) const KEY: &str = "dev_sandbox";
/// The longest body that is read.
const LONGEST: usize = 1 << 20;
const PROXY_PAGE: &str = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";

/// The connection is closed here.
#[derive(Debug)]
pub(crate) struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault closes the connection")
    }
}

impl Error for Closed {}

/// Answers a request, or closes its connection.
pub(crate) async fn respond(
    shared: Arc<Shared>,
    mut control: Router,
    request: Request<Incoming>,
) -> Result<Response<Body>, Closed> {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    if path == "/_sandbox" || path.starts_with("/_sandbox/") {
        let answer: Result<_, Infallible> = control.call(Request::from_parts(head, Body::new(body))).await;
        return answer.map_err(|never| match never {});
    }
    let operation = Operation::find(head.method.as_str(), path);
    let rule = operation.and_then(|operation| shared.lock().faults.request(operation));
    let fault = rule.as_ref().map(|rule| rule.fault);
    if fault == Some(Fault::ClosedInRequest) {
        record(&shared, &head, &[], None, "", fault);
        return Err(Closed);
    }
    let body = axum::body::to_bytes(Body::new(body), LONGEST).await;
    let acts = rule.as_ref().is_none_or(|rule| rule.acts || rule.fault == Fault::Slow);
    // Whatever needs no state happens without the lock, which all requests share.
    let authorized = authorize(&head);
    let wanted = match (&body, operation) {
        (Err(_), _) => Err(Failure::invalid("The body can't be read, or is longer than 1 MiB")),
        (Ok(_), None) => Err(Failure::not_found("Not found")),
        (Ok(body), Some(operation)) => input(operation, &head, body).map(|body| Change::Perform(operation, body)),
    };
    let (usage, performed) = {
        let mut core = shared.lock();
        let usage = core.limit.as_mut().map(|limit| limit.count(unix_seconds()));
        let performed = if acts { perform(&mut core, authorized, wanted, usage) } else { Ok(json!({})) };
        (usage, performed)
    };
    let proper = written(performed);
    let (status, answer) = match &rule {
        Some(rule) => instead(rule, proper),
        None => proper,
    };
    let is_closed = fault == Some(Fault::ClosedAfterRequest);
    let text = if is_closed { "" } else { &answer };
    record(&shared, &head, body.as_deref().unwrap_or_default(), (!is_closed).then_some(status), text, fault);
    match (fault, rule.and_then(|rule| rule.seconds)) {
        (Some(Fault::ClosedAfterRequest), _) => return Err(Closed),
        (Some(Fault::Slow), seconds) => {
            tokio::time::sleep(Duration::from_secs(seconds.unwrap_or(5).into())).await;
        }
        _ => {}
    }
    Ok(response(status, answer, usage, fault))
}

/// Returns the status and body that a rule gives instead of the proper ones.
fn instead(rule: &Rule, (status, body): (u16, String)) -> (u16, String) {
    match rule.fault {
        Fault::Status => {
            let (status, body) = rule.failure();
            (status, body.to_string())
        }
        Fault::Html => (rule.status.unwrap_or(502), PROXY_PAGE.to_owned()),
        Fault::Unsuccessful => {
            (200, json!({ "success": false, "error": { "message": "Something went wrong" } }).to_string())
        }
        Fault::Empty => (200, String::new()),
        _ => (status, body),
    }
}

/// Performs the operation of a request.
fn perform(
    core: &mut Core,
    authorized: Result<(), Failure>,
    wanted: Result<Change, Failure>,
    usage: Option<Usage>,
) -> Result<Value, Failure> {
    authorized?;
    if let Some(seconds) = usage.and_then(|usage| usage.retry_after) {
        return Err(Failure::rate_limited(seconds));
    }
    core.change(&wanted?)
}

fn written(performed: Result<Value, Failure>) -> (u16, String) {
    match performed {
        Ok(whole) if whole.get("success").is_some() => (200, whole.to_string()),
        Ok(data) => (200, json!({ "success": true, "data": data }).to_string()),
        Err(failure) => (failure.status, failure.body().to_string()),
    }
}

fn authorize(head: &Parts) -> Result<(), Failure> {
    match head.headers.get("x-api-key").map(HeaderValue::as_bytes) {
        Some(key) if key == KEY.as_bytes() => Ok(()),
        Some(key) if key.starts_with(b"prod_") => Err(Failure::unauthorized(
            "Unauthorized: this is a sandbox. Never send it a production key; its key is dev_sandbox.",
        )),
        _ => Err(Failure::unauthorized("Unauthorized")),
    }
}

/// Returns what the state reads: the body, or the parameters.
fn input(operation: Operation, head: &Parts, body: &[u8]) -> Result<Value, Failure> {
    let query = Query::<Vec<(String, String)>>::try_from_uri(&head.uri);
    let query = query.map_or_else(|_| Vec::new(), |Query(query)| query);
    let parameter = |name: &str| query.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.as_str());
    Ok(match operation {
        Operation::GetCarriers => Value::Null,
        Operation::GetCarrierServices => {
            json!({ "carrier": carrier(head.uri.path()), "patient": parameter("patientId") })
        }
        Operation::DeleteWebhook => json!({ "id": parameter("id") }),
        _ => {
            let body: Value =
                serde_json::from_slice(body).map_err(|_| Failure::invalid("The body must be a JSON object"))?;
            let url = body["webhook_url"].as_str().filter(|_| operation == Operation::CreateWebhook);
            // The state refuses what isn't HTTPS with the API's own words.
            if let Some(problem) = url.filter(|url| url.starts_with("https://")).and_then(|url| target(url).err()) {
                return Err(Failure::invalid(&problem));
            }
            body
        }
    })
}

fn record(shared: &Shared, head: &Parts, body: &[u8], status: Option<u16>, answer: &str, fault: Option<Fault>) {
    let mut exchange = Exchange {
        number: 0,
        at: Duration::ZERO,
        method: head.method.to_string(),
        target: head.uri.to_string(),
        body: String::from_utf8_lossy(body).into_owned(),
        status,
        answer: answer.to_owned(),
        fault,
    };
    let mut core = shared.lock();
    exchange.at = core.state.now();
    core.record(exchange);
}

fn response(status: u16, body: String, usage: Option<Usage>, fault: Option<Fault>) -> Response<Body> {
    let media_type = if fault == Some(Fault::Html) { "text/html" } else { "application/json" };
    let body = match fault {
        Some(Fault::Truncated) => Body::new(Broken { left: body.len() / 2, length: Some(body.len()), text: body }),
        Some(Fault::Endless) => Body::new(Broken { left: usize::MAX, length: None, text: body }),
        _ => Body::from(body),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Some(usage) = usage.filter(|_| fault != Some(Fault::Html)) {
        headers.insert("x-ratelimit-limit", usage.limit.into());
        headers.insert("x-ratelimit-remaining", usage.remaining.into());
        headers.insert("x-ratelimit-reset", usage.reset.into());
    }
    response
}

fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A body that breaks off, or never ends.
struct Broken {
    text: String,
    /// The bytes until the connection is closed.
    left: usize,
    /// What the head promises.
    length: Option<usize>,
}

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        if self.left == 0 {
            return Poll::Ready(Some(Err(Closed)));
        }
        if self.length.is_none() {
            return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b' '; 4096])))));
        }
        let part = Bytes::copy_from_slice(&self.text.as_bytes()[..self.left]);
        self.left = 0;
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, |length| SizeHint::with_exact(length as u64))
    }
}
