//! The setters of a builder for connections, proxies and TLS.

use std::time::Duration;

use rustls::pki_types::CertificateDer;

use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::config::ConfigError;
use crate::runtime::transport::proxy::Choice;
use crate::runtime::transport::tls;
use crate::runtime::value::secret::Secret;

/// Connections: these hold for the client's own, and not for a transport of yours.
impl ClientBuilder {
    /// The time that connecting may take: the name, TCP, a proxy and TLS together. Default 5 s, as
    /// a server that is there answers in a fraction of that. Nothing was sent when it runs out.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connection.connect_timeout = timeout;
        self
    }

    /// Trusts these root certificates (PEM, one or several) beside the system's.
    pub fn root_certificate_pem(mut self, pem: &[u8]) -> Self {
        self.connection.read(|trust| {
            trust.roots.extend(tls::certificates(pem).ok_or(ConfigError::InvalidRootCertificate)?);
            Ok(())
        });
        self
    }

    /// Trusts this root certificate (DER) beside the system's.
    pub fn root_certificate_der(mut self, der: &[u8]) -> Self {
        self.connection.read(|trust| {
            trust.roots.push(CertificateDer::from(der.to_vec()));
            Ok(())
        });
        self
    }

    /// Trusts the root certificates that were given here, and not the system's. Default: the
    /// system's are trusted too, so that whoever administers it decides.
    pub fn only_given_root_certificates(mut self) -> Self {
        self.connection.read(|trust| {
            trust.is_only = true;
            Ok(())
        });
        self
    }

    /// Proves the client's identity to servers that ask for it (mTLS): its certificate, followed
    /// by those that lead to an authority (PEM), and the certificate's private key (PEM: PKCS #8,
    /// PKCS #1 or SEC 1, not encrypted). Default: no identity.
    ///
    /// In TLS 1.3 a server refuses a certificate only after the request was written: the call's
    /// delivery is then `Unknown`, although such a server has most likely not acted.
    pub fn identity_pem(mut self, certificates: &[u8], private_key: &[u8]) -> Self {
        self.connection.read(|trust| {
            let chain = tls::certificates(certificates).ok_or(ConfigError::InvalidIdentity)?;
            let key = tls::private_key(private_key).ok_or(ConfigError::InvalidIdentity)?;
            trust.identity = Some((chain, key));
            Ok(())
        });
        self
    }

    /// Reaches `https` hosts through this proxy, `http://[user[:password]@]host[:port]`, by a
    /// tunnel (`CONNECT`): the proxy sees the host's name, and nothing of a request. User name and
    /// password are percent-encoded. A host that is this machine is reached directly.
    ///
    /// Default: the environment's proxy, if it names one. `HTTPS_PROXY`, `https_proxy`, `ALL_PROXY`
    /// and `all_proxy` are looked at in this order when the client is built; hosts in `NO_PROXY`
    /// or `no_proxy` are reached directly: names, with all that is below them, addresses, nets
    /// (`10.0.0.0/8`) or `*`, separated by commas.
    ///
    /// What a proxy refuses was not sent.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.connection.proxy = Choice::Url(url.into());
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.connection.proxy = Choice::None;
        self
    }
}
