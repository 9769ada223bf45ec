//! Repeating attempts: which failures are repeated, when, and how often.
//!
//! A call is repeated where nothing can be done twice by it: the server has surely not acted (there
//! was no connection, or it refused the request before it acted), or the operation does no more
//! when it is repeated. Whatever else failed is handed to the caller as it is.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use super::attempt::Deadline;
use super::client::Client;
use super::client_builder::ClientBuilder;
use super::connection_problem::ConnectionProblem;
use super::error::{Class, Delivery, Error};

/// Why a call that might have been repeated was not; see
/// [`Error::not_repeated`](super::error::Error::not_repeated).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotRepeated {
    /// It was repeated as often as it may be ([`Options::max_retries`](super::options::Options::max_retries)).
    Limit,
    /// The wait before another attempt would not have ended within the call's deadline, so it was
    /// not begun.
    Deadline,
    /// The retries that all clones of the client share are used up
    /// ([`ClientBuilder::retry_budget`](super::client_builder::ClientBuilder::retry_budget)).
    Budget,
    /// The request's body is streamed, so that it is gone once it was sent.
    Body,
}

impl NotRepeated {
    /// What an error's text says of it.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Limit => "not repeated, as it has no retries left",
            Self::Deadline => "not repeated, as the wait does not fit the deadline",
            Self::Budget => "not repeated, as the client's retries are used up",
            Self::Body => "not repeated, as the request's body is gone",
        }
    }
}

impl ClientBuilder {
    /// How often a call is repeated at most. Default 3; see [`Options::max_retries`](super::options::Options::max_retries).
    pub const fn max_retries(mut self, retries: u32) -> Self {
        self.options.max_retries = retries;
        self
    }

    /// The longest wait before the first retry. Default 1 s; see [`Options::retry_delay`](super::options::Options::retry_delay).
    pub const fn retry_delay(mut self, delay: Duration) -> Self {
        self.options.retry_delay = delay;
        self
    }

    /// How many retries all clones of the client may make at once. Default 20: enough for a short
    /// disturbance, and little enough that an application does not press a server that is down.
    ///
    /// Each retry takes one away, and every five calls that are answered well give one back, so
    /// that in the long run one request in six is a retry at most. A call that finds none left has
    /// the error of its last attempt. What the server's rate limit refused takes nothing away, as the
    /// client's pacing sees to that, unless that is off.
    pub const fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }
}

/// What clones of a client share to repeat calls by.
pub(crate) struct Retries {
    budget: Budget,
    jitter: Jitter,
}

impl Retries {
    pub(crate) const fn new(budget: u32, jitter: Jitter) -> Self {
        Self { budget: Budget::new(budget), jitter }
    }

    /// Notes that a call was answered well.
    pub(super) fn succeeded(&self) {
        self.budget.give_back();
    }

    /// Returns how long to wait before the call is repeated; fails with the reason where it must
    /// not be, or with nothing where its failure is none to be repeated.
    ///
    /// `error` is that of the attempt that was made last, and tells of that attempt alone.
    /// `has_body` says whether the request's body is still there.
    pub(super) fn wait(
        &self,
        client: &Client,
        deadline: Deadline,
        error: &Error,
        has_body: bool,
    ) -> Result<Duration, Option<NotRepeated>> {
        let options = &client.options;
        if !error.is_passing() {
            return Err(None);
        }
        let retry = error.attempts().saturating_sub(1);
        if retry >= options.max_retries {
            return Err(Some(NotRepeated::Limit));
        }
        if !has_body {
            return Err(Some(NotRepeated::Body));
        }
        let longest = options.retry_delay.saturating_mul(1_u32.checked_shl(retry).unwrap_or(u32::MAX));
        // What the server asks for is waited for, and the jitter keeps those apart that it told
        // the same.
        let wait = error.retry_after().unwrap_or_default().saturating_add(self.jitter.up_to(longest));
        if !deadline.has_room_after(wait) {
            return Err(Some(NotRepeated::Deadline));
        }
        // A server that refuses by its limit is not pressed: the pacing holds back all clones.
        let is_paced = error.class() == Class::Busy && client.shared.pacer.is_some();
        if is_paced || self.budget.take() { Ok(wait) } else { Err(Some(NotRepeated::Budget)) }
    }
}

impl Error {
    /// Returns whether the same call may succeed if it is made once more, and cannot do a thing
    /// twice by it.
    fn is_passing(&self) -> bool {
        match self.class() {
            // A refusal that the document marks as made before acting.
            Class::Busy => true,
            Class::Connect | Class::ConnectTimeout | Class::Timeout | Class::Transport => {
                let is_safe = self.delivery() == Delivery::NotSent || self.is_of_repeatable_operation();
                is_safe && self.connection_problem().is_none_or(may_pass)
            }
            Class::Status => {
                self.is_of_repeatable_operation() && self.status().is_some_and(|status| status.is_server_error())
            }
            Class::Request | Class::Pacing | Class::Answer => false,
        }
    }
}

/// Returns whether there may be a connection the next time: a certificate stays what it is.
fn may_pass(problem: ConnectionProblem) -> bool {
    match problem {
        ConnectionProblem::NameUnknown | ConnectionProblem::Unreachable | ConnectionProblem::Timeout => true,
        ConnectionProblem::ProxyRefused(status) => status.is_some_and(|status| status >= 500),
        _ => false,
    }
}

/// The retries that are left, shared by all clones of a client.
struct Budget {
    /// In fifths of a retry.
    left: AtomicU32,
    full: u32,
}

impl Budget {
    /// What a retry costs; a call that is answered well gives back one.
    const COST: u32 = 5;

    const fn new(retries: u32) -> Self {
        let full = retries.saturating_mul(Self::COST);
        Self { left: AtomicU32::new(full), full }
    }

    fn take(&self) -> bool {
        let take = |left: u32| left.checked_sub(Self::COST);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    fn give_back(&self) {
        // Nearly always it is full, and then nothing is written.
        let give = |left: u32| (left < self.full).then(|| left + 1);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give).ok();
    }
}

/// Chance, to keep clients apart that failed together. It guards no secret: `SplitMix64`, with a
/// seed from the system's randomness.
pub(crate) struct Jitter(AtomicU64);

impl Jitter {
    pub(crate) fn new() -> Self {
        // The standard library's hasher is keyed by the system's randomness.
        Self::seeded(RandomState::new().build_hasher().finish())
    }

    pub(crate) const fn seeded(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// Returns another one, which goes its own way.
    pub(crate) fn fork(&self) -> Self {
        Self::seeded(self.next())
    }

    /// Returns a time below `longest`, each as likely as any other.
    pub(super) fn up_to(&self, longest: Duration) -> Duration {
        let nanoseconds = u64::try_from(longest.as_nanos()).unwrap_or(u64::MAX);
        let scaled = (u128::from(self.next()) * u128::from(nanoseconds)) >> 64;
        Duration::from_nanos(u64::try_from(scaled).unwrap_or(u64::MAX))
    }

    fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
