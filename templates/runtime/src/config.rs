//! What can be wrong with a client's configuration, and the rules for its base URL.

use std::fmt;
use std::net::Ipv4Addr;

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};

/// Why a client cannot be built. Nothing was sent, and nothing here holds a key or a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// No base URL: neither an environment was chosen nor a URL given. There is no default.
    MissingBaseUrl,
    /// Every operation needs a credential, and none was given.
    MissingCredential,
    /// The credential of this name is empty, or holds white space or control characters.
    InvalidCredential(&'static str),
    /// The key starts as the keys of another environment do.
    CredentialOfOtherEnvironment {
        /// The credential's name.
        credential: &'static str,
        /// The environment that was chosen.
        chosen: &'static str,
        /// The environment that the key belongs to.
        belongs_to: &'static str,
    },
    /// The base URL is that of another environment, whose rules are not those of the chosen one.
    BaseUrlOfOtherEnvironment {
        /// The environment that was chosen.
        chosen: &'static str,
        /// The environment that the base URL belongs to.
        belongs_to: &'static str,
    },
    /// The base URL is none: it needs a scheme and a host.
    InvalidBaseUrl,
    /// The base URL is not `https`. Plain `http` is taken for a loopback host alone.
    InsecureBaseUrl,
    /// The base URL has a user name, a query or a fragment.
    BaseUrlWithExtras,
    /// A root certificate cannot be read.
    InvalidRootCertificate,
    /// There are no root certificates: the system has none that can be read, or was not to be
    /// asked, and none was given.
    NoRootCertificates,
    /// The client's certificate or its key cannot be read, or they do not belong together.
    InvalidIdentity,
    /// The proxy's URL, which was set or stands in an environment variable, is none: it needs a
    /// host, and no other scheme than `http`.
    InvalidProxy,
    /// The transport that the caller configured cannot be built.
    InvalidTransport,
    /// The system has no thread to give, which a client that blocks needs.
    NoThread,
    /// The environment variable of this name is not set, or holds no Unicode.
    MissingVariable(String),
    /// The environment variable of this name names no environment of the document.
    UnknownEnvironment(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingBaseUrl => f.write_str("no environment and no base URL was chosen"),
            Self::MissingCredential => f.write_str("no credential was given"),
            Self::InvalidCredential(name) => {
                write!(f, "the credential `{name}` is empty or holds white space or control characters")
            }
            Self::CredentialOfOtherEnvironment { credential, chosen, belongs_to } => write!(
                f,
                "the credential `{credential}` belongs to the environment `{belongs_to}`, \
                 and `{chosen}` was chosen"
            ),
            Self::BaseUrlOfOtherEnvironment { chosen, belongs_to } => {
                write!(f, "the base URL belongs to the environment `{belongs_to}`, and `{chosen}` was chosen")
            }
            Self::InvalidBaseUrl => f.write_str("the base URL needs a scheme and a host"),
            Self::InsecureBaseUrl => f.write_str("the base URL must be `https`; `http` is for loopback hosts alone"),
            Self::BaseUrlWithExtras => f.write_str("the base URL must have no user name, query or fragment"),
            Self::InvalidRootCertificate => f.write_str("a root certificate cannot be read"),
            Self::NoRootCertificates => f.write_str("there are no root certificates that can be read"),
            Self::InvalidIdentity => {
                f.write_str("the client's certificate and key cannot be read, or do not belong together")
            }
            Self::InvalidProxy => f.write_str("the proxy's URL needs a host, and no other scheme than `http`"),
            Self::InvalidTransport => f.write_str("the transport cannot be built"),
            Self::NoThread => f.write_str("the thread of a client that blocks cannot be started"),
            Self::MissingVariable(name) => {
                write!(f, "the environment variable `{name}` is not set")
            }
            Self::UnknownEnvironment(name) => {
                write!(f, "the environment variable `{name}` names no known environment")
            }
        }
    }
}

impl std::error::Error for ConfigError {}

/// A base URL in parts, so that a call needs no parsing.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    scheme: Scheme,
    authority: Authority,
    /// The path, without the slash at its end.
    prefix: String,
}

impl BaseUrl {
    /// Reads `text`: `https`, or `http` to a loopback host, with nothing but host, port and path.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let parts = text.parse::<Uri>().map_err(|_| ConfigError::InvalidBaseUrl)?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(ConfigError::InvalidBaseUrl);
        };
        // `Uri` drops a fragment in silence.
        let has_query = parts.path_and_query.as_ref().is_some_and(|it| it.query().is_some());
        if authority.as_str().contains('@') || text.contains('#') || has_query {
            return Err(ConfigError::BaseUrlWithExtras);
        }
        if scheme != Scheme::HTTPS && !(scheme == Scheme::HTTP && is_loopback(authority.host())) {
            return Err(ConfigError::InsecureBaseUrl);
        }
        let prefix = parts.path_and_query.as_ref().map_or("", PathAndQuery::path).trim_end_matches('/').to_owned();
        Ok(Self { scheme, authority, prefix })
    }

    /// Returns the URL of an operation's own server, `server`, for a client of this base URL.
    ///
    /// A relative server is a path on this host. An absolute one is taken as it is, unless the
    /// caller chose this base URL by hand (`pinned`): a client that was pointed at a host never
    /// sends a credential to another one, and only the server's path counts.
    pub(crate) fn other_server(&self, server: &str, pinned: bool) -> Result<Self, ConfigError> {
        if !server.contains("://") {
            let path = server.trim_matches('/');
            let prefix = if path.is_empty() { String::new() } else { format!("/{path}") };
            return Ok(Self { prefix, ..self.clone() });
        }
        let other = Self::parse(server)?;
        if pinned {
            return Ok(Self { prefix: other.prefix, ..self.clone() });
        }
        Ok(other)
    }

    /// Returns the URL of `path` (with its query, each already encoded), or nothing if that is no
    /// path.
    pub(crate) fn join(&self, path: &str) -> Option<Uri> {
        let slash = if path.starts_with('/') { "" } else { "/" };
        let mut text = String::with_capacity(self.prefix.len() + slash.len() + path.len());
        text.push_str(&self.prefix);
        text.push_str(slash);
        text.push_str(path);
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(PathAndQuery::from_maybe_shared(bytes::Bytes::from(text)).ok()?);
        Uri::from_parts(parts).ok()
    }

    /// Returns whether the URL needs TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// Returns the host and port.
    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Returns the header `host`.
    pub(crate) fn host_header(&self) -> Option<HeaderValue> {
        host_header(&self.scheme, &self.authority)
    }

    /// Returns whether both URLs name the same host and port.
    pub(crate) fn is_same_origin(&self, other: &Self) -> bool {
        let port = |url: &Self| {
            let default = if url.is_https() { 443 } else { 80 };
            url.authority.port_u16().unwrap_or(default)
        };
        self.scheme == other.scheme
            && self.authority.host().eq_ignore_ascii_case(other.authority.host())
            && port(self) == port(other)
    }
}

/// Returns the header `host`: the port only where it is not the scheme's own.
pub(super) fn host_header(scheme: &Scheme, authority: &Authority) -> Option<HeaderValue> {
    let host = authority.host();
    let default = if *scheme == Scheme::HTTPS { 443 } else { 80 };
    match authority.port_u16() {
        Some(port) if port != default => HeaderValue::try_from(format!("{host}:{port}")).ok(),
        _ => HeaderValue::from_str(host).ok(),
    }
}

/// Returns whether `host` is this machine: `127.0.0.0/8`, `[::1]` or `localhost`.
pub(super) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host == "[::1]"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}
