//! Pooled connections: HTTP/1.1, one request at a time on each.
//!
//! No request is written twice. A request moves to another connection only if hyper returns it untouched,
//! which it does when a pooled connection turns out to be closed.

use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use http::uri::{Authority, Scheme};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;

use crate::runtime::transport::body::Body;
use crate::runtime::transport::socket::{Stream, WriteGate, lock};

/// How long an idle connection is kept. Many servers close theirs after 60 s, and the client
/// should be the first: a request that meets a closing connection may have an unknown fate.
const IDLE: Duration = Duration::from_secs(20);

/// How much of a response is held before it is read, which also limits the length of its head.
const BUFFER: usize = 128 * 1024;

/// How many headers a response may have. A server that means well sends some ten, with the proxies on
/// the way some more. It is hyper's own default, and stated, so that no other version changes it.
pub(crate) const HEADERS: usize = 100;

/// Whom a connection leads to.
pub(crate) type Host = (Scheme, Authority);

/// A connection that speaks HTTP.
pub(crate) struct Connection {
    sender: SendRequest<Body>,
    pub(crate) gate: Arc<WriteGate>,
}

/// What came of handing over a request that was not answered.
pub(crate) enum Unanswered {
    /// hyper gave it back: no byte of it was written.
    Returned(Box<Request<Body>>, hyper::Error),
    /// Bytes of it may have been written: the gate knows.
    Lost(hyper::Error),
}

impl Connection {
    /// Begins HTTP on `stream`, behind `gate`. A spawned task drives it.
    pub(crate) async fn open(stream: Stream, gate: Arc<WriteGate>) -> Result<Self, hyper::Error> {
        let mut settings = http1::Builder::new();
        settings.max_buf_size(BUFFER).max_headers(HEADERS);
        let (mut sender, driver) = settings.handshake(TokioIo::new(stream)).await?;
        // What goes wrong on it is told to whoever waits for a response.
        tokio::spawn(async move { drop(driver.await) });
        sender.ready().await?;
        Ok(Self { sender, gate })
    }

    /// Sends a request.
    pub(crate) async fn exchange(&mut self, request: Request<Body>) -> Result<Response<Incoming>, Unanswered> {
        self.sender.try_send_request(request).await.map_err(|mut error| match error.take_message() {
            Some(request) => Unanswered::Returned(Box::new(request), error.into_error()),
            None => Unanswered::Lost(error.into_error()),
        })
    }
}

/// The connections that wait for a request.
#[derive(Default)]
pub(crate) struct Idle(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    /// For each host, the one used last comes last. A client has one host, or a few.
    hosts: Vec<(Host, Vec<(Connection, Instant)>)>,
    /// Whether a task closes those that have waited for too long.
    has_sweeper: bool,
}

impl Idle {
    /// Takes out the connection to `host` that was used last and is still open.
    pub(crate) fn take(&self, host: &Host) -> Option<Connection> {
        let mut waiting = lock(&self.0);
        let (_, list) = waiting.hosts.iter_mut().find(|(it, _)| it == host)?;
        while let Some((connection, since)) = list.pop() {
            if connection.sender.is_ready() && since.elapsed() < IDLE {
                return Some(connection);
            }
        }
        None
    }

    /// Takes `connection` back, once the response on it was read.
    pub(crate) fn keep(self: &Arc<Self>, host: Host, mut connection: Connection) {
        if connection.sender.is_ready() {
            self.put(host, connection);
            return;
        }
        let idle = Arc::downgrade(self);
        tokio::spawn(async move {
            // It fails where the connection was closed.
            if connection.sender.ready().await.is_ok()
                && let Some(idle) = idle.upgrade()
            {
                idle.put(host, connection);
            }
        });
    }

    fn put(self: &Arc<Self>, host: Host, connection: Connection) {
        let mut waiting = lock(&self.0);
        let entry = (connection, Instant::now());
        match waiting.hosts.iter_mut().find(|(it, _)| *it == host) {
            Some((_, list)) => list.push(entry),
            None => waiting.hosts.push((host, vec![entry])),
        }
        let is_swept = std::mem::replace(&mut waiting.has_sweeper, true);
        // A runtime that is shutting down drops a task at once, and the sweeper locks when dropped.
        drop(waiting);
        if !is_swept {
            tokio::spawn(sweep(Sweeper(Arc::downgrade(self))));
        }
    }

    /// Closes what has waited for too long; returns whether anything waits still.
    fn sweep(&self) -> bool {
        let mut waiting = lock(&self.0);
        for (_, list) in &mut waiting.hosts {
            list.retain(|(connection, since)| !connection.sender.is_closed() && since.elapsed() < IDLE);
        }
        waiting.hosts.retain(|(_, list)| !list.is_empty());
        waiting.has_sweeper = !waiting.hosts.is_empty();
        waiting.has_sweeper
    }
}

/// Closes connections that have waited for too long, until none is left.
async fn sweep(sweeper: Sweeper) {
    loop {
        tokio::time::sleep(IDLE).await;
        if !sweeper.0.upgrade().is_some_and(|idle| idle.sweep()) {
            return;
        }
    }
}

/// The task that sweeps; when it ends, also with its runtime, the next connection starts another.
struct Sweeper(Weak<Idle>);

impl Drop for Sweeper {
    fn drop(&mut self) {
        if let Some(idle) = self.0.upgrade() {
            lock(&idle.0).has_sweeper = false;
        }
    }
}
