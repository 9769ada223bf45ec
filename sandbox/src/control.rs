//! The paths under `/_sandbox`: the page, and what it and programs control the sandbox by.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::faults::Faults;
use crate::fields::Failure;
use crate::journal::{Change, acts};
use crate::page;
use crate::shared::{Clock, Core, Shared};
use crate::webhooks::Disturbance;

/// Returns the routes.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/_sandbox")))
        .route("/_sandbox", get(show))
        .route("/_sandbox/style.css", get(async || text("text/css; charset=utf-8", include_str!("page/style.css"))))
        .route("/_sandbox/script.js", get(async || text("text/javascript", include_str!("page/script.js"))))
        .route("/_sandbox/acts", get(count))
        .route("/_sandbox/clock", get(read_clock).post(set_clock))
        .route("/_sandbox/faults", get(list_faults).post(add_faults).delete(clear_faults))
        .route("/_sandbox/faults/clear", post(clear_faults))
        .route("/_sandbox/webhooks", post(disturb))
        .route("/_sandbox/deliveries/{id}/resend", post(resend))
        .route("/_sandbox/orders/{id}/cancel", post(cancel))
        .layer(from_fn(protect))
        .with_state(shared)
}

type Context = State<Arc<Shared>>;

/// What a request controls, as JSON or a form of the page.
struct Input {
    value: Value,
    is_form: bool,
}

impl<S: Send + Sync> FromRequest<S> for Input {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (head, body) = request.into_parts();
        let body = Bytes::from_request(Request::new(Body::new(body)), state).await;
        let body = body.map_err(IntoResponse::into_response)?;
        // `curl -d` calls JSON a form.
        let is_form = is_form(&head.headers) && !matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
        if is_form {
            let request = Request::from_parts(head, Body::from(body));
            let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, state)
                .await
                .map_err(IntoResponse::into_response)?;
            let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
            let value = Value::Object(fields.map(|(name, value)| (name, typed(value))).collect::<Map<_, _>>());
            return Ok(Self { value, is_form });
        }
        let value = if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&body) };
        match value {
            Ok(value) => Ok(Self { value, is_form }),
            Err(problem) => Err(refused(false, StatusCode::BAD_REQUEST, &problem.to_string())),
        }
    }
}

impl Input {
    fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        T::deserialize(&self.value).map_err(|problem| problem.to_string())
    }

    fn answer(&self, done: Result<Value, String>) -> Response {
        answer(self.is_form, done.map_err(|problem| Failure::invalid(&problem)))
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let form = b"application/x-www-form-urlencoded";
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(form))
}

/// Returns what a field of a form is in JSON.
fn typed(value: String) -> Value {
    match value.as_str() {
        "true" => Value::Bool(true),
        number if number.parse::<u64>().is_ok() => json!(number.parse::<u64>().unwrap_or_default()),
        _ => Value::String(value),
    }
}

fn answer(is_form: bool, done: Result<Value, Failure>) -> Response {
    match done {
        Ok(_) if is_form => Redirect::to("/_sandbox").into_response(),
        Ok(value) => json_response(StatusCode::OK, &value),
        Err(failure) => {
            let status = StatusCode::from_u16(failure.status).unwrap_or(StatusCode::BAD_REQUEST);
            refused(is_form, status, &failure.message)
        }
    }
}

fn refused(is_form: bool, status: StatusCode, problem: &str) -> Response {
    if is_form {
        return (status, Html(page::refusal(problem))).into_response();
    }
    json_response(status, &json!({ "problem": problem }))
}

fn json_response(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

fn text(media_type: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, media_type)], text).into_response()
}

async fn show(State(shared): Context, parts: Parts) -> Html<String> {
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1:4010");
    Html(page::page(&shared.lock(), host))
}

async fn count(State(shared): Context) -> Response {
    json_response(StatusCode::OK, &acts(&shared.lock().state))
}

fn clock(core: &Core) -> Value {
    let seconds = core.state.now().as_secs();
    match core.clock {
        Clock::Manual => json!({ "seconds": seconds, "speed": "manual" }),
        Clock::Running(speed) => json!({ "seconds": seconds, "speed": speed }),
    }
}

async fn read_clock(State(shared): Context) -> Response {
    json_response(StatusCode::OK, &clock(&shared.lock()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockInput {
    /// Seconds to advance by.
    #[serde(default)]
    advance: u32,
    /// `manual`, or how many times as fast as real time.
    speed: Option<Value>,
}

async fn set_clock(State(shared): Context, input: Input) -> Response {
    let read = input.read::<ClockInput>().and_then(|read| {
        let speed = match &read.speed {
            None => None,
            Some(Value::String(manual)) if manual == "manual" => Some(Clock::Manual),
            Some(speed) => {
                let speed = speed.as_u64().and_then(|speed| u32::try_from(speed).ok()).filter(|speed| *speed > 0);
                Some(Clock::Running(speed.ok_or("`speed` must be `manual` or a positive number")?))
            }
        };
        Ok((read.advance, speed))
    });
    let (advance, speed) = match read {
        Ok(read) => read,
        Err(problem) => return input.answer(Err(problem)),
    };
    let attempts = {
        let mut core = shared.lock();
        core.clock = speed.unwrap_or(core.clock);
        core.advance(Duration::from_secs(advance.into()))
    };
    shared.send(attempts).await;
    let now = clock(&shared.lock());
    input.answer(Ok(now))
}

async fn list_faults(State(shared): Context) -> Response {
    json_response(StatusCode::OK, &json!(shared.lock().faults.rules()))
}

async fn add_faults(State(shared): Context, input: Input) -> Response {
    let added = Faults::read(input.value.clone()).and_then(|rules| {
        let mut core = shared.lock();
        rules.into_iter().try_for_each(|rule| core.faults.add(rule))?;
        Ok(json!(core.faults.rules()))
    });
    input.answer(added)
}

async fn clear_faults(State(shared): Context, input: Input) -> Response {
    shared.lock().faults.clear();
    input.answer(Ok(json!([])))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DisturbInput {
    disturbance: Disturbance,
    count: Option<u32>,
}

async fn disturb(State(shared): Context, input: Input) -> Response {
    let read = match input.read::<DisturbInput>() {
        Ok(read) => read,
        Err(problem) => return input.answer(Err(problem)),
    };
    let change = Change::Disturb(read.disturbance, read.count.unwrap_or(1));
    answer(input.is_form, shared.lock().change(&change))
}

async fn resend(State(shared): Context, Path(id): Path<u64>, input: Input) -> Response {
    answer(input.is_form, shared.lock().change(&Change::Resend(id)))
}

async fn cancel(State(shared): Context, Path(id): Path<String>, input: Input) -> Response {
    answer(input.is_form, shared.lock().change(&Change::Cancel(id)))
}

/// Refuses what another site's page makes a browser send, and keeps other scripts out of the page.
async fn protect(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 3] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; \
             frame-ancestors 'none'; base-uri 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let is_change = !request.method().is_safe();
    if is_change && is_foreign(request.headers()) {
        return refused(is_form(request.headers()), StatusCode::FORBIDDEN, "the request comes from another site");
    }
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Returns whether a browser says that another site is behind a request. Programs say nothing.
fn is_foreign(headers: &HeaderMap) -> bool {
    let value = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    if let Some(site) = value("sec-fetch-site") {
        return site != b"same-origin";
    }
    let host = value("host").unwrap_or_default();
    value("origin").is_some_and(|origin| origin.strip_prefix(b"http://") != Some(host))
}
