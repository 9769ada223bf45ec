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

    /// The URL that the paths of operations are appended to. It takes precedence over the URL of the
    /// environment, whose other facts still apply.
    ///
    /// It must be `https`. Plain `http` is accepted only for a loopback host (`localhost`, `127.0.0.0/8`,
    /// `[::1]`).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The maximum time of a whole call. Default 90 s; see [`Options::deadline`].
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = deadline;
        self
    }

    /// The maximum time of one attempt. Default 30 s; see [`Options::attempt_timeout`].
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = timeout;
        self
    }

    /// The maximum size of a response. Default 16 MiB; see [`Options::max_answer_bytes`].
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
    /// Any `tower_service::Service` over `http` types works. It must not follow redirects or repeat requests.
    /// Its failures are `Delivery::Unknown` unless they carry the mark
    /// [`Unsent`](crate::runtime::transport::Unsent). Connections, TLS and proxies are up to the service. The
    /// limits of [`Options`] still apply.
    ///
    /// tower's layers can be used:
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

    /// Builds the client. If the base URL is `https`, this reads the system's root certificates and the
    /// environment's proxy, unless they are turned off.
    ///
    /// The client speaks HTTP/1.1 over TLS 1.2 or newer. It follows no redirects. It neither requests
    /// compressed responses nor decompresses any, so no response grows beyond what was sent.
    ///
    /// # Errors
    ///
    /// Anything wrong with the configuration; see [`ConfigError`].
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
    /// Calls `hook` with a record at the end of each call of the client and its clones. This includes calls
    /// that were refused before anything was sent, and calls whose future was dropped. By default, no hook
    /// is set.
    ///
    /// The hook runs where the call ends, so it should be quick: send the record to a channel. A panic in the
    /// hook is caught, and the call still returns its response.
    pub fn audit(mut self, hook: impl Fn(&AuditRecord) + Send + Sync + 'static) -> Self {
        self.audit = Some(Hook::new(hook));
        self
    }

    /// The maximum number of retries of a call. Default 3; see [`Options::max_retries`].
    pub const fn max_retries(mut self, retries: u32) -> Self {
        self.options.max_retries = retries;
        self
    }

    /// The maximum wait before the first retry. Default 1 s; see [`Options::retry_delay`].
    pub const fn retry_delay(mut self, delay: Duration) -> Self {
        self.options.retry_delay = delay;
        self
    }

    /// The number of retries that all clones of the client share. Default 20: enough for a short outage, and
    /// few enough that an application doesn't overload a server that is down.
    ///
    /// Each retry takes one, and every five successful calls give one back. In the long run at most one request
    /// in six is a retry. If none is left, a call returns the error of its last attempt. Retries after the
    /// server's rate limit take nothing, because pacing limits them, unless pacing is off.
    pub const fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }

    /// Sends at most this many requests in any time of length `per`, whatever the environment's limit is.
    ///
    /// The default is the environment's limit, if the document states one. Calls wait for their turn in the
    /// order in which they were made, within their deadline. All clones of the client share the limit, and
    /// retries count.
    ///
    /// The server's headers `x-ratelimit-remaining` and `-reset` are respected too. A 429 pauses all clones for
    /// as long as the server asks (1 s if it doesn't say, 10 minutes at most). For five times `per` after that,
    /// requests are spread evenly, which lets several processes share a key. Zero requests or zero time
    /// means no limit apart from what the server says.
    pub const fn rate_limit(mut self, requests: u32, per: Duration) -> Self {
        self.pacing = Pacing::Limit(requests, per);
        self
    }

    /// Sends every request immediately and leaves the rate limit to the caller. By default the client keeps to
    /// it; see [`ClientBuilder::rate_limit`].
    pub const fn no_pacing(mut self) -> Self {
        self.pacing = Pacing::Off;
        self
    }
}

#[cfg(feature = "reqwest")]
impl ClientBuilder {
    /// Sends requests through a reqwest client, for settings that only its builder has (feature `reqwest`).
    ///
    /// Whatever is set on `builder`, the client follows no redirects, repeats nothing, sends no `referer`,
    /// decompresses nothing and uses TLS 1.2 or newer. Connections, certificates, proxies and reqwest's
    /// timeouts are as set on `builder`; the settings for them here don't apply. The limits of [`Options`]
    /// do.
    ///
    /// A failure to connect is `Delivery::NotSent`. For any other failure, reqwest doesn't say whether
    /// anything was written, so the delivery is `Unknown`, even if a pooled connection was closed. If
    /// reqwest can't build the client, [`build`](Self::build) returns [`ConfigError::InvalidTransport`].
    ///
    /// # Panics
    ///
    /// reqwest panics if it can't determine which TLS to use. Give the builder one as shown here, install a
    /// rustls provider for the process, or enable one of reqwest's features.
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
