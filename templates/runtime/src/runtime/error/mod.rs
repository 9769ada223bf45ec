//! The error of every call: what happened, and whether the server may have acted.

pub(crate) mod config;
pub(crate) mod connection;
pub(crate) mod problem;
pub(crate) mod source;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::runtime::api::{Kind, KindRule};
use crate::runtime::error::connection::ConnectionProblem;
use crate::runtime::error::problem::Violation;
use crate::runtime::error::problem::{Class, Context, NotRepeated, Problem, RawResponse, Said};
use crate::runtime::error::source::Source;
use crate::runtime::value::objects::Objects;
use crate::runtime::value::secret::Redacted;

/// Whether the server may have acted on a call that failed. A greater value is more uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Delivery {
    /// No byte of the request was written: there was no connection, or one of the client's checks refused the
    /// request. The server has done nothing.
    NotSent,
    /// The server refused the request in the way that its documentation describes, and has done nothing.
    Refused,
    /// At least a part of the request was sent, and no response proves that nothing was done. The server may
    /// have acted: find out before you try again.
    Unknown,
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "nothing was sent",
            Self::Refused => "the server refused the request",
            Self::Unknown => "the server may have acted",
        })
    }
}

/// Why a call failed.
///
/// [`Error::delivery`] says whether the server may have acted, which decides what is safe to do next.
/// `Debug`, `Display` and the sources print no key, URL, parameter or body. The server's message and the
/// response's body are available on request ([`Error::message`], [`Error::body`]).
pub struct Error(Box<Inner>);

struct Inner {
    context: Context,
    problem: Problem,
    delivery: Delivery,
    response: Option<RawResponse>,
    said: Said,
    connection: Option<ConnectionProblem>,
    cause: Option<Source>,
    not_repeated: Option<NotRepeated>,
    violations: Vec<Violation>,
}

impl Error {
    pub(crate) fn new(context: Context, problem: Problem, delivery: Delivery) -> Self {
        Self(Box::new(Inner {
            context,
            problem,
            delivery,
            response: None,
            said: Said::default(),
            connection: None,
            cause: None,
            not_repeated: None,
            violations: Vec::new(),
        }))
    }

    /// The request cannot be made; `name` is the part's name in the document.
    pub(crate) fn unsendable(context: Context, text: &'static str, name: &'static str) -> Self {
        let mut problem = Problem::new(Class::Request, text);
        problem.name = Some(name);
        Self::new(context, problem, Delivery::NotSent)
    }

    /// The request breaks these rules.
    pub(crate) fn broken_rules(context: Context, violations: Vec<Violation>) -> Self {
        let mut error = Self::new(context, Problem::new(Class::Request, "the request breaks rules"), Delivery::NotSent);
        error.0.violations = violations;
        error
    }

    pub(crate) fn with_response(mut self, response: RawResponse, said: Said) -> Self {
        self.0.response = Some(response);
        self.0.said = said;
        self
    }

    pub(crate) fn with_cause(mut self, cause: &(dyn StdError + 'static)) -> Self {
        self.0.connection = ConnectionProblem::read(cause);
        self.0.cause = Source::read(cause);
        self
    }

    /// The call's delivery is at least as uncertain as this.
    pub(crate) fn at_least(mut self, delivery: Delivery) -> Self {
        self.0.delivery = self.0.delivery.max(delivery);
        self
    }

    pub(crate) fn with_not_repeated(mut self, why: Option<NotRepeated>) -> Self {
        self.0.not_repeated = why;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.said.retry_after = Some(wait);
        self
    }

    pub(crate) fn class(&self) -> Class {
        self.0.problem.class
    }

    pub(crate) fn is_of_repeatable_operation(&self) -> bool {
        self.0.context.operation.repeatable
    }

    pub(crate) fn rule(&self) -> Option<&'static KindRule> {
        self.0.said.kind
    }

    /// Returns whether the server may have acted, according to the most uncertain of the call's attempts.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Returns the number of attempts that were started. It is 0 if one of the client's checks or its pacing
    /// refused the call.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.context.attempts
    }

    /// Returns why the call was not repeated. None if failures of this kind are never repeated.
    #[must_use]
    pub fn not_repeated(&self) -> Option<NotRepeated> {
        self.0.not_repeated
    }

    /// Returns the operation's id in the API's document.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        Some(self.0.context.operation.id)
    }

    /// Returns the status of the response. None if there was no response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// Returns the headers of the response. None if there was no response.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }

    /// Returns the code of the API's error object. A code that the document doesn't list counts as personal
    /// data: don't log it without looking at it.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.said.code.as_deref()
    }

    /// Returns the server's message. It may repeat what was sent, so it counts as personal data.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.said.message.as_deref()
    }

    /// Returns how long the server asks to wait before the next call: the header `retry-after` (seconds or a
    /// date) or the seconds in the error object, whichever is longer. If the client's pacing refused the call
    /// ([`Error::is_pacing`]), this is the time until it may be made.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.said.retry_after
    }

    /// Returns what could be read of the response's body. It counts as personal data.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.0.response.as_ref().map(|response| &response.body[..])
    }

    /// Decodes the body of the response. None if it isn't a `T`.
    #[must_use]
    pub fn body_as<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(self.body()?).ok().map(|Objects(body)| body)
    }

    /// Returns whether the time ran out: to connect, for an attempt, or for the whole call.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.problem.class, Class::Timeout | Class::ConnectTimeout)
    }

    /// Returns whether connecting failed.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self.0.problem.class, Class::Connect | Class::ConnectTimeout)
    }

    /// Returns whether the client refused the call because the rate limit leaves no turn within the deadline.
    #[must_use]
    pub fn is_pacing(&self) -> bool {
        self.0.problem.class == Class::Pacing
    }

    /// Returns why there was no connection or why it was lost, if that is known.
    #[must_use]
    pub fn connection_problem(&self) -> Option<ConnectionProblem> {
        self.0.connection
    }

    /// Returns the rules of the API's description that the request breaks, at most 100. Empty if the call failed
    /// for another reason.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// Returns whether the same call can be made again without the risk of acting twice: the server has not
    /// acted, or the operation is safe to repeat.
    #[must_use]
    pub fn is_safe_to_repeat(&self) -> bool {
        self.0.delivery != Delivery::Unknown || self.0.context.operation.repeatable
    }

    /// Returns the code where the document lists it.
    fn known_code(&self) -> Option<&str> {
        let code = self.code()?;
        self.0.context.api.error_codes.contains(&code).then_some(code)
    }

    /// Returns what may be printed of the server's reason.
    fn reason(&self) -> Option<String> {
        if let Some(rule) = self.rule() {
            return Some(rule.kind.to_string());
        }
        let message = self.message().filter(|_| self.0.context.shows_messages)?;
        // One line, whatever the server sends.
        Some(message.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = self.0.problem;
        write!(f, "{}: ", self.0.context.operation.id)?;
        match self.0.violations.len() {
            0 => f.write_str(problem.text)?,
            1 => f.write_str("the request breaks 1 rule")?,
            count => write!(f, "the request breaks {count} rules")?,
        }
        for (index, violation) in self.0.violations.iter().enumerate() {
            write!(f, "{} {violation}", if index == 0 { ":" } else { ";" })?;
        }
        if let Some(name) = problem.name {
            write!(f, " (`{name}`)")?;
        }
        // Of a time that ran out the problem's own text tells.
        if let Some(connection) = self.0.connection.filter(|it| *it != ConnectionProblem::Timeout) {
            write!(f, ": {connection}")?;
        }
        if let Some((line, column)) = problem.place {
            write!(f, " (line {line}, column {column})")?;
        }
        if let Some(status) = self.status() {
            write!(f, ", status {}", status.as_u16())?;
        }
        if let Some(code) = self.known_code() {
            write!(f, ", code {code}")?;
        }
        if let Some(reason) = self.reason() {
            write!(f, ": {reason}")?;
        }
        if self.attempts() > 1 {
            write!(f, "; the last of {} attempts", self.attempts())?;
        }
        // Of the limit the number of attempts tells.
        if let Some(why) = self.0.not_repeated.filter(|why| *why != NotRepeated::Limit) {
            write!(f, "; {}", why.text())?;
        }
        write!(f, "; {}", self.0.delivery)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.known_code();
        let code: Option<&dyn fmt::Debug> = match (&known, self.code()) {
            (Some(code), _) => Some(code),
            (None, Some(_)) => Some(&Redacted),
            (None, None) => None,
        };
        f.debug_struct("Error")
            .field("operation", &self.0.context.operation.id)
            .field("problem", &self.0.problem)
            .field("violations", &self.0.violations)
            .field("delivery", &self.0.delivery)
            .field("attempts", &self.attempts())
            .field("not_repeated", &self.0.not_repeated)
            .field("status", &self.status().map(|status| status.as_u16()))
            .field("kind", &self.rule().map(|rule| rule.kind))
            .field("code", &code)
            .field("message", &self.message().map(|_| Redacted))
            .field("retry_after", &self.retry_after())
            .field("body_bytes", &self.body().map(<[u8]>::len))
            .field("connection_problem", &self.0.connection)
            .field("cause", &self.0.cause)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_ref().map(|cause| cause as _)
    }
}

impl Error {
    /// Returns the kind of the error, if the document names one that matches.
    pub(crate) fn kind_as<K: Kind + Copy>(&self) -> Option<K> {
        self.rule()?.kind().copied()
    }
}

/// An error of any type, from a body or a transport.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
