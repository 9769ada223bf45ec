//! The table of failures: a server or a socket causes each of them, and the client reports it.
//!
//! | failure | tested here | tested in more detail |
//! |---|---|---|
//! | name not resolved, connection refused | `before_anything_is_written` | `faults.rs` |
//! | TLS: no TLS, below 1.2, expired, foreign, of another host | `tls_that_fails` | `tls.rs`; the runtime's `tls.rs` |
//! | a proxy that refuses | | the runtime's `proxying.rs` |
//! | cut before the request was written, on a kept connection | `before_anything_is_written` | the runtime's `written.rs` |
//! | cut after half of it, after all of it, in the headers, in the body | `once_something_was_written` | `faults.rs` |
//! | a certificate of the client's refused after the handshake | `a_certificate_refused_after_the_handshake` | the runtime's `tls.rs` |
//! | timeout: connecting, waiting, in the headers, in the body | `a_timeout_in_each_phase` | `faults.rs` |
//! | 400 to 504, the API's error object and a proxy's page | `each_status` | `answers.rs`, `statuses.rs` |
//! | 2xx undecodable, 2xx with `success: false`, a redirect | `answers_that_prove_nothing` | `answers.rs`, `faults.rs` |
//! | a call that was dropped | `a_call_that_is_dropped` | the runtime's `auditing.rs` |
//! | nothing is done twice, whatever happens | `proof` | the runtime's `proof.rs`, `delivery.rs`, `written.rs` |

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use novamed::audit::Outcome;
use novamed::transport::ConnectionProblem;
use novamed::{Client, ClientBuilder, Delivery, Error, PatientRequest};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::rustls::version::TLS13;

use super::requests::patient;
use super::server::{Reply, Server, Then};
use super::tls::{self, Oddity};
use super::{Sight, client, failed};

/// Long enough for a server on loopback, and short enough to wait for.
const SHORT: Duration = Duration::from_millis(300);

/// What an error reports about the fate of a call.
#[derive(Debug, PartialEq)]
struct Fate {
    delivery: Delivery,
    problem: Option<ConnectionProblem>,
    is_connect: bool,
    is_timeout: bool,
    status: Option<u16>,
}

const LOST: Fate =
    Fate { delivery: Delivery::Unknown, problem: None, is_connect: false, is_timeout: false, status: None };

const fn not_sent(problem: ConnectionProblem) -> Fate {
    Fate { delivery: Delivery::NotSent, problem: Some(problem), is_connect: true, ..LOST }
}

fn fate(error: &Error) -> Fate {
    assert_eq!(error.is_safe_to_repeat(), error.delivery() != Delivery::Unknown, "a create is no more than that");
    Fate {
        delivery: error.delivery(),
        problem: error.connection_problem(),
        is_connect: error.is_connect(),
        is_timeout: error.is_timeout(),
        status: error.status().map(|status| status.as_u16()),
    }
}

async fn fate_with(client: &Client) -> Fate {
    fate(&failed(client.create_patient(&patient("person")).await))
}

async fn fate_of(builder: ClientBuilder) -> Fate {
    fate_with(&builder.build().expect("the configuration is right")).await
}

/// Starts to build a client that trusts only the server's certificate authority.
fn trusting(url: &str, authority: &str) -> ClientBuilder {
    Sight::Development.builder(url).only_given_root_certificates().root_certificate_pem(authority.as_bytes())
}

/// Starts a server that does this with its connections, and returns its address.
async fn listen<F>(does: impl Fn(TcpStream) -> F + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let address = listener.local_addr().expect("a listener has an address").to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(does(stream));
        }
    });
    address
}

/// Answers one call, then disappears together with the connection that the client keeps.
async fn gone_after_one() -> Client {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback is there");
    let url = format!("http://{}", listener.local_addr().expect("a listener has an address"));
    let (word, heard) = std::sync::mpsc::channel::<()>();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the client connects");
        let mut read = Vec::new();
        while !read.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("the client writes");
            read.push(byte[0]);
        }
        let data = json!({"success": true, "data": {"carriers": []}});
        stream.write_all(&Reply::json(200, &data).bytes).expect("the client reads");
        heard.recv().expect("the word comes");
    });
    let client = client(&url);
    // The answer doesn't matter: the connection is kept.
    let _answer = client.get_carriers().await;
    for _ in 0..50 {
        // A separate task returns the connection to the pool.
        tokio::task::yield_now().await;
    }
    word.send(()).expect("the server waits");
    // The client's runtime isn't running, so it doesn't notice.
    server.join().expect("the server ends");
    client
}

#[tokio::test]
async fn before_anything_is_written() {
    let authority = tls::serve("localhost", tls::BOTH).await.authority;
    let unknown = fate_of(trusting("https://nobody.invalid", &authority)).await;
    assert_eq!(unknown, not_sent(ConnectionProblem::NameUnknown), "the name is not resolved");
    // A bound port that doesn't listen: nobody else can bind it in the meantime.
    let taken = TcpSocket::new_v4().expect("there are sockets");
    taken.bind("127.0.0.1:0".parse().expect("it is an address")).expect("loopback is there");
    let nobody = format!("http://{}", taken.local_addr().expect("it has an address"));
    assert_eq!(fate_with(&client(&nobody)).await, not_sent(ConnectionProblem::Unreachable), "nobody listens");
    // The kept connection was closed, and a new one fails: certainly not sent.
    assert_eq!(fate_with(&gone_after_one().await).await, not_sent(ConnectionProblem::Unreachable), "it was closed");
}

#[tokio::test]
async fn tls_that_fails() {
    let own = tls::serve("localhost", tls::BOTH).await;
    let foreign = tls::serve("localhost", tls::BOTH).await;
    let other = tls::serve("other.example", tls::BOTH).await;
    let expired = tls::serve_oddly("localhost", tls::BOTH, Oddity::Expired).await;
    // An alert: the TLS version is too new for the server.
    let old = listen(|mut stream| async move {
        let _hello = stream.read(&mut [0; 4096]).await;
        stream.write_all(&[21, 3, 1, 0, 2, 2, 70]).await.ok();
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok();
    });
    let none = listen(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.ok();
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok();
    });
    let cut = listen(|stream| async move { drop(stream) });
    let at = |address: String| format!("https://{}", address.replace("127.0.0.1", "localhost"));
    for (url, authority, problem) in [
        (foreign.url, &own.authority, ConnectionProblem::CertificateUntrusted),
        (other.url, &other.authority, ConnectionProblem::CertificateForOtherHost),
        (expired.url, &expired.authority, ConnectionProblem::CertificateExpired),
        (at(old.await), &own.authority, ConnectionProblem::TlsVersion),
        (at(none.await), &own.authority, ConnectionProblem::Tls),
        (at(cut.await), &own.authority, ConnectionProblem::Tls),
    ] {
        assert_eq!(fate_of(trusting(&url, authority)).await, not_sent(problem));
    }
}

/// A request larger than the socket buffers.
fn long() -> PatientRequest {
    let mut long = patient("person");
    long.notes = Some("x".repeat(64 * 1024));
    long
}

/// Forwards everything, but after the client's hello waits for 8 KiB from the client: by then part of the request was
/// written.
async fn late(server: String) -> String {
    listen(move |client| {
        let server = server.clone();
        async move {
            let server = TcpStream::connect(server).await.expect("the server listens");
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            tokio::spawn(async move {
                tokio::io::copy(&mut from_server, &mut to_client).await.ok();
                to_client.shutdown().await.ok();
            });
            let mut hello = [0; 4096];
            let count = from_client.read(&mut hello).await.expect("the client speaks");
            to_server.write_all(&hello[..count]).await.expect("the server reads");
            let mut held = Vec::new();
            while held.len() < 8 * 1024 && from_client.read_buf(&mut held).await.is_ok_and(|count| count > 0) {}
            to_server.write_all(&held).await.ok();
            tokio::io::copy(&mut from_client, &mut to_server).await.ok();
        }
    })
    .await
}

#[tokio::test]
async fn a_certificate_refused_after_the_handshake() {
    let server = tls::serve_oddly("localhost", &[&TLS13], Oddity::Mutual).await;
    let address = late(server.url.replace("https://localhost", "127.0.0.1")).await;
    let url = format!("https://{}", address.replace("127.0.0.1", "localhost"));
    let client = trusting(&url, &server.authority).build().expect("the configuration is right");
    let error = failed(client.create_patient(&long()).await);
    let problem = Some(ConnectionProblem::ClientCertificateRefused);
    assert_eq!(fate(&error), Fate { problem, ..LOST });
}

#[tokio::test]
async fn once_something_was_written() {
    let half = listen(|mut stream| async move {
        stream.read_exact(&mut [0; 200]).await.ok();
    });
    let error = failed(client(&format!("http://{}", half.await)).create_patient(&long()).await);
    assert_eq!(fate(&error), LOST, "after half of the request");
    for (sent, status) in [
        ("", None),
        ("HTTP/1.1 20", None),
        ("HTTP/1.1 200 OK\r\ncontent-le", None),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"a", Some(200)),
    ] {
        let server = Server::start(Reply::new(sent, Then::Cut)).await;
        assert_eq!(fate_with(&client(&server.url)).await, Fate { status, ..LOST }, "after {sent:?}");
        assert_eq!(server.seen().len(), 1, "a create is never sent twice");
    }
}

#[tokio::test]
async fn a_timeout_in_each_phase() {
    let silent = || async { std::future::pending::<()>().await };
    // TCP connects, but TLS doesn't.
    let authority = tls::serve("localhost", tls::BOTH).await.authority;
    let address = listen(move |stream| async move {
        let _open = stream;
        silent().await;
    })
    .await;
    let connecting = || trusting(&format!("https://{address}"), &authority);
    let by_time = Fate { is_timeout: true, delivery: Delivery::NotSent, ..LOST };
    let connect = Fate { is_timeout: true, ..not_sent(ConnectionProblem::Timeout) };
    assert_eq!(fate_of(connecting().connect_timeout(SHORT)).await, connect);
    assert_eq!(fate_of(connecting().attempt_timeout(SHORT)).await, by_time, "an attempt, while it connects");
    assert_eq!(fate_of(connecting().deadline(SHORT)).await, by_time, "the call, while it connects");
    for (sent, status) in [
        ("", None),
        ("HTTP/1.1 200 OK\r\ncontent-le", None),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"a", Some(200)),
    ] {
        let server = Server::start(Reply::new(sent, Then::Silence)).await;
        let builder = || Sight::Development.builder(&server.url);
        let late = Fate { is_timeout: true, status, ..LOST };
        assert_eq!(fate_of(builder().attempt_timeout(SHORT)).await, late, "an attempt, after {sent:?}");
        assert_eq!(fate_of(builder().deadline(SHORT)).await, late, "the call, after {sent:?}");
    }
}

#[tokio::test]
async fn each_status() {
    let own = json!({"success": false, "error": {"message": "m", "code": "RATE_LIMIT_EXCEEDED"}});
    for (status, delivery) in [
        (400, Delivery::Refused),
        (401, Delivery::Refused),
        (403, Delivery::Refused),
        (404, Delivery::Refused),
        // Marked as a refusal made before acting.
        (429, Delivery::Refused),
        (500, Delivery::Unknown),
        (502, Delivery::Unknown),
        (503, Delivery::Unknown),
        (504, Delivery::Unknown),
    ] {
        let page = Reply::whole(status, &[("content-type", "text/html")], b"<html><h1>no</h1></html>");
        for (reply, delivery) in [(Reply::json(status, &own), delivery), (page, Delivery::Unknown)] {
            let server = Server::start(reply).await;
            let expected = Fate { delivery, status: Some(status), ..LOST };
            assert_eq!(fate_with(&client(&server.url)).await, expected);
            assert_eq!(server.seen().len(), 1, "a create is never sent twice");
        }
    }
}

#[tokio::test]
async fn answers_that_prove_nothing() {
    let own = json!({"success": false, "error": {"message": "m", "code": "NOT_FOUND"}});
    let redirects = [301, 302, 303, 307, 308].map(|status| (status, Reply::whole(status, &[("location", "/")], b"")));
    let undecodable = ["", "<html>", "{\"success\":true}", "{\"success\":true,\"data\":{\"patient_id\":7}}"];
    let successes = undecodable.map(|body| (200, Reply::whole(200, &[], body.as_bytes())));
    let denials = [200, 201].map(|status| (status, Reply::json(status, &own)));
    for (status, reply) in redirects.into_iter().chain(successes).chain(denials) {
        let server = Server::start(reply).await;
        assert_eq!(fate_with(&client(&server.url)).await, Fate { status: Some(status), ..LOST });
        assert_eq!(server.seen().len(), 1, "a create is never sent twice");
    }
}

#[tokio::test]
async fn a_call_that_is_dropped() {
    let authority = tls::serve("localhost", tls::BOTH).await.authority;
    // TLS never completes, so no byte of the request is written.
    for (scheme, words, delivery) in [("https", 1, Delivery::NotSent), ("http", 2, Delivery::Unknown)] {
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        // It reports when it was connected to, and when it received something.
        let address = listen(move |mut stream| {
            let tell = tell.clone();
            async move {
                tell.send(()).ok();
                if stream.read_u8().await.is_ok() {
                    tell.send(()).ok();
                }
                std::future::pending::<()>().await;
            }
        })
        .await;
        let url = format!("{scheme}://{address}");
        let records = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&records);
        let builder = trusting(&url, &authority).audit(move |record| {
            kept.lock().expect("no test panics in the lock").push((record.outcome(), record.delivery()));
        });
        let client = builder.build().expect("the configuration is right");
        let call = tokio::spawn(async move { client.create_patient(&patient("person")).await.map(drop) });
        for _ in 0..words {
            told.recv().await.expect("the server tells");
        }
        call.abort();
        assert!(call.await.is_err_and(|error| error.is_cancelled()));
        let expected = [(Outcome::Dropped(delivery), Some(delivery))];
        assert_eq!(*records.lock().expect("no test panics in the lock"), expected);
    }
}
