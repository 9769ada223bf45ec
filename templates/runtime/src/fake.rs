//! Behind the feature `test-util`: [`Fake`], a transport for tests of an application.
//!
//! ```text
//! let fake = Fake::new();
//! fake.create_refill_request().cuts_after_sending();
//! let error = refill(&fake.client(), &request).await.expect_err("its fate is unknown");
//! ```
//!
//! Nothing of the client is left out but its connections: a request is encoded, checked, sent to the
//! fake, repeated where it may be, and its answer is read as one that came over the network. What an
//! operation is answered is said by [`Expected`](super::expected::Expected), what it was asked is
//! kept as [`Recorded`](super::recorded::Recorded).
#![cfg(feature = "test-util")]

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;

use super::api::{Api, Operation};
use super::body::{Body, BoxError};
use super::client::Client;
use super::client_builder::ClientBuilder;
use super::expected::Expected;
use super::recorded::{Any, Recorded, Sent};
use super::step::Step;

/// Answers a client's calls in a test, and remembers what it was asked.
///
/// It has a method for each operation, named as the client's, which says what the operation is
/// answered and gives what it was asked. Steps are used up in their order, one for each request; a
/// repeat of a request for which there is no step gets the one of the attempt before. A request that
/// has none at all panics with the operation's name.
///
/// When the fake is dropped, it panics if a request came that it had no answer for, or if it has
/// answers left: [`Fake::verify`] does the same at a place of your choice. Its panics name operations
/// and numbers, and no value.
pub struct Fake {
    pub(super) state: Arc<State>,
}

/// What a fake and its transports share.
pub(crate) struct State {
    pub(super) api: &'static Api,
    book: Mutex<Book>,
}

/// What is to be answered, and what was asked.
#[derive(Default)]
pub(super) struct Book {
    scripts: Vec<Script>,
    sent: Vec<Arc<Sent>>,
}

/// The steps of an operation.
pub(super) struct Script {
    operation: &'static str,
    steps: VecDeque<Step>,
    /// What was given last, for a repeat of the same request.
    last: Option<Step>,
    /// What is given once the others are used up.
    pub(super) always: Option<Step>,
    /// Requests for which there was no step.
    missing: usize,
}

/// What a request carries to the fake: its operation, and the number of the attempt.
#[derive(Clone, Copy)]
struct Mark {
    operation: &'static Operation,
    attempt: u32,
}

/// Returns the request, marked with what a fake has to know of it.
pub(super) fn marked(mut request: Request<Body>, operation: &'static Operation, attempt: u32) -> Request<Body> {
    request.extensions_mut().insert(Mark { operation, attempt });
    request
}

impl Fake {
    pub(crate) fn of(api: &'static Api) -> Self {
        Self { state: Arc::new(State { api, book: Mutex::default() }) }
    }

    /// Returns a client whose calls go to the fake: it has a key that is no one's, no rate limit,
    /// and repeats at once what it may repeat.
    ///
    /// # Panics
    ///
    /// Never: the configuration is a valid one.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client_builder().build().expect("the configuration of the fake's client is valid")
    }

    /// Begins such a client, for tests that need another configuration: an environment, say, a hook
    /// for audit records, or retries that wait.
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

    /// Returns the transport by itself, for [`ClientBuilder::transport`] or layers of tower's.
    #[must_use]
    pub fn transport(&self) -> FakeTransport {
        FakeTransport { state: Arc::clone(&self.state) }
    }

    /// Returns all requests that came, of all operations, in their order.
    #[must_use]
    pub fn calls(&self) -> Vec<Recorded<Any>> {
        self.state.sent(None)
    }

    /// Begins what an operation is answered.
    pub(crate) fn operation<Q, A>(&self, operation: &'static Operation) -> Expected<'_, Q, A> {
        Expected::new(self, operation)
    }

    /// Fails the test if a request came that the fake had no answer for, or if it has answers left.
    ///
    /// # Panics
    ///
    /// If so, with the names of the operations.
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
    pub(super) fn script<T>(&self, operation: &'static Operation, change: impl FnOnce(&mut Script) -> T) -> T {
        let mut book = self.book();
        let found = book.scripts.iter().position(|script| script.operation == operation.id);
        let index = found.unwrap_or_else(|| {
            book.scripts.push(Script::new(operation.id));
            book.scripts.len() - 1
        });
        change(&mut book.scripts[index])
    }

    /// Returns the requests of one operation, or of all.
    pub(super) fn sent<Q>(&self, operation: Option<&str>) -> Vec<Recorded<Q>> {
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

impl Script {
    fn new(operation: &'static str) -> Self {
        Self { operation, steps: VecDeque::new(), last: None, always: None, missing: 0 }
    }

    pub(super) fn push(&mut self, step: Step) {
        self.steps.push_back(step);
    }

    /// Takes back the step that was added last.
    pub(super) fn pop(&mut self) -> Option<Step> {
        self.steps.pop_back()
    }

    fn next(&mut self, attempt: u32) -> Option<Step> {
        let repeated = || if attempt > 1 { self.last.clone() } else { None };
        let next = self.steps.pop_front().or_else(|| self.always.clone()).or_else(repeated);
        match &next {
            Some(step) => self.last = Some(step.clone()),
            None => self.missing += 1,
        }
        next
    }

    /// What is not as the test expected it.
    fn problem(&self) -> Option<String> {
        let (name, left) = (self.operation, self.steps.len());
        match (self.missing, left) {
            (0, 0) => None,
            (0, 1) => Some(format!("`{name}` has an answer left that was not asked for")),
            (0, _) => Some(format!("`{name}` has {left} answers left that were not asked for")),
            (1, _) => Some(format!("`{name}` was asked once more than the test's fake has answers for it")),
            (missing, _) => {
                Some(format!("`{name}` was asked {missing} times more than the test's fake has answers for it"))
            }
        }
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
