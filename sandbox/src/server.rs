//! A sandbox that serves: connections, the clock, and the handle for tests.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::answers::{KEY, respond};
use crate::control;
use crate::delivery::{SECRET, target};
use crate::faults::{Faults, Rule};
use crate::fields::Failure;
use crate::journal::{Change, Journal};
use crate::limit::Limit;
use crate::operation::Operation;
use crate::shared::{Clock, Core, Shared};
use crate::state::{Assumptions, State};
use crate::webhooks::Disturbance;

const TICK: Duration = Duration::from_millis(20);

/// Something that a sandbox can't do, in words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem(pub(crate) String);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Problem {}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self(failure.message)
    }
}

/// How a sandbox starts.
#[derive(Clone, Debug)]
pub struct Options {
    address: SocketAddr,
    seed: u64,
    clock: Clock,
    has_limit: bool,
    database: Option<PathBuf>,
    assumptions: Assumptions,
    webhooks: Vec<String>,
    rules: Vec<Rule>,
}

impl Default for Options {
    /// A free port of loopback, a clock 60 times as fast as real time, no rate limit, and nothing stored.
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: 1,
            clock: Clock::Running(60),
            has_limit: false,
            database: None,
            assumptions: Assumptions::default(),
            webhooks: Vec::new(),
            rules: Vec::new(),
        }
    }
}

impl Options {
    /// Listens on this port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Listens on this address instead of 127.0.0.1.
    #[must_use]
    pub fn listen(mut self, address: IpAddr) -> Self {
        self.address.set_ip(address);
        self
    }

    /// Decides the ids.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Stops the clock until it is advanced.
    #[must_use]
    pub fn manual_clock(mut self) -> Self {
        self.clock = Clock::Manual;
        self
    }

    /// Runs the clock this many times as fast as real time.
    #[must_use]
    pub fn speed(mut self, speed: u32) -> Self {
        self.clock = Clock::Running(speed);
        self
    }

    /// Refuses more than 100 requests in a minute of real time.
    #[must_use]
    pub fn rate_limit(mut self) -> Self {
        self.has_limit = true;
        self
    }

    /// Keeps everything in this file to survive a restart.
    #[must_use]
    pub fn database(mut self, file: impl Into<PathBuf>) -> Self {
        self.database = Some(file.into());
        self
    }

    /// Decides what no source does.
    #[must_use]
    pub fn assume(mut self, assumptions: Assumptions) -> Self {
        self.assumptions = assumptions;
        self
    }

    /// Delivers all events to this URL on this machine as well.
    #[must_use]
    pub fn webhook(mut self, url: impl Into<String>) -> Self {
        self.webhooks.push(url.into());
        self
    }

    /// Answers requests wrongly by this rule.
    #[must_use]
    pub fn fault(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Adds the rules in the text of a file: one in JSON, or an array of them.
    ///
    /// # Errors
    /// If the text isn't JSON, or a rule is wrong.
    pub fn faults(mut self, text: &str) -> Result<Self, Problem> {
        let value = serde_json::from_str(text).map_err(|problem| Problem(problem.to_string()))?;
        self.rules.extend(Faults::read(value).map_err(Problem)?);
        Ok(self)
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    /// If the port is in use, the database can't be used, a webhook isn't on this machine, or a rule is wrong.
    pub async fn start(self) -> Result<Sandbox, Problem> {
        let wanted = self.address;
        let shared = Arc::new(Shared(Mutex::new(self.core()?)));
        let listener = TcpListener::bind(wanted).await.map_err(|problem| match problem.kind() {
            io::ErrorKind::AddrInUse => {
                Problem(format!("port {} is in use by another process; choose another one (--port)", wanted.port()))
            }
            _ => Problem(format!("cannot listen on {wanted}: {problem}")),
        })?;
        let address = listener.local_addr().map_err(|problem| Problem(problem.to_string()))?;
        let router = control::router(Arc::clone(&shared));
        let server = tokio::spawn(accept(listener, Arc::clone(&shared), router));
        let clock = tokio::spawn(run_clock(Arc::clone(&shared)));
        Ok(Sandbox { address, shared, tasks: [server, clock] })
    }

    fn core(self) -> Result<Core, Problem> {
        let (journal, state) = match &self.database {
            Some(path) => {
                let (journal, state) = Journal::open(path, self.seed).map_err(Problem)?;
                (Some(journal), state)
            }
            None => (None, State::new(self.seed)),
        };
        let mut faults = Faults::default();
        self.rules.into_iter().try_for_each(|rule| faults.add(rule)).map_err(Problem)?;
        let limit = self.has_limit.then(Limit::default);
        let mut core = Core { state, faults, limit, clock: self.clock, exchanges: VecDeque::new(), journal };
        if core.state.assumptions != self.assumptions {
            core.change(&Change::Assume(self.assumptions))?;
        }
        for url in self.webhooks {
            target(&url).map_err(Problem)?;
            core.change(&Change::AddWebhook(url))?;
        }
        Ok(core)
    }
}

/// A running sandbox, which stops when it is dropped.
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    tasks: [JoinHandle<()>; 2],
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts a sandbox with the default [`Options`].
    ///
    /// # Errors
    /// If no port can be bound.
    pub async fn start() -> Result<Self, Problem> {
        Options::default().start().await
    }

    /// Returns the base URL.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the key that requests need.
    #[must_use]
    pub fn key(&self) -> &'static str {
        KEY
    }

    /// Returns the secret that deliveries carry.
    #[must_use]
    pub fn webhook_secret(&self) -> &'static str {
        SECRET
    }

    /// Returns the id of the clinic.
    #[must_use]
    pub fn clinic(&self) -> String {
        self.state().clinic().to_owned()
    }

    /// Returns the state, locked. Requests wait until it is dropped.
    #[must_use]
    pub fn state(&self) -> impl Deref<Target = State> {
        struct Locked<'a>(std::sync::MutexGuard<'a, Core>);
        impl Deref for Locked<'_> {
            type Target = State;
            fn deref(&self) -> &State {
                &self.0.state
            }
        }
        Locked(self.shared.lock())
    }

    /// Returns how often an operation was acted on.
    #[must_use]
    pub fn acts(&self, operation: Operation) -> u64 {
        self.state().acts(operation)
    }

    /// Moves the clock on, and returns when the deliveries that became due are answered.
    pub async fn advance(&self, by: Duration) {
        let attempts = self.shared.lock().advance(by);
        self.shared.send(attempts).await;
    }

    /// Answers requests wrongly by this rule.
    ///
    /// # Errors
    /// If the rule contradicts itself.
    pub fn fault(&self, rule: Rule) -> Result<(), Problem> {
        self.shared.lock().faults.add(rule).map_err(Problem)
    }

    /// Drops all rules for faults.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Disturbs the deliveries of the next `count` events, at most 1,000.
    ///
    /// # Errors
    /// If it can't be stored.
    pub fn disturb(&self, disturbance: Disturbance, count: u32) -> Result<(), Problem> {
        self.change(&Change::Disturb(disturbance, count))
    }

    /// Makes another attempt of a delivery soon.
    ///
    /// # Errors
    /// If there is no such delivery.
    pub fn resend(&self, delivery: u64) -> Result<(), Problem> {
        self.change(&Change::Resend(delivery))
    }

    /// Takes an order's shipment back.
    ///
    /// # Errors
    /// If the order has no shipment.
    pub fn cancel_shipment(&self, order: &str) -> Result<(), Problem> {
        self.change(&Change::Cancel(order.to_owned()))
    }

    fn change(&self, change: &Change) -> Result<(), Problem> {
        self.shared.lock().change(change)?;
        Ok(())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, router: Router) {
    // The connections end with this task.
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            Ok((stream, _)) = listener.accept() => stream,
            Some(_) = connections.join_next() => continue,
        };
        if shared.lock().faults.connection().is_some() {
            continue;
        }
        let (shared, router) = (Arc::clone(&shared), router.clone());
        let service = service_fn(move |request| respond(Arc::clone(&shared), router.clone(), request));
        // A connection that breaks is a fault, or the client's business.
        connections.spawn(async move { http1::Builder::new().serve_connection(TokioIo::new(stream), service).await });
    }
}

async fn run_clock(shared: Arc<Shared>) {
    let mut ticks = tokio::time::interval(TICK);
    let mut deliveries = JoinSet::new();
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            Some(_) = deliveries.join_next() => continue,
        }
        let attempts = {
            let mut core = shared.lock();
            let by = if let Clock::Running(speed) = core.clock { TICK * speed } else { Duration::ZERO };
            core.advance(by)
        };
        if !attempts.is_empty() {
            let shared = Arc::clone(&shared);
            deliveries.spawn(async move { shared.send(attempts).await });
        }
    }
}
