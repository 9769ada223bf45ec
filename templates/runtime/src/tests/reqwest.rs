//! reqwest as the transport.
#![cfg(feature = "reqwest")]

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

use super::authority::{Authority, serve};
use super::server::{answer, json};
use super::{CREATE, KEY, OPEN, builder};
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::{Delivery, Error};
use crate::runtime::transport::body::Body;

/// reqwest with TLS that trusts `authority`.
fn http(authority: &Authority) -> reqwest::ClientBuilder {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.der())).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let tls = tls.expect("ring has the suites").with_root_certificates(roots).with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy()
}

async fn call(builder: ClientBuilder) -> Result<(), Error> {
    let client = builder.reqwest(http(&Authority::new())).build().expect("built");
    let body = r#"{"patient": "c4n4ry"}"#;
    client.call(&CREATE).text("application/json", body).empty().await.map(|_| ())
}

#[tokio::test]
async fn it_carries_requests() {
    let server = super::server::serve(json("200 OK", "{}")).await;
    call(builder(&server.url)).await.expect("the server answers");
    let request = &server.requests()[0];
    assert!(request.starts_with("POST /refill HTTP/1.1\r\n") && request.ends_with(r#"{"patient": "c4n4ry"}"#));
    assert!(request.contains(KEY) && request.contains("content-length: 21") && !request.contains("accept-encoding"));
    assert!(request.contains("user-agent: testapi/"), "{request}");

    let server = super::server::serve(json("200 OK", "{}")).await;
    let client = ClientBuilder::new(&super::PLAIN).base_url(&server.url).reqwest(http(&Authority::new()));
    let client = client.build().expect("built");
    let streamed = Body::stream(Body::from("abc"));
    client.call(&OPEN).bytes("text/plain", streamed).empty().await.expect("the server answers");
    assert!(server.requests()[0].ends_with("abc"));
}

#[tokio::test]
async fn it_trusts_whom_its_builder_says() {
    let authority = Authority::new();
    let port = serve(authority.server("localhost")).await;
    let url = format!("https://localhost:{port}");
    let client = builder(&url).reqwest(http(&authority)).build().expect("built");
    client.call(&CREATE).empty().await.expect("the authority is trusted");
    let stranger = builder(&url).reqwest(http(&Authority::named("stranger"))).build().expect("built");
    let error = stranger.call(&CREATE).empty().await.expect_err("nobody knows the authority");
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[tokio::test]
async fn what_did_not_connect_was_not_sent_and_all_else_is_unknown() {
    let error = call(builder("http://127.0.0.1:1/c4n4ry")).await.expect_err("nobody listens");
    assert_eq!((error.delivery(), error.is_connect()), (Delivery::NotSent, true));
    assert!(!printed(&error).contains("c4n4ry") && !printed(&error).contains("127.0.0.1"));

    for sent in ["", "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", "c4n4ry\r\n\r\n"] {
        let server = super::server::serve(sent).await;
        let error = call(builder(&format!("{}/c4n4ry", server.url))).await.expect_err("it is cut");
        assert_eq!(error.delivery(), Delivery::Unknown, "{sent}");
        assert!(!printed(&error).contains("c4n4ry") && !printed(&error).contains("127.0.0.1"));
        assert_eq!(server.requests().len(), 1, "nothing is repeated");
    }
}

#[tokio::test]
async fn it_follows_no_redirect() {
    let other = super::server::serve(json("200 OK", "{}")).await;
    let moved = answer("307 Temporary Redirect", &format!("location: {}/x\r\n", other.url), "");
    let server = super::server::serve(moved).await;
    let error = call(builder(&server.url)).await.expect_err("it isn't a response");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(307));
    assert!(other.requests().is_empty());
}

fn printed(error: &Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text} {error} {error:?}");
        source = error.source();
    }
    text
}
