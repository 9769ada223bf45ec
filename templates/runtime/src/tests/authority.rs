//! Certificates, and servers that show them.

use std::net::TcpStream;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::server::answer;

/// An authority that signs certificates.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, as PEM and DER.
pub(crate) struct Signed {
    pub(crate) certificate: rcgen::Certificate,
    pub(crate) key: KeyPair,
}

impl Signed {
    fn private(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::try_from(self.key.serialize_der()).expect("a key")
    }
}

impl Authority {
    pub(crate) fn new() -> Self {
        Self::named("authority")
    }

    pub(crate) fn named(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// Signs a certificate for `name`, with what `change` makes of it.
    pub(crate) fn sign(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Signed {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        change(&mut params);
        Signed { certificate: params.signed_by(&key, &self.0).expect("a certificate"), key }
    }

    /// Signs a client's certificate.
    pub(crate) fn sign_client(&self) -> Signed {
        self.sign("client.example", |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth])
    }

    /// Returns a server's settings, with a certificate for `name`.
    pub(crate) fn server(&self, name: &str) -> Arc<ServerConfig> {
        serving(&self.sign(name, |_| ()))
    }

    /// Returns the settings of a server that asks for a certificate signed by this authority.
    pub(crate) fn mutual(&self, name: &str, version: &'static SupportedProtocolVersion) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(self.der())).expect("a certificate");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .expect("there are roots");
        let leaf = self.sign(name, |_| ());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .expect("ring has the suites")
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![leaf.certificate.der().clone()], leaf.private());
        Arc::new(config.expect("key and certificate belong together"))
    }
}

/// Returns the settings of a server with this certificate.
pub(crate) fn serving(leaf: &Signed) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has the suites")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.certificate.der().clone()], leaf.private());
    Arc::new(config.expect("key and certificate belong together"))
}

/// TLS on a socket that blocks.
pub(crate) fn blocking_tls(config: Arc<ServerConfig>, socket: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
    StreamOwned::new(ServerConnection::new(config).expect("the settings are right"), socket)
}

/// Starts a server that answers each request with `{}`; returns its port.
pub(crate) async fn serve(config: Arc<ServerConfig>) -> u16 {
    let acceptor = TlsAcceptor::from(config);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let port = listener.local_addr().expect("it has one").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                use tokio::io::{AsyncReadExt, AsyncWriteExt};
                match acceptor.accept(stream).into_fallible().await {
                    Ok(mut stream) => {
                        let mut request = [0; 4096];
                        let _read = stream.read(&mut request).await;
                        stream.write_all(answer("200 OK", "", "{}").as_bytes()).await.ok();
                        stream.shutdown().await.ok();
                    }
                    // What is still to come is read, so that the alert arrives before a reset.
                    Err((_, mut socket)) => {
                        socket.shutdown().await.ok();
                        tokio::io::copy(&mut socket, &mut tokio::io::sink()).await.ok();
                    }
                }
            });
        }
    });
    port
}
