//! What can be set for a client and for a single call.

use std::time::Duration;

use crate::runtime::audit::Vouched;

impl Options {
    /// Who makes the calls, for audit records. Not set by default.
    pub fn actor(mut self, actor: Vouched) -> Self {
        self.actor = Some(actor);
        self
    }

    /// Why the calls are made, for audit records. Not set by default.
    pub fn purpose(mut self, purpose: Vouched) -> Self {
        self.purpose = Some(purpose);
        self
    }
}

/// The settings of a call. Each has a default.
/// [`Client::with_options`](crate::runtime::client::Client::with_options) changes them for a copy of the client.
#[derive(Debug, Clone)]
#[must_use]
pub struct Options {
    pub(crate) deadline: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) max_answer_bytes: usize,
    pub(crate) max_retries: u32,
    pub(crate) retry_delay: Duration,
    pub(crate) check: bool,
    pub(crate) actor: Option<Vouched>,
    pub(crate) purpose: Option<Vouched>,
}

impl Options {
    /// The maximum time of a whole call. Default 90 s, which is enough for three attempts.
    ///
    /// A wait for a retry or for a turn of the rate limit starts only if enough time for an attempt remains
    /// after it: a tenth of this time, but at most 1 s. Without that, an attempt could start at the last
    /// moment and time out, and a call that was certainly not sent would end with an unknown fate.
    ///
    /// The error of a call that ran out of time says whether the server may have acted.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The maximum time of one attempt, from connecting to the last byte of the response. Default 30 s, the
    /// time that proxies commonly give a server. For a streamed response it limits the time until the head
    /// arrives, and then each wait for the next piece.
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The maximum size of a response in bytes. Default 16 MiB: far above any legitimate response, and small
    /// enough to hold in memory. A streamed response has no limit, because it is never held as a whole.
    pub const fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.max_answer_bytes = bytes;
        self
    }

    /// The maximum number of retries after the first attempt. Default 3, as the API's guides recommend. With 0,
    /// a call makes a single attempt.
    ///
    /// A call is retried only if that can't do anything twice. This applies to every operation if there was no
    /// connection, or if the server refused the request in a way that the document marks as made before
    /// acting. Operations that are safe to repeat are also retried after a 5xx, a timeout or a cut connection.
    /// All attempts and waits are within [`Options::deadline`].
    pub const fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// The maximum wait before the first retry. It doubles with each retry. Default 1 s, as the API's guides
    /// recommend.
    ///
    /// The actual wait is a random part of it, which keeps clients that failed together from coming back
    /// together. If the server says how long to wait, that is added.
    pub const fn retry_delay(mut self, delay: Duration) -> Self {
        self.retry_delay = delay;
        self
    }

    /// Whether a request is checked against the rules of the API's description (lengths, patterns, counts,
    /// ranges) before anything is sent. Default true: all mistakes are reported at once with their places
    /// ([`Error::violations`](crate::runtime::error::Error::violations)), without using a turn of the rate
    /// limit. Turn it off if the server accepts what its description forbids.
    pub const fn check(mut self, check: bool) -> Self {
        self.check = check;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(90),
            attempt_timeout: Duration::from_secs(30),
            max_answer_bytes: 16 * 1024 * 1024,
            max_retries: 3,
            retry_delay: Duration::from_secs(1),
            check: true,
            actor: None,
            purpose: None,
        }
    }
}
