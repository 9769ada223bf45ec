//! What the client knows of what it wrote: connections that end at the worst moment.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;
use tokio::io::AsyncWriteExt;

use super::authority::{Authority, blocking_tls};
use super::server::{listen, read_request};
use super::{CREATE, OPEN, builder, client, plain};
use crate::runtime::client::Client;
use crate::runtime::error::BoxError;
use crate::runtime::error::Delivery;
use crate::runtime::transport::body::Body;
use crate::runtime::transport::socket::{Sending, WriteGate};

/// How a server ends an idle connection.
#[derive(Clone, Copy, Debug)]
enum End {
    Close,
    Reset,
    /// As proxies do: an answer that nobody asked for, then the end.
    TimedOut,
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// Reads a request without a body.
fn read_head(stream: &mut impl Read) -> bool {
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => read.push(byte[0]),
            _ => return false,
        }
    }
    true
}

/// A server in a separate thread: it answers one request on a connection, waits for the word,
/// ends the connection, and says so.
struct OneByOne {
    port: u16,
    end: Sender<End>,
    ended: Receiver<()>,
    acts: Arc<Mutex<usize>>,
}

impl OneByOne {
    fn start<S: Read + Write>(
        accept: impl Fn(TcpStream) -> S + Send + 'static,
        connections: usize,
        tell: impl Fn(&mut S) + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
        let port = listener.local_addr().expect("it has one").port();
        let (end, ends) = channel();
        let (tell_ended, ended) = channel();
        let acts = Arc::new(Mutex::new(0));
        let count = Arc::clone(&acts);
        std::thread::spawn(move || {
            let mut listener = Some(listener);
            for turn in 1..=connections {
                let accepted = listener.as_ref().expect("it is open until the last one").accept();
                let (socket, _) = accepted.expect("a client connects");
                let raw = socket.try_clone().expect("a socket is cloned");
                let mut stream = accept(socket);
                if read_head(&mut stream) {
                    *count.lock().expect("it is not poisoned") += 1;
                    stream.write_all(OK).expect("the client reads");
                    stream.flush().expect("the client reads");
                }
                match ends.recv() {
                    Ok(End::Reset) => {
                        let socket = socket2::SockRef::from(&raw);
                        socket.set_linger(Some(Duration::ZERO)).expect("it is set");
                    }
                    Ok(End::TimedOut) => {
                        stream.write_all(b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n").ok();
                        tell(&mut stream);
                    }
                    Ok(End::Close) => tell(&mut stream),
                    Err(_) => return,
                }
                drop((stream, raw));
                listener = listener.filter(|_| turn < connections);
                tell_ended.send(()).ok();
            }
        });
        Self { port, end, ended, acts }
    }

    /// Has the server end its connection. The client's reactor does not run meanwhile: it learns
    /// nothing of it.
    fn end(&self, end: End) {
        self.end.send(end).expect("the server waits");
        self.ended.recv().expect("the server ends the connection");
    }
}

/// Lets the connection return to the pool, which takes another task.
async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

async fn survives(client: &Client, server: &OneByOne, end: End) {
    client.call(&CREATE).empty().await.expect("the server answers");
    settle().await;
    server.end(end);
    client.call(&CREATE).empty().await.expect("another connection is had");
    assert_eq!(*server.acts.lock().expect("it is not poisoned"), 2, "{end:?}");
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_just_now_does_no_harm() {
    for end in [End::Close, End::Reset, End::TimedOut] {
        let server = OneByOne::start(|socket| socket, 2, |_| ());
        survives(&client(&format!("http://127.0.0.1:{}", server.port)), &server, end).await;
    }
}

#[tokio::test]
async fn nor_under_tls() {
    for end in [End::Close, End::Reset, End::TimedOut] {
        let authority = Authority::new();
        let config = authority.server("localhost");
        let server = OneByOne::start(
            move |socket| blocking_tls(Arc::clone(&config), socket),
            2,
            |stream| {
                stream.conn.send_close_notify();
                stream.flush().ok();
            },
        );
        let client = builder(&format!("https://localhost:{}", server.port)).root_certificate_der(&authority.der());
        survives(&client.build().expect("built"), &server, end).await;
    }
}

#[tokio::test]
async fn where_nobody_listens_any_more_nothing_was_sent() {
    for end in [End::Close, End::Reset] {
        let server = OneByOne::start(|socket| socket, 1, |_| ());
        let client = client(&format!("http://127.0.0.1:{}", server.port));
        client.call(&CREATE).empty().await.expect("the server answers");
        settle().await;
        server.end(end);
        let error = client.call(&CREATE).empty().await.expect_err("nobody listens");
        assert_eq!(error.delivery(), Delivery::NotSent);
    }
}

#[tokio::test]
async fn what_was_written_by_half_may_have_arrived() {
    let url = listen(|mut stream| async move {
        use tokio::io::AsyncReadExt;
        let mut some = [0; 100];
        stream.read_exact(&mut some).await.expect("the client writes");
    })
    .await;
    let body = vec![b'x'; 8 * 1024 * 1024];
    let call = plain(&url).call(&OPEN).bytes("text/plain", body).empty().await;
    assert_eq!(call.expect_err("it is cut").delivery(), Delivery::Unknown);
}

/// A body that comes to a halt after its first piece, so that this is written, and then fails.
struct Halting(u8);

impl http_body::Body for Halting {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.0 += 1;
        match self.0 {
            1 => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"abc"))))),
            2 | 3 => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            _ => Poll::Ready(Some(Err("c4n4ry".into()))),
        }
    }
}

#[tokio::test]
async fn a_body_that_fails_on_the_way_leaves_the_fate_unknown() {
    let url = listen(|mut stream| async move {
        read_request(&mut stream).await;
    })
    .await;
    let call = plain(&url).call(&OPEN).bytes("text/plain", Body::stream(Halting(0))).empty().await;
    let error = call.expect_err("the body fails");
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(!format!("{error} {error:?}").contains("c4n4ry"));
}

/// Servers that close connections without a word, many calls at once: what is said not to be sent
/// never acted, and nothing acts twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_create_acts_twice_and_none_that_was_not_sent_acts() {
    let acts = Arc::new(Mutex::new(HashMap::<String, usize>::new()));
    let seen = Arc::clone(&acts);
    let url = listen(move |mut stream| {
        let seen = Arc::clone(&seen);
        async move {
            for turn in 0.. {
                let request = read_request(&mut stream).await;
                let Some((_, id)) = request.split_once("\r\n\r\n") else {
                    return;
                };
                if id.is_empty() {
                    return;
                }
                let number: usize = id.parse().expect("a number");
                *seen.lock().expect("it is not poisoned").entry(id.to_owned()).or_default() += 1;
                match number % 7 {
                    // Cut before the answer, after it, or later.
                    0 => return,
                    1 if turn > 0 => return,
                    _ => stream.write_all(OK).await.ok(),
                };
                if number % 7 == 2 {
                    return;
                }
            }
        }
    })
    .await;
    let client = plain(&url);
    let calls: Vec<_> = (0..600)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                let call = client.call(&OPEN).text("text/plain", format!("{number:04}"));
                (format!("{number:04}"), call.empty().await.map_err(|error| error.delivery()))
            })
        })
        .collect();
    for call in calls {
        let (id, outcome) = call.await.expect("no call panics");
        let count = acts.lock().expect("it is not poisoned").get(&id).copied().unwrap_or_default();
        match outcome {
            Ok(_) => assert_eq!(count, 1),
            Err(Delivery::NotSent) => assert_eq!(count, 0),
            Err(delivery) => assert!(count <= 1 && delivery == Delivery::Unknown),
        }
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_closes_its_connection() {
    let (tell_read, mut read) = tokio::sync::mpsc::unbounded_channel();
    let (tell_closed, mut closed) = tokio::sync::mpsc::unbounded_channel();
    let url = listen(move |mut stream| {
        let (tell_read, tell_closed) = (tell_read.clone(), tell_closed.clone());
        async move {
            use tokio::io::AsyncReadExt;
            read_request(&mut stream).await;
            tell_read.send(()).ok();
            tell_closed.send(stream.read_u8().await.is_err()).ok();
        }
    })
    .await;
    let client = client(&url);
    let call = tokio::spawn(async move { client.call(&CREATE).empty().await.map(|_| ()) });
    read.recv().await.expect("the request arrives");
    call.abort();
    assert_eq!(closed.recv().await, Some(true));
}

#[test]
fn a_client_outlives_the_runtime_of_its_connections() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let servers = runtime();
    let answering = async {
        listen(|mut stream| async move {
            while !read_request(&mut stream).await.is_empty() {
                stream.write_all(OK).await.ok();
            }
        })
        .await
    };
    let url = servers.block_on(answering);
    std::thread::spawn(move || servers.block_on(std::future::pending::<()>()));
    let client = client(&url);
    for _ in 0..3 {
        runtime().block_on(async {
            for _ in 0..3 {
                client.call(&CREATE).empty().await.expect("the server answers");
                settle().await;
            }
        });
    }
}

#[test]
fn a_gate_that_was_shut_lets_nothing_through() {
    let write = |gate: &WriteGate| gate.pass(|| Poll::Ready(Ok(3)));
    let gate = Arc::new(WriteGate::default());
    assert!(matches!(write(&gate), Poll::Ready(Ok(3))));
    // One request was answered, the next is given up before anything was written.
    let sending = Sending::default();
    assert!(sending.begin(&gate));
    assert!(sending.is_unsent());
    assert!(matches!(write(&gate), Poll::Ready(Err(_))));

    let gate = Arc::new(WriteGate::default());
    let sending = Sending::default();
    assert!(sending.begin(&gate));
    assert!(matches!(write(&gate), Poll::Ready(Ok(3))));
    assert!(!sending.is_unsent());
    assert!(matches!(write(&gate), Poll::Ready(Ok(3))));

    let sending = Sending::default();
    assert!(sending.is_unsent());
    assert!(!sending.begin(&gate), "what was given up goes nowhere");
}
