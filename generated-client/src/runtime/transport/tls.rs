//! TLS: its versions, the certificates that a client trusts, and its own certificate.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::runtime::error::config::ConfigError;

/// Whom a client trusts, and what it shows of itself.
#[derive(Default)]
pub(crate) struct Trust {
    /// Root certificates that the caller gave.
    pub(crate) roots: Vec<CertificateDer<'static>>,
    /// Whether these alone are trusted.
    pub(crate) is_only: bool,
    /// The client's own certificates, its own first, and their key.
    pub(crate) identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
}

impl Trust {
    /// Returns the settings of TLS: 1.2 or 1.3. Certificates are read where `is_needed`.
    pub(crate) fn into_config(self, is_needed: bool) -> Result<ClientConfig, ConfigError> {
        let mut roots = RootCertStore::empty();
        if is_needed {
            if !self.is_only {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
            for certificate in self.roots {
                roots.add(certificate).map_err(|_| ConfigError::InvalidRootCertificate)?;
            }
            if roots.is_empty() {
                return Err(ConfigError::NoRootCertificates);
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .expect("ring's cipher suites cover TLS 1.2 and 1.3")
            .with_root_certificates(roots);
        match self.identity {
            None => Ok(config.with_no_client_auth()),
            Some((chain, key)) => config.with_client_auth_cert(chain, key).map_err(|_| ConfigError::InvalidIdentity),
        }
    }
}

/// Reads certificates from PEM text; there must be at least one.
pub(crate) fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    read.ok().filter(|certificates| !certificates.is_empty())
}

/// Reads a private key from PEM text (PKCS #8, PKCS #1 or SEC 1).
pub(crate) fn private_key(pem: &[u8]) -> Option<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(pem).ok()
}
