//! Servers that mean harm: every call ends, within its limits, in an error.

use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::server::{answer, listen, read_request, serve};
use super::{CREATE, client};
use crate::runtime::error::{Delivery, Error};
use crate::runtime::transport::pool::HEADERS;

/// Calls a server that says `first` once, and then `more` for as long as the client listens, with
/// `pause` in between.
async fn against(first: &'static str, more: &'static str, pause: Duration, attempt: Duration) -> Error {
    let url = listen(move |mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(first.as_bytes()).await.ok();
        let (more, slowly) = if pause.is_zero() { (more.repeat(1000), false) } else { (more.to_owned(), true) };
        while stream.write_all(more.as_bytes()).await.is_ok() {
            if slowly {
                tokio::time::sleep(pause).await;
            }
        }
    })
    .await;
    let client = client(&url).with_options(|it| it.attempt_timeout(attempt).max_answer_bytes(100_000));
    let error = client.call(&CREATE).data::<u8>().await.expect_err("the server means harm");
    assert_eq!(error.delivery(), Delivery::Unknown);
    error
}

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_slow_drip_ends_with_the_attempts_time() {
    let drip = Duration::from_millis(10);
    for (first, more) in [
        ("HTTP/1.1 200 OK\r\n", "a"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 90000\r\n\r\n", " "),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "1\r\n \r\n"),
        // Interim answers, of which there may be any number.
        ("", "HTTP/1.1 103 Early Hints\r\n\r\n"),
    ] {
        let error = against(first, more, drip, SHORT).await;
        assert!(error.is_timeout(), "{first}: {error}");
    }
}

#[tokio::test]
async fn an_endless_body_ends_with_the_limit() {
    for first in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 500 No\r\n\r\n"] {
        let error = against(first, "        ", Duration::ZERO, LONG).await;
        assert!(error.to_string().contains("longer than the limit"), "{error}");
        assert!(error.body().is_some_and(|body| body.len() <= 100_000));
    }
}

#[tokio::test]
async fn a_flood_of_headers_ends_with_the_limit() {
    for (first, more) in [
        ("HTTP/1.1 200 OK\r\n", "a: b\r\n"),
        ("HTTP/1.1 200 OK\r\na: ", "bbbbbbbb"),
        ("HTTP/1.1 ", "2"),
        // After the body, and between its pieces.
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", "a: b\r\n"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;a=", "bbbbbbbb"),
    ] {
        let error = against(first, more, Duration::ZERO, LONG).await;
        assert!(!error.is_timeout(), "{first}: {error}");
    }
}

#[tokio::test]
async fn an_answer_has_so_many_headers_and_no_more() {
    let with = |count| serve(format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(count)));
    let most = with(HEADERS).await;
    let read = client(&most.url).call(&CREATE).empty().await.expect("there are as many as there may be");
    assert_eq!(read.meta().headers().len(), HEADERS);
    for server in [with(HEADERS + 1).await, with(10_000).await] {
        let error = client(&server.url).call(&CREATE).empty().await.expect_err("there are too many");
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(std::error::Error::source(&error).is_some_and(|it| it.to_string().contains("head is too large")));
    }
}

#[tokio::test]
async fn nothing_is_decompressed() {
    // No answer grows beyond what was sent: a bomb stays as small as it came.
    let server = serve(answer("200 OK", "content-encoding: gzip\r\n", "\u{1f}not json")).await;
    let error = client(&server.url).call(&CREATE).data::<u8>().await.expect_err("it isn't JSON");
    assert_eq!(error.body(), Some("\u{1f}not json".as_bytes()));
    assert!(!server.requests()[0].contains("accept-encoding"));
}
