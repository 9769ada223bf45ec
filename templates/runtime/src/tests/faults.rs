//! Connections that fail in each phase, and limits.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket};

use super::server::{listen, read_request, serve};
use super::tls::authority;
use super::{CREATE, LIST, builder, client};
use crate::runtime::call::style::Style;
use crate::runtime::error::{Delivery, Error};

async fn failing(url: &str) -> Error {
    let client = client(url);
    let call = client.call(&CREATE).json("application/json", &"x");
    call.data::<u8>().await.expect_err("the server fails")
}

#[tokio::test]
async fn nobody_listens() {
    // A port that is taken and does not listen: nobody else can get it meanwhile.
    let taken = TcpSocket::new_v4().expect("there are sockets");
    taken.bind("127.0.0.1:0".parse().expect("it is an address")).expect("loopback is there");
    let url = format!("http://{}", taken.local_addr().expect("it has one"));
    let error = failing(&url).await;
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(error.is_connect() && !error.is_timeout());
    let source = std::error::Error::source(&error).expect("there is one").to_string();
    assert!(source.contains("onnection refused"), "{source}");
}

#[tokio::test]
async fn no_such_name() {
    // `.invalid` never resolves (RFC 6761); `https`, as any host but loopback needs.
    let client = builder("https://nobody.invalid").root_certificate_der(&authority()).build().expect("built");
    let error = client.call(&CREATE).empty().await.expect_err("there is no such host");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(error.is_connect());
}

#[tokio::test]
async fn cut_after_accept() {
    // Whether the client has written by then is up to the scheduler; see `written.rs`.
    let url = listen(|stream| async move { drop(stream) }).await;
    assert_ne!(failing(&url).await.delivery(), Delivery::Refused);
}

#[tokio::test]
async fn cut_before_the_status_within_the_head_and_within_the_body() {
    for (sent, status, body) in [
        ("", None, None),
        ("HTTP/1.1 200 O", None, None),
        ("HTTP/1.1 200 OK\r\ncontent-le", None, None),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", Some(200), Some("")),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"a", Some(200), Some("{\"a")),
        ("HTTP/1.1 400 Bad Request\r\ncontent-length: 9\r\n\r\n{\"a", Some(400), Some("{\"a")),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n", Some(200), Some("abc")),
        ("garbage\r\n\r\n", None, None),
    ] {
        let error = failing(&serve(sent).await.url).await;
        assert_eq!(error.delivery(), Delivery::Unknown, "{sent}");
        assert_eq!(error.status().map(|it| it.as_u16()), status, "{sent}");
        assert_eq!(error.body(), body.map(str::as_bytes), "{sent}");
        assert!(!error.is_timeout() && !error.is_connect());
    }
}

#[tokio::test]
async fn an_attempt_that_takes_too_long_may_have_acted_once_it_was_connected() {
    for sent in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"] {
        let url = listen(move |mut stream| async move {
            read_request(&mut stream).await;
            stream.write_all(sent.as_bytes()).await.ok();
            std::future::pending::<()>().await;
        })
        .await;
        let short = Duration::from_millis(400);
        let attempt = client(&url).with_options(|it| it.attempt_timeout(short));
        let error = attempt.call(&CREATE).data::<u8>().await.expect_err("it is too slow");
        assert!(error.is_timeout() && error.to_string().contains("for an attempt"));
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert_eq!(error.status().is_some(), sent.ends_with('{'));
        let call = client(&url).with_options(|it| it.deadline(short));
        let error = call.call(&CREATE).data::<u8>().await.expect_err("it is too slow");
        assert!(error.is_timeout() && error.to_string().contains("for the call"));
        assert!(!error.is_safe_to_repeat());
    }
}

#[tokio::test]
async fn without_any_time_nothing_is_sent() {
    let client = client("http://127.0.0.1:1").with_options(|it| it.deadline(Duration::ZERO));
    let error = client.call(&CREATE).empty().await.expect_err("the time is up");
    assert_eq!((error.delivery(), error.is_timeout()), (Delivery::NotSent, true));
    let endless = client.with_options(|it| it.deadline(Duration::MAX).attempt_timeout(Duration::MAX));
    let error = endless.call(&CREATE).empty().await.expect_err("nobody listens");
    assert!(error.is_connect());
}

/// A listener that completes TCP in its backlog and never speaks TLS.
async fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let url = format!("https://{}", listener.local_addr().expect("it has one"));
    (listener, url)
}

#[tokio::test]
async fn connecting_takes_too_long() {
    let (_listener, url) = silent().await;
    let client = builder(&url)
        .root_certificate_der(&authority())
        .connect_timeout(Duration::from_millis(60))
        .build()
        .expect("built");
    let error = client.call(&CREATE).empty().await.expect_err("no TLS comes");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(error.is_connect() && error.is_timeout());
}

#[tokio::test]
async fn an_attempt_that_never_connected_was_not_sent() {
    let (_listener, url) = silent().await;
    let client = builder(&url)
        .root_certificate_der(&authority())
        .attempt_timeout(Duration::from_millis(60))
        .build()
        .expect("built");
    let error = client.call(&CREATE).empty().await.expect_err("no TLS comes");
    assert_eq!((error.delivery(), error.is_timeout()), (Delivery::NotSent, true));
}

#[tokio::test]
async fn an_answer_has_a_limit() {
    let declared = "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\nghijk\r\n0\r\n\r\n";
    for (sent, kept) in [(declared, ""), (chunked, "abcdef")] {
        let url = listen(move |mut stream| async move {
            read_request(&mut stream).await;
            stream.write_all(sent.as_bytes()).await.ok();
            // The limit must come from the client: the connection stays open.
            std::future::pending::<()>().await;
        })
        .await;
        let client = client(&url).with_options(|it| it.max_answer_bytes(10));
        let error = client.call(&CREATE).empty().await.expect_err("it is too long");
        assert!(error.to_string().contains("longer than the limit"), "{error}");
        assert!(error.body().is_some_and(|body| kept.as_bytes().starts_with(body)));
        assert_eq!(error.delivery(), Delivery::Unknown);
    }
    let fits = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n\"abcd\r\n3\r\nef\"\r\n0\r\n\r\n";
    let server = serve(fits).await;
    let client = client(&server.url).with_options(|it| it.max_answer_bytes(8));
    let read =
        client.call(&LIST).path("carrierId", &1, Style::Simple { explode: false }).json_response::<String>().await;
    assert_eq!(read.expect("it fits").into_data(), "abcdef");
}

#[tokio::test]
async fn connections_are_used_again() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let url = listen(move |mut stream| {
        counted.fetch_add(1, Ordering::Relaxed);
        async move {
            while !read_request(&mut stream).await.is_empty() {
                let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                stream.write_all(answer.as_bytes()).await.ok();
            }
        }
    })
    .await;
    let client = client(&url);
    for _ in 0..5 {
        client.clone().call(&CREATE).empty().await.expect("the server answers");
        // The connection goes back to the pool in another task.
        tokio::task::yield_now().await;
    }
    assert_eq!(count.load(Ordering::Relaxed), 1);
}
