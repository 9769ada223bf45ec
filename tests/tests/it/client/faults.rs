//! Connections that fail, answers that end too early or too late, and limits.

use std::error::Error as _;
use std::time::Duration;

use novamed::{Client, Delivery, Error};
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket};

use super::requests::patient;
use super::server::{Reply, Server, Then};
use super::{DEV_KEY, PROD_KEY, Sight, assert_keeps, client, failed};

/// Long enough for a server on loopback, and short enough to wait for.
const SHORT: Duration = Duration::from_millis(500);

async fn failing(client: &Client) -> Error {
    failed(client.create_patient(&patient("person")).await)
}

/// Fails if an error doesn't print this, or prints the key, the URL, the request or the answer.
fn assert_prints(error: &Error, host: &str, display: &str) {
    assert_eq!(error.to_string(), display);
    let port = host.rsplit(':').next().expect("an address has a port");
    assert_keeps(error, &[DEV_KEY, PROD_KEY, host, port, "/api/external", "Sam", "Quincy", "1990", "partMARKER"]);
}

/// A truncated answer, and the part of it that can be read.
struct Cut {
    sent: &'static str,
    status: Option<u16>,
    body: Option<&'static str>,
}

#[tokio::test]
async fn a_cut_connection_leaves_the_fate_open_and_keeps_what_came() {
    let none = |sent| Cut { sent, status: None, body: None };
    let some = |sent, status, body| Cut { sent, status: Some(status), body: Some(body) };
    for cut in [
        none(""),
        none("HTTP/1.1 200 O"),
        none("HTTP/1.1 200 OK\r\ncontent-type: appli"),
        none("partMARKER isn't HTTP\r\n\r\n"),
        some("HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n", 200, ""),
        some("HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"partMARKER", 200, "{\"partMARKER"),
        some("HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\nc\r\n{\"partMARKER\r\n", 201, "{\"partMARKER"),
        some("HTTP/1.1 400 Bad Request\r\ncontent-length: 90\r\n\r\n{\"partMARKER", 400, "{\"partMARKER"),
        some("HTTP/1.1 500 Error\r\ncontent-length: 90\r\n\r\n{\"partMARKER", 500, "{\"partMARKER"),
    ] {
        for sight in Sight::ALL {
            let server = Server::start(Reply::new(cut.sent, Then::Cut)).await;
            let error = failing(&sight.client(&server.url)).await;
            assert_eq!(server.seen().len(), 1, "a create is never sent twice");
            assert_eq!(error.delivery(), Delivery::Unknown);
            assert_eq!(error.status().map(|status| status.as_u16()), cut.status);
            assert_eq!(error.body(), cut.body.map(str::as_bytes));
            assert_eq!(error.headers().is_some(), cut.status.is_some());
            assert!(!error.is_timeout() && !error.is_connect() && !error.is_safe_to_repeat());
            assert_eq!((error.kind(), error.code(), error.message()), (None, None, None));
            let display = match cut.status {
                None => "createPatient: there was no response; the server may have acted".to_owned(),
                Some(status) => {
                    format!("createPatient: the response was cut off, status {status}; the server may have acted")
                }
            };
            assert_prints(&error, &server.host, &display);
        }
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_decoded_leaves_the_fate_open() {
    let id = "00000000-0000-4000-8000-00000000b001";
    let whole = json!({"success": true, "data": {"patient_id": id}}).to_string();
    let start = "createPatient: the response";
    for (body, text) in [
        ("", "is empty"),
        ("{\"success\":true}", "has no data"),
        ("{\"success\":true,\"data\":null}", "has no data"),
        ("{}", "has no data"),
        ("null", "is JSON of another shape than documented (line 1, column 4)"),
        (
            "{\"success\":true,\"data\":{\"patient_id\":7}}",
            "is JSON of another shape than documented (line 1, column 38)",
        ),
        ("{\"success\":true,\n\"data\":{}}", "is JSON of another shape than documented (line 2, column 9)"),
        (&whole[..whole.len() - 1], &format!("is not JSON (line 1, column {})", whole.len() - 1)),
        (&format!("{whole}}}"), &format!("is not JSON (line 1, column {})", whole.len() + 1)),
    ] {
        let server = Server::start(Reply::whole(200, &[("content-type", "application/json")], body.as_bytes())).await;
        for sight in Sight::ALL {
            let error = failing(&sight.client(&server.url)).await;
            assert_eq!((error.delivery(), error.is_safe_to_repeat()), (Delivery::Unknown, false));
            assert_eq!(error.status().expect("there was an answer").as_u16(), 200);
            assert_eq!(error.body(), Some(body.as_bytes()));
            let display = format!("{start} {text}, status 200; the server may have acted");
            assert_prints(&error, &server.host, &display);
            assert_keeps(&error, &[id]);
        }
    }
}

#[tokio::test]
async fn an_empty_failure_is_recognized_by_its_status() {
    for status in [400, 401, 429, 500, 503] {
        let server = Server::start(Reply::whole(status, &[], b"")).await;
        let error = failing(&client(&server.url)).await;
        assert_eq!((error.delivery(), error.kind()), (Delivery::Unknown, None));
        let display =
            format!("createPatient: the server answered with a failure, status {status}; the server may have acted");
        assert_prints(&error, &server.host, &display);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Server::start(Reply::json(200, &json!({}))).await;
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start(Reply::whole(status, &[("location", &other.url)], b"")).await;
        let error = failing(&client(&server.url)).await;
        assert_eq!((error.delivery(), server.seen().len()), (Delivery::Unknown, 1));
        let display = format!(
            "createPatient: the server answered with a redirect, which is not followed, status {status}; \
             the server may have acted"
        );
        assert_prints(&error, &server.host, &display);
        assert_keeps(&error, &[&other.host]);
    }
    assert!(other.seen().is_empty(), "the other server was called");
}

#[tokio::test]
async fn an_answer_over_the_limit_is_given_up() {
    let declared = Reply::new("HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n", Then::Silence);
    // Only the limit ends these two.
    let chunks = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let endless = Reply::new(chunks, Then::Again(b"a\r\npartMARKER\r\n"));
    let unframed = Reply::new("HTTP/1.1 200 OK\r\n\r\n", Then::Again(b"partMARKER"));
    let failure = Reply::new("HTTP/1.1 400 Bad Request\r\n\r\n", Then::Again(b"partMARKER"));
    for (reply, status) in [(declared, 200), (endless, 200), (unframed, 200), (failure, 400)] {
        let server = Server::start(reply).await;
        let client = Sight::Development.builder(&server.url).max_answer_bytes(100).build().expect("it is built");
        let error = failing(&client).await;
        assert_eq!((error.delivery(), error.is_safe_to_repeat()), (Delivery::Unknown, false));
        assert!(error.body().is_some_and(|body| body.len() <= 100), "what was read is kept, up to the limit");
        let display =
            format!("createPatient: the response is longer than the limit, status {status}; the server may have acted");
        assert_prints(&error, &server.host, &display);
    }
}

#[tokio::test]
async fn an_answer_at_the_limit_is_read() {
    let body = json!({"success": true, "data": {"patient_id": "00000000-0000-4000-8000-00000000b001"}}).to_string();
    for (limit, fits) in [(body.len(), true), (body.len() - 1, false)] {
        let server = Server::start(Reply::whole(200, &[], body.as_bytes())).await;
        let client = client(&server.url).with_options(|it| it.max_answer_bytes(limit));
        assert_eq!(client.create_patient(&patient("required")).await.is_ok(), fits);
    }
}

#[tokio::test]
async fn nothing_is_sent_where_nobody_listens() {
    // A bound port that doesn't listen: nobody else can bind it in the meantime.
    let taken = TcpSocket::new_v4().expect("there are sockets");
    taken.bind("127.0.0.1:0".parse().expect("it is an address")).expect("loopback is there");
    let host = taken.local_addr().expect("it has an address").to_string();
    let error = failing(&client(&format!("http://{host}"))).await;
    assert_eq!((error.delivery(), error.is_safe_to_repeat()), (Delivery::NotSent, true));
    assert!(error.is_connect() && !error.is_timeout() && error.status().is_none());
    let source = error.source().expect("there is a cause").to_string();
    assert!(source.to_lowercase().contains("connection refused"), "the cause is not told");
    assert_prints(&error, &host, "createPatient: there was no connection: the host was not reached; nothing was sent");
}

#[tokio::test]
async fn a_time_that_runs_out_after_the_first_byte_leaves_the_fate_open() {
    for (sent, status) in
        [("", None), ("HTTP/1.1 200 OK\r\n", None), ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", Some(200))]
    {
        let server = Server::start(Reply::new(sent, Then::Silence)).await;
        let client = client(&server.url);
        let with_status = status.map_or(String::new(), |status| format!(", status {status}"));
        for (limited, what) in [
            (client.with_options(|it| it.attempt_timeout(SHORT)), "an attempt"),
            (client.with_options(|it| it.deadline(SHORT)), "the call"),
        ] {
            let error = failing(&limited).await;
            assert_eq!((error.delivery(), error.is_safe_to_repeat()), (Delivery::Unknown, false));
            assert!(error.is_timeout() && !error.is_connect());
            assert_eq!(error.status().map(|status| status.as_u16()), status);
            let display = format!("createPatient: the time for {what} ran out{with_status}; the server may have acted");
            assert_prints(&error, &server.host, &display);
        }
        assert_eq!(server.seen().len(), 2, "one request for each call");
    }
}

#[tokio::test]
async fn a_read_that_took_too_long_is_safe_to_repeat_and_may_have_been_seen() {
    let server = Server::start(Reply::new("", Then::Silence)).await;
    let client = client(&server.url).with_options(|it| it.deadline(SHORT));
    let error = failed(client.get_carriers().await);
    assert_eq!((error.delivery(), error.is_safe_to_repeat()), (Delivery::Unknown, true));
}

#[tokio::test]
async fn no_time_means_that_nothing_is_sent() {
    let server = Server::start(Reply::json(200, &json!({}))).await;
    let client = client(&server.url).with_options(|it| it.deadline(Duration::ZERO));
    let error = failing(&client).await;
    assert_eq!((error.delivery(), error.is_timeout()), (Delivery::NotSent, true));
    let display = "createPatient: there was no time left to send the request; nothing was sent";
    assert_prints(&error, &server.host, display);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_server_that_never_speaks_tls_gets_nothing() {
    // The listener completes TCP in its backlog, and nobody accepts.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let host = listener.local_addr().expect("it has an address").to_string();
    let builder = || Sight::Development.builder(&format!("https://{host}"));
    for (builder, is_connect, text) in [
        (builder().connect_timeout(SHORT), true, "connecting took too long"),
        (builder().attempt_timeout(SHORT), false, "the time for an attempt ran out"),
        (builder().deadline(SHORT), false, "the time for the call ran out"),
    ] {
        let error = failing(&builder.build().expect("it is built")).await;
        assert_eq!((error.delivery(), error.is_safe_to_repeat()), (Delivery::NotSent, true));
        assert_eq!((error.is_timeout(), error.is_connect()), (true, is_connect));
        assert_prints(&error, &host, &format!("createPatient: {text}; nothing was sent"));
    }
}
