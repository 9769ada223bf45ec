//! TLS against a test authority.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::{CREATE, builder};
use crate::client_builder::ClientBuilder;
use crate::error::{Delivery, Error};

/// A server whose certificate, for `name`, an authority of its own has signed.
struct TlsServer {
    url: String,
    authority_pem: String,
    authority_der: Vec<u8>,
}

fn issuer() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(params, key).expect("a certificate")
}

/// Returns the certificate of an authority that has signed nothing, so that a client can be built
/// on a system without certificates.
pub(crate) fn authority() -> Vec<u8> {
    issuer().der().to_vec()
}

async fn serve_tls(name: &str) -> TlsServer {
    let authority = issuer();
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    let leaf = params.signed_by(&key, &authority).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let private = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has the suites")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], private)
        .expect("key and certificate belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let port = listener.local_addr().expect("it has one").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut request = [0; 4096];
            let _read = stream.read(&mut request).await;
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
            stream.write_all(answer.as_bytes()).await.ok();
            stream.shutdown().await.ok();
        }
    });
    TlsServer {
        url: format!("https://localhost:{port}"),
        authority_pem: authority.pem(),
        authority_der: authority.der().to_vec(),
    }
}

async fn call(builder: ClientBuilder) -> Result<(), Error> {
    let client = builder.build().expect("the configuration is right");
    client.call(&CREATE).empty().await.map(|_| ())
}

#[tokio::test]
async fn an_authority_that_was_added_is_trusted() {
    let server = serve_tls("localhost").await;
    call(builder(&server.url).root_certificate_pem(server.authority_pem.as_bytes()))
        .await
        .expect("the authority is trusted");
    call(builder(&server.url).root_certificate_der(&server.authority_der)).await.expect("the authority is trusted");
}

#[tokio::test]
async fn a_foreign_authority_or_name_is_not() {
    let server = serve_tls("localhost").await;
    let error =
        call(builder(&server.url).root_certificate_der(&authority())).await.expect_err("nobody knows the authority");
    assert_eq!(error.delivery(), Delivery::NotSent);
    let source = std::error::Error::source(&error).expect("there is one").to_string();
    assert!(source.contains("invalid peer certificate"), "{source}");

    let server = serve_tls("other.example").await;
    let trusting = builder(&server.url).root_certificate_der(&server.authority_der);
    let error = call(trusting).await.expect_err("the name is another");
    assert_eq!((error.delivery(), error.is_connect()), (Delivery::NotSent, true));
}
