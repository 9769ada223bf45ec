//! Keeping to the server's rate limit, so that it refuses no request.
//!
//! Every attempt waits for its turn, oldest call first, and gives the turn back when it is over. An attempt
//! gets a turn if
//!
//! - one of the limit's requests is free. A request stays in use until the limit's time has passed *since its
//!   response arrived*: however long requests travel, the server never sees more of them within that time
//!   than the limit allows;
//! - the server has room for all requests that are on their way, according to `x-ratelimit-remaining`;
//! - the pause that a 429 starts for all clones is over;
//! - after a 429, enough time has passed since the last request. A 429 means that others use the same key, so
//!   requests are then spread evenly over the limit's time. A single client loses nothing by that, and several
//!   clients learn early enough what the others have used.
//!
//! No background task is needed: the call that has waited longest holds the timer and wakes the next.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};
use tokio::time::Instant;

use crate::runtime::call::attempt::Deadline;
use crate::runtime::call::pacing_queue::{Turn, Waiting};
use crate::runtime::call::retry::Jitter;
use crate::runtime::response::RateLimit;

/// What a client is told to keep to.
#[derive(Clone, Copy)]
pub(crate) enum Pacing {
    /// The limit of the environment, where it has one, and what the server says.
    OfEnvironment,
    /// This limit, and what the server says.
    Limit(u32, Duration),
    Off,
}

/// So many requests in any time of this length.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    requests: usize,
    per: Duration,
}

/// Gives turns to the calls of all clones.
pub(crate) struct Pacer {
    pub(crate) limit: Option<Limit>,
    /// Keeps clients apart that were told the same.
    jitter: Jitter,
    state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    /// The number of the youngest call that waited.
    tickets: u64,
    /// The calls that wait, oldest first.
    pub(crate) queue: VecDeque<(u64, Waker)>,
    /// Requests on their way.
    pub(crate) under_way: usize,
    /// When each request that is over will have left the limit's time, in order.
    pub(crate) freed: VecDeque<Instant>,
    told: Option<Told>,
    crowd: Option<Crowd>,
}

/// What the server said of its limit.
struct Told {
    reset: Instant,
    /// The least that was heard. The server has counted every request that was answered, so only
    /// those that are on their way, and the lost ones, may come on top.
    remaining: u64,
    /// Requests without a response that says so: the server may have counted them since.
    lost: u64,
}

/// After a 429.
struct Crowd {
    /// Nothing is sent before: the pause that was asked for, then the distance to the last request.
    next: Instant,
    /// When it is forgotten.
    end: Instant,
}

/// How a turn ended.
pub(crate) enum TurnEnd<'a> {
    /// Nothing was sent.
    Unsent,
    /// Nobody knows.
    Lost,
    Response {
        status: StatusCode,
        headers: &'a HeaderMap,
        retry_after: Option<Duration>,
    },
}

impl Pacer {
    /// The time of a limit that is not known.
    const PER: Duration = Duration::from_secs(60);
    /// The longest time of a limit, which the clock can still add to the present.
    const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    /// The requests of a limit that is not known.
    const REQUESTS: u32 = 60;
    /// So many of the limit's times after its pause a 429 is forgotten.
    const MEMORY: u32 = 5;
    /// The longest pause that a server is granted: after it, one request asks again.
    const LONGEST_PAUSE: Duration = Duration::from_secs(600);
    /// The pause after a 429 that names none, and the most that chance adds to any.
    const PAUSE: Duration = Duration::from_secs(1);

    /// Returns what keeps to `pacing`, or nothing where that is off.
    pub(crate) fn new(pacing: Pacing, environment: Option<(u32, u32)>, jitter: Jitter) -> Option<Self> {
        let limit = match pacing {
            Pacing::Off => return None,
            Pacing::OfEnvironment => {
                environment.map(|(requests, seconds)| (requests, Duration::from_secs(u64::from(seconds))))
            }
            Pacing::Limit(requests, per) => Some((requests, per)),
        };
        let limit = limit.filter(|&(requests, per)| requests > 0 && !per.is_zero());
        let limit = limit.map(|(requests, per)| Limit {
            requests: requests.try_into().unwrap_or(usize::MAX),
            per: per.min(Self::LONGEST),
        });
        Some(Self { limit, jitter, state: Mutex::default() })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn per(&self) -> Duration {
        self.limit.map_or(Self::PER, |limit| limit.per)
    }

    /// The distance that requests keep after a 429.
    fn distance(limit: Option<Limit>) -> Duration {
        let (requests, per) = limit.map_or((Self::REQUESTS, Self::PER), |limit| {
            (u32::try_from(limit.requests).unwrap_or(u32::MAX), limit.per)
        });
        per / requests
    }

    /// Returns a turn as soon as there is one, or, where that will not be before `deadline`, the
    /// time after which there may be one. A call's first turn gives it its `ticket`, by which
    /// its retries keep their place.
    pub(crate) async fn turn(&self, ticket: &mut Option<u64>, deadline: Deadline) -> Result<Turn<'_>, Duration> {
        let (ticket, waiting) = {
            let mut state = self.lock();
            let now = Instant::now();
            let ticket = *ticket.get_or_insert_with(|| {
                state.tickets += 1;
                state.tickets
            });
            if state.take(ticket, now, self.limit).is_ok() {
                return Ok(Turn::new(self));
            }
            let wait = state.earliest(ticket, now, self.limit).saturating_duration_since(now);
            if !deadline.has_room_after(wait) {
                return Err(wait);
            }
            // It has its place from now on; it is polled below, and looks for itself then.
            state.enqueue(ticket, Waker::noop().clone());
            (ticket, Waiting::new(self, ticket))
        };
        let Some(end) = deadline.last_start() else {
            return Ok(waiting.await);
        };
        tokio::time::timeout_at(end, waiting).await.map_err(|_| {
            let now = Instant::now();
            self.lock().earliest(ticket, now, self.limit).saturating_duration_since(now)
        })
    }
}

impl State {
    /// Gives a turn, or returns when to ask again, if it is time alone that is waited for.
    pub(crate) fn take(&mut self, ticket: u64, now: Instant, limit: Option<Limit>) -> Result<(), Option<Instant>> {
        if self.queue.front().is_some_and(|(first, _)| *first < ticket) {
            return Err(None);
        }
        self.tidy(now);
        let mut wait = None;
        let mut is_blocked = false;
        let mut block = |until: Option<Instant>| {
            is_blocked = true;
            wait = wait.max(until);
        };
        if limit.is_some_and(|limit| self.under_way + self.freed.len() >= limit.requests) {
            block(self.freed.front().copied());
        }
        if let Some(told) = self.told.as_ref().filter(|told| told.remaining <= told.lost + count(self.under_way)) {
            block(Some(told.reset));
        }
        if let Some(crowd) = self.crowd.as_ref().filter(|crowd| now < crowd.next) {
            block(Some(crowd.next));
        }
        if is_blocked {
            return Err(wait);
        }
        if let Some(crowd) = &mut self.crowd {
            crowd.next = now + Pacer::distance(limit);
        }
        self.under_way += 1;
        Ok(())
    }

    /// Forgets what is over.
    fn tidy(&mut self, now: Instant) {
        while self.freed.front().is_some_and(|freed| *freed <= now) {
            self.freed.pop_front();
        }
        if self.told.as_ref().is_some_and(|told| told.reset <= now) {
            self.told = None;
        }
        if self.crowd.as_ref().is_some_and(|crowd| crowd.end <= now) {
            self.crowd = None;
        }
    }

    /// Returns a moment before which the call with this ticket has no turn, estimated
    /// if no other call gives up.
    fn earliest(&self, ticket: u64, now: Instant, limit: Option<Limit>) -> Instant {
        let ahead = self.queue.partition_point(|(waiting, _)| *waiting < ticket);
        let mut earliest = now;
        if let Some(crowd) = &self.crowd {
            let distance = Pacer::distance(limit).saturating_mul(u32::try_from(ahead).unwrap_or(u32::MAX));
            earliest = earliest.max(crowd.next.checked_add(distance).unwrap_or(crowd.next).min(crowd.end));
        }
        if let Some(told) = self.told.as_ref().filter(|told| told.remaining <= told.lost + count(ahead)) {
            earliest = earliest.max(told.reset);
        }
        if let Some(limit) = limit {
            let free = limit.requests.saturating_sub(self.under_way + self.freed.len());
            if let Some(behind) = ahead.checked_sub(free) {
                // What is on its way is freed the limit's time from now at the earliest, and so is,
                // after its turn, what waits ahead.
                let rounds = u32::try_from(behind / limit.requests).unwrap_or(u32::MAX);
                let first = self.freed.get(behind % limit.requests).copied().unwrap_or(now + limit.per);
                let rounds = limit.per.saturating_mul(rounds);
                earliest = earliest.max(first.checked_add(rounds).unwrap_or(first));
            }
        }
        earliest
    }

    /// Puts a call into the queue, or replaces its waker there.
    pub(crate) fn enqueue(&mut self, ticket: u64, waker: Waker) {
        match self.position(ticket) {
            Ok(index) => self.queue[index].1 = waker,
            Err(index) => self.queue.insert(index, (ticket, waker)),
        }
    }

    /// Takes a call out of the queue.
    pub(crate) fn dequeue(&mut self, ticket: u64) {
        if let Ok(index) = self.position(ticket) {
            self.queue.remove(index);
        }
    }

    fn position(&self, ticket: u64) -> Result<usize, usize> {
        self.queue.binary_search_by_key(&ticket, |(waiting, _)| *waiting)
    }

    /// Returns who is next, to be woken.
    pub(crate) fn next(&self) -> Option<Waker> {
        self.queue.front().map(|(_, waker)| waker.clone())
    }

    /// Takes back a turn.
    pub(crate) fn end(&mut self, now: Instant, pacer: &Pacer, turned: &TurnEnd<'_>) {
        self.under_way -= 1;
        if matches!(turned, TurnEnd::Unsent) {
            return;
        }
        if let Some(limit) = pacer.limit {
            self.freed.push_back(now + limit.per);
        }
        let TurnEnd::Response { status, headers, retry_after } = turned else {
            return self.lose();
        };
        match RateLimit::remaining_until(headers) {
            Some((remaining, reset)) => self.hear(now, pacer, remaining, reset),
            None => self.lose(),
        }
        if *status == StatusCode::TOO_MANY_REQUESTS {
            self.pause(now, pacer, *retry_after);
        }
    }

    fn lose(&mut self) {
        if let Some(told) = &mut self.told {
            told.lost += 1;
        }
    }

    /// Notes that `remaining` requests are left until `reset`.
    fn hear(&mut self, now: Instant, pacer: &Pacer, remaining: u64, reset: SystemTime) {
        /// The header has whole seconds: its moment lies anywhere in that second.
        const SECOND: Duration = Duration::from_secs(1);
        // Clocks differ, and servers may say anything: a window is no longer than the limit's time.
        let left = reset.duration_since(SystemTime::now()).unwrap_or_default().min(pacer.per());
        let reset = now + left + SECOND;
        match &mut self.told {
            // Of this window, or, where it comes late, of the one before, which changes nothing.
            Some(told) if reset <= told.reset + SECOND => {
                if reset + SECOND >= told.reset {
                    told.remaining = told.remaining.min(remaining);
                }
            }
            told => *told = Some(Told { reset, remaining, lost: 0 }),
        }
    }

    /// Notes a 429.
    fn pause(&mut self, now: Instant, pacer: &Pacer, retry_after: Option<Duration>) {
        let asked = retry_after.unwrap_or(Pacer::PAUSE).min(Pacer::LONGEST_PAUSE);
        let pause = now + asked + pacer.jitter.up_to(Pacer::PAUSE);
        let next = self.crowd.as_ref().map_or(pause, |crowd| crowd.next.max(pause));
        self.crowd = Some(Crowd { next, end: next + pacer.per() * Pacer::MEMORY });
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
