//! The feature `test-util`: [`Fake`], a transport for tests of an application.
//!
//! ```text
//! let fake = Fake::new();
//! fake.create_refill_request().cuts_after_sending();
//! let error = refill(&fake.client(), &request).await.expect_err("its fate is unknown");
//! ```
//!
//! Only the connections are replaced: a request is encoded, checked, sent to the fake and retried where
//! allowed, and its response is read like one from the network. [`Expected`] sets the responses of an
//! operation, and [`Recorded`] holds the requests.
#![cfg(feature = "test-util")]

pub(crate) mod builders;
pub(crate) mod difference;
pub(crate) mod expected;
pub(crate) mod recorded;
pub(crate) mod script;
pub(crate) mod tree;

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;

use crate::runtime::api::{Api, Operation};
use crate::runtime::call::attempts::Mark;
use crate::runtime::client::Client;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::BoxError;
use crate::runtime::testing::expected::Expected;
use crate::runtime::testing::recorded::{Any, Recorded, Sent};
use crate::runtime::testing::script::{Script, Step};
use crate::runtime::transport::body::Body;

/// Responds to a client's calls in a test, and remembers the requests.
///
/// It has a method for each operation, with the same name as the client's, for setting the responses and
/// reading the requests. The steps are used in order, one per request. A retry without a step gets the step
/// of the attempt before. Any other request without a step panics with the operation's name.
///
/// Dropping the fake panics if it had no response for a request, or if responses are left over.
/// [`Fake::verify`] checks the same earlier. The messages name operations and numbers, and no values.
pub struct Fake {
    pub(crate) state: Arc<State>,
}

/// What a fake and its transports share.
pub(crate) struct State {
    pub(crate) api: &'static Api,
    book: Mutex<Book>,
}

/// What is to be answered, and what was asked.
#[derive(Default)]
pub(crate) struct Book {
    scripts: Vec<Script>,
    sent: Vec<Arc<Sent>>,
}

impl Fake {
    pub(crate) fn of(api: &'static Api) -> Self {
        Self { state: Arc::new(State { api, book: Mutex::default() }) }
    }

    /// Returns a client whose calls go to the fake. It has a made-up key and no rate limit, and retries immediately.
    ///
    /// # Panics
    ///
    /// Never: the configuration is valid.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client_builder().build().expect("the configuration of the fake's client is valid")
    }

    /// Returns a builder of such a client, for tests that need another configuration, such as an environment, an audit
    /// hook, or retries that wait.
    pub fn client_builder(&self) -> ClientBuilder {
        let mut builder = ClientBuilder::new(self.state.api)
            .base_url("https://fake.invalid")
            .retry_delay(std::time::Duration::ZERO)
            .no_pacing()
            .transport(self.transport());
        for credential in &mut builder.credentials {
            *credential = Some("fake-key".into());
        }
        builder
    }

    /// Returns only the transport, for [`ClientBuilder::transport`] or tower layers.
    #[must_use]
    pub fn transport(&self) -> FakeTransport {
        FakeTransport { state: Arc::clone(&self.state) }
    }

    /// Returns all requests to all operations, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Recorded<Any>> {
        self.state.sent(None)
    }

    /// Begins what an operation is answered.
    pub(crate) fn operation<Q, A>(&self, operation: &'static Operation) -> Expected<'_, Q, A> {
        Expected::new(self, operation)
    }

    /// Fails the test if the fake had no response for a request, or if responses are left over.
    ///
    /// # Panics
    ///
    /// In these cases, with the names of the operations.
    #[track_caller]
    pub fn verify(&self) {
        if let Some(problems) = self.problems() {
            panic!("{problems}");
        }
    }

    fn problems(&self) -> Option<String> {
        let book = self.state.book();
        let problems: Vec<String> = book.scripts.iter().filter_map(Script::problem).collect();
        (!problems.is_empty()).then(|| problems.join("; "))
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        // A second panic would abort the tests that are left.
        if !std::thread::panicking() {
            self.verify();
        }
    }
}

/// Prints the operations that have steps left or came unexpectedly, and no value.
impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = self.problems();
        f.debug_struct("Fake").field("open", &problems).finish_non_exhaustive()
    }
}

impl State {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the script of an operation.
    pub(crate) fn script<T>(&self, operation: &'static Operation, change: impl FnOnce(&mut Script) -> T) -> T {
        let mut book = self.book();
        let found = book.scripts.iter().position(|script| script.operation == operation.id);
        let index = found.unwrap_or_else(|| {
            book.scripts.push(Script::new(operation.id));
            book.scripts.len() - 1
        });
        change(&mut book.scripts[index])
    }

    /// Returns the requests of one operation, or of all.
    pub(crate) fn sent<Q>(&self, operation: Option<&str>) -> Vec<Recorded<Q>> {
        let book = self.book();
        let fits = |sent: &&Arc<Sent>| operation.is_none_or(|id| sent.operation.id == id);
        let recorded = |sent: &Arc<Sent>| Recorded { sent: Arc::clone(sent), body: PhantomData };
        book.sent.iter().filter(fits).map(recorded).collect()
    }

    /// Keeps a request, and returns what it gets.
    fn answer(&self, sent: Sent) -> Step {
        let (operation, attempt) = (sent.operation, sent.attempt);
        self.book().sent.push(Arc::new(sent));
        let step = self.script(operation, |script| script.next(attempt));
        step.unwrap_or_else(|| panic!("`{}` was asked, and the test's fake has no answer for it", operation.id))
    }
}

/// The transport of a [`Fake`]: a `tower_service::Service` like any other.
#[derive(Clone)]
pub struct FakeTransport {
    state: Arc<State>,
}

impl fmt::Debug for FakeTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FakeTransport")
    }
}

impl Service<Request<Body>> for FakeTransport {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let state = Arc::clone(&self.state);
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let mark = head.extensions.get::<Mark>().copied();
            let Mark { operation, attempt } = mark.expect("requests of the client's operations alone reach its fake");
            let sent = Sent::read(operation, attempt, head, body).await?;
            state.answer(sent).give().await
        })
    }
}
