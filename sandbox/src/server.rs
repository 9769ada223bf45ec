//! A state served on loopback, with a clock that runs by itself and deliveries that are sent.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Query;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::{Attempt, Failure, State};

const KEY: &str = "dev_sandbox";
const SECRET: &str = "whsec_sandbox";
/// How much faster than real time the virtual clock runs.
const SPEED: u32 = 60;
const TICK: Duration = Duration::from_millis(20);

type Shared = Arc<Mutex<State>>;

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running sandbox, which stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    state: Shared,
    tasks: [JoinHandle<()>; 2],
}

impl Sandbox {
    /// Starts a sandbox on a free port of loopback.
    ///
    /// # Errors
    /// If no port can be bound.
    pub async fn start() -> io::Result<Self> {
        Self::start_on(0).await
    }

    /// Starts a sandbox on a port of loopback.
    ///
    /// # Errors
    /// If the port can't be bound, because another process uses it for example.
    pub async fn start_on(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let state: Shared = Arc::new(Mutex::new(State::new(1)));
        let shared = Arc::clone(&state);
        let router = Router::new().fallback(move |method, uri, headers, query, body| {
            let answer = answer(&shared, &method, &uri, &headers, &query, &body);
            async move { answer }
        });
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap_or_default() });
        let clock = tokio::spawn(run_clock(Arc::clone(&state)));
        Ok(Self { address, state, tasks: [server, clock] })
    }

    /// Returns the base URL.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the key that requests need.
    #[must_use]
    pub fn key(&self) -> &'static str {
        KEY
    }

    /// Returns the secret that deliveries carry.
    #[must_use]
    pub fn webhook_secret(&self) -> &'static str {
        SECRET
    }

    /// Returns the state, locked. Requests wait until the guard is dropped.
    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

fn answer(
    state: &Mutex<State>,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    Query(query): &Query<Vec<(String, String)>>,
    body: &Bytes,
) -> Response {
    let authorized = headers.get("x-api-key").is_some_and(|key| key == KEY);
    let data = if authorized {
        operation(&mut lock(state), method, uri.path(), query, body)
    } else {
        Err(Failure { status: 401, code: "UNAUTHORIZED", message: "Unauthorized".to_owned(), details: None })
    };
    let (status, body) = match data {
        Ok(Value::Null) => (StatusCode::OK, json!({ "success": true })),
        Ok(whole) if whole.get("success").is_some() => (StatusCode::OK, whole),
        Ok(data) => (StatusCode::OK, json!({ "success": true, "data": data })),
        Err(failure) => (StatusCode::from_u16(failure.status).unwrap_or(StatusCode::BAD_REQUEST), failure.body()),
    };
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

fn operation(
    state: &mut State,
    method: &Method,
    path: &str,
    query: &[(String, String)],
    body: &[u8],
) -> Result<Value, Failure> {
    let json = || serde_json::from_slice(body).map_err(|_| Failure::invalid("The body must be JSON"));
    match (method.as_str(), path) {
        ("POST", "/api/external/practitioner") => state.create_practitioner(&json()?),
        ("POST", "/api/external/patient") => state.create_patient(&json()?),
        ("POST", "/api/external/medication-order") => state.create_medication_request(&json()?),
        ("POST", "/api/external/refill-request") => state.create_refill_request(&json()?),
        ("POST", "/api/external/webhook") => {
            let body: Value = json()?;
            if body["webhook_url"].as_str().is_some_and(|url| target(url).is_none()) {
                return Err(Failure::invalid("The sandbox only delivers to https://localhost:PORT/…"));
            }
            state.create_webhook(&body)
        }
        ("DELETE", "/api/external/webhook") => {
            let id = query.iter().find(|(name, _)| name == "id").map_or("", |(_, id)| id);
            state.delete_webhook(id).map(|()| Value::Null)
        }
        ("GET", "/api/external/carriers") => Ok(state.carriers()),
        ("GET", _) => {
            let carrier = path.strip_prefix("/api/external/carriers/").and_then(|rest| rest.strip_suffix("/services"));
            let patient = query.iter().find(|(name, _)| name == "patientId").map_or("", |(_, id)| id);
            let carrier = carrier.ok_or_else(|| Failure::not_found("Not found"))?;
            state.carrier_services(carrier, patient)
        }
        _ => Err(Failure::not_found("Not found")),
    }
}

async fn run_clock(state: Shared) {
    let mut ticks = tokio::time::interval(TICK);
    loop {
        ticks.tick().await;
        let attempts = lock(&state).advance(TICK * SPEED);
        for attempt in attempts {
            let state = Arc::clone(&state);
            tokio::spawn(async move {
                let sent = tokio::time::timeout(Duration::from_secs(5), deliver(&attempt)).await;
                let accepted = matches!(sent, Ok(Ok(true)));
                lock(&state).answered(&attempt, accepted);
            });
        }
    }
}

/// Returns the port and the path of a URL on this machine.
fn target(url: &str) -> Option<(u16, String)> {
    let (port, path) = match url.strip_prefix("https://localhost:")?.split_once('/') {
        Some((port, path)) => (port, path),
        None => (url.strip_prefix("https://localhost:")?, ""),
    };
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic());
    Some((port.parse().ok().filter(|_| plain)?, format!("/{path}")))
}

/// Sends a delivery over plain HTTP, and returns whether it was answered with 200.
async fn deliver(attempt: &Attempt) -> io::Result<bool> {
    let Some((port, path)) = target(&attempt.url) else { return Ok(false) };
    let body = attempt.body.to_string();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost:{port}\r\nx-api-key: {SECRET}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    let mut status = [0; 12];
    stream.read_exact(&mut status).await?;
    Ok(status.ends_with(b" 200"))
}
