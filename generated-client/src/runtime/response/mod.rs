//! The result of a successful call: the data and the metadata of the response.

pub(crate) mod envelope;
pub(crate) mod failure;
pub(crate) mod undecoded;

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, StatusCode};

use crate::runtime::value::secret::Redacted;

/// The response to a successful call. It derefs to its data.
#[derive(Clone, PartialEq)]
pub struct Response<T> {
    data: T,
    meta: Meta,
}

impl<T> Response<T> {
    /// Creates a response, for tests of an application.
    pub const fn from_parts(data: T, meta: Meta) -> Self {
        Self { data, meta }
    }

    /// Returns the metadata.
    pub const fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Returns the data.
    pub fn into_data(self) -> T {
        self.data
    }

    /// Returns the data and the metadata.
    pub fn into_parts(self) -> (T, Meta) {
        (self.data, self.meta)
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.data
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.data
    }
}

/// Prints what [`Meta`] prints, and not the data, which may be plain text: `{:?}` of `*response`
/// prints it as its own type does.
impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("data", &Redacted).field("meta", &self.meta).finish()
    }
}

/// The metadata of a response. `Debug` prints only the status and the rate limit.
#[derive(Clone, PartialEq)]
pub struct Meta {
    status: StatusCode,
    headers: HeaderMap,
    message: Option<String>,
}

impl Meta {
    /// Creates metadata, for tests of an application.
    #[must_use]
    pub const fn new(status: StatusCode, headers: HeaderMap, message: Option<String>) -> Self {
        Self { status, headers, message }
    }

    /// Returns the status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers. They may hold anything that the server puts there.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the envelope's message, if there is one. It comes from the server and may repeat what was sent.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the rate limit that the response states, if it does.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::read(&self.headers)
    }
}

impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meta")
            .field("status", &self.status.as_u16())
            .field("message", &self.message.as_ref().map(|_| Redacted))
            .field("rate_limit", &self.rate_limit())
            .finish_non_exhaustive()
    }
}

static LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");

static REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

static RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// Returns the moment that a header names by Unix seconds.
fn moment(seconds: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

/// The headers `x-ratelimit-limit`, `-remaining` and `-reset` of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    limit: Option<u64>,
    remaining: Option<u64>,
    reset: Option<SystemTime>,
}

impl RateLimit {
    fn read(headers: &HeaderMap) -> Option<Self> {
        let read = Self {
            limit: number(headers, &LIMIT),
            remaining: number(headers, &REMAINING),
            reset: number(headers, &RESET).and_then(moment),
        };
        let says_nothing = read.limit.is_none() && read.remaining.is_none() && read.reset.is_none();
        (!says_nothing).then_some(read)
    }

    /// Returns the requests that are left, and until when that holds, where both are told.
    pub(crate) fn remaining_until(headers: &HeaderMap) -> Option<(u64, SystemTime)> {
        let remaining = number(headers, &REMAINING)?;
        Some((remaining, moment(number(headers, &RESET)?)?))
    }

    /// Returns the number of requests per window.
    #[must_use]
    pub const fn limit(&self) -> Option<u64> {
        self.limit
    }

    /// Returns the number of requests that are left in this window.
    #[must_use]
    pub const fn remaining(&self) -> Option<u64> {
        self.remaining
    }

    /// Returns when the next window starts (the header holds Unix seconds).
    #[must_use]
    pub const fn reset(&self) -> Option<SystemTime> {
        self.reset
    }
}

impl<T> Response<T> {
    /// Returns the response with other data, such as the variant of an enum.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        let (data, meta) = self.into_parts();
        Response::from_parts(change(data), meta)
    }
}
