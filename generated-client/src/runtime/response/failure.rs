//! What a failing response means: the error that the server describes, and whether it may have acted.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header};
use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::runtime::api::{Failure, Kind, KindMatch, KindRule, Operation};
use crate::runtime::error::problem::{Class, Context, Problem, RawResponse, Said};
use crate::runtime::error::{Delivery, Error};
use crate::runtime::response::envelope;
use crate::runtime::response::envelope::Read;
use crate::runtime::value::calendar::http_date;

/// Returns the error of a response whose status doesn't mean success.
pub(crate) fn of_status(context: Context, response: RawResponse) -> Error {
    let failure = documented(context.operation, response.status.as_u16());
    let read = envelope::head(&context.api.envelope, &response.body);
    let is_refusal = response.status.is_client_error()
        && failure.is_some_and(|failure| is_refused(context, failure, &response, read.as_ref()));
    let delivery = if is_refusal { Delivery::Refused } else { Delivery::Unknown };
    let is_before_acting = is_refusal && failure.is_some_and(|failure| is_before_acting(failure, read.as_ref()));
    let class = if is_before_acting { Class::Busy } else { Class::Status };
    let text = if response.status.is_redirection() {
        "the server answered with a redirect, which is not followed"
    } else {
        "the server answered with a failure"
    };
    let rules = failure.map_or(&[][..], |failure| failure.kinds);
    let said = said(&response, read, rules.iter());
    Error::new(context, Problem::new(class, text), delivery).with_response(response, said)
}

/// Returns the failure that is documented for a status: of several, the one that is most specific.
pub(crate) fn documented(operation: &'static Operation, status: u16) -> Option<&'static Failure> {
    operation
        .failures
        .iter()
        .filter(|failure| failure.statuses.contains(&status))
        .min_by_key(|failure| failure.statuses.end() - failure.statuses.start())
}

/// How an operation documents a kind of error.
pub(crate) struct Written {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    pub(crate) code: Option<&'static str>,
}

/// Returns how the operation documents an error of this kind, if it does.
pub(crate) fn of_kind<K: Kind + PartialEq>(operation: &'static Operation, kind: &K) -> Option<Written> {
    let (status, rule) = operation.failures.iter().find_map(|failure| {
        let rule = failure.kinds.iter().find(|rule| rule.kind() == Some(kind))?;
        // A range may hold a status that another failure documents more closely.
        let is_own = |status: &u16| documented(operation, *status).is_some_and(|it| std::ptr::eq(it, failure));
        let status = failure.statuses.clone().filter(|status| *status >= 400).find(is_own)?;
        Some((StatusCode::from_u16(status).ok()?, rule))
    })?;
    let (message, code) = match rule.matches {
        KindMatch::Message(text) | KindMatch::MessagePrefix(text) => (text.to_owned(), None),
        KindMatch::Code(code) => (kind.to_string(), Some(code)),
    };
    Some(Written { status, message, code })
}

/// Returns whether a response of status 4xx proves that the server refused the request.
fn is_refused(context: Context, failure: &Failure, response: &RawResponse, read: Option<&Read<IgnoredAny>>) -> bool {
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
    is_own && (response.status != StatusCode::TOO_MANY_REQUESTS || is_before_acting(failure, Some(read)))
}

/// Returns whether a response has the code that its document marks as a refusal made before acting.
fn is_before_acting(failure: &Failure, read: Option<&Read<IgnoredAny>>) -> bool {
    let code = read.and_then(|read| read.error.as_ref()).and_then(|error| error.code.as_deref());
    failure.refused_before_acting.is_some_and(|marked| code == Some(marked))
}

/// Returns what a response said; of `rules` the first counts that fits.
pub(crate) fn said<'r>(
    response: &RawResponse,
    read: Option<Read<IgnoredAny>>,
    mut rules: impl Iterator<Item = &'static KindRule> + 'r,
) -> Said {
    let error = read.and_then(|read| read.error).unwrap_or_default();
    let header = retry_after(&response.headers, SystemTime::now());
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

/// The error of a response that has a status of success and cannot be read. The server may have
/// acted.
pub(crate) fn unreadable(
    context: Context,
    text: &'static str,
    place: Option<(usize, usize)>,
    response: RawResponse,
) -> Error {
    let mut problem = Problem::new(Class::Response, text);
    problem.place = place;
    let said = said(&response, None, std::iter::empty());
    Error::new(context, problem, Delivery::Unknown).with_response(response, said)
}

/// Returns the error of a response that has a status of success and says that the call failed. The
/// two contradict each other, so that nothing is proved. The kinds of all failures count, as none
/// is documented for this status.
pub(crate) fn unsuccessful(context: Context, response: RawResponse) -> Error {
    let read = envelope::head(&context.api.envelope, &response.body);
    let rules = context.operation.failures.iter().flat_map(|failure| failure.kinds);
    let said = said(&response, read, rules);
    let text = "the server answered with a status of success and says that the call failed";
    Error::new(context, Problem::new(Class::Status, text), Delivery::Unknown).with_response(response, said)
}

/// The error of a body that could not be decoded. Of serde's own error only the place is kept: its
/// text holds values.
pub(crate) fn undecodable(context: Context, response: RawResponse, error: &serde_json::Error) -> Error {
    if response.body.is_empty() {
        return unreadable(context, "the response is empty", None, response);
    }
    let text = match error.classify() {
        Category::Data => "the response is JSON of another shape than documented",
        Category::Syntax | Category::Eof | Category::Io => "the response is not JSON",
    };
    unreadable(context, text, Some((error.line(), error.column())), response)
}

/// Returns how long the server asks to wait, as seen at `now`; a moment that is past is zero.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    Some(http_date(text)?.duration_since(now).unwrap_or_default())
}
