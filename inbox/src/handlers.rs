//! Runs handlers on separate threads, so a handler that blocks its thread delays neither the receiver nor the
//! extension of its lease.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinSet;

use crate::{Handling, HandlingError, StoreError, StoreErrorKind};

/// The maximum number of threads for asynchronous handlers.
const THREADS: usize = 32;

/// The result of a handler.
pub type Outcome = Result<(), HandlingError>;

/// Starts a handler in a set, on these threads.
type Start = dyn Fn(Handling, &mut JoinSet<Outcome>, &Handle) + Send + Sync;

/// A handler.
#[derive(Clone)]
pub struct Handler(Arc<Start>);

impl Handler {
    /// Creates a handler that waits without blocking its thread.
    pub fn new<H, F>(handler: H) -> Self
    where
        H: Fn(Handling) -> F + Send + Sync + 'static,
        F: Future<Output = Outcome> + Send + 'static,
    {
        let handler = Arc::new(handler);
        Self(Arc::new(move |handling, tasks, threads| {
            let handler = Arc::clone(&handler);
            // Called inside the task, which also catches a panic of the call itself.
            tasks.spawn_on(async move { handler(handling).await }, threads);
        }))
    }

    /// Creates a handler that runs on a separate thread.
    pub fn blocking<H>(handler: H) -> Self
    where
        H: Fn(Handling) -> Outcome + Send + Sync + 'static,
    {
        let handler = Arc::new(handler);
        Self(Arc::new(move |handling, tasks, threads| {
            let handler = Arc::clone(&handler);
            tasks.spawn_blocking_on(move || handler(handling), threads);
        }))
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler").finish_non_exhaustive()
    }
}

/// The threads, and the handler that runs on them. They end with the last clone, without waiting for a handler that
/// blocks one of them.
#[derive(Clone)]
pub struct Threads {
    handler: Handler,
    runtime: Arc<Ending>,
}

impl Threads {
    /// Starts threads for this many simultaneous events.
    pub fn start(handler: Handler, concurrency: usize) -> Result<Self, StoreError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(concurrency.clamp(1, THREADS))
            .max_blocking_threads(concurrency.max(1).saturating_add(THREADS))
            .thread_name("novamed-handler")
            .enable_all()
            .build()
            .map_err(|_| StoreError::new(StoreErrorKind::Other, None))?;
        Ok(Self { handler, runtime: Arc::new(Ending(Some(runtime))) })
    }

    /// Starts the handler for an event, as the only task of a set.
    pub fn handle(&self, handling: Handling) -> JoinSet<Outcome> {
        let mut task = JoinSet::new();
        if let Some(runtime) = &self.runtime.0 {
            (self.handler.0)(handling, &mut task, runtime.handle());
        }
        task
    }
}

struct Ending(Option<Runtime>);

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
