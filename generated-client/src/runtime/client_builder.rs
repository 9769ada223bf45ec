//! Building a client: every check of its configuration is made here, before any request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, header};
use tower_service::Service;

use super::api::{Api, Environment, SchemeKind};
use super::audit::{self, Hook};
use super::body::{Body, BoxError};
use super::client::{Client, Credential, Shared};
use super::config::{BaseUrl, ConfigError};
use super::connect::Connections;
use super::connection::Settings;
use super::options::Options;
use super::pacing::{Pacer, Pacing};
use super::redact::Redacted;
use super::retry::{Jitter, Retries};
use super::secret::Secret;
use super::transport::{Foreign, Transport};

/// Builds a [`Client`]. There is no default environment and no default base URL.
#[must_use]
pub struct ClientBuilder {
    api: &'static Api,
    pub(super) environment: Option<&'static Environment>,
    base_url: Option<String>,
    pub(super) credentials: Vec<Option<Secret>>,
    pub(super) options: Options,
    pub(super) connection: Settings,
    pub(super) transport: Option<Result<Box<dyn Transport>, ConfigError>>,
    pub(super) retry_budget: u32,
    pub(super) pacing: Pacing,
    pub(super) audit: Option<Hook>,
    pub(super) jitter: Jitter,
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

    /// The size that an answer may have. Default 16 MiB; see [`Options::max_answer_bytes`].
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
    /// carry the mark [`Unsent`](super::transport::Unsent). Connecting, TLS and proxies are its own affair;
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
    /// for compressed answers nor decompresses any, so that none grows beyond what was sent.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the configuration; see [`ConfigError`].
    pub fn build(self) -> Result<Client, ConfigError> {
        self.build_with(|name| std::env::var(name).ok())
    }

    /// Builds the client; `variable` reads the environment.
    pub(super) fn build_with(self, variable: impl Fn(&str) -> Option<String>) -> Result<Client, ConfigError> {
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

/// Returns the crate's name and version.
fn user_agent(api: &'static Api) -> HeaderValue {
    HeaderValue::try_from(format!("{}/{}", api.name, env!("CARGO_PKG_VERSION")))
        .expect("a crate's name and version are ASCII")
}

/// Returns the environment whose host `base` names: a caller who gives its URL by hand is bound by
/// its facts all the same.
fn environment_at(environments: &'static [Environment], base: &BaseUrl) -> Option<&'static Environment> {
    environments.iter().find(|environment| BaseUrl::parse(environment.url).is_ok_and(|url| url.is_same_origin(base)))
}

/// Returns the environment whose facts hold: the chosen one, or else the one at the base URL's host.
/// What is true of one environment must not be taken for true at the host of another.
fn settle_environment(
    environments: &'static [Environment],
    chosen: Option<&'static Environment>,
    base: &BaseUrl,
) -> Result<Option<&'static Environment>, ConfigError> {
    match (chosen, environment_at(environments, base)) {
        (Some(chosen), Some(found)) if !chosen.has_facts_of(found) => {
            Err(ConfigError::BaseUrlOfOtherEnvironment { chosen: chosen.name, belongs_to: found.name })
        }
        (Some(chosen), _) => Ok(Some(chosen)),
        (None, found) => Ok(found),
    }
}

/// Checks the credentials and makes them ready to be sent.
fn prepare_all(
    api: &'static Api,
    environment: Option<&'static Environment>,
    secrets: Vec<Option<Secret>>,
) -> Result<Vec<Option<Credential>>, ConfigError> {
    if api.credential_required && secrets.iter().all(Option::is_none) {
        return Err(ConfigError::MissingCredential);
    }
    let prepare_one = |(scheme, secret): (&'static super::api::Scheme, Option<Secret>)| {
        let Some(secret) = secret else {
            return Ok(None);
        };
        check_environment(api, environment, scheme.name, &secret)?;
        prepare(&scheme.kind, secret).map(Some).ok_or(ConfigError::InvalidCredential(scheme.name))
    };
    api.schemes.iter().zip(secrets).map(prepare_one).collect()
}

/// Refuses a key that starts as the keys of another environment do. A key without any known prefix
/// is taken, and so is any key where the environment is not known.
fn check_environment(
    api: &'static Api,
    environment: Option<&'static Environment>,
    credential: &'static str,
    secret: &Secret,
) -> Result<(), ConfigError> {
    let starts = |it: &Environment| it.key_prefix.is_some_and(|it| secret.expose().starts_with(it));
    let Some(chosen) = environment.filter(|chosen| !starts(chosen)) else {
        return Ok(());
    };
    match api.environments.iter().find(|other| starts(other)) {
        Some(other) => {
            Err(ConfigError::CredentialOfOtherEnvironment { credential, chosen: chosen.name, belongs_to: other.name })
        }
        None => Ok(()),
    }
}

/// Makes a credential ready to be sent, or returns nothing if it cannot be one.
fn prepare(kind: &SchemeKind, secret: Secret) -> Option<Credential> {
    let is_unfit = |c: char| c.is_whitespace() || c.is_control();
    if secret.expose().is_empty() || secret.expose().contains(is_unfit) {
        return None;
    }
    let authorization = |prefix| Some(Credential::Header(header::AUTHORIZATION, secret.header_value(prefix)?));
    match *kind {
        SchemeKind::HeaderKey(name) => {
            Some(Credential::Header(HeaderName::try_from(name).ok()?, secret.header_value("")?))
        }
        SchemeKind::QueryKey(name) => Some(Credential::Query(name, secret)),
        SchemeKind::CookieKey(name) => Some(Credential::Cookie(name, secret)),
        SchemeKind::Basic => authorization("Basic "),
        SchemeKind::Bearer => authorization("Bearer "),
    }
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
