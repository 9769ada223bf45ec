//! Calls that block their thread: anywhere, and also where nothing may block.
#![cfg(feature = "blocking")]

use std::future::poll_fn;
use std::io::{BufRead, Read};
use std::sync::Arc;
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::server::{Server, answer, json, serve};
use super::{CREATE, KEY, OPEN, builder, plain};
use crate::runtime::blocking::Client;
use crate::runtime::blocking::driver::Driver;
use crate::runtime::error::{Delivery, Error};
use crate::runtime::response::Response;
use crate::runtime::streams::blocking::{ByteStream, EventStream, JsonLines};
use crate::runtime::transport::body::Body;

/// A server with separate threads, because the thread of the test is blocked.
struct Elsewhere {
    server: Server,
    runtime: Option<Runtime>,
}

impl Elsewhere {
    fn serve(answer: impl Into<Vec<u8>> + Send + 'static) -> Self {
        let start = move || {
            let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
            Self { server: runtime.block_on(serve(answer)), runtime: Some(runtime) }
        };
        // On another thread, because a test may already be inside a runtime.
        thread::spawn(start).join().expect("the server starts")
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        // Dropping it would wait, which is not allowed everywhere.
        self.runtime.take().expect("it is dropped once").shutdown_background();
    }
}

fn blocking(url: &str) -> Client {
    Client::start(plain(url)).expect("there are threads")
}

fn open(client: &Client, body: Body) -> Result<Response<()>, Error> {
    client.driver.run(client.client.call(&OPEN).bytes("image/png", body).empty())
}

fn download(client: &Client) -> ByteStream {
    let answer = client.driver.run(client.client.call(&OPEN).bytes_response()).expect("it answers");
    ByteStream::new(answer.into_data(), &client.driver)
}

/// Calls, and drops everything where it was called.
fn call_and_drop() {
    let elsewhere = Elsewhere::serve(json("200 OK", "{}"));
    let client = blocking(&elsewhere.server.url);
    for _ in 0..3 {
        open(&client, Body::empty()).expect("it answers");
    }
    let other = client.clone();
    drop(client);
    open(&other.with_options(|it| it.deadline(Duration::MAX)), Body::empty()).expect("it answers");
    assert_eq!(elsewhere.server.requests().len(), 4);
}

#[test]
fn a_plain_thread_calls() {
    call_and_drop();
}

#[tokio::test]
async fn a_call_inside_of_a_runtime_of_one_thread() {
    call_and_drop();
    tokio::time::sleep(Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_inside_of_a_runtime_of_many_threads() {
    tokio::spawn(async { call_and_drop() }).await.expect("it does not panic");
}

/// Tokio stops the reads of a task that has read a lot until it pauses, which this one never does.
#[tokio::test]
async fn a_task_that_blocks_may_read_as_much_as_it_likes() {
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    for number in 0..1000 {
        sender.send(number).expect("somebody receives");
    }
    drop(sender);
    let driver = Driver::start("test").expect("there are threads");
    let mut all = Vec::new();
    while let Some(number) = driver.run(receiver.recv()) {
        all.push(number);
    }
    assert_eq!(all, (0..1000).collect::<Vec<_>>());
}

#[test]
fn a_wake_that_is_for_others_changes_nothing() {
    let driver = Driver::start("test").expect("there are threads");
    let mut polls = 0;
    let waited = poll_fn(|cx| {
        polls += 1;
        thread::current().unpark();
        if polls == 1 {
            let waker = cx.waker().clone();
            thread::spawn(move || waker.wake());
            return Poll::Pending;
        }
        Poll::Ready(())
    });
    driver.run(waited);
    assert_eq!(polls, 2);
}

#[test]
fn the_thread_ends_with_the_driver() {
    struct Told(mpsc::Sender<()>);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.send(()).ok();
        }
    }
    thread_local! {
        static OF_THREAD: std::cell::RefCell<Option<Told>> = const { std::cell::RefCell::new(None) };
    }
    let (told, ended) = mpsc::channel();
    let driver = Arc::new(Driver::start("test").expect("there are threads"));
    driver.run(async {
        let leave = async { OF_THREAD.with(|it| *it.borrow_mut() = Some(Told(told))) };
        tokio::spawn(leave).await.expect("the driver's thread runs it");
    });
    let other = Arc::clone(&driver);
    drop(driver);
    assert!(ended.try_recv().is_err(), "a clone is still there");
    drop(other);
    ended.recv().expect("the thread ends");
}

#[test]
fn an_answer_is_read_as_it_comes() {
    let chunked =
        "HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab\n\r\n3\r\ncde\r\n0\r\n\r\n";
    let elsewhere = Elsewhere::serve(chunked);
    let client = blocking(&elsewhere.server.url).with_options(|it| it.max_answer_bytes(5));
    let mut text = String::new();
    let mut stream = download(&client);
    let mut first = [0; 1];
    assert_eq!(stream.read(&mut []).expect("nothing is read"), 0);
    stream.read_exact(&mut first).expect("there is one");
    assert_eq!((&first, stream.read_line(&mut text).expect("a line")), (b"a", 2));
    // The answer keeps what it needs.
    let other = download(&client);
    drop(client);
    stream.read_to_string(&mut text).expect("nothing is cut");
    assert_eq!(text, "b\ncde");
    assert_eq!(stream.read(&mut first).expect("it has ended"), 0);
    assert_eq!(stream.chunk().expect("it has ended"), None);
    let error = other.collect().expect_err("six bytes are too many");
    assert_eq!((error.delivery(), error.status().map(|it| it.as_u16())), (Delivery::Unknown, Some(200)));
}

#[test]
fn what_was_read_is_not_collected_again() {
    let elsewhere = Elsewhere::serve(answer("200 OK", "", "abcde"));
    let client = blocking(&elsewhere.server.url);
    let mut stream = download(&client);
    stream.read_exact(&mut [0; 2]).expect("there are five");
    assert_eq!(stream.collect().expect("nothing is cut"), b"cde");
    let mut stream = download(&client);
    stream.read_exact(&mut [0; 4]).expect("there are five");
    assert_eq!(stream.chunk().expect("nothing is cut").as_deref(), Some(&b"e"[..]));
    stream.consume(9);
    assert_eq!(stream.collect().expect("nothing is cut"), b"");
}

#[test]
fn reading_fails_as_the_client_does() {
    let cut = Elsewhere::serve("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc");
    let error = download(&blocking(&cut.server.url)).read_to_end(&mut Vec::new()).expect_err("six bytes are missing");
    let error = error.get_ref().and_then(|it| it.downcast_ref::<Error>()).expect("the client's own error");
    assert_eq!(error.delivery(), Delivery::Unknown);
}

/// What a reader does after `abab`.
#[derive(Clone, Copy)]
enum Then {
    End,
    Fail,
    Panic,
}

/// A reader that is interrupted first, and gives a byte at a time.
struct Reader(u8, Then);

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0 += 1;
        match (self.0, self.1) {
            (1, _) => Err(std::io::ErrorKind::Interrupted.into()),
            (2..=5, _) => {
                buffer[0] = if self.0.is_multiple_of(2) { b'a' } else { b'b' };
                Ok(1)
            }
            (_, Then::End) => Ok(0),
            (_, Then::Fail) => Err(std::io::Error::other("c4n4ry")),
            // Without a report of the panic.
            (_, Then::Panic) => std::panic::resume_unwind(Box::new("c4n4ry")),
        }
    }
}

#[test]
fn a_body_is_read_while_it_is_sent() {
    let elsewhere = Elsewhere::serve(json("200 OK", "{}"));
    let client = blocking(&elsewhere.server.url);
    open(&client, Body::reader(Reader(0, Then::End), None)).expect("it answers");
    open(&client, Body::reader(Reader(0, Then::End), Some(4))).expect("it answers");
    open(&client, Body::reader(Reader(0, Then::End), Some(3))).expect("it answers");
    open(&client, Body::reader(Reader(0, Then::End), Some(0))).expect("it answers");
    let requests = elsewhere.server.requests();
    assert!(requests[0].contains("transfer-encoding: chunked\r\n") && requests[0].ends_with("\r\n0\r\n\r\n"));
    assert!(requests[1].contains("content-length: 4\r\n") && requests[1].ends_with("\r\n\r\nabab"), "{}", requests[1]);
    assert!(requests[2].contains("content-length: 3\r\n") && requests[2].ends_with("\r\n\r\naba"), "{}", requests[2]);
    assert!(requests[3].ends_with("\r\n\r\n") && !requests[3].contains("chunked"), "{}", requests[3]);
}

#[test]
fn a_reader_that_fails_or_ends_early_fails_the_call() {
    let elsewhere = Elsewhere::serve(json("200 OK", "{}"));
    let client = blocking(&elsewhere.server.url);
    for (then, size) in [(Then::Fail, None), (Then::End, Some(5)), (Then::Panic, None), (Then::Panic, Some(5))] {
        let body = Body::reader(Reader(0, then), size);
        let error = open(&client, body).expect_err("the body fails");
        let source = std::error::Error::source(&error).map(ToString::to_string);
        assert!(!format!("{error} {error:?} {source:?}").contains("c4n4ry"));
    }
}

#[test]
fn nothing_is_read_for_a_call_that_finds_no_server() {
    /// Fails the test's thread if it is asked.
    struct Untouched(mpsc::Sender<()>);
    impl Read for Untouched {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            self.0.send(()).ok();
            Ok(0)
        }
    }
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback is there");
    let url = format!("http://{}", gone.local_addr().expect("it has an address"));
    drop(gone);
    let (asked, was_asked) = mpsc::channel();
    let error = open(&blocking(&url), Body::reader(Untouched(asked), None)).expect_err("nobody listens");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(was_asked.recv().is_err(), "the reader was asked");
}

#[test]
fn its_debug_is_that_of_the_other_client() {
    let client = builder("http://127.0.0.1:1").build_blocking().expect("the configuration is right");
    let shown = format!("{client:?}");
    assert_eq!(shown, format!("{:?}", client.client));
    assert!(!shown.contains(KEY) && !shown.contains("127.0.0.1"), "{shown}");
    let error = client.driver.run(client.client.call(&CREATE).empty()).expect_err("nobody listens");
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[test]
fn events_and_lines_are_iterators() {
    let server = Elsewhere::serve(json("200 OK", "data: 1\n\ndata: 2\n\n"));
    let client = blocking(&server.server.url);
    let answer = client.driver.run(client.client.call(&OPEN).streamed("text/event-stream")).expect("it answers");
    let events = EventStream::new(answer.events::<u8>(&client.client).into_data(), &client.driver);
    let numbers: Result<Vec<u8>, Error> = events.map(|event| event.map(|event| *event.data())).collect();
    assert_eq!(numbers.expect("each is a number"), [1, 2]);
    let server = Elsewhere::serve(json("200 OK", "3\n4\n"));
    let client = blocking(&server.server.url);
    let answer = client.driver.run(client.client.call(&OPEN).streamed("application/jsonl")).expect("it answers");
    let lines = JsonLines::new(answer.lines::<u8>(&client.client).into_data(), &client.driver);
    assert_eq!(lines.collect::<Result<Vec<u8>, Error>>().expect("each is a number"), [3, 4]);
}
