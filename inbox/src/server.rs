//! [`Server`], with the feature `server`: receives or handles events, or both, until it is asked to stop.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower_service::Service;

use crate::{Store, StoreError, Work};

/// The default time for a request's head, from the connection or from the previous answer.
const HEAD: Duration = Duration::from_secs(10);
/// How long requests may continue after the shutdown. The receiver itself takes at most 4 s.
const LAST_REQUESTS: Duration = Duration::from_secs(5);
/// The maximum number of simultaneous connections. Others wait to be accepted.
const CONNECTIONS: usize = 1024;
/// The buffer size of a connection. A head can't be larger, and a body is read in pieces.
const BUFFERED: usize = 64 << 10;
/// How long to wait if a connection can't be accepted, for example because no file descriptors are left.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// Serves with this timeout for heads, until the stop.
type Receiving = Box<dyn FnOnce(Duration, watch::Receiver<bool>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// Receives deliveries or handles events, or both, until the process is asked to stop.
///
/// To stop, it first accepts no more connections and claims no more events. Requests in progress may then take 5 s,
/// and handlers as long as [`Workers::grace`](crate::Workers::grace). Finally the inbox is [closed](Store::close).
/// With the default grace of 20 s, a stop takes at most 30 s, whatever clients and handlers do.
///
/// Connections use HTTP/1.1 without TLS, for use behind a proxy. A connection is closed if a request's head takes
/// longer than 10 s, or if it is idle for that long. At most 1024 are served at a time.
///
/// ```no_run
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// use novamed::webhooks::Receiver;
/// use novamed_inbox::{Handling, HandlingError, Server, SqliteInbox, Workers};
/// use tokio::net::TcpListener;
///
/// async fn handle(handling: Handling) -> Result<(), HandlingError> {
///     Ok(())
/// }
///
/// let receiver = Receiver::from_env()?;
/// let listener = TcpListener::bind("127.0.0.1:8080").await?;
/// let inbox = SqliteInbox::open("inbox.db").await?;
/// Server::new(inbox.clone())
///     .receive(listener, receiver.deliver_to(inbox.clone()))
///     .work(Workers::new(inbox).handling(handle))
///     .run()
///     .await?;
/// # Ok(())
/// # }
/// ```
pub struct Server<S> {
    inbox: S,
    receiving: Option<Receiving>,
    head_timeout: Duration,
    work: Option<Work<S>>,
}

impl<S> fmt::Debug for Server<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("receives", &self.receiving.is_some())
            .field("works", &self.work.is_some())
            .finish_non_exhaustive()
    }
}

impl<S: Store> Server<S> {
    /// Creates a server for this inbox, which it closes at the end.
    #[must_use]
    pub fn new(inbox: S) -> Self {
        Self { inbox, receiving: None, head_timeout: HEAD, work: None }
    }

    /// Answers requests with a service, such as `Receiver::deliver_to` or an axum router.
    #[must_use]
    pub fn receive<D, B>(mut self, listener: TcpListener, service: D) -> Self
    where
        D: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
        D::Future: Send + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        self.receiving = Some(Box::new(move |head, stopped| Box::pin(serve(listener, service, head, stopped))));
        self
    }

    /// How long a connection may take to send the head of its next request; 10 s by default.
    #[must_use]
    pub fn head_timeout(mut self, timeout: Duration) -> Self {
        self.head_timeout = timeout;
        self
    }

    /// Handles events with these workers.
    #[must_use]
    pub fn work(mut self, work: Work<S>) -> Self {
        self.work = Some(work);
        self
    }

    /// Runs until the process is asked to stop, by Ctrl-C or, on Unix, by SIGTERM, which service managers send.
    ///
    /// # Errors
    ///
    /// Same as [`run_until`](Self::run_until).
    pub async fn run(self) -> Result<(), StoreError> {
        self.run_until(asked_to_stop()).await
    }

    /// Runs until `shutdown` ends. Must run inside a Tokio runtime with timers and I/O.
    ///
    /// # Errors
    ///
    /// Fails if the workers fail, as described in [`Workers::run_until`](crate::Workers::run_until), or if the inbox
    /// can't be closed.
    pub async fn run_until(self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        let (stop, stopped) = watch::channel(false);
        let until = |mut stopped: watch::Receiver<bool>| async move { drop(stopped.wait_for(|it| *it).await) };
        let signals = async {
            tokio::select! {
                () = shutdown => {}
                () = until(stopped.clone()) => {}
            }
            stop.send_replace(true);
        };
        let receiving = async {
            match self.receiving {
                Some(receiving) => receiving(self.head_timeout, stopped.clone()).await,
                None => until(stopped.clone()).await,
            }
        };
        let work = async {
            let worked = if let Some(work) = self.work {
                work.run_until(until(stopped.clone())).await
            } else {
                until(stopped.clone()).await;
                Ok(())
            };
            stop.send_replace(true);
            worked
        };
        let ((), (), worked) = tokio::join!(signals, receiving, work);
        let closed = self.inbox.close().await;
        worked.and(closed)
    }
}

/// Accepts connections until the stop, then lets their requests finish.
async fn serve<D, B>(listener: TcpListener, service: D, head: Duration, mut stopped: watch::Receiver<bool>)
where
    D: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    D::Future: Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stopped.wait_for(|it| *it) => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, place)) = accepted else {
            sleep(AFTER_FAILURE).await;
            continue;
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head)
            .max_buf_size(BUFFERED)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service.clone()));
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            // A client that disconnects or takes too long isn't reported, because it sends again.
            drop(connection.await);
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    // Dropping the set of tasks aborts the rest.
    drop(timeout(LAST_REQUESTS, graceful.shutdown()).await);
}

/// Waits for a free slot, then for a connection.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    let (stream, _) = listener.accept().await.ok()?;
    Some((stream, place))
}

async fn asked_to_stop() {
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = pending::<()>();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
