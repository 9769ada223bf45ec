//! The base URL of a client, split into parts so that a call doesn't have to parse it.

use std::net::Ipv4Addr;

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};

use crate::runtime::error::config::ConfigError;

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
pub(crate) fn host_header(scheme: &Scheme, authority: &Authority) -> Option<HeaderValue> {
    let host = authority.host();
    let default = if *scheme == Scheme::HTTPS { 443 } else { 80 };
    match authority.port_u16() {
        Some(port) if port != default => HeaderValue::try_from(format!("{host}:{port}")).ok(),
        _ => HeaderValue::from_str(host).ok(),
    }
}

/// Returns whether `host` is this machine: `127.0.0.0/8`, `[::1]` or `localhost`.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host == "[::1]"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}
