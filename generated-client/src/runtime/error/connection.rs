//! Why a connection couldn't be made or was lost, read from the errors of the system, TLS and proxies.

use std::error::Error as StdError;
use std::{fmt, io};

use rustls::{AlertDescription, CertificateError, Error as TlsError, PeerIncompatible};

use crate::runtime::error::BoxError;

/// Why there was no connection, or why it was lost.
///
/// `Display` prints fixed text, without a name, an address or a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConnectionProblem {
    /// The name of the host or of the proxy was not resolved.
    NameUnknown,
    /// Nothing responded at the addresses of the host or of the proxy.
    Unreachable,
    /// Connecting took too long.
    Timeout,
    /// The proxy refused the connection with this status, or didn't respond in HTTP. With 407 it requires a user
    /// name and password, or different ones.
    ProxyRefused(Option<u16>),
    /// The server doesn't support TLS 1.2 or newer.
    TlsVersion,
    /// The server's certificate has expired.
    CertificateExpired,
    /// The server's certificate is not valid yet.
    CertificateNotYetValid,
    /// The server's certificate isn't signed by a trusted authority.
    CertificateUntrusted,
    /// The server's certificate is for another host.
    CertificateForOtherHost,
    /// The server's certificate was revoked.
    CertificateRevoked,
    /// The server's certificate is wrong in another way.
    CertificateInvalid,
    /// The server requires a client certificate, or a different one. With TLS 1.3 it says so only after the
    /// request was written, so the call's delivery is unknown.
    ClientCertificateRefused,
    /// TLS failed in another way.
    Tls,
}

impl ConnectionProblem {
    /// Reads `error` and its sources; the first that tells something counts.
    pub(crate) fn read(error: &(dyn StdError + 'static)) -> Option<Self> {
        std::iter::successors(Some(error), |&error| error.source()).find_map(Self::of)
    }

    fn of(error: &(dyn StdError + 'static)) -> Option<Self> {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            // An I/O error that wraps another one leaves it out of its sources.
            return Self::read(error.get_ref()?);
        }
        if let Some(error) = error.downcast_ref::<TlsError>() {
            return Some(Self::of_tls(error));
        }
        if let Some(ProxyRefusal(status)) = error.downcast_ref() {
            return Some(Self::ProxyRefused(*status));
        }
        if let Some(error) = error.downcast_ref::<NotConnected>() {
            return Some(error.source().and_then(Self::read).unwrap_or(error.0));
        }
        if error.is::<NameUnknown>() {
            return Some(Self::NameUnknown);
        }
        error.is::<ConnectTimeout>().then_some(Self::Timeout)
    }

    fn of_tls(error: &TlsError) -> Self {
        match error {
            TlsError::InvalidCertificate(error) => Self::of_certificate(error),
            TlsError::AlertReceived(alert) => Self::of_alert(*alert),
            TlsError::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
            ) => Self::TlsVersion,
            _ => Self::Tls,
        }
    }

    fn of_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::CertificateExpired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::CertificateNotYetValid,
            // Signed by an authority that has only the name of one.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::CertificateUntrusted,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::CertificateForOtherHost
            }
            CertificateError::Revoked => Self::CertificateRevoked,
            _ => Self::CertificateInvalid,
        }
    }

    /// A server's word on a certificate is about the client's.
    fn of_alert(alert: AlertDescription) -> Self {
        match alert {
            AlertDescription::ProtocolVersion => Self::TlsVersion,
            AlertDescription::CertificateRequired
            | AlertDescription::NoCertificate
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied => Self::ClientCertificateRefused,
            _ => Self::Tls,
        }
    }
}

impl fmt::Display for ConnectionProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NameUnknown => "the host's name was not resolved",
            Self::Unreachable => "the host was not reached",
            Self::Timeout => "connecting took too long",
            Self::ProxyRefused(Some(407)) => "the proxy wants a user name and password, or others",
            Self::ProxyRefused(Some(status)) => return write!(f, "the proxy refused with status {status}"),
            Self::ProxyRefused(None) => "the proxy did not answer in HTTP",
            Self::TlsVersion => "the server speaks no TLS 1.2 or newer",
            Self::CertificateExpired => "the server's certificate has expired",
            Self::CertificateNotYetValid => "the server's certificate is not valid yet",
            Self::CertificateUntrusted => "the server's certificate is signed by nobody who is trusted",
            Self::CertificateForOtherHost => "the server's certificate is for another host",
            Self::CertificateRevoked => "the server's certificate was revoked",
            Self::CertificateInvalid => "the server's certificate is invalid",
            Self::ClientCertificateRefused => "the server refused the client's certificate, or wants one",
            Self::Tls => "TLS failed",
        })
    }
}

/// The system found no addresses for a name.
#[derive(Debug)]
pub(crate) struct NameUnknown(pub(crate) io::Error);

impl fmt::Display for NameUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name was not resolved")
    }
}

impl StdError for NameUnknown {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

/// Connecting failed: for this reason, unless its source knows a better one.
#[derive(Debug)]
pub(crate) struct NotConnected(pub(crate) ConnectionProblem, pub(crate) BoxError);

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for NotConnected {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.1)
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

impl StdError for ConnectTimeout {}

/// The proxy gives no tunnel: with this status, or without speaking HTTP.
#[derive(Debug)]
pub(crate) struct ProxyRefusal(pub(crate) Option<u16>);

impl fmt::Display for ProxyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the proxy refused the connection")
    }
}

impl std::error::Error for ProxyRefusal {}
