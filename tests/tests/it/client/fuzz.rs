//! Random answers, headers, events and values: nothing panics, and nothing prints the input.
//!
//! A short run is part of the suite. `cargo xtask ci --full` sets `PROPTEST_CASES=20000` for a long one.

use std::fmt::Debug;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{HeaderName, HeaderValue, Request, Response};
use novamed::body::Body;
use novamed::transport::BoxError;
use novamed::value::Base64;
use novamed::{Client, Date, DateTime, Decimal, Environment, Error, Event, PatientId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestCaseResult, TestRunner};
use serde_json::{Value, json};
use tower_service::Service;

use super::requests::{OPERATIONS, call_any};
use super::{DEV_KEY, PROD_KEY, printed, spec};

/// A text in every input, whatever else changes.
const MARK: &str = "q7MARKERx";

/// Runs a test with many values, without saving failures.
fn check<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> TestCaseResult)
where
    S::Value: Debug,
{
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(strategy, test).unwrap_or_else(|error| panic!("{error}"));
}

/// A mutation of bytes.
#[derive(Debug, Clone)]
enum Change {
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
    Flip(Index, u8),
    End(Index),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let to = |from: usize, count: usize| (from + count).min(bytes.len());
        match self {
            Self::Insert(at, new) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, new.iter().copied());
            }
            Self::Remove(at, count) => {
                let at = at.index(bytes.len());
                bytes.drain(at..to(at, *count));
            }
            Self::Repeat(at, count) => {
                let at = at.index(bytes.len());
                let part = bytes[at..to(at, *count)].to_vec();
                bytes.splice(at..at, part);
            }
            Self::Flip(at, bits) => {
                let at = at.index(bytes.len());
                bytes[at] ^= bits;
            }
            Self::End(at) => bytes.truncate(at.index(bytes.len())),
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let piece = prop_oneof![
        vec(any::<u8>(), 0..8),
        select(vec![
            "{", "}", "[", "]", "\"", ",", ":", "null", "true", "-1e999", "\\u0000", "\\ud800", "\u{feff}", MARK
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    let at = any::<Index>;
    prop_oneof![
        (at(), piece).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (at(), 1..40_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        (at(), 1..40_usize).prop_map(|(at, count)| Change::Repeat(at, count)),
        (at(), 1..=255_u8).prop_map(|(at, bits)| Change::Flip(at, bits)),
        at().prop_map(Change::End),
    ]
}

/// Returns the value with the mark added to all its strings, except those with a fixed meaning.
fn marked(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mark = |(key, value): (&String, &Value)| {
                let is_word = matches!(key.as_str(), "code" | "event_name");
                (key.clone(), if is_word { value.clone() } else { marked(value) })
            };
            members.iter().map(mark).collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(marked).collect::<Vec<_>>().into(),
        // Ids stay valid, so decoding continues up to the first invalid value.
        Value::String(text) if text.len() != 36 => json!(format!("{text}{MARK}")),
        other => other.clone(),
    }
}

/// Mutated JSON, or arbitrary bytes.
fn spoilt(valid: Vec<Value>) -> impl Strategy<Value = Vec<u8>> {
    let changed = (select(valid), vec(change(), 0..4)).prop_map(|(value, changes)| {
        let mut bytes = marked(&value).to_string().into_bytes();
        for change in &changes {
            change.apply(&mut bytes);
        }
        bytes
    });
    let anything = vec(any::<u8>(), 0..200).prop_map(|bytes| [MARK.as_bytes(), &bytes].concat());
    prop_oneof![4 => changed, 1 => anything]
}

/// Values for the headers that the client reads.
fn header_value() -> impl Strategy<Value = HeaderValue> {
    let numbers = prop_oneof![any::<u64>().prop_map(|it| it.to_string()), "[0-9]{1,40}", "-?[0-9]{1,3}\\.?[0-9]?"];
    let dates = prop_oneof![
        "(Sun|Mon)?,? [0-9]{1,3} (Jan|Feb|Nov|Foo) [0-9]{1,6} [0-9]{2}:[0-9]{2}:[0-9]{1,3} GMT",
        "Sunday, [0-9]{2}-(Nov|Feb)-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
        "Sun Nov +[0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}",
    ];
    let texts = prop_oneof![numbers, dates, "\\PC{0,20}"].prop_map(String::into_bytes);
    let bytes = prop_oneof![4 => texts, 1 => vec(any::<u8>(), 0..30)];
    bytes.prop_filter_map("it is no header", |bytes| HeaderValue::from_bytes(&bytes).ok())
}

fn headers() -> impl Strategy<Value = Vec<(HeaderName, HeaderValue)>> {
    let names =
        ["retry-after", "date", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "content-type"];
    vec((select(names.map(HeaderName::from_static).to_vec()), header_value()), 0..5)
}

/// An answer of the server.
#[derive(Debug, Clone)]
struct Answer {
    status: u16,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Vec<u8>,
}

fn answer() -> impl Strategy<Value = Answer> {
    let operations = spec::operations().into_iter();
    let valid = operations.flat_map(|it| it.responses().into_values().flatten().map(|it| it.value.clone()));
    let status = prop_oneof![
        3 => Just(200), 1 => select(vec![201, 204, 301, 400, 401, 403, 404, 409, 429, 500, 503]), 1 => 200..=999_u16
    ];
    let parts = (status, headers(), spoilt(valid.collect()));
    parts.prop_map(|(status, headers, body)| Answer { status, headers, body })
}

/// A transport that returns a prepared answer.
#[derive(Clone, Default)]
struct Next(Arc<Mutex<Option<Answer>>>);

impl Service<Request<Body>> for Next {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Ready<Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        let answer = self.0.lock().expect("no test panics in the lock").clone().expect("there is an answer");
        let mut response = Response::new(Body::from(answer.body));
        *response.status_mut() = answer.status.try_into().expect("it is a status");
        response.headers_mut().extend(answer.headers);
        ready(Ok(response))
    }
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().expect("a runtime")
}

/// Fails if the output contains the input.
fn lacks(text: &str, part: &str) -> TestCaseResult {
    prop_assert!(!text.contains(part), "what came is printed");
    Ok(())
}

/// Fails if an error prints the input.
fn keeps(error: &Error) -> TestCaseResult {
    for (way, text) in printed(error) {
        let is_kept = !text.contains("MARKER") && !text.contains("KEYMARKER") && !text.contains("/api/external");
        prop_assert!(is_kept, "{way} prints what came");
    }
    Ok(())
}

#[test]
fn any_answer_is_a_success_or_an_error_that_keeps_it() {
    let next = Next::default();
    let runtime = runtime();
    // In production, and in development, where the server's message may be printed and is removed first.
    let client = |environment, key: &str| {
        let builder = Client::builder().environment(environment).api_key(key).transport(next.clone());
        builder.no_pacing().build().expect("the configuration is right")
    };
    let clients = [client(Environment::Production, PROD_KEY), client(Environment::Development, DEV_KEY)];
    check(&(answer(), select(OPERATIONS.to_vec())), |(answer, operation)| {
        *next.0.lock().expect("no test panics in the lock") = Some(answer);
        for (index, client) in clients.iter().enumerate() {
            match runtime.block_on(call_any(client, operation)) {
                Ok((_, meta)) => lacks(&format!("{meta:?}{meta:#?}"), "MARKER")?,
                Err(error) if index == 0 => keeps(&error)?,
                Err(error) => {
                    lacks(&format!("{error:?}{error:#?}"), "MARKER")?;
                    let is_message = error.message().is_some_and(|message| message.contains("MARKER"));
                    prop_assert!(is_message || !error.to_string().contains("MARKER"));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn any_headers_let_calls_end() {
    let next = Next::default();
    let runtime = runtime();
    let statuses = select(vec![(200, true), (429, true), (503, false), (404, true)]);
    check(&(headers(), statuses, any::<bool>()), |(headers, (status, is_object), is_paced)| {
        let object =
            json!({"success": status == 200, "data": {}, "error": {"message": MARK, "code": "RATE_LIMIT_EXCEEDED"}});
        let body = if is_object { object.to_string().into_bytes() } else { MARK.into() };
        *next.0.lock().expect("no test panics in the lock") = Some(Answer { status, headers, body });
        let builder = Client::builder().environment(Environment::Production).api_key(PROD_KEY).transport(next.clone());
        let builder = if is_paced { builder } else { builder.no_pacing() };
        let client = builder.build().expect("the configuration is right");
        runtime.block_on(async {
            let start = tokio::time::Instant::now();
            for operation in ["getCarriers", "createPatient", "getCarriers"] {
                match call_any(&client, operation).await {
                    Ok((_, meta)) => drop((meta.rate_limit(), format!("{meta:?}"))),
                    Err(error) => {
                        keeps(&error)?;
                        let _wait = error.retry_after().map(|wait| wait.checked_mul(2));
                    }
                }
            }
            // The runtime's clock is paused, and advances only by waiting.
            prop_assert!(start.elapsed() <= Duration::from_secs(3 * 90), "a call outlives its deadline");
            Ok(())
        })
    });
}

#[test]
fn any_delivery_is_an_event_or_an_error_that_keeps_it() {
    let valid = spec::callbacks().iter().flat_map(spec::Operation::requests).map(|it| it.value.clone()).collect();
    check(&spoilt(valid), |bytes| {
        let text = match Event::parse(&bytes) {
            Ok(event) => format!("{event:?}{event:#?}{:?}", event.duplicate_key()),
            Err(error) => format!("{error}{error:?}"),
        };
        lacks(&text, "MARKER")
    });
}

/// Fails if an error repeats its input, or if a parsed value doesn't survive printing and parsing.
fn reads<T>(text: &str, write: impl Fn(&T) -> String) -> TestCaseResult
where
    T: std::str::FromStr<Err: std::fmt::Display + Debug> + PartialEq,
{
    match text.parse::<T>() {
        Ok(value) => prop_assert!(write(&value).parse::<T>().is_ok_and(|again| again == value)),
        // A text of a few characters may occur in an error's message by chance.
        Err(error) if text.len() > 8 => lacks(&format!("{error}{error:?}"), text)?,
        Err(_) => {}
    }
    Ok(())
}

#[test]
fn any_text_is_a_value_or_an_error_that_keeps_it() {
    let texts = prop_oneof![
        "\\PC{0,40}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,12})?(Z|z|[+-][0-9]{2}:[0-9]{2})?",
        "-?[0-9]{0,40}\\.?[0-9]{0,40}([eE][+-]?[0-9]{1,4})?",
        "[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
    ];
    check(&texts, |text| {
        reads::<Date>(&text, ToString::to_string)?;
        reads::<DateTime>(&text, ToString::to_string)?;
        reads::<Decimal>(&text, ToString::to_string)?;
        reads::<PatientId>(&text, |id| id.get().to_string())?;
        let json = json!(text).to_string();
        if let Err(error) = serde_json::from_str::<Base64>(&json)
            && text.len() > 8
        {
            lacks(&error.to_string(), &text)?;
        }
        Ok(())
    });
}
