//! TLS with a test certificate authority.

use std::error::Error as _;
use std::sync::Arc;

use novamed::{ConfigError, Delivery};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion, version};

use super::requests::patient;
use super::server::{Reply, Seen, read};
use super::{DEV_KEY, Sight, assert_keeps, failed};

/// A server with a certificate signed by a separate authority.
pub struct TlsServer {
    pub url: String,
    /// The PEM of the authority's certificate.
    pub authority: String,
    seen: Seen,
}

/// The versions of TLS that the client speaks.
pub const BOTH: &[&SupportedProtocolVersion] = &[&version::TLS13, &version::TLS12];

/// An unusual property of a server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    None,
    /// Its certificate has expired.
    Expired,
    /// It requires a client certificate.
    Mutual,
}

/// Starts a server that calls itself `name`, and answers with the id of a patient.
pub async fn serve(name: &str, versions: &[&'static SupportedProtocolVersion]) -> TlsServer {
    serve_oddly(name, versions, Oddity::None).await
}

/// Starts a server with an unusual property.
pub async fn serve_oddly(name: &str, versions: &[&'static SupportedProtocolVersion], oddity: Oddity) -> TlsServer {
    let (config, authority) = config(name, versions, oddity);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let port = listener.local_addr().expect("it has an address").port();
    let seen = Seen::default();
    let recorded = seen.clone();
    let data = json!({"patient_id": "00000000-0000-4000-8000-00000000b001"});
    let reply = Reply::json(200, &json!({"success": true, "data": data}));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = match acceptor.accept(stream).into_fallible().await {
                Ok(stream) => stream,
                // Read the rest, so that the alert arrives before a reset.
                Err((_, mut socket)) => {
                    socket.shutdown().await.ok();
                    tokio::spawn(async move { tokio::io::copy(&mut socket, &mut tokio::io::sink()).await });
                    continue;
                }
            };
            if let Some(request) = read(&mut stream).await {
                recorded.push(request);
                stream.write_all(&reply.bytes).await.ok();
                stream.shutdown().await.ok();
            }
        }
    });
    TlsServer { url: format!("https://localhost:{port}"), authority, seen }
}

/// Returns the server's side of TLS, and the PEM of its authority.
fn config(name: &str, versions: &[&'static SupportedProtocolVersion], oddity: Oddity) -> (ServerConfig, String) {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    // Each authority has a unique name, because issuers are looked up by name.
    params.distinguished_name.push(DnType::CommonName, format!("authority {:?}", &key.public_key_raw()[1..9]));
    let authority = CertifiedIssuer::self_signed(params, key).expect("a certificate");
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    if oddity == Oddity::Expired {
        params.not_after = date_time_ymd(2001, 1, 1);
    }
    let leaf = params.signed_by(&key, &authority).expect("a certificate");
    let private = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).expect("a certificate");
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions);
    let config = config.expect("ring has the suites");
    let config = match oddity {
        Oddity::Mutual => config.with_client_cert_verifier(verifier.build().expect("there are roots")),
        Oddity::None | Oddity::Expired => config.with_no_client_auth(),
    };
    let config = config.with_single_cert(vec![leaf.der().clone()], private);
    (config.expect("key and certificate belong together"), authority.pem())
}

#[tokio::test]
async fn an_exchange_over_tls() {
    for versions in [&[&version::TLS13][..], &[&version::TLS12]] {
        let server = serve("localhost", versions).await;
        let builder = Sight::Development.builder(&server.url).root_certificate_pem(server.authority.as_bytes());
        let client = builder.build().expect("the authority is one");
        let created = client.create_patient(&patient("required")).await.expect("the authority is trusted");
        assert_eq!(created.patient_id.get().to_string(), "00000000-0000-4000-8000-00000000b001");
        let seen = server.seen.all();
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].line, "POST /api/external/patient HTTP/1.1");
        let host = server.url.trim_start_matches("https://").to_owned();
        assert!(seen[0].headers.contains(&("host".to_owned(), host)));
        assert!(seen[0].headers.contains(&("x-api-key".to_owned(), DEV_KEY.to_owned())));
    }
}

#[tokio::test]
async fn a_foreign_certificate_is_refused_before_anything_is_sent() {
    let stranger = serve("localhost", BOTH).await;
    let other_name = serve("other.example", BOTH).await;
    let own = serve("localhost", BOTH).await;
    let (untrusted, other_host) = ("is signed by nobody who is trusted", "is for another host");
    for (server, trusted, text, cause) in [
        (&stranger, None, untrusted, "UnknownIssuer"),
        (&stranger, Some(&own.authority), untrusted, "UnknownIssuer"),
        (&other_name, Some(&other_name.authority), other_host, "NotValidForName"),
    ] {
        let mut builder = Sight::Development.builder(&server.url);
        if let Some(authority) = trusted {
            builder = builder.root_certificate_pem(authority.as_bytes());
        }
        let client = match builder.build() {
            // A machine without a trust store trusts nobody.
            Err(ConfigError::NoRootCertificates) => continue,
            client => client.expect("the configuration is right"),
        };
        let error = failed(client.create_patient(&patient("person")).await);
        assert_eq!((error.delivery(), error.is_safe_to_repeat()), (Delivery::NotSent, true));
        assert!(error.is_connect() && !error.is_timeout() && error.status().is_none());
        let display =
            format!("createPatient: there was no connection: the server's certificate {text}; nothing was sent");
        assert_eq!(error.to_string(), display);
        let source = error.source().expect("there is a cause").to_string();
        assert!(source.contains(cause), "the cause is to tell of {cause}: {source}");
        assert_keeps(&error, &[DEV_KEY, "Quincy", "/api/external", "https://", "localhost", "other.example"]);
        assert!(server.seen.all().is_empty(), "something was sent to a stranger");
    }
}

#[test]
fn what_is_no_certificate_is_refused_when_the_client_is_built() {
    for pem in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let built = Sight::Development.builder("https://localhost").root_certificate_pem(pem.as_bytes()).build();
        assert_eq!(built.err(), Some(ConfigError::InvalidRootCertificate));
    }
}
