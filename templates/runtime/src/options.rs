//! What can be set for a client and for a single call.

use std::time::Duration;

/// The limits of a call. Each has a default, and [`Client::with_options`](super::client::Client::with_options)
/// sets it for the calls of a copy of the client.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct Options {
    pub(super) deadline: Duration,
    pub(super) attempt_timeout: Duration,
    pub(super) max_answer_bytes: usize,
}

impl Options {
    /// The time that a call may take, all told. Default 90 s: three attempts find room in it.
    ///
    /// A call that ran out of time has an error whose delivery says whether the server may have
    /// acted.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The time that one attempt may take, from connecting to the last byte of the answer.
    /// Default 30 s, the time that proxies commonly give a server. For an answer that is streamed
    /// it covers the head, and then each wait for the next piece.
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The size that an answer may have, in bytes. Default 16 MiB: far above any honest answer,
    /// and little enough to hold in memory. An answer that is streamed piece by piece has no
    /// limit, as it is never held.
    pub const fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.max_answer_bytes = bytes;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(90),
            attempt_timeout: Duration::from_secs(30),
            max_answer_bytes: 16 * 1024 * 1024,
        }
    }
}
