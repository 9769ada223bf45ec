//! Retries: which failures are retried, when, and how often.
//!
//! A call is retried only if that can't do anything twice: the server has certainly not acted (there was no
//! connection, or it refused the request before acting), or repeating the operation changes nothing. Every
//! other failure is returned to the caller.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use crate::runtime::call::attempt::Deadline;
use crate::runtime::client::Client;
use crate::runtime::error::connection::ConnectionProblem;
use crate::runtime::error::problem::{Class, NotRepeated};
use crate::runtime::error::{Delivery, Error};

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
    pub(crate) fn succeeded(&self) {
        self.budget.give_back();
    }

    /// Returns how long to wait before the call is repeated; fails with the reason where it must
    /// not be, or with nothing where its failure is none to be repeated.
    ///
    /// `error` is that of the attempt that was made last, and tells of that attempt alone.
    /// `has_body` says whether the request's body is still there.
    pub(crate) fn wait(
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
            Class::Request | Class::Pacing | Class::Response => false,
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
pub(crate) struct Budget {
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
    pub(crate) fn up_to(&self, longest: Duration) -> Duration {
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
