//! Receiving deliveries, if the document names the header that carries the webhooks' key: [`Receiver`].
//!
//! ```text
//! let receiver = Receiver::new(secret)?.also_accepting(previous)?;
//! let event = receiver.receive(request.headers(), body)?.into_event();
//! ```

pub(crate) mod inbox;
pub(crate) mod received;
pub(crate) mod service;

use std::ffi::OsString;
use std::fmt;

use bytes::Bytes;
use http::HeaderMap;
use ring::digest::{SHA256, digest};
use subtle::{Choice, ConstantTimeEq};

use crate::runtime::error::config::ConfigError;
use crate::runtime::receiver::inbox::Inbox;
use crate::runtime::receiver::received::{ReceiveError, Received};
use crate::runtime::receiver::service::Deliveries;
use crate::runtime::value::secret::Secret;
use crate::webhooks::{KEY_HEADER, VARIABLES};

/// What a credential is called in a [`ConfigError`].
const CREDENTIAL: &str = "webhook secret";

const PREVIOUS: &str = "previous webhook secret";

/// What a body may have by default. Events are some hundred bytes; this leaves room for what may
/// come.
const MAX_BODY_BYTES: usize = 1 << 20;

/// Receives deliveries: compares their key, then reads their body as an event.
///
/// It keeps only hashes of the secrets, so comparing reveals neither a secret nor its length. Cloning is
/// cheap. `Debug` prints nothing about a secret.
#[derive(Clone)]
pub struct Receiver {
    accepted: Vec<[u8; 32]>,
    max_body_bytes: usize,
}

impl Receiver {
    /// Returns a receiver for deliveries whose key is `secret`.
    ///
    /// # Errors
    ///
    /// [`ConfigError::InvalidCredential`]: the secret is empty, or holds white space or control characters, which
    /// a header can't carry unchanged.
    pub fn new(secret: impl Into<Secret>) -> Result<Self, ConfigError> {
        let receiver = Self { accepted: Vec::with_capacity(1), max_body_bytes: MAX_BODY_BYTES };
        receiver.also_accepting(secret)
    }

    /// Accepts this secret too, such as the previous one while it is being replaced. May be called any number of
    /// times.
    ///
    /// # Errors
    ///
    /// The same as [`new`](Self::new).
    pub fn also_accepting(self, secret: impl Into<Secret>) -> Result<Self, ConfigError> {
        self.accepting(&secret.into(), CREDENTIAL)
    }

    fn accepting(mut self, secret: &Secret, name: &'static str) -> Result<Self, ConfigError> {
        let text = secret.expose();
        if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(ConfigError::InvalidCredential(name));
        }
        self.accepted.push(hash(text.as_bytes()));
        Ok(self)
    }

    /// Returns a receiver from environment variables: `{PREFIX}_WEBHOOK_SECRET`, and
    /// `{PREFIX}_WEBHOOK_SECRET_PREVIOUS` if it is set and not empty. The prefix is the crate's name in capitals.
    ///
    /// # Errors
    ///
    /// [`ConfigError::MissingVariable`] if the first one isn't set. For invalid values the same as
    /// [`new`](Self::new).
    pub fn from_env() -> Result<Self, ConfigError> {
        // A value that is not Unicode becomes text that is never a secret: it is refused, not taken as missing.
        let text = |value: OsString| value.into_string().unwrap_or_else(|_| "\0".to_owned());
        Self::from_lookup(|name| std::env::var_os(name).map(text))
    }

    /// As `from_env`, with the variables given by a function.
    pub(crate) fn from_lookup(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let name = format!("{VARIABLES}_WEBHOOK_SECRET");
        let Some(secret) = variable(&name) else {
            return Err(ConfigError::MissingVariable(name));
        };
        let receiver = Self::new(secret)?;
        match variable(&format!("{name}_PREVIOUS")).filter(|previous| !previous.is_empty()) {
            Some(previous) => receiver.accepting(&previous.into(), PREVIOUS),
            None => Ok(receiver),
        }
    }

    /// Sets the maximum size of a body in bytes. Default 1 MiB.
    #[must_use]
    pub fn max_body_bytes(self, limit: usize) -> Self {
        Self { max_body_bytes: limit, ..self }
    }

    /// Compares the key of a delivery, checks the size of its body, and reads the body as an event. The
    /// `content-type` is ignored.
    ///
    /// An event that this version doesn't know is `Ok`, and kept whole.
    ///
    /// # Errors
    ///
    /// See [`ReceiveErrorKind`](crate::runtime::receiver::received::ReceiveErrorKind). If the key is right but
    /// the body isn't an event, the error keeps the delivery.
    pub fn receive(&self, headers: &HeaderMap, body: impl Into<Bytes>) -> Result<Received, ReceiveError> {
        if !self.accepts(headers) {
            return Err(ReceiveError::wrong_key());
        }
        let body = body.into();
        if body.len() > self.max_body_bytes {
            return Err(ReceiveError::too_large());
        }
        Received::from_stored(body)
    }

    /// Returns a service that responds to deliveries and passes those with the right key to `inbox`.
    pub fn deliver_to<I: Inbox>(self, inbox: I) -> Deliveries<I> {
        Deliveries::new(self, inbox)
    }

    /// Returns whether the key is there, once, and is an accepted one. Each accepted one is compared,
    /// in constant time, so that the time does not tell which of them it is.
    pub(crate) fn accepts(&self, headers: &HeaderMap) -> bool {
        let mut keys = headers.get_all(KEY_HEADER).iter();
        let (Some(key), None) = (keys.next(), keys.next()) else { return false };
        let key = hash(key.as_bytes());
        let is_accepted = |found: Choice, accepted: &[u8; 32]| found | accepted.ct_eq(&key);
        self.accepted.iter().fold(Choice::from(0), is_accepted).into()
    }

    /// Returns how many bytes a body may have.
    pub(crate) const fn limit(&self) -> usize {
        self.max_body_bytes
    }
}

/// Hashes are of one length, whatever the secrets' lengths are.
fn hash(key: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, key).as_ref());
    hash
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut receiver = f.debug_struct("Receiver");
        receiver.field("accepted", &self.accepted.len()).field("max_body_bytes", &self.max_body_bytes).finish()
    }
}
