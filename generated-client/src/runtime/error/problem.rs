//! The parts of an error: the call it belongs to, what went wrong, what could be read of a
//! response, and the rules that the request breaks.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::runtime::api::{Api, KindRule, Operation};

/// What an error needs to know of the call.
#[derive(Clone, Copy)]
pub(crate) struct Context {
    pub(crate) api: &'static Api,
    pub(crate) operation: &'static Operation,
    /// The documented statuses from 300 to 399. A response with one of them is read like a success.
    pub(crate) redirects: &'static [RangeInclusive<u16>],
    /// Whether the server's message may be printed.
    pub(crate) shows_messages: bool,
    /// The attempts that were begun so far.
    pub(crate) attempts: u32,
}

/// What went wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Problem {
    pub(crate) class: Class,
    /// A fixed text.
    pub(crate) text: &'static str,
    /// The name of the part that it is about, from the document.
    pub(crate) name: Option<&'static str>,
    /// Line and column in the response's body.
    pub(crate) place: Option<(usize, usize)>,
}

/// The sort of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// The request could not be made.
    Request,
    /// There was no connection.
    Connect,
    /// There was no connection in time.
    ConnectTimeout,
    /// The time ran out.
    Timeout,
    /// The rate limit leaves no turn within the deadline.
    Pacing,
    /// The connection, or the transport, failed.
    Transport,
    /// The response says that the call failed.
    Status,
    /// The response says that the call was refused, by the mark of a refusal made before acting.
    Busy,
    /// The response cannot be read.
    Response,
}

/// What could be read of a response.
#[derive(Default)]
pub(crate) struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What a failing response said.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) kind: Option<&'static KindRule>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

impl Problem {
    pub(crate) const fn new(class: Class, text: &'static str) -> Self {
        Self { class, text, name: None, place: None }
    }
}

/// Why a call was not repeated; see [`Error::not_repeated`](crate::runtime::error::Error::not_repeated).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotRepeated {
    /// All retries of the call were used ([`Options::max_retries`](crate::runtime::client::options::Options::max_retries)).
    Limit,
    /// The wait before another attempt would not have ended within the call's deadline.
    Deadline,
    /// The retries that all clones of the client share were used up
    /// ([`ClientBuilder::retry_budget`](crate::runtime::client::builder::ClientBuilder::retry_budget)).
    Budget,
    /// The request's body was streamed, and can't be sent again.
    Body,
}

impl NotRepeated {
    /// What an error's text says of it.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Limit => "not repeated, as it has no retries left",
            Self::Deadline => "not repeated, as the wait does not fit the deadline",
            Self::Budget => "not repeated, as the client's retries are used up",
            Self::Body => "not repeated, as the request's body is gone",
        }
    }
}

/// A rule that a request breaks, and where. It never holds the value, so it can be logged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Violation {
    /// None for the body.
    pub(crate) parameter: Option<&'static str>,
    pub(crate) pointer: String,
    pub(crate) rule: String,
}

impl Violation {
    /// Returns the parameter that breaks the rule, by its name on the wire. None if the body does.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        self.parameter
    }

    /// Returns the place of the value in the body, or in the value of the parameter: a JSON pointer
    /// (RFC 6901), such as `/addresses/0/state`, empty for the whole. The key of a map is data, and
    /// written as `*`.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns what the value has to be, such as ``at least 2 characters`` or
    /// ``matches `^[0-9]{10}$` ``.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }
}

/// Prints place and rule, in one line.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |text: &str| text.replace(char::is_control, " ");
        let (pointer, rule) = (line(&self.pointer), line(&self.rule));
        match (self.parameter, pointer.as_str()) {
            (Some(name), "") => write!(f, "parameter `{}`: {rule}", line(name)),
            (Some(name), pointer) => write!(f, "parameter `{}`, {pointer}: {rule}", line(name)),
            (None, "") => write!(f, "the body: {rule}"),
            (None, pointer) => write!(f, "{pointer}: {rule}"),
        }
    }
}
