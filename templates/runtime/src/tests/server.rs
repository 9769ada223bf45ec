//! A server on loopback, written by hand, so that a test can cut it off anywhere.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server that gives every connection the same bytes, once a request was read whole.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Returns what arrived so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no test panics in the lock").clone()
    }
}

/// Starts a server that answers with `answer` and closes the connection.
pub(crate) async fn serve(answer: impl Into<Vec<u8>>) -> Server {
    let answer: Vec<u8> = answer.into();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    let url = listen(move |mut stream| {
        let (answer, seen) = (answer.clone(), Arc::clone(&seen));
        async move {
            let request = read_request(&mut stream).await;
            seen.lock().expect("no test panics in the lock").push(request);
            stream.write_all(&answer).await.ok();
            stream.shutdown().await.ok();
        }
    })
    .await;
    Server { url, requests }
}

/// Starts a server that hands each connection to `serve`; returns its URL.
pub(crate) async fn listen<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let address = listener.local_addr().expect("a listener has an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    format!("http://{address}")
}

/// Reads a request to the end of its body; text where possible.
pub(crate) async fn read_request(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let is_whole = match length {
                Some(length) => body.len() >= length.parse().expect("a length is a number"),
                None if head.contains("transfer-encoding: chunked") => body.ends_with("0\r\n\r\n"),
                None => true,
            };
            if is_whole {
                return text;
            }
        }
        match stream.read(&mut piece).await {
            Ok(count) if count > 0 => read.extend_from_slice(&piece[..count]),
            _ => return text,
        }
    }
}

/// Writes an answer with a body of known length, after which the connection is closed: a client that
/// does not know would race with the closing.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}")
}

pub(crate) fn json(status: &str, body: &str) -> String {
    answer(status, "content-type: application/json\r\n", body)
}
