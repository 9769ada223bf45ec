//! Telling what a failing answer means: what the server said, and whether it may have acted.

use std::time::{Duration, SystemTime};

use http::StatusCode;
use serde::de::IgnoredAny;

use super::api::{Failure, KindMatch, KindRule, Operation};
use super::envelope::{self, Read};
use super::error::{Answered, Class, Context, Delivery, Error, Problem, Said};
use super::retry_after;

/// Returns the error of an answer whose status is no success.
pub(crate) fn of_status(context: Context, answer: Answered) -> Error {
    let failure = documented(context.operation, answer.status.as_u16());
    let read = envelope::head(&context.api.envelope, &answer.body);
    let is_refusal = answer.status.is_client_error()
        && failure.is_some_and(|failure| is_refused(context, failure, &answer, read.as_ref()));
    let delivery = if is_refusal { Delivery::Refused } else { Delivery::Unknown };
    let is_before_acting = is_refusal && failure.is_some_and(|failure| is_before_acting(failure, read.as_ref()));
    let class = if is_before_acting { Class::Busy } else { Class::Status };
    let text = if answer.status.is_redirection() {
        "the server answered with a redirect, which is not followed"
    } else {
        "the server answered with a failure"
    };
    let rules = failure.map_or(&[][..], |failure| failure.kinds);
    let said = said(&answer, read, rules.iter());
    Error::new(context, Problem::new(class, text), delivery).with_answer(answer, said)
}

/// Returns the failure that is documented for a status: of several, the one that is most specific.
pub(super) fn documented(operation: &'static Operation, status: u16) -> Option<&'static Failure> {
    operation
        .failures
        .iter()
        .filter(|failure| failure.statuses.contains(&status))
        .min_by_key(|failure| failure.statuses.end() - failure.statuses.start())
}

/// Returns whether an answer of status 4xx proves that the server refused the request.
fn is_refused(context: Context, failure: &Failure, answer: &Answered, read: Option<&Read<IgnoredAny>>) -> bool {
    // A proxy may answer in JSON as well, so it takes the API's own error object.
    let Some(read) = read else {
        return false;
    };
    let names = &context.api.envelope;
    let error = read.error.as_ref();
    let is_own = if names.tells_failures() {
        (names.success.is_none() || read.success == Some(false))
            && (names.error.is_none() || error.is_some())
            && (names.error_message.is_none() || error.is_some_and(|it| it.message.is_some()))
    } else {
        // Without an envelope there is less to tell it by. A failure that is documented for every
        // status alike does not document this one.
        *failure.statuses.start() >= 400 && *failure.statuses.end() <= 499
    };
    // A limit may be enforced after the work was begun, so a 429 proves nothing by itself.
    is_own && (answer.status != StatusCode::TOO_MANY_REQUESTS || is_before_acting(failure, Some(read)))
}

/// Returns whether an answer has the code that its document marks as a refusal made before acting.
fn is_before_acting(failure: &Failure, read: Option<&Read<IgnoredAny>>) -> bool {
    let code = read.and_then(|read| read.error.as_ref()).and_then(|error| error.code.as_deref());
    failure.refused_before_acting.is_some_and(|marked| code == Some(marked))
}

/// Returns what an answer said; of `rules` the first counts that fits.
pub(crate) fn said<'r>(
    answer: &Answered,
    read: Option<Read<IgnoredAny>>,
    mut rules: impl Iterator<Item = &'static KindRule> + 'r,
) -> Said {
    let error = read.and_then(|read| read.error).unwrap_or_default();
    let header = retry_after::read(&answer.headers, SystemTime::now());
    Said {
        kind: rules.find(|rule| fits(rule, error.code.as_deref(), error.message.as_deref())),
        retry_after: header.max(error.retry_after.map(Duration::from_secs)),
        code: error.code,
        message: error.message,
    }
}

fn fits(rule: &KindRule, code: Option<&str>, message: Option<&str>) -> bool {
    match rule.matches {
        KindMatch::Message(text) => message == Some(text),
        KindMatch::MessagePrefix(prefix) => message.is_some_and(|text| text.starts_with(prefix)),
        KindMatch::Code(text) => code == Some(text),
    }
}
