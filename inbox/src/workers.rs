//! Has stored events handled: [`Workers`].
//!
//! One loop claims events, as many as there are free hands, and starts a task for each
//! (`tending`). It is woken by the store, by an event that ended, and by the clock.

use std::fmt;
use std::future::{Future, pending};
use std::pin::pin;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::handlers::{Handler, Threads};
use crate::report::Listener;
use crate::store::{Reason, Store, Wanted};
use crate::tending::{self, Tending};
use crate::{Backoff, Handling, HandlingError, Report, Retention, StoreError, StoreErrorKind};

/// How often what is kept for too long is looked for.
const BETWEEN_REMOVALS: Duration = Duration::from_secs(600);
/// How long to wait after the store failed.
const AFTER_FAILURE: Duration = Duration::from_millis(500);
/// How long it may take to drop the handlers at the end, and to note it.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Takes events out of a store and has each handled at least once.
///
/// Events of one group (a medication order) are handled one after the other in the order of their
/// arrival; others at the same time, up to [`concurrency`](Self::concurrency). Any number of
/// workers, in any number of processes, can share a store.
///
/// A handler that returns an error or panics is tried again after a [backoff](Self::backoff), up to
/// a number of [attempts](Self::attempts); then the event is a dead letter, and the group goes on.
/// While a handler runs, its claim is extended; when the process dies, the claim ends with its
/// [lease](Self::lease) and the event is handled again. **A handler therefore has to bear being run
/// again for an event that it had finished**: [`Handling::duplicate_key`] is what to tell that by.
///
/// Handlers run on threads of the workers, as many as events are handled at the same time and at most 32,
/// in a Tokio runtime with I/O and timers. A handler that blocks its thread is better given to
/// [`blocking`](Self::blocking): 32 that block hold up the others. A claim is lost, and an event handled
/// by two workers at once, only where the store fails for as long as the lease, or where the process or the
/// machine is frozen for that long.
///
/// ```no_run
/// # async fn f(inbox: novamed_inbox::SqliteInbox) -> Result<(), novamed_inbox::StoreError> {
/// use novamed_inbox::{Handling, HandlingError, Workers};
///
/// async fn note(handling: Handling) -> Result<(), HandlingError> {
///     // Written to the app's own database, in one transaction with `handling.duplicate_key()`.
///     Ok(())
/// }
///
/// let interrupted = async { /* such as tokio::signal::ctrl_c() */ };
/// Workers::new(inbox).concurrency(4).run_until(interrupted, note).await
/// # }
/// ```
#[derive(Clone)]
pub struct Workers<S> {
    store: S,
    concurrency: usize,
    lease: Duration,
    attempts: u32,
    backoff: Backoff,
    retention: Retention,
    poll: Duration,
    grace: Duration,
    listener: Listener,
}

impl<S> fmt::Debug for Workers<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers")
            .field("concurrency", &self.concurrency)
            .field("lease", &self.lease)
            .field("attempts", &self.attempts)
            .field("backoff", &self.backoff)
            .field("retention", &self.retention)
            .field("poll", &self.poll)
            .field("grace", &self.grace)
            .finish_non_exhaustive()
    }
}

impl<S: Store> Workers<S> {
    /// Describes workers of this store.
    #[must_use]
    pub fn new(store: S) -> Self {
        Self {
            store,
            concurrency: 4,
            lease: Duration::from_secs(30),
            attempts: 20,
            backoff: Backoff::default(),
            retention: Retention::default(),
            poll: Duration::from_secs(1),
            grace: Duration::from_secs(20),
            listener: Listener::default(),
        }
    }

    /// How many events are handled at the same time; at least 1, by default 4.
    #[must_use]
    pub fn concurrency(mut self, events: usize) -> Self {
        self.concurrency = events.max(1);
        self
    }

    /// How long a claim holds without being extended, which is how long an event waits after the
    /// process that handled it died; at least 100 ms, an hour at most, by default 30 s.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_millis(100));
        self
    }

    /// After how many tries an event is a dead letter; at least 1, by default 20.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// How long to wait between two tries.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// How long handled events and dead letters are kept.
    #[must_use]
    pub fn retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// How often to look for events that another process stored; at least 1 ms, by default 1 s. What
    /// the same process stores is seen at once.
    #[must_use]
    pub fn poll(mut self, poll: Duration) -> Self {
        self.poll = poll.max(Duration::from_millis(1));
        self
    }

    /// How long handlers may go on after the shutdown; by default 20 s. Then they are dropped where
    /// they wait, and their events are handled again by the next workers. One that blocks its thread is
    /// left behind, and its event is handled again when the lease ends.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Tells a function what happens. It is called between two steps of the work, so it has to be
    /// quick and must not panic.
    #[must_use]
    pub fn on_report(mut self, listener: impl Fn(Report) + Send + Sync + 'static) -> Self {
        self.listener = Listener::new(listener);
        self
    }

    /// Joins the workers and a handler that waits without blocking its thread: see [`Work`].
    #[must_use]
    pub fn handling<H, F>(self, handler: H) -> Work<S>
    where
        H: Fn(Handling) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), HandlingError>> + Send + 'static,
    {
        Work { workers: self, handler: Handler::new(handler) }
    }

    /// Joins the workers and a handler that blocks its thread, as most database drivers and file access do.
    /// Each event has a thread to itself.
    ///
    /// A blocking handler cannot be dropped where it waits. After a [lost claim](Report::ClaimLost) it runs on
    /// while another worker handles the event. If it outlasts the [grace](Self::grace) of a shutdown, the
    /// event is handled again when its lease ends.
    ///
    /// ```no_run
    /// # async fn f(inbox: novamed_inbox::SqliteInbox) -> Result<(), novamed_inbox::StoreError> {
    /// use novamed_inbox::{Handling, HandlingError, Workers};
    ///
    /// fn note(handling: Handling) -> Result<(), HandlingError> {
    ///     std::fs::write("last-event", handling.event().name())?;
    ///     Ok(())
    /// }
    ///
    /// Workers::new(inbox).blocking(note).run().await
    /// # }
    /// ```
    #[must_use]
    pub fn blocking<H>(self, handler: H) -> Work<S>
    where
        H: Fn(Handling) -> Result<(), HandlingError> + Send + Sync + 'static,
    {
        Work { workers: self, handler: Handler::blocking(handler) }
    }

    /// Works until the store cannot be worked with any more.
    ///
    /// # Errors
    ///
    /// As [`run_until`](Self::run_until).
    pub async fn run<H, F>(self, handler: H) -> Result<(), StoreError>
    where
        H: Fn(Handling) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), HandlingError>> + Send + 'static,
    {
        self.handling(handler).run().await
    }

    /// Works until `shutdown` ends, then lets the handlers finish what they have begun.
    ///
    /// Has to run within a Tokio runtime with timers. If its future is dropped instead, handlers are
    /// dropped where they wait, and their events come again when their leases end.
    ///
    /// # Errors
    ///
    /// The store was closed, or a newer version of this crate has changed it; then the handlers are dropped
    /// at once, as nothing of what they do could be noted. A full disk, a locked database and the like are
    /// [reported](Self::on_report) and waited out.
    pub async fn run_until<H, F>(self, shutdown: impl Future<Output = ()> + Send, handler: H) -> Result<(), StoreError>
    where
        H: Fn(Handling) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), HandlingError>> + Send + 'static,
    {
        self.handling(handler).run_until(shutdown).await
    }

    async fn work(self, shutdown: impl Future<Output = ()> + Send, handler: Handler) -> Result<(), StoreError> {
        let (stop, stopped) = watch::channel(false);
        let tending = Tending {
            store: self.store.clone(),
            threads: Threads::start(handler, self.concurrency)?,
            lease: self.lease,
            attempts: self.attempts,
            backoff: self.backoff,
            listener: self.listener.clone(),
            stopped,
        };
        let mut tasks = JoinSet::new();
        let ended = self.claim_until(shutdown, &tending, &mut tasks).await;
        let grace = if ended.is_ok() { self.grace } else { Duration::ZERO };
        if timeout(grace, finish(&mut tasks)).await.is_err() {
            let _ = stop.send(true);
            // What does not end in time is left to its lease.
            drop(timeout(LAST_WORDS, finish(&mut tasks)).await);
        }
        ended
    }

    /// Claims events and starts their handlers, until the shutdown or an error that stays.
    async fn claim_until(
        &self,
        shutdown: impl Future<Output = ()> + Send,
        tending: &Tending<S>,
        tasks: &mut JoinSet<()>,
    ) -> Result<(), StoreError> {
        let mut shutdown = pin!(shutdown);
        let mut removal = Instant::now();
        loop {
            // Made before the claim, so that no change falls between the two.
            let changed = self.store.changed();
            let wait = {
                let mut look = pin!(async {
                    let wait = self.claim(tending, tasks).await?;
                    if Instant::now() >= removal {
                        removal = Instant::now() + self.remove_expired().await;
                    }
                    Ok(wait)
                });
                tokio::select! {
                    looked = &mut look => looked?,
                    () = &mut shutdown => {
                        // What the store has begun to claim would else wait for the end of its lease.
                        return timeout(LAST_WORDS, look).await.unwrap_or(Ok(Duration::ZERO)).map(drop);
                    }
                }
            };
            let busy = tasks.len() >= self.concurrency;
            tokio::select! {
                () = &mut shutdown => return Ok(()),
                Some(_) = tasks.join_next() => {}
                () = changed, if !busy => {}
                () = sleep(wait), if !busy => {}
            }
        }
    }

    /// Claims events for the free hands and starts them. Returns how long to wait for more.
    async fn claim(&self, tending: &Tending<S>, tasks: &mut JoinSet<()>) -> Result<Duration, StoreError> {
        while tasks.try_join_next().is_some() {}
        let free = u32::try_from(self.concurrency.saturating_sub(tasks.len())).unwrap_or(u32::MAX);
        if free == 0 {
            return Ok(self.poll);
        }
        let wanted = Wanted { events: free, lease: self.lease, attempts: self.attempts };
        match self.store.claim(wanted).await {
            Ok(claimed) => {
                for id in claimed.buried {
                    self.listener.tell(Report::Died { id, reason: Reason::LeaseEnded });
                }
                for event in claimed.events {
                    tasks.spawn(tending::tend(tending.clone(), event));
                }
                Ok(claimed.next.unwrap_or(self.poll).clamp(Duration::from_millis(1), self.poll))
            }
            Err(error) => {
                self.listener.tell(Report::StoreFailed(error));
                if is_final(error) { Err(error) } else { Ok(AFTER_FAILURE) }
            }
        }
    }

    /// Removes what was kept for long enough. Returns when to do so again.
    async fn remove_expired(&self) -> Duration {
        match self.store.remove_expired(self.retention).await {
            Ok(removed) if removed.handled + removed.dead > 0 => {
                self.listener.tell(Report::Removed(removed));
                // There may be more than one call removes.
                AFTER_FAILURE
            }
            Ok(_) => BETWEEN_REMOVALS,
            Err(error) => {
                self.listener.tell(Report::StoreFailed(error));
                BETWEEN_REMOVALS
            }
        }
    }
}

/// Workers and their handler: what [`Workers::handling`] and [`Workers::blocking`] return.
#[derive(Debug, Clone)]
pub struct Work<S> {
    workers: Workers<S>,
    handler: Handler,
}

impl<S: Store> Work<S> {
    /// Works until the store cannot be worked with any more.
    ///
    /// # Errors
    ///
    /// As [`Workers::run_until`].
    pub async fn run(self) -> Result<(), StoreError> {
        self.run_until(pending()).await
    }

    /// Works until `shutdown` ends, then lets the handlers finish what they have begun.
    ///
    /// # Errors
    ///
    /// As [`Workers::run_until`].
    pub async fn run_until(self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        self.workers.work(shutdown, self.handler).await
    }
}

async fn finish(tasks: &mut JoinSet<()>) {
    while tasks.join_next().await.is_some() {}
}

/// Whether asking again is of no use.
pub(crate) const fn is_final(error: StoreError) -> bool {
    matches!(error.kind(), StoreErrorKind::Closed | StoreErrorKind::NewerSchema { .. })
}
