//! TLS against an authority of the test's own.

use std::error::Error as _;
use std::sync::Arc;

use novamed::{ConfigError, Delivery};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, SupportedProtocolVersion, version};

use super::requests::patient;
use super::server::{Reply, Seen, read};
use super::{DEV_KEY, Sight, assert_keeps, failed};

/// A server whose certificate an authority of its own has signed.
struct TlsServer {
    url: String,
    authority: String,
    seen: Seen,
}

/// Starts a server that calls itself `name`, and answers with the id of a patient.
async fn serve(name: &str, versions: &[&'static SupportedProtocolVersion]) -> TlsServer {
    let (config, authority) = config(name, versions);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let port = listener.local_addr().expect("it has an address").port();
    let seen = Seen::default();
    let recorded = seen.clone();
    let data = json!({"patient_id": "00000000-0000-4000-8000-00000000b001"});
    let reply = Reply::json(200, &json!({"success": true, "data": data}));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
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
fn config(name: &str, versions: &[&'static SupportedProtocolVersion]) -> (ServerConfig, String) {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    // No two authorities have one name, as that is what an issuer is looked up by.
    params.distinguished_name.push(DnType::CommonName, format!("authority {:?}", &key.public_key_raw()[1..9]));
    let authority = CertifiedIssuer::self_signed(params, key).expect("a certificate");
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    let leaf = params.signed_by(&key, &authority).expect("a certificate");
    let private = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(versions)
        .expect("ring has the suites")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], private)
        .expect("key and certificate belong together");
    (config, authority.pem())
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
    let both = [&version::TLS13, &version::TLS12];
    let stranger = serve("localhost", &both).await;
    let other_name = serve("other.example", &both).await;
    let own = serve("localhost", &both).await;
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
            // A machine without a trust store trusts nobody either.
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
