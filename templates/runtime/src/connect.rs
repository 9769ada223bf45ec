//! The default transport: HTTP/1.1 over hyper's pool, with TLS 1.2 or newer by rustls on ring.
//!
//! What is known of a failed request: without a connection (no name, nobody listens, the TLS
//! handshake failed, the time to connect ran out) not one byte of it was written, and the error is
//! marked by [`Unsent`]. Redirects are never followed, as hyper has none.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::uri::Authority;
use http::{HeaderValue, Request, Uri, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::{HttpConnector, capture_connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tower_service::Service;

use super::body::{Body, BoxError};
use super::config::{BaseUrl, ConfigError};
use super::transport::{Exchange, Transport, Unsent};

/// How long an idle connection is kept. Many servers close theirs after 60 s, and the client
/// should be the first: a request that meets a closing connection has an unknown fate.
const IDLE: Duration = Duration::from_secs(20);

/// The pool of connections.
pub(crate) struct Connections {
    pool: Pool<Connector, Body>,
    /// The host that nearly all requests go to, and its header, which hyper would otherwise write
    /// anew for each.
    host: (Authority, Option<HeaderValue>),
}

impl Connections {
    /// Prepares the pool. Root certificates are loaded where `base` is `https`: the system's and
    /// `extra` ones.
    pub(crate) fn new(
        base: &BaseUrl,
        extra: Vec<CertificateDer<'static>>,
        connect_timeout: Duration,
    ) -> Result<Self, ConfigError> {
        let mut roots = RootCertStore::empty();
        if base.is_https() {
            let system = rustls_native_certs::load_native_certs().certs;
            roots.add_parsable_certificates(system);
            for certificate in extra {
                roots.add(certificate).map_err(|_| ConfigError::InvalidRootCertificate)?;
            }
            if roots.is_empty() {
                return Err(ConfigError::NoRootCertificates);
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .expect("ring's cipher suites cover TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector = Connector {
            inner: HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp),
            timeout: connect_timeout,
        };
        // hyper repeats a request by itself only where a pooled connection turned out to be closed
        // and the request came back from its queue unwritten, so that no request is sent twice.
        let pool =
            Pool::builder(TokioExecutor::new()).pool_idle_timeout(IDLE).pool_timer(TokioTimer::new()).build(connector);
        Ok(Self { pool, host: (base.authority().clone(), base.host_header()) })
    }
}

/// Reads root certificates from PEM text; there must be at least one.
pub(crate) fn roots_from_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
    let roots: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match roots {
        Ok(roots) if !roots.is_empty() => Ok(roots),
        _ => Err(ConfigError::InvalidRootCertificate),
    }
}

impl Transport for Connections {
    fn send(&self, mut request: Request<Body>) -> Exchange {
        if let (authority, Some(value)) = &self.host
            && request.uri().authority() == Some(authority)
        {
            request.headers_mut().insert(header::HOST, value.clone());
        }
        let connection = capture_connection(&mut request);
        let response = self.pool.request(request);
        Exchange {
            pending: Box::pin(async move {
                match response.await {
                    Ok(response) => Ok(response.map(Body::incoming)),
                    Err(error) if error.is_connect() => Err(Unsent::new(error).into()),
                    Err(error) => Err(error.into()),
                }
            }),
            connection: Some(connection),
        }
    }
}

/// Connects, within a time that covers the name, TCP and TLS.
#[derive(Clone)]
struct Connector {
    inner: HttpsConnector<HttpConnector>,
    timeout: Duration,
}

/// A connection, with or without TLS.
type Connection = MaybeHttpsStream<TokioIo<TcpStream>>;

impl Service<Uri> for Connector {
    type Response = Connection;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Connection, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.inner.call(uri);
        let timeout = self.timeout;
        Box::pin(async move {
            match tokio::time::timeout(timeout, connecting).await {
                Ok(connected) => connected,
                Err(_) => Err(ConnectTimeout.into()),
            }
        })
    }
}

/// The time to connect ran out.
#[derive(Debug)]
pub(crate) struct ConnectTimeout;

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connecting took too long")
    }
}

impl std::error::Error for ConnectTimeout {}
