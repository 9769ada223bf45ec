//! What can be wrong with a client's configuration.

use std::fmt;

/// Why a client can't be built. Nothing was sent, and no variant holds a key or a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// No environment was chosen and no base URL was given. Neither has a default.
    MissingBaseUrl,
    /// Every operation needs a credential, and none was given.
    MissingCredential,
    /// The credential of this name is empty, or contains white space or control characters.
    InvalidCredential(&'static str),
    /// The key starts like the keys of another environment.
    CredentialOfOtherEnvironment {
        /// The credential's name.
        credential: &'static str,
        /// The environment that was chosen.
        chosen: &'static str,
        /// The environment that the key belongs to.
        belongs_to: &'static str,
    },
    /// The base URL belongs to another environment, which has other rules than the chosen one.
    BaseUrlOfOtherEnvironment {
        /// The environment that was chosen.
        chosen: &'static str,
        /// The environment that the base URL belongs to.
        belongs_to: &'static str,
    },
    /// The base URL is invalid: it needs a scheme and a host.
    InvalidBaseUrl,
    /// The base URL isn't `https`. Plain `http` is accepted only for a loopback host.
    InsecureBaseUrl,
    /// The base URL has a user name, a query or a fragment.
    BaseUrlWithExtras,
    /// A root certificate can't be read.
    InvalidRootCertificate,
    /// No root certificates: the system has none that can be read, or its trust store was turned
    /// off, and none was given.
    NoRootCertificates,
    /// The client's certificate or its key can't be read, or they don't belong together.
    InvalidIdentity,
    /// The proxy's URL, set or read from an environment variable, is invalid: it needs a host, and
    /// its scheme must be `http`.
    InvalidProxy,
    /// The transport that the caller configured can't be built.
    InvalidTransport,
    /// The system couldn't start the thread of a blocking client.
    NoThread,
    /// The environment variable of this name isn't set, or isn't Unicode.
    MissingVariable(String),
    /// The environment variable of this name names an unknown environment.
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
