//! What can be set for a client and for a single call.

use std::time::Duration;

use crate::runtime::audit::Vouched;

impl Options {
    /// Who makes the calls, for audit records. None by default.
    pub fn actor(mut self, actor: Vouched) -> Self {
        self.actor = Some(actor);
        self
    }

    /// What the calls are made for, for audit records. None by default.
    pub fn purpose(mut self, purpose: Vouched) -> Self {
        self.purpose = Some(purpose);
        self
    }
}

/// What can be set for a call. Each has a default, and [`Client::with_options`](crate::runtime::client::Client::with_options)
/// sets it for the calls of a copy of the client.
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
    /// The time that a call may take, all told. Default 90 s: three attempts find room in it.
    ///
    /// A wait, for a retry or for a turn of the rate limit, is begun only if it leaves an attempt
    /// its room: a tenth of this time, and no more than 1 s. An attempt that began at the last
    /// moment would run out of time, and make an unknown fate of a certain one.
    ///
    /// A call that ran out of time has an error whose delivery says whether the server may have
    /// acted.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The time that one attempt may take, from connecting to the last byte of the response.
    /// Default 30 s, the time that proxies commonly give a server. For a response that is streamed
    /// it covers the head, and then each wait for the next piece.
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The size that a response may have, in bytes. Default 16 MiB: far above any honest response,
    /// and little enough to hold in memory. A response that is streamed piece by piece has no
    /// limit, as it is never held.
    pub const fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.max_answer_bytes = bytes;
        self
    }

    /// How often a call is repeated at most, after its first attempt. Default 3, as the API's
    /// guides advise; 0 makes one attempt alone.
    ///
    /// Only that is repeated which cannot do a thing twice. For every operation: there was no
    /// connection, or the server refused the request in a way that the document marks as made
    /// before acting. For operations that do no more when they are repeated also: a 5xx, a timeout,
    /// a connection that was cut. All attempts and waits lie within [`Options::deadline`].
    pub const fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// The longest wait before the first retry; it doubles with each one. Default 1 s, as the API's
    /// guides advise.
    ///
    /// The wait is a random part of it, so that clients that failed together do not come back
    /// together. Where the server says how long to wait, that comes on top.
    pub const fn retry_delay(mut self, delay: Duration) -> Self {
        self.retry_delay = delay;
        self
    }

    /// Whether a request is checked by the rules of the API's description (lengths, patterns,
    /// counts, ranges) before anything is sent. Default true: a mistake is told at once, with all
    /// others, by its place ([`Error::violations`](crate::runtime::error::Error::violations)), and costs no
    /// turn of the rate limit. Turn it off where the server takes what its description forbids.
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
