//! TLS against test authorities: each way to fail has its error.

use std::sync::Arc;

use rcgen::date_time_ymd;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::authority::{Authority, serve, serving};
use super::server::{answer, listen};
use super::{CREATE, OPEN, PLAIN, builder, client};
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::config::ConfigError;
use crate::runtime::error::connection::ConnectionProblem;
use crate::runtime::error::{Delivery, Error};

/// Returns the certificate of an authority that has signed nothing, so that a client can be built
/// on a system without certificates.
pub(crate) fn authority() -> Vec<u8> {
    Authority::new().der()
}

async fn call(builder: ClientBuilder) -> Result<(), Error> {
    let client = builder.build().expect("the configuration is right");
    client.call(&CREATE).empty().await.map(|_| ())
}

fn at(port: u16) -> ClientBuilder {
    builder(&format!("https://localhost:{port}"))
}

/// Calls, and checks what is common to all failures of TLS.
async fn refused(builder: ClientBuilder) -> (Option<ConnectionProblem>, Delivery) {
    let error = call(builder).await.expect_err("TLS fails");
    let mut printed = format!("{error} {error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(it) = source {
        printed = format!("{printed} {it}");
        source = it.source();
    }
    assert!(!printed.contains("localhost") && !printed.contains("example"), "{printed}");
    if let Some(problem) = error.connection_problem() {
        assert!(error.to_string().contains(&problem.to_string()), "{error}");
    }
    (error.connection_problem(), error.delivery())
}

fn not_sent(problem: ConnectionProblem) -> (Option<ConnectionProblem>, Delivery) {
    (Some(problem), Delivery::NotSent)
}

#[tokio::test]
async fn an_authority_that_was_added_is_trusted() {
    let authority = Authority::new();
    let port = serve(authority.server("localhost")).await;
    call(at(port).root_certificate_pem(authority.pem().as_bytes())).await.expect("the authority is trusted");
    call(at(port).root_certificate_der(&authority.der())).await.expect("the authority is trusted");
    let only = at(port).only_given_root_certificates();
    call(only.root_certificate_der(&authority.der())).await.expect("the authority is trusted");
}

#[test]
fn without_the_systems_certificates_there_must_be_others() {
    let nobody = at(1).only_given_root_certificates();
    assert_eq!(nobody.build().expect_err("nobody is trusted"), ConfigError::NoRootCertificates);
}

#[tokio::test]
async fn a_foreign_certificate() {
    let port = serve(Authority::new().server("localhost")).await;
    // Of one name with the authority that signed, and of another.
    for stranger in [Authority::new(), Authority::named("stranger")] {
        let foreign = at(port).root_certificate_der(&stranger.der());
        assert_eq!(refused(foreign).await, not_sent(ConnectionProblem::CertificateUntrusted));
    }
}

#[tokio::test]
async fn a_certificate_for_another_host() {
    let authority = Authority::new();
    let port = serve(authority.server("other.example")).await;
    let trusting = at(port).root_certificate_der(&authority.der());
    assert_eq!(refused(trusting).await, not_sent(ConnectionProblem::CertificateForOtherHost));
}

#[tokio::test]
async fn a_certificate_out_of_its_time() {
    let authority = Authority::new();
    let old = authority.sign("localhost", |params| params.not_after = date_time_ymd(2001, 1, 1));
    let port = serve(serving(&old)).await;
    let trusting = at(port).root_certificate_der(&authority.der());
    assert_eq!(refused(trusting).await, not_sent(ConnectionProblem::CertificateExpired));

    let early = authority.sign("localhost", |params| params.not_before = date_time_ymd(3000, 1, 1));
    let port = serve(serving(&early)).await;
    let trusting = at(port).root_certificate_der(&authority.der());
    assert_eq!(refused(trusting).await, not_sent(ConnectionProblem::CertificateNotYetValid));
}

#[tokio::test]
async fn tls_below_1_2() {
    // An alert that the version is too new for it, and a server hello of TLS 1.0 and 1.1.
    let alert = vec![21, 3, 1, 0, 2, 2, 70];
    for (answer, legacy) in [(alert, false), (server_hello([3, 1]), true), (server_hello([3, 2]), true)] {
        let url = listen(move |mut stream| {
            let answer = answer.clone();
            async move {
                let mut hello = [0; 4096];
                let _read = stream.read(&mut hello).await;
                stream.write_all(&answer).await.ok();
                tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok();
            }
        })
        .await;
        let url = url.replace("http://127.0.0.1", "https://localhost");
        let refusal = refused(builder(&url).root_certificate_der(&authority())).await;
        assert_eq!(refusal, not_sent(ConnectionProblem::TlsVersion), "a server hello: {legacy}");
    }
}

/// A server hello of an old version, which chooses `TLS_RSA_WITH_AES_128_CBC_SHA`.
fn server_hello(version: [u8; 2]) -> Vec<u8> {
    let mut hello = vec![22, version[0], version[1], 0, 42, 2, 0, 0, 38, version[0], version[1]];
    hello.extend([7; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    hello
}

#[tokio::test]
async fn what_is_no_tls() {
    let url = listen(|mut stream| async move {
        stream.write_all(answer("400 Bad Request", "", "").as_bytes()).await.ok();
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok();
    })
    .await;
    let url = url.replace("http://127.0.0.1", "https://localhost");
    let refusal = refused(builder(&url).root_certificate_der(&authority())).await;
    assert_eq!(refusal, not_sent(ConnectionProblem::Tls));
    let url = listen(|stream| async move { drop(stream) }).await.replace("http://127.0.0.1", "https://localhost");
    let refusal = refused(builder(&url).root_certificate_der(&authority())).await;
    assert_eq!(refusal, not_sent(ConnectionProblem::Tls));
}

#[tokio::test]
async fn a_client_shows_its_certificate() {
    let authority = Authority::new();
    let own = authority.sign_client();
    for version in [&TLS12, &TLS13] {
        let port = serve(authority.mutual("localhost", version)).await;
        let known = at(port)
            .root_certificate_der(&authority.der())
            .identity_pem(own.certificate.pem().as_bytes(), own.key.serialize_pem().as_bytes());
        call(known).await.expect("the client is known");
    }
}

#[test]
fn an_identity_is_checked() {
    let authority = Authority::new();
    let (one, other) = (authority.sign_client(), authority.sign_client());
    for (certificate, key) in [
        ("none".to_owned(), one.key.serialize_pem()),
        (one.certificate.pem(), "none".to_owned()),
        (one.certificate.pem(), other.key.serialize_pem()),
    ] {
        let built = at(1).root_certificate_der(&authority.der()).identity_pem(certificate.as_bytes(), key.as_bytes());
        assert_eq!(built.build().expect_err("it is none"), ConfigError::InvalidIdentity);
    }
}

#[tokio::test]
async fn tls_1_2_refuses_a_clients_certificate_before_anything_is_sent() {
    let authority = Authority::new();
    let port = serve(authority.mutual("localhost", &TLS12)).await;
    let trusting = || at(port).root_certificate_der(&authority.der());
    assert_eq!(refused(trusting()).await, not_sent(ConnectionProblem::ClientCertificateRefused));
    let foreign = Authority::named("stranger").sign_client();
    let stranger =
        trusting().identity_pem(foreign.certificate.pem().as_bytes(), foreign.key.serialize_pem().as_bytes());
    assert_eq!(refused(stranger).await, not_sent(ConnectionProblem::ClientCertificateRefused));
}

/// Hands on what comes, but from the client, after its hello, only once there are 8 KiB: by then a
/// part of the request was written.
async fn late(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let own = listener.local_addr().expect("it has one").port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", port)).await.expect("the server listens");
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            tokio::spawn(async move {
                tokio::io::copy(&mut from_server, &mut to_client).await.ok();
                to_client.shutdown().await.ok();
            });
            tokio::spawn(async move {
                let mut hello = [0; 4096];
                let count = from_client.read(&mut hello).await.expect("the client speaks");
                to_server.write_all(&hello[..count]).await.expect("the server reads");
                let mut held = Vec::new();
                while held.len() < 8 * 1024 && from_client.read_buf(&mut held).await.is_ok_and(|count| count > 0) {}
                to_server.write_all(&held).await.ok();
                tokio::io::copy(&mut from_client, &mut to_server).await.ok();
            });
        }
    });
    own
}

#[tokio::test]
async fn tls_1_3_refuses_a_clients_certificate_after_something_was_sent() {
    let authority = Authority::new();
    let port = late(serve(authority.mutual("localhost", &TLS13)).await).await;
    let url = format!("https://localhost:{port}");
    let client = ClientBuilder::new(&PLAIN).base_url(url).root_certificate_der(&authority.der());
    let client = client.build().expect("built");
    let error = client.call(&OPEN).bytes("text/plain", vec![b'x'; 64 * 1024]).empty().await.expect_err("refused");
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(error.connection_problem(), Some(ConnectionProblem::ClientCertificateRefused));
    assert!(
        error
            .to_string()
            .ends_with("the server refused the client's certificate, or wants one; the server may have acted")
    );
}

#[tokio::test]
async fn no_redirect_is_followed() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let reached = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let flag = Arc::clone(&reached);
        let elsewhere = listen(move |_| {
            flag.store(true, std::sync::atomic::Ordering::Relaxed);
            async {}
        })
        .await;
        let server = super::server::serve(answer(status, &format!("location: {elsewhere}/\r\n"), "")).await;
        let error = client(&server.url).call(&CREATE).empty().await.expect_err("it isn't a response");
        assert!(error.status().is_some_and(|status| status.is_redirection()));
        assert!(error.to_string().contains("redirect, which is not followed"), "{error}");
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(!reached.load(std::sync::atomic::Ordering::Relaxed));
    }
}
