//! Building a client. The whole configuration is checked here, before any request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use tower_service::Service;

use crate::runtime::api::{Api, Environment};
use crate::runtime::audit::{self, AuditRecord, Hook};
use crate::runtime::call::pacing::{Pacer, Pacing};
use crate::runtime::call::retry::{Jitter, Retries};
use crate::runtime::client::credential::prepare_all;
use crate::runtime::client::environment::settle_environment;
use crate::runtime::client::options::Options;
use crate::runtime::client::{Client, Shared};
use crate::runtime::error::BoxError;
use crate::runtime::error::config::ConfigError;
use crate::runtime::transport::body::Body;
use crate::runtime::transport::connect::{Connections, Settings};
use crate::runtime::transport::url::BaseUrl;
use crate::runtime::transport::{Foreign, Transport};
use crate::runtime::value::secret::{Redacted, Secret};

/// Builds a [`Client`]. Neither the environment nor the base URL has a default.
#[must_use]
pub struct ClientBuilder {
    api: &'static Api,
    pub(crate) environment: Option<&'static Environment>,
    base_url: Option<String>,
    pub(crate) credentials: Vec<Option<Secret>>,
    pub(crate) options: Options,
    pub(crate) connection: Settings,
    pub(crate) transport: Option<Result<Box<dyn Transport>, ConfigError>>,
    pub(crate) retry_budget: u32,
    pub(crate) pacing: Pacing,
    pub(crate) audit: Option<Hook>,
    pub(crate) jitter: Jitter,
}

impl ClientBuilder {
    pub(crate) fn new(api: &'static Api) -> Self {
        Self {
            api,
            environment: None,
            base_url: None,
            credentials: api.schemes.iter().map(|_| None).collect(),
            options: Options::default(),
            connection: Settings::default(),
            transport: None,
            retry_budget: 20,
            pacing: Pacing::OfEnvironment,
            audit: None,
            jitter: Jitter::new(),
        }
    }

    /// The URL that the operations' paths are appended to. It takes precedence over the URL of an
    /// environment, whose other facts stay in force.
    ///
    /// It must be `https`; `http` is taken for a loopback host alone (`localhost`, `127.0.0.0/8`,
    /// `[::1]`).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The time that a call may take, all told. Default 90 s; see [`Options::deadline`].
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = deadline;
        self
    }

    /// The time that one attempt may take. Default 30 s; see [`Options::attempt_timeout`].
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = timeout;
        self
    }

    /// The size that a response may have. Default 16 MiB; see [`Options::max_answer_bytes`].
    pub const fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.options.max_answer_bytes = bytes;
        self
    }

    /// Whether requests are checked before anything is sent. Default true; see [`Options::check`].
    pub const fn check(mut self, check: bool) -> Self {
        self.options.check = check;
        self
    }

    /// Sends requests through `service` instead of the client's own connections.
    ///
    /// Any `tower_service::Service` over `http` types will do. The service must not follow
    /// redirects and must not repeat requests. Its failures are `Delivery::Unknown` unless they
    /// carry the mark [`Unsent`](crate::runtime::transport::Unsent). Connecting, TLS and proxies are its own affair;
    /// the limits of [`Options`] hold.
    ///
    /// The layers of tower work on it:
    ///
    /// ```text
    /// let service = tower::ServiceBuilder::new()
    ///     .concurrency_limit(16)
    ///     .timeout(Duration::from_secs(10))
    ///     .service(service);
    /// let client = Client::builder().environment(Environment::Production).transport(service).build()?;
    /// ```
    pub fn transport<S, B>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.transport = Some(Ok(Box::new(Foreign::new(service))));
        self
    }

    /// Builds the client. Where the base URL is `https`, this reads the system's root certificates
    /// and the environment's proxy, unless they are turned off.
    ///
    /// The client speaks HTTP/1.1, over TLS 1.2 or newer. It follows no redirect, and neither asks
    /// for compressed responses nor decompresses any, so that none grows beyond what was sent.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the configuration; see [`ConfigError`].
    pub fn build(self) -> Result<Client, ConfigError> {
        self.build_with(|name| std::env::var(name).ok())
    }

    /// Builds the client; `variable` reads the environment.
    pub(crate) fn build_with(self, variable: impl Fn(&str) -> Option<String>) -> Result<Client, ConfigError> {
        let pinned = self.base_url.is_some();
        let url = self.base_url.as_deref().or(self.environment.map(|it| it.url));
        let base = BaseUrl::parse(url.ok_or(ConfigError::MissingBaseUrl)?)?;
        let environment = settle_environment(self.api.environments, self.environment, &base)?;
        let fingerprint = self.audit.as_ref().and_then(|_| audit::fingerprint_of(self.api.schemes, &self.credentials));
        let credentials = prepare_all(self.api, environment, self.credentials)?;
        let transport = match self.transport {
            Some(transport) => {
                self.connection.trust?;
                transport?
            }
            None => Box::new(Connections::new(&base, self.connection, variable)?),
        };
        Ok(Client {
            shared: Arc::new(Shared {
                api: self.api,
                environment,
                base,
                pinned,
                credentials,
                user_agent: user_agent(self.api),
                transport,
                pacer: Pacer::new(self.pacing, environment.and_then(|it| it.rate_limit), self.jitter.fork()),
                retries: Retries::new(self.retry_budget, self.jitter),
                audit: self.audit,
                fingerprint,
            }),
            options: self.options,
        })
    }
}

impl ClientBuilder {
    /// Hands one record to `hook` for each call of the client and its clones, at the call's end: also
    /// for one that was refused before anything was sent, and for one whose future was dropped.
    /// By default, no hook is set.
    ///
    /// The hook runs where the call ends, so it should be quick: put the record into a channel.
    /// If it panics, the panic goes no further, so that no response is lost by it.
    pub fn audit(mut self, hook: impl Fn(&AuditRecord) + Send + Sync + 'static) -> Self {
        self.audit = Some(Hook::new(hook));
        self
    }

    /// How often a call is repeated at most. Default 3; see [`Options::max_retries`](crate::runtime::client::options::Options::max_retries).
    pub const fn max_retries(mut self, retries: u32) -> Self {
        self.options.max_retries = retries;
        self
    }

    /// The longest wait before the first retry. Default 1 s; see [`Options::retry_delay`](crate::runtime::client::options::Options::retry_delay).
    pub const fn retry_delay(mut self, delay: Duration) -> Self {
        self.options.retry_delay = delay;
        self
    }

    /// How many retries all clones of the client may make at once. Default 20: enough for a short
    /// disturbance, and little enough that an application does not press a server that is down.
    ///
    /// Each retry takes one away, and every five calls that are answered well give one back, so
    /// that in the long run one request in six is a retry at most. A call that finds none left has
    /// the error of its last attempt. What the server's rate limit refused takes nothing away, as the
    /// client's pacing sees to that, unless that is off.
    pub const fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }

    /// Sends at most so many requests in any time of length `per`, whatever the environment's
    /// limit is. The default is that limit, where the document states one: a request above it
    /// would be refused, so calls wait for their turn, first come, first served, and within their
    /// deadline. All clones of the client share it, and retries count.
    ///
    /// The server's headers `x-ratelimit-remaining` and `-reset` are followed as well, and a 429
    /// pauses all clones for as long as it asks (1 s where it does not say, 10 minutes at most).
    /// From then on, for five times `per`, requests keep a distance of `per` over `requests`, so that
    /// several processes with one key get by. No requests, or no time, means no limit but the server's word.
    pub const fn rate_limit(mut self, requests: u32, per: Duration) -> Self {
        self.pacing = Pacing::Limit(requests, per);
        self
    }

    /// Sends every request at once, and leaves the rate limit to the caller. By default the client
    /// keeps to it by itself; see [`ClientBuilder::rate_limit`].
    pub const fn no_pacing(mut self) -> Self {
        self.pacing = Pacing::Off;
        self
    }
}

#[cfg(feature = "reqwest")]
impl ClientBuilder {
    /// Sends requests through a client that reqwest builds, for what its builder can set and this
    /// one cannot (feature `reqwest`).
    ///
    /// Whatever was set on `builder`, it follows no redirect, repeats nothing, sends no `referer`,
    /// decompresses nothing and takes TLS 1.2 or newer. Connections, certificates and proxies are
    /// as `builder` has them, and so are its own timeouts; what is set of them here does not apply.
    /// The limits of [`Options`] hold. A failure to connect was not sent;
    /// of any other, reqwest does not tell whether something was written, so the delivery is
    /// `Unknown`, also where a kept connection was closed.
    /// What reqwest cannot build comes out of [`build`](Self::build) as
    /// [`ConfigError::InvalidTransport`].
    ///
    /// # Panics
    ///
    /// reqwest panics where it cannot tell which TLS is meant: give the builder one, as here,
    /// install a provider of rustls for the process, or have reqwest bring one by its features.
    ///
    /// ```text
    /// let tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    /// let http = reqwest::Client::builder().tls_backend_preconfigured(tls).local_address(address);
    /// let client = Client::builder().environment(Environment::Production).reqwest(http).build()?;
    /// ```
    pub fn reqwest(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.transport = Some(crate::runtime::transport::reqwest::finish(builder));
        self
    }
}

/// Returns the crate's name and version.
fn user_agent(api: &'static Api) -> HeaderValue {
    HeaderValue::try_from(format!("{}/{}", api.name, env!("CARGO_PKG_VERSION")))
        .expect("a crate's name and version are ASCII")
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("environment", &self.environment.map(|it| it.name))
            .field("credentials", &Redacted)
            .field("options", &self.options)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}
