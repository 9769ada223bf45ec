//! The responses of a fake to one operation: [`Expected`].
//!
//! The generated methods of `Fake` return one. Its last parameter says what the response is made of.
//!
//! ```text
//! pub fn get_carriers(&self) -> Expected<'_, Any, Data<Carriers>> { self.operation(&GET_CARRIERS) }
//! ```
#![cfg(feature = "test-util")]

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Serialize;

use crate::runtime::api::{Failure, Kind, Operation};
use crate::runtime::response::envelope;
use crate::runtime::response::failure::of_kind;
use crate::runtime::testing::Fake;
use crate::runtime::testing::recorded::Recorded;
use crate::runtime::testing::script::{Step, What};

/// The responses to an operation in a test, and the requests it received.
///
/// Each method adds a step, and a chain of them is a sequence: the first request gets the first step. `Q` is
/// the type of the operation's body, and `A` says how its response is written.
pub struct Expected<'f, Q, A> {
    pub(crate) fake: &'f Fake,
    pub(crate) operation: &'static Operation,
    /// Of the next step.
    delay: Cell<Duration>,
    types: PhantomData<fn(Q) -> A>,
}

/// A response whose envelope holds the data.
#[derive(Debug)]
pub struct Data<T>(PhantomData<T>);

/// A response with fields next to the envelope's data, or without data.
#[derive(Debug)]
pub struct Whole<T>(PhantomData<T>);

/// A JSON response without an envelope.
#[derive(Debug)]
pub struct Plain<T>(PhantomData<T>);

/// A response with bytes or text.
#[derive(Debug)]
pub enum Raw {}

/// A response whose body isn't read.
#[derive(Debug)]
pub enum Empty {}

/// One of several possible responses, set with [`Expected::responds`].
#[derive(Debug)]
pub enum Several {}

impl<'f, Q, A> Expected<'f, Q, A> {
    pub(crate) fn new(fake: &'f Fake, operation: &'static Operation) -> Self {
        Self { fake, operation, delay: Cell::new(Duration::ZERO), types: PhantomData }
    }

    /// Delays the next step. With tokio's paused time the test doesn't wait.
    pub fn after(&self, delay: Duration) -> &Self {
        self.delay.set(delay);
        self
    }

    /// Repeats the last step for all further requests.
    pub fn always(&self) -> &Self {
        self.fake.state.script(self.operation, |script| {
            if let Some(step) = script.pop() {
                script.always = Some(step);
            }
        });
        self
    }

    /// Sets a header of the last response, such as one for the rate limit.
    ///
    /// # Panics
    ///
    /// If it isn't a valid header, or if no response was added before.
    #[track_caller]
    pub fn with_header(&self, name: &str, value: impl fmt::Display) -> &Self {
        let name = HeaderName::try_from(name).expect("the name is one of a header");
        let value = HeaderValue::try_from(value.to_string()).expect("the value is one of a header");
        let is_set = self.fake.state.script(self.operation, |script| {
            let mut last = script.pop();
            let is_set = if let Some(Step { what: What::Answer { headers, .. }, .. }) = &mut last {
                headers.insert(name, value);
                true
            } else {
                false
            };
            if let Some(step) = last {
                script.push(step);
            }
            is_set
        });
        assert!(is_set, "`{}` has no answer before the header", self.operation.id);
        self
    }

    /// Fails to connect. Once the client's retries are used up, the error of the call is `Delivery::NotSent`.
    pub fn cuts_before_sending(&self) -> &Self {
        self.step(What::CutBeforeSending)
    }

    /// Cuts the connection after the request was sent. The call ends with `Delivery::Unknown`.
    pub fn cuts_after_sending(&self) -> &Self {
        self.step(What::CutAfterSending)
    }

    /// Starts a response with status 200 and cuts it off. The call ends with `Delivery::Unknown`.
    pub fn cuts_answer(&self) -> &Self {
        self.step(What::CutAnswer)
    }

    /// Never responds, so that the client's limits end the attempt. With tokio's paused time the test doesn't wait.
    pub fn times_out(&self) -> &Self {
        self.step(What::Silence)
    }

    /// Responds with exactly this, such as a proxy's page, a response that can't be read, or one of several that the
    /// operation has.
    pub fn responds(&self, response: Response<impl Into<Bytes>>) -> &Self {
        let (head, body) = response.into_parts();
        self.step(What::Answer { status: head.status, headers: head.headers, body: body.into() })
    }

    /// Fails with this status and body, such as a value of the type that the operation documents.
    ///
    /// # Panics
    ///
    /// If the status isn't valid, or if the body can't be written as JSON.
    #[track_caller]
    pub fn fails_with(&self, status: u16, body: &impl Serialize) -> &Self {
        let body = json(body, self.operation);
        self.json(status, body)
    }

    /// Fails with this status and an error object of the API with this message and code.
    ///
    /// # Panics
    ///
    /// If the status isn't valid.
    #[track_caller]
    pub fn refuses(&self, status: u16, message: &str, code: Option<&str>) -> &Self {
        let body = envelope::failure(&self.fake.state.api.envelope, message, code, None);
        self.json(status, body)
    }

    /// Refuses the request because of the rate limit, before anything was done. The client waits this many seconds
    /// and repeats the call.
    ///
    /// # Panics
    ///
    /// If the API documents no such refusal for the operation.
    #[track_caller]
    pub fn limits_rate(&self, seconds: u64) -> &Self {
        let marked = |failure: &Failure| Some((*failure.statuses.start(), failure.refused_before_acting?));
        let Some((status, code)) = self.operation.failures.iter().find_map(marked) else {
            panic!("`{}` documents no refusal that is made before acting", self.operation.id);
        };
        let body = envelope::failure(&self.fake.state.api.envelope, "Too many requests", Some(code), Some(seconds));
        self.json(status, body).with_header(header::RETRY_AFTER.as_str(), seconds)
    }

    /// Returns the requests that the operation received, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Recorded<Q>> {
        self.fake.state.sent(Some(self.operation.id))
    }

    fn step(&self, what: What) -> &Self {
        let delay = self.delay.take();
        self.fake.state.script(self.operation, |script| script.push(Step { delay, what }));
        self
    }

    #[track_caller]
    pub(crate) fn json(&self, status: u16, body: impl Into<Bytes>) -> &Self {
        let status = StatusCode::from_u16(status).expect("the status is one of HTTP");
        let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        self.step(What::Answer { status, headers: HeaderMap::from_iter(headers), body: body.into() })
    }
}

impl<Q, T: Serialize> Expected<'_, Q, Data<T>> {
    /// Answers with the data; the envelope is written around it.
    ///
    /// # Panics
    ///
    /// If the data cannot be written as JSON.
    #[track_caller]
    pub fn answers(&self, data: impl Into<T>) -> &Self {
        let data = text(&json(&data.into(), self.operation));
        self.json(200, envelope::around(&self.fake.state.api.envelope, &data, None))
    }
}

impl<Q, T: Serialize> Expected<'_, Q, Whole<T>> {
    /// Answers with the data; the envelope's own properties are added to it.
    ///
    /// # Panics
    ///
    /// If the data cannot be written as a JSON object.
    #[track_caller]
    pub fn answers(&self, data: impl Into<T>) -> &Self {
        let data = text(&json(&data.into(), self.operation));
        let Some(body) = envelope::beside(&self.fake.state.api.envelope, &data, None) else {
            panic!("the answer of `{}` is not a JSON object", self.operation.id);
        };
        self.json(200, body)
    }
}

impl<Q, T: Serialize> Expected<'_, Q, Plain<T>> {
    /// Answers with the data.
    ///
    /// # Panics
    ///
    /// If the data cannot be written as JSON.
    #[track_caller]
    pub fn answers(&self, data: impl Into<T>) -> &Self {
        let body = json(&data.into(), self.operation);
        self.json(200, body)
    }
}

impl<Q> Expected<'_, Q, Raw> {
    /// Answers with these bytes.
    pub fn answers(&self, body: impl Into<Bytes>) -> &Self {
        self.responds(Response::new(body))
    }
}

impl<Q> Expected<'_, Q, Empty> {
    /// Answers that the call succeeded.
    pub fn answers(&self) -> &Self {
        let names = &self.fake.state.api.envelope;
        let body = names.success.and_then(|_| envelope::beside(names, "{}", None));
        self.responds(Response::new(body.unwrap_or_default()))
    }
}

impl<Q, A> fmt::Debug for Expected<'_, Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

#[track_caller]
fn json(value: &impl Serialize, operation: &Operation) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_else(|_| panic!("the answer of `{}` cannot be written as JSON", operation.id))
}

/// JSON as text, so that numbers stay as they were written.
fn text(json: &[u8]) -> String {
    String::from_utf8_lossy(json).into_owned()
}

/// Declares the methods of `Fake` for operations: `method: STATIC(Body) -> Answer<Data>;`.
#[allow(unused_macros, reason = "it is for generated code")]
macro_rules! operations {
    (@body) => { crate::runtime::testing::recorded::Any };
    (@body $body:ty) => { $body };
    ($($method:ident: $operation:ident($($body:ty)?) -> expected::$answer:ident $(<$data:ty>)?;)*) => {
        impl crate::runtime::testing::Fake {
            $(
                #[doc = concat!("What `", stringify!($method), "` is answered, and what it was asked.")]
                #[allow(clippy::should_implement_trait, clippy::disallowed_names, reason = "the name is the document's")]
                pub fn $method(
                    &self,
                ) -> crate::runtime::testing::expected::Expected<
                    '_,
                    crate::runtime::testing::expected::operations!(@body $($body)?),
                    crate::runtime::testing::expected::$answer$(<$data>)?,
                > {
                    self.operation(&$operation)
                }
            )*
        }
    };
}

#[allow(unused_imports, reason = "it is for generated code")]
pub(crate) use operations;

impl<Q, A> Expected<'_, Q, A> {
    /// Fails with this kind of error, in the way that the document describes it.
    #[track_caller]
    pub(crate) fn fails_by_kind<K: Kind + PartialEq>(&self, kind: &K) -> &Self {
        let Some(found) = of_kind(self.operation, kind) else {
            panic!("`{}` documents no error of the kind `{kind:?}`", self.operation.id);
        };
        let body = envelope::failure(&self.fake.state.api.envelope, &found.message, found.code, None);
        self.json(found.status.as_u16(), body)
    }
}
