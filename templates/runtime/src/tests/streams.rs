//! Streams of events and of lines, in pieces of every size.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body::{Body as HttpBody, Frame};
use serde::Deserialize;
use tokio::io::AsyncWriteExt;

use super::server::{listen, read_request, serve};
use super::{OPEN, plain};
use crate::runtime::audit::observer::Observer;
use crate::runtime::client::Client;
use crate::runtime::error::BoxError;
use crate::runtime::error::Delivery;
use crate::runtime::response::undecoded::UndecodedResponse;
use crate::runtime::streams::events::ServerSentEvent;
use crate::runtime::transport::body::Body;

#[derive(Debug, Deserialize, PartialEq)]
struct Tick {
    n: u32,
}

/// A body that comes in the pieces that it is given.
struct Pieces(VecDeque<Bytes>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

fn client() -> Client {
    plain("http://127.0.0.1:1")
}

/// An answer whose body comes in pieces of `size` bytes.
fn answer(client: &Client, text: &[u8], size: usize) -> UndecodedResponse {
    UndecodedResponse {
        context: client.call(&OPEN).context(),
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: Body::stream(Pieces(text.chunks(size).map(Bytes::copy_from_slice).collect())),
        observer: Observer::default(),
    }
}

/// What a test looks at in an event: name, id, milliseconds to wait, data.
type Seen = (Option<String>, Option<String>, Option<u128>, String);

fn seen(event: ServerSentEvent<String>) -> Seen {
    let retry = event.retry().map(|it| it.as_millis());
    (event.name().map(str::to_owned), event.id().map(str::to_owned), retry, event.into_data())
}

/// Reads the text in pieces of every size, which must not matter.
async fn events(text: &str) -> Vec<Seen> {
    let client = client();
    let mut all: Option<Vec<Seen>> = None;
    for size in 1..=text.len() {
        let mut stream = answer(&client, text.as_bytes(), size).text_events(&client).into_data();
        let mut found = Vec::new();
        while let Some(event) = stream.next().await {
            found.push(seen(event.expect("text is data")));
        }
        assert_eq!(*all.get_or_insert_with(|| found.clone()), found, "in pieces of {size} bytes");
    }
    all.expect("the text is not empty")
}

fn data(text: &str) -> Seen {
    (None, None, None, text.to_owned())
}

#[tokio::test]
async fn events_end_with_an_empty_line_of_any_kind() {
    for end in ["\n", "\r", "\r\n"] {
        let text = ["data: a", "", "data: b", "data:c", "", ""].join(end);
        assert_eq!(events(&text).await, [data("a"), data("b\nc")], "{end:?}");
    }
    assert_eq!(events("data: a\r\rdata: b\n\r\ndata: c\r\n\r\n").await, [data("a"), data("b"), data("c")]);
}

#[tokio::test]
async fn fields_are_read_as_the_standard_has_them() {
    // The examples of the HTML standard, 9.2.6.
    assert_eq!(events("data: YHOO\ndata: +2\ndata: 10\n\n").await, [data("YHOO\n+2\n10")]);
    let text = ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n";
    let first = (None, Some("1".to_owned()), None, "first event".to_owned());
    assert_eq!(events(text).await, [first, data("second event"), data(" third event")]);
    assert_eq!(events("data\n\ndata\ndata\n\ndata:").await, [data(""), data("\n")]);
    assert_eq!(events("data:test\n\ndata: test\n\n").await, [data("test"), data("test")]);
}

#[tokio::test]
async fn names_ids_and_waits() {
    let text = "event: add\nid: 7\nretry: 250\ndata: a\n\nevent: gone\n\nretry: 1s\nid: 8\0\ndata: b\nother: x\n\n";
    let add = (Some("add".to_owned()), Some("7".to_owned()), Some(250), "a".to_owned());
    // A name without data is forgotten with its event; the last id stays.
    let second = (None, Some("7".to_owned()), None, "b".to_owned());
    assert_eq!(events(text).await, [add, second]);
}

#[tokio::test]
async fn one_byte_order_mark_is_passed_over() {
    assert_eq!(events("\u{feff}data: ä\n\n").await, [data("ä")]);
    assert!(events("\u{feff}\u{feff}data: a\n\n").await.is_empty());
    let client = client();
    let mut stream = answer(&client, b"data: \xff\n\n", 3).text_events(&client).into_data();
    let event = stream.next().await.expect("there is one").expect("bad bytes are replaced");
    assert_eq!(event.data(), "\u{fffd}");
}

#[tokio::test]
async fn an_event_of_another_shape_is_an_error_of_its_own() {
    let client = client();
    let text = b"data: {\"n\":\ndata: 1}\n\ndata: [DONE]\n\ndata: {\"n\": 2}\n\n";
    let mut stream = answer(&client, text, 4).events::<Tick>(&client).into_data();
    let first = stream.next().await.expect("there is one").expect("it is JSON");
    assert_eq!(first.data(), &Tick { n: 1 });
    let error = stream.next().await.expect("there is one").expect_err("it isn't JSON");
    assert_eq!((error.delivery(), error.body()), (Delivery::Unknown, Some(&b"[DONE]"[..])));
    assert!(!format!("{error} {error:?}").contains("DONE"));
    assert_eq!(stream.next().await.expect("there is one").expect("it is JSON").into_data(), Tick { n: 2 });
    assert!(stream.next().await.is_none() && stream.next().await.is_none());
    assert_eq!(format!("{stream:?}"), "EventStream { .. }");
    let made = ServerSentEvent::new("c4n4ry").with_name("x");
    assert_eq!((made.name(), format!("{made:?}").contains("c4n4ry")), (Some("x"), false));
}

#[tokio::test]
async fn each_event_has_the_limit_for_itself() {
    let client = client().with_options(|it| it.max_answer_bytes(16));
    let text = b"data: 12345678\n\n".repeat(8);
    let mut stream = answer(&client, &text, 5).text_events(&client).into_data();
    for _ in 0..8 {
        assert!(stream.next().await.expect("there are eight").is_ok());
    }
    assert!(stream.next().await.is_none());
    for long in [&b"data: 12345678901234567890"[..], b"data: 1234567890\ndata: 1234567890\n\n"] {
        for size in [1, 7, long.len()] {
            let mut stream = answer(&client, long, size).text_events(&client).into_data();
            assert!(stream.next().await.expect("an error").is_err(), "in pieces of {size} bytes");
            assert!(stream.next().await.is_none(), "nothing comes behind");
        }
    }
}

#[tokio::test]
async fn values_by_lines() {
    let client = client();
    let text = b"{\"n\":1}\r\n\n  {\"n\":2}\nnone\n{\"n\":3}";
    for size in 1..=text.len() {
        let mut stream = answer(&client, text, size).lines::<Tick>(&client).into_data();
        assert_eq!(stream.next().await.expect("1").expect("JSON"), Tick { n: 1 });
        assert_eq!(stream.next().await.expect("2").expect("JSON"), Tick { n: 2 });
        let error = stream.next().await.expect("there is a line").expect_err("it isn't JSON");
        assert_eq!(error.body(), Some(&b"none"[..]));
        // The last line may do without an end.
        assert_eq!(stream.next().await.expect("3").expect("JSON"), Tick { n: 3 });
        assert!(stream.next().await.is_none());
        assert_eq!(format!("{stream:?}"), "JsonLines { .. }");
    }
}

#[tokio::test]
async fn a_stream_outlives_the_deadline_and_ends_where_nothing_comes() {
    let url = listen(|mut stream| async move {
        read_request(&mut stream).await;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).await.ok();
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_millis(60)).await;
            stream.write_all(b"9\r\ndata: x\n\n\r\n").await.ok();
        }
        // Nothing more comes, and the connection stays.
        std::future::pending::<()>().await;
    })
    .await;
    let limits = |it: crate::runtime::client::options::Options| {
        it.deadline(Duration::from_millis(150)).attempt_timeout(Duration::from_secs(2))
    };
    let client = plain(&url).with_options(limits);
    let answer = client.call(&OPEN).streamed("text/event-stream").await.expect("the head comes");
    let mut stream = answer.text_events(&client).into_data();
    for _ in 0..4 {
        assert_eq!(stream.next().await.expect("it comes").expect("it is text").data(), "x");
    }
    let error = stream.next().await.expect("an error").expect_err("nothing comes");
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_stream_that_is_cut_off_says_so() {
    let cut = serve("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: x\n\n\r\n").await;
    let client = plain(&cut.url);
    let answer = client.call(&OPEN).streamed("text/event-stream").await.expect("the head comes");
    let mut stream = answer.text_events(&client).into_data();
    assert!(stream.next().await.expect("one came").is_ok());
    assert!(stream.next().await.expect("an error").is_err());
    assert!(cut.requests()[0].contains("accept: text/event-stream\r\n"));
}
