//! The audit hook: one record for each call, which holds no value that was sent or received.

pub(crate) mod observer;
pub(crate) mod span;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;

use crate::runtime::api::Scheme;
use crate::runtime::error::Delivery;
use crate::runtime::value::secret::Secret;

/// Text for audit records, such as the name of a user or of a purpose.
///
/// Creating one is a promise that it may appear in logs: it comes from the application and, unlike
/// everything else in a record, is printed.
///
/// ```text
/// let by_nurse = client.with_options(|o| o.actor(Vouched::new("user 1729")).purpose(Vouched::new("refill desk")));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Vouched(Arc<str>);

impl Vouched {
    /// Promises that `text` holds nothing that must stay out of logs.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Vouched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Vouched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// It succeeded: the server has acted.
    Succeeded,
    /// It failed; the error had this delivery.
    Failed(Delivery),
    /// Its future, or the stream of its response, was dropped before the end, because the application lost
    /// interest or was shut down. The delivery says whether the server may have acted.
    Dropped(Delivery),
}

/// The record of a call for an audit hook. It holds no value that was sent or received, no URL and no key.
#[derive(Debug, Clone)]
pub struct AuditRecord {
    pub(crate) operation: &'static str,
    pub(crate) environment: Option<&'static str>,
    pub(crate) key: Option<Arc<str>>,
    pub(crate) actor: Option<Vouched>,
    pub(crate) purpose: Option<Vouched>,
    pub(crate) started: SystemTime,
    pub(crate) duration: Duration,
    pub(crate) attempts: u32,
    pub(crate) status: Option<StatusCode>,
    pub(crate) outcome: Outcome,
}

impl AuditRecord {
    /// Returns the operation's id in the API's document.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the name of the environment. None if the base URL belongs to none.
    #[must_use]
    pub const fn environment(&self) -> Option<&'static str> {
        self.environment
    }

    /// Returns the fingerprint of the client's key: 12 hexadecimal digits of a SHA-256 hash, the same in every
    /// process. It distinguishes keys. The key can't be recovered from it, unless it is weak enough to be
    /// guessed. None if the client has no key.
    #[must_use]
    pub fn key_fingerprint(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Returns who made the call ([`Options::actor`](crate::runtime::client::options::Options::actor)).
    #[must_use]
    pub const fn actor(&self) -> Option<&Vouched> {
        self.actor.as_ref()
    }

    /// Returns what the call was made for ([`Options::purpose`](crate::runtime::client::options::Options::purpose)).
    #[must_use]
    pub const fn purpose(&self) -> Option<&Vouched> {
        self.purpose.as_ref()
    }

    /// Returns when the call began.
    #[must_use]
    pub const fn started(&self) -> SystemTime {
        self.started
    }

    /// Returns how long it took, including all waits.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        self.duration
    }

    /// Returns the number of attempts that were started. It is 0 if nothing was to be sent.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the status of the last response. None if there was no response.
    #[must_use]
    pub const fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Returns how the call ended.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Returns whether the server may have acted on a call that failed. None if the call succeeded.
    #[must_use]
    pub const fn delivery(&self) -> Option<Delivery> {
        match self.outcome {
            Outcome::Succeeded => None,
            Outcome::Failed(delivery) | Outcome::Dropped(delivery) => Some(delivery),
        }
    }
}

/// Who gets the records.
#[derive(Clone)]
pub(crate) struct Hook(Arc<dyn Fn(&AuditRecord) + Send + Sync>);

impl Hook {
    pub(crate) fn new(hook: impl Fn(&AuditRecord) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hook))
    }

    /// Hands over a record. A hook that panics costs its record, never the response to the call.
    pub(crate) fn tell(&self, record: &AuditRecord) {
        catch_unwind(AssertUnwindSafe(|| (self.0)(record))).ok();
    }
}

/// Returns the fingerprint of the first credential that was given.
pub(crate) fn fingerprint_of(schemes: &[Scheme], credentials: &[Option<Secret>]) -> Option<Arc<str>> {
    let given = schemes.iter().zip(credentials).find_map(|(scheme, secret)| Some((scheme, secret.as_ref()?)));
    given.and_then(|(scheme, secret)| fingerprint(scheme.name, secret))
}

/// Returns the fingerprint of a key: 12 hexadecimal digits.
///
/// SHA-256 is that of the TLS library, which the client has anyway. The name of the credential's
/// scheme goes first, which makes it different from hashes of the same key found elsewhere.
fn fingerprint(scheme: &str, key: &Secret) -> Option<Arc<str>> {
    const DIGITS: usize = 12;
    let mut hash = TLS13_AES_128_GCM_SHA256.tls13()?.common.hash_provider.start();
    for part in [b"audit", scheme.as_bytes(), key.expose().as_bytes()] {
        hash.update(&part.len().to_be_bytes());
        hash.update(part);
    }
    let output = hash.finish();
    let digits = output.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Some(digits.take(DIGITS).filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect::<String>().into())
}
