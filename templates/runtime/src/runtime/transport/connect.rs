//! The default transport: HTTP/1.1 over pooled connections, with TLS 1.2 or newer by rustls on ring.
//!
//! It knows whether a failed request was sent, because it counts the bytes that each connection's socket
//! accepted ([`WriteGate`]). If there were none, or there was no connection (the name wasn't resolved, nobody
//! listens, the proxy or the TLS handshake failed, connecting took too long), the error is [`Unsent`].
//! Redirects are never followed, and nothing is decompressed: a response is as long as what the server sends.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Request, Response, Uri, header};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tower_service::Service;

use crate::runtime::error::BoxError;
use crate::runtime::error::config::ConfigError;
use crate::runtime::error::connection::{ConnectTimeout, ConnectionProblem, NameUnknown, NotConnected};
use crate::runtime::transport::body::Body;
use crate::runtime::transport::pool::{Connection, Host, Idle, Unanswered};
use crate::runtime::transport::proxy::{Choice, Proxy};
use crate::runtime::transport::socket::{Sending, Stream, Wire, WriteGate};
use crate::runtime::transport::tls::Trust;
use crate::runtime::transport::url::{BaseUrl, host_header};
use crate::runtime::transport::{Exchange, Transport, Unsent, proxy};

/// The client's own connections.
pub(crate) struct Connections(Arc<Shared>);

struct Shared {
    connector: Connector,
    idle: Arc<Idle>,
    /// The host that nearly all requests go to, and its header, written once.
    host: (Host, Option<HeaderValue>),
}

impl Connections {
    /// Prepares connections. Root certificates and the proxy's variables are read where `base` is
    /// `https`.
    pub(crate) fn new(
        base: &BaseUrl,
        settings: Settings,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let is_https = base.is_https();
        let proxy = if is_https { Proxy::choose(&settings.proxy, variable)? } else { None };
        let mut tcp = HttpConnector::new_with_resolver(Names(GaiResolver::new()));
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // It is shared out among the addresses of a host.
        tcp.set_connect_timeout(Some(settings.connect_timeout));
        let tls = TlsConnector::from(Arc::new(settings.trust?.into_config(is_https)?));
        let scheme = if is_https { Scheme::HTTPS } else { Scheme::HTTP };
        Ok(Self(Arc::new(Shared {
            connector: Connector { tcp, tls, proxy, timeout: settings.connect_timeout },
            idle: Arc::default(),
            host: ((scheme, base.authority().clone()), base.host_header()),
        })))
    }
}

impl Transport for Connections {
    fn send(&self, request: Request<Body>) -> Exchange {
        let sending = Sending::default();
        Exchange { pending: Box::pin(Arc::clone(&self.0).send(request, sending.clone())), sending: Some(sending) }
    }
}

impl Shared {
    async fn send(self: Arc<Self>, mut request: Request<Body>, sending: Sending) -> Result<Response<Body>, BoxError> {
        let host = self.prepare(&mut request).map_err(Unsent::new)?;
        loop {
            let kept = self.idle.take(&host);
            let is_new = kept.is_none();
            let mut connection = match kept {
                Some(connection) => connection,
                None => self.connector.connect(&host).await.map_err(Unsent::new)?,
            };
            if !sending.begin(&connection.gate) {
                return Err(Unsent::new("the request was given up").into());
            }
            match connection.exchange(request).await {
                Ok(response) => {
                    self.idle.keep(host, connection);
                    return Ok(response.map(Body::incoming));
                }
                // The kept connection was closed; of these there is an end, a new one counts.
                Err(Unanswered::Returned(returned, _)) if !is_new => request = *returned,
                Err(Unanswered::Returned(_, error)) => return Err(Unsent::new(error).into()),
                Err(Unanswered::Lost(error)) if sending.is_unsent() => return Err(Unsent::new(error).into()),
                Err(Unanswered::Lost(error)) => return Err(error.into()),
            }
        }
    }

    /// Makes `request` one for a connection to its host, which is returned.
    fn prepare(&self, request: &mut Request<Body>) -> Result<Host, BoxError> {
        let parts = std::mem::take(request.uri_mut()).into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err("the URL is not absolute".into());
        };
        let host = (scheme, authority);
        let header = if host == self.host.0 { self.host.1.clone() } else { host_header(&host.0, &host.1) };
        request.headers_mut().insert(header::HOST, header.ok_or("the host cannot be written")?);
        *request.uri_mut() = parts.path_and_query.unwrap_or(PathAndQuery::from_static("/")).into();
        Ok(host)
    }
}

/// Connects.
struct Connector {
    tcp: HttpConnector<Names>,
    tls: TlsConnector,
    proxy: Option<Proxy>,
    timeout: Duration,
}

impl Connector {
    /// Connects within a time that covers the name, TCP, a proxy and TLS.
    async fn connect(&self, host: &Host) -> Result<Connection, BoxError> {
        match tokio::time::timeout(self.timeout, self.connect_in_time(host)).await {
            Ok(connected) => connected,
            Err(_) => Err(ConnectTimeout.into()),
        }
    }

    async fn connect_in_time(&self, (scheme, authority): &Host) -> Result<Connection, BoxError> {
        let gate = Arc::<WriteGate>::default();
        let name = authority.host();
        if *scheme != Scheme::HTTPS {
            let socket = self.dial(url(Scheme::HTTP, authority)?).await?;
            return Ok(Connection::open(Stream::Plain(Wire::new(socket, Arc::clone(&gate))), gate).await?);
        }
        let port = authority.port_u16().unwrap_or(443);
        let socket = match self.proxy.as_ref().filter(|proxy| proxy.is_for(name, port)) {
            None => self.dial(url(Scheme::HTTPS, authority)?).await?,
            Some(proxy) => {
                let mut socket = self.dial(proxy.url.clone()).await?;
                proxy::open_tunnel(&mut socket, name, port, proxy.authorization.as_ref())
                    .await
                    .map_err(|error| NotConnected(ConnectionProblem::ProxyRefused(None), error))?;
                socket
            }
        };
        let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        let name = ServerName::try_from(bare.to_owned())?;
        let tls = self.tls.connect(name, Wire::new(socket, Arc::clone(&gate)));
        let tls = tls.await.map_err(|error| NotConnected(ConnectionProblem::Tls, error.into()))?;
        Ok(Connection::open(Stream::Tls(Box::new(tls)), gate).await?)
    }

    /// Connects over TCP.
    async fn dial(&self, url: Uri) -> Result<TcpStream, BoxError> {
        let mut tcp = self.tcp.clone();
        std::future::poll_fn(|cx| tcp.poll_ready(cx)).await?;
        let connected = tcp.call(url).await;
        let socket = connected.map_err(|error| NotConnected(ConnectionProblem::Unreachable, error.into()))?;
        Ok(socket.into_inner())
    }
}

fn url(scheme: Scheme, authority: &Authority) -> Result<Uri, http::Error> {
    Uri::builder().scheme(scheme).authority(authority.clone()).path_and_query("/").build()
}

/// Finds a name's addresses as the system does.
#[derive(Clone)]
struct Names(GaiResolver);

impl Service<Name> for Names {
    type Response = GaiAddrs;
    type Error = NameUnknown;
    type Future = Pin<Box<dyn Future<Output = Result<GaiAddrs, NameUnknown>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), NameUnknown>> {
        self.0.poll_ready(cx).map_err(NameUnknown)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let found = self.0.call(name);
        Box::pin(async move { found.await.map_err(NameUnknown) })
    }
}

/// What is set of connections.
pub(crate) struct Settings {
    pub(crate) connect_timeout: Duration,
    pub(crate) proxy: Choice,
    /// The first thing that cannot be read comes out of `build`.
    pub(crate) trust: Result<Trust, ConfigError>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(5), proxy: Choice::default(), trust: Ok(Trust::default()) }
    }
}

impl Settings {
    /// Reads something of TLS.
    pub(crate) fn read(&mut self, read: impl FnOnce(&mut Trust) -> Result<(), ConfigError>) {
        if let Ok(trust) = &mut self.trust
            && let Err(error) = read(trust)
        {
            self.trust = Err(error);
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("connect_timeout", &self.connect_timeout)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}
