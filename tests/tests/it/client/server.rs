//! A minimal server on loopback. It records the exact bytes that arrive, and answers with any bytes, cut anywhere.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// A request, as received.
#[derive(Clone, Default)]
pub struct Received {
    /// The request line.
    pub line: String,
    /// Names and values in the order in which they arrived.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What the server does after the bytes of an answer.
#[derive(Clone, Copy)]
pub enum Then {
    /// Waits for the next request on the same connection.
    Next,
    /// Closes the connection.
    Cut,
    /// Keeps the connection open and stays silent.
    Silence,
    /// Repeats the bytes for as long as somebody reads them.
    Again(&'static [u8]),
}

/// An answer.
#[derive(Clone)]
pub struct Reply {
    pub bytes: Vec<u8>,
    pub then: Then,
}

impl Reply {
    pub fn new(bytes: impl Into<Vec<u8>>, then: Then) -> Self {
        Self { bytes: bytes.into(), then }
    }

    /// Returns a complete answer with a body of known length.
    pub fn whole(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let mut head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            head = head + name + ": " + value + "\r\n";
        }
        Self::new([head.as_bytes(), b"\r\n", body].concat(), Then::Next)
    }

    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::whole(status, &[("content-type", "application/json")], body.to_string().as_bytes())
    }
}

/// Chooses the answer to a request.
type Answering = Arc<dyn Fn(&Received) -> Reply + Send + Sync>;

/// A server that lives as long as the test's runtime.
pub struct Server {
    /// `http://` and the address.
    pub url: String,
    /// The address.
    pub host: String,
    seen: Seen,
}

/// The requests that arrived.
#[derive(Clone, Default)]
pub struct Seen(Arc<Mutex<Vec<Received>>>);

impl Seen {
    pub fn push(&self, request: Received) {
        self.0.lock().expect("no test panics in the lock").push(request);
    }

    pub fn all(&self) -> Vec<Received> {
        self.0.lock().expect("no test panics in the lock").clone()
    }
}

impl Server {
    /// Starts a server that gives every request the same answer.
    pub async fn start(reply: Reply) -> Self {
        Self::answering(move |_| reply.clone()).await
    }

    /// Starts a server.
    pub async fn answering(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
        let host = listener.local_addr().expect("a listener has an address").to_string();
        let (seen, answer): (Seen, Answering) = (Seen::default(), Arc::new(answer));
        let recorded = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answer), recorded.clone()));
            }
        });
        Self { url: format!("http://{host}"), host, seen }
    }

    /// Returns the requests so far.
    pub fn seen(&self) -> Vec<Received> {
        self.seen.all()
    }

    /// Returns the only request so far.
    pub fn only(&self) -> Received {
        let mut seen = self.seen();
        assert_eq!(seen.len(), 1, "requests were sent, where one was to be");
        seen.remove(0)
    }
}

/// Serves one connection.
async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: Answering, seen: Seen) {
    while let Some(request) = read(&mut stream).await {
        let reply = answer(&request);
        seen.push(request);
        if stream.write_all(&reply.bytes).await.is_err() {
            return;
        }
        stream.flush().await.ok();
        match reply.then {
            Then::Next => {}
            Then::Cut => {
                stream.shutdown().await.ok();
                return;
            }
            Then::Silence => return std::future::pending().await,
            Then::Again(bytes) => while stream.write_all(bytes).await.is_ok() {},
        }
    }
}

/// Reads a complete request, or returns `None` if the connection ends before.
pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Received> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        if let Some(request) = whole(&bytes) {
            return Some(request);
        }
        match stream.read(&mut piece).await {
            Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
            _ => return None,
        }
    }
}

/// Returns the request if it is complete.
fn whole(bytes: &[u8]) -> Option<Received> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(bytes[..end].to_vec()).expect("the client writes ASCII");
    let mut lines = head.split("\r\n");
    let line = lines.next()?.to_owned();
    let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    let headers: Vec<_> = lines.map(|line| pair(line).expect("a header has a value")).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, length)| length.parse().expect("a length is a number"));
    let body = &bytes[end + 4..];
    assert!(body.len() <= length, "the client sent more than it said");
    (body.len() == length).then(|| Received { line, headers, body: body.to_vec() })
}
