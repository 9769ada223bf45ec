//! A process that receives and handles: slow clients, and its end.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use novamed::webhooks::{Inbox, InboxError, Incoming, Receiver, Stored};
use novamed_inbox::{Server, SqliteInbox, Store, StoreErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::chaos::play;
use crate::deliveries::{Place, STEPS, body, store};
use crate::front::{PATH, SECRET, post};
use crate::standstill::asked;
use crate::subjects::Subject;
use crate::workers::{drained, workers};

/// A stop takes less: 5 s for requests, and here no time for handlers.
const STOPPED: Duration = Duration::from_secs(15);

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Returns a server that receives for an inbox.
fn receiving(inbox: &SqliteInbox, listener: TcpListener) -> Server<SqliteInbox> {
    let service = Receiver::new(SECRET).unwrap().deliver_to(inbox.clone());
    Server::new(inbox.clone()).receive(listener, service)
}

#[tokio::test]
async fn server_receives_handles_and_leaves_a_complete_file() {
    let place = Place::new();
    let inbox = place.open().await;
    let (listener, address) = listen().await;
    let server = receiving(&inbox, listener).work(workers(&inbox).handling(async |_| Ok(())));
    let shutdown = async {
        for step in STEPS {
            assert_eq!(post(address, SECRET, &body(step, "a")).await, Some(200));
        }
        assert_eq!(post(address, "another", &body("filled", "b")).await, Some(401));
        drained(&inbox).await;
    };
    server.run_until(shutdown).await.unwrap();
    let copy = Place::new();
    fs::copy(place.path(), copy.path()).unwrap();
    assert_eq!(copy.open().await.counts().await.unwrap().handled, 4);
    assert_eq!(inbox.counts().await.unwrap_err().kind(), StoreErrorKind::Closed);
}

#[tokio::test]
async fn half_sent_head_does_not_hold_up_a_stop() {
    if !asked() {
        return;
    }
    let place = Place::new();
    let inbox = place.open().await;
    let (listener, address) = listen().await;
    let server = receiving(&inbox, listener);
    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(b"POST /webhooks HTTP/1.1\r\nhost: ").await.unwrap();
    // Answered after the other was accepted.
    let shutdown = async { assert_eq!(post(address, SECRET, &body("filled", "a")).await, Some(200)) };
    timeout(STOPPED, server.run_until(shutdown)).await.expect("it stops in time").unwrap();
}

#[tokio::test]
async fn connection_without_a_request_is_closed() {
    let place = Place::new();
    let inbox = place.open().await;
    let (listener, address) = listen().await;
    let server = receiving(&inbox, listener).head_timeout(Duration::from_millis(200));
    let shutdown = async {
        let delivery = format!(
            "POST {PATH} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {SECRET}\r\ncontent-length: 7\r\n\r\nno JSON"
        );
        for sent in ["", "POST /webhooks HTTP/1.1\r\nhost: ", &delivery] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(sent.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let closed = timeout(STOPPED, stream.read_to_end(&mut answer)).await;
            drop(closed.unwrap_or_else(|_| panic!("left open after {sent:?}")));
            assert_eq!(answer.starts_with(b"HTTP/1.1 200"), sent == delivery);
        }
    };
    server.run_until(shutdown).await.unwrap();
}

/// An inbox that stores when it is allowed to.
#[derive(Clone)]
struct Slow(SqliteInbox, Arc<Semaphore>);

impl Inbox for Slow {
    async fn store(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        self.1.acquire().await.unwrap().forget();
        self.0.store(delivery).await
    }
}

#[tokio::test]
async fn request_that_has_begun_is_answered_before_the_inbox_is_closed() {
    let place = Place::new();
    let inbox = place.open().await;
    let (listener, address) = listen().await;
    let allowed = Arc::new(Semaphore::new(0));
    let service = Receiver::new(SECRET).unwrap().deliver_to(Slow(inbox.clone(), Arc::clone(&allowed)));
    let server = Server::new(inbox).receive(listener, service);
    let (stop, stopped) = oneshot::channel();
    let delivery = async {
        let body = body("filled", "a");
        let delivery = post(address, SECRET, &body);
        let late = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            stop.send(()).unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
            allowed.add_permits(1);
        };
        tokio::join!(delivery, late).0
    };
    let (ended, answer) = tokio::join!(server.run_until(async { stopped.await.unwrap() }), delivery);
    ended.unwrap();
    assert_eq!(answer, Some(200));
    assert_eq!(place.open().await.counts().await.unwrap().waiting, 1);
}

/// A receiver reads no more bodies at a time than fit into its memory; the others wait for their turn.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousand_large_deliveries_at_once_take_a_bounded_memory() {
    if !asked() {
        return;
    }
    let place = Place::new();
    let command = Command::new(std::env::current_exe().unwrap());
    let mut receiver = play(command, "forget", place.path().parent().unwrap());
    let address = receiver.address();
    let body = body("filled", "a");
    let large: Arc<str> = (body.clone() + &" ".repeat((1 << 20) - body.len())).into();
    let mut deliveries = JoinSet::new();
    for _ in 0..1000 {
        let large = Arc::clone(&large);
        deliveries.spawn(async move { post(address, SECRET, &large).await });
    }
    let answers = deliveries.join_all().await;
    let taken = answers.iter().filter(|answer| **answer == Some(200)).count();
    let status = fs::read_to_string(format!("/proc/{}/status", receiver.0.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).unwrap();
    let megabytes = peak.parse::<u64>().unwrap() >> 10;
    println!("{taken} of 1000 were answered 200 in time, at {megabytes} MiB");
    assert!(megabytes < 300, "{megabytes} MiB");
    assert_eq!(post(address, SECRET, &body).await, Some(200));
}

#[tokio::test]
async fn workers_that_cannot_go_on_stop_the_receiver_and_drop_their_handlers_at_once() {
    let place = Place::new();
    let inbox = place.open().await;
    store(&inbox, "filled", "a").await;
    let (listener, address) = listen().await;
    let (begun, begins) = oneshot::channel();
    let begun = std::sync::Mutex::new(Some(begun));
    let handler = move |_| {
        begun.lock().unwrap().take().unwrap().send(()).unwrap();
        std::future::pending()
    };
    let server = receiving(&inbox, listener).work(workers(&inbox).handling(handler));
    let newer = async {
        begins.await.unwrap();
        place.change_schema(99).await;
    };
    let both = async { tokio::join!(server.run_until(std::future::pending()), newer).0 };
    let error = timeout(STOPPED, both).await.expect("it stops at once").unwrap_err();
    assert!(matches!(error.kind(), StoreErrorKind::NewerSchema { found: 99, .. }));
    assert_eq!(post(address, SECRET, &body("filled", "b")).await, None);
}
