//! Receiving deliveries: an axum app on loopback, and the plain service.

mod answers;
mod arbitrary;
mod keys;
mod limits;
mod privacy;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use novamed::webhooks::{Inbox, InboxError, Incoming, Receiver, Stored};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::spec::{self, Example};

/// The partner's secret.
const SECRET: &str = "whsec_SECRETMARKER";

fn receiver() -> Receiver {
    Receiver::new(SECRET).expect("it is a secret")
}

/// An inbox's reaction to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Keep,
    Know,
    Fail,
    /// Stores it after this time.
    Linger(Duration),
}

/// An inbox in memory.
#[derive(Debug, Clone)]
struct Notes {
    manner: Manner,
    kept: Arc<Mutex<Vec<Incoming>>>,
}

impl Notes {
    fn new(manner: Manner) -> Self {
        Self { manner, kept: Arc::default() }
    }

    /// Takes out what was stored so far.
    fn take(&self) -> Vec<Incoming> {
        std::mem::take(&mut *self.kept.lock().expect("no test panicked"))
    }
}

impl Inbox for Notes {
    async fn store(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        match self.manner {
            Manner::Keep => {}
            Manner::Know => return Ok(Stored::Known),
            Manner::Fail => return Err(InboxError::new("the disk is full")),
            Manner::Linger(time) => tokio::time::sleep(time).await,
        }
        self.kept.lock().expect("no test panicked").push(delivery);
        Ok(Stored::New)
    }
}

/// An app that receives deliveries at `/webhooks`.
struct App {
    address: std::net::SocketAddr,
    inbox: Notes,
}

impl App {
    async fn start(receiver: Receiver, manner: Manner) -> Self {
        let inbox = Notes::new(manner);
        let router = axum::Router::new().merge(receiver.deliver_to(inbox.clone()).into_router("/webhooks"));
        Self { address: serve(router).await, inbox }
    }

    /// Sends the head and this part of a body, and returns the answer's status.
    async fn send(&self, head: &str, body: &[u8]) -> u16 {
        let mut connection = TcpStream::connect(self.address).await.expect("the app listens");
        connection.write_all(head.as_bytes()).await.expect("the app reads");
        connection.write_all(body).await.expect("the app reads");
        answered(&mut connection).await
    }

    /// Delivers a body like the sender, with this key.
    async fn deliver(&self, key: &str, body: &[u8]) -> u16 {
        let length = body.len();
        let what = format!("x-api-key: {key}\r\ncontent-type: application/json\r\ncontent-length: {length}");
        self.send(&head("POST /webhooks", &what), body).await
    }
}

/// Serves a router on loopback for as long as the test runs.
async fn serve(router: axum::Router) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn head(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nhost: app.example\r\n{headers}\r\n\r\n")
}

/// Reads an answer's head and returns its status.
async fn answered(connection: &mut TcpStream) -> u16 {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        let byte = connection.read_u8().await.expect("the app answers");
        read.push(byte);
    }
    let text = String::from_utf8(read).expect("a head is text");
    let status = text.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
    status.and_then(|status| status.parse().ok()).expect("it has a status")
}

/// All example deliveries in the document.
fn deliveries() -> Vec<Example> {
    spec::callbacks().iter().flat_map(spec::Operation::requests).collect()
}

/// Returns the example of an event with the most fields.
fn delivery(name: &str) -> Value {
    let named = deliveries().into_iter().map(|it| it.value).filter(|it| it["event_name"] == name);
    named.max_by_key(|it| it.to_string().len()).expect("it has one").clone()
}
