//! The setters of a builder for connections, proxies and TLS.

use std::time::Duration;

use rustls::pki_types::CertificateDer;

use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::config::ConfigError;
use crate::runtime::transport::proxy::Choice;
use crate::runtime::transport::tls;
use crate::runtime::value::secret::Secret;

/// Settings of the client's own connections. They don't apply to other transports.
impl ClientBuilder {
    /// The maximum time to connect: name resolution, TCP, proxy and TLS together. Default 5 s, because a
    /// reachable server responds in a fraction of that. Nothing was sent when it runs out.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connection.connect_timeout = timeout;
        self
    }

    /// Trusts these root certificates (one or more, as PEM) in addition to the system's.
    pub fn root_certificate_pem(mut self, pem: &[u8]) -> Self {
        self.connection.read(|trust| {
            trust.roots.extend(tls::certificates(pem).ok_or(ConfigError::InvalidRootCertificate)?);
            Ok(())
        });
        self
    }

    /// Trusts this root certificate (DER) in addition to the system's.
    pub fn root_certificate_der(mut self, der: &[u8]) -> Self {
        self.connection.read(|trust| {
            trust.roots.push(CertificateDer::from(der.to_vec()));
            Ok(())
        });
        self
    }

    /// Trusts only the root certificates given here. By default the system's are trusted too, which leaves the
    /// decision to its administrator.
    pub fn only_given_root_certificates(mut self) -> Self {
        self.connection.read(|trust| {
            trust.is_only = true;
            Ok(())
        });
        self
    }

    /// Proves the client's identity to servers that ask for it (mTLS). `certificates` is the client's
    /// certificate followed by those that lead to an authority (PEM). `private_key` is its key (PEM: PKCS #8,
    /// PKCS #1 or SEC 1, not encrypted). Default: no identity.
    ///
    /// With TLS 1.3 a server refuses a certificate only after the request was written. The delivery of the call
    /// is then `Unknown`, although such a server has most likely not acted.
    pub fn identity_pem(mut self, certificates: &[u8], private_key: &[u8]) -> Self {
        self.connection.read(|trust| {
            let chain = tls::certificates(certificates).ok_or(ConfigError::InvalidIdentity)?;
            let key = tls::private_key(private_key).ok_or(ConfigError::InvalidIdentity)?;
            trust.identity = Some((chain, key));
            Ok(())
        });
        self
    }

    /// Connects to `https` hosts through a tunnel (`CONNECT`) of this proxy:
    /// `http://[user[:password]@]host[:port]`. The proxy sees the name of the host and nothing of the request.
    /// User name and password are percent-encoded. Loopback hosts are connected to directly.
    ///
    /// The default is the environment's proxy: the first of `HTTPS_PROXY`, `https_proxy`, `ALL_PROXY` and
    /// `all_proxy` that is set when the client is built. Hosts in `NO_PROXY` or `no_proxy` are connected to
    /// directly. It is a list, separated by commas, of names (which include their subdomains), addresses,
    /// networks (`10.0.0.0/8`) or `*`.
    ///
    /// If the proxy refuses, nothing was sent.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.connection.proxy = Choice::Url(url.into());
        self
    }

    /// Uses no proxy, even if the environment names one.
    pub fn no_proxy(mut self) -> Self {
        self.connection.proxy = Choice::None;
        self
    }
}
