//! Waking workers, here and on other hosts: [`Waker`] tells of changes and hears of them.
//!
//! Within the process a change wakes at once. Other processes are told by `NOTIFY`, after the commit
//! and in a separate transaction that waits for no disk: within the first it would make all commits
//! of the database wait for each other, as the server gives out notifications in the order of the
//! commits. One that is lost with a crash costs the time until the next look
//! ([`Workers::poll`](crate::Workers::poll)).

use std::fmt;
use std::future::{Future, poll_fn};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::futures::Notified;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Client, Config, Socket};

use super::connection::Database;
use super::pooler;

/// The least time between two notifications: what happens in between is told by the second.
const BETWEEN: Duration = Duration::from_millis(20);
/// How long to wait before a listener connects again, at first and at most.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How long a connection may be silent before the listener checks it.
const SILENCE: Duration = Duration::from_secs(30);

/// How a process learns of events that other processes store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notifications {
    /// It listens: its workers wake at once.
    Listening,
    /// It connects to listen. Until it has, its workers look once in each interval of
    /// [`Workers::poll`](crate::Workers::poll).
    Connecting,
    /// It wasn't told to [listen](crate::PostgresOptions::listen): its workers look once in each
    /// interval.
    Off,
    /// The connection that it was given to listen on goes through a pooler that doesn't pass
    /// notifications on: its workers look once in each interval.
    Pooled,
}

impl fmt::Display for Notifications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Listening => "listening on a direct connection",
            Self::Connecting => "polling until a connection to listen on is there",
            Self::Off => "polling, as no connection to listen on is configured",
            Self::Pooled => "polling, as the connection to listen on goes through a pooler that lends it to others",
        })
    }
}

/// Tells of changes. The tasks that it starts end with it.
pub struct Waker {
    /// Wakes who waits in this process.
    here: Notify,
    /// Wakes the task that tells the others.
    there: Arc<Notify>,
    /// Tells what this process says from what others do.
    own: String,
    /// Who listens to this hears that the waker was dropped.
    alive: watch::Sender<()>,
    notifications: watch::Sender<Notifications>,
}

impl Waker {
    /// Starts the task that tells other processes.
    pub fn start(database: &Arc<Database>, channel: &str) -> Arc<Self> {
        let own = format!("{:016x}", fastrand::u64(..));
        let there = Arc::new(Notify::new());
        let (alive, dropped) = watch::channel(());
        let statement = format!("SET LOCAL synchronous_commit = off; NOTIFY {channel}, '{own}'");
        tokio::spawn(until(dropped, tell(Arc::clone(database), Arc::clone(&there), statement)));
        Arc::new(Self { here: Notify::new(), there, own, alive, notifications: watch::Sender::new(Notifications::Off) })
    }

    /// Starts the task that listens to other processes, on a separate connection.
    pub fn listen<T>(self: &Arc<Self>, config: Config, tls: T, channel: &str)
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let dropped = self.alive.subscribe();
        self.notifications.send_replace(Notifications::Connecting);
        let statement = format!("LISTEN {channel}");
        tokio::spawn(until(dropped, hear_for_ever(Arc::downgrade(self), config, tls, statement)));
    }

    /// Returns how this process learns of what others store.
    pub fn notifications(&self) -> Notifications {
        *self.notifications.borrow()
    }

    /// Says that an event may have become due, which only this process can see by itself.
    pub fn changed_here(&self) {
        self.here.notify_waiters();
    }

    /// Says that an event may have become due.
    pub fn changed(&self) {
        self.changed_here();
        self.there.notify_one();
    }

    /// Ends with the next change.
    pub fn heard(&self) -> Notified<'_> {
        self.here.notified()
    }
}

/// Does something until the waker is dropped.
async fn until(mut dropped: watch::Receiver<()>, what: impl Future<Output = ()>) {
    tokio::select! {
        _ = dropped.changed() => {}
        () = what => {}
    }
}

async fn tell(database: Arc<Database>, there: Arc<Notify>, statement: String) {
    loop {
        there.notified().await;
        // One that fails is lost, as above.
        let _ = database.batch(&statement).await;
        sleep(BETWEEN).await;
    }
}

async fn hear_for_ever<T>(waker: Weak<Waker>, config: Config, tls: T, statement: String)
where
    T: MakeTlsConnect<Socket> + Clone,
{
    let (first, most) = RECONNECT;
    let mut pause = first;
    loop {
        let since = Instant::now();
        // Whatever ended it, the next connection begins with a wake-up for what was missed.
        let _: Option<()> = hear(&waker, &config, tls.clone(), &statement).await;
        match waker.upgrade() {
            Some(waker) if waker.notifications() != Notifications::Pooled => {
                waker.notifications.send_replace(Notifications::Connecting);
            }
            // Another connection would go through the same pooler.
            _ => return,
        }
        pause = if since.elapsed() > most { first } else { (pause * 2).min(most) };
        // Hosts that lost the server together do not come back together.
        sleep(pause.mul_f64(0.5 + fastrand::f64() / 2.0)).await;
    }
}

/// Connects and wakes at each notification, until the connection or the waker is gone.
async fn hear<T>(waker: &Weak<Waker>, config: &Config, tls: T, statement: &str) -> Option<()>
where
    T: MakeTlsConnect<Socket> + Clone,
{
    let (client, mut connection) = timeout(SILENCE, config.connect(tls.clone())).await.ok()?.ok()?;
    let hear = async {
        loop {
            let message = poll_fn(|context| connection.poll_message(context)).await?.ok()?;
            if let AsyncMessage::Notification(said) = message {
                let waker = waker.upgrade()?;
                if said.payload() != waker.own {
                    waker.changed_here();
                }
            }
        }
    };
    let keep = async {
        if timeout(SILENCE, goes_through_pooler(&client, config, tls)).await.ok()?? {
            waker.upgrade()?.notifications.send_replace(Notifications::Pooled);
            return None;
        }
        timeout(SILENCE, client.batch_execute(statement)).await.ok()?.ok()?;
        waker.upgrade()?.notifications.send_replace(Notifications::Listening);
        loop {
            waker.upgrade()?.changed_here();
            sleep(SILENCE).await;
            timeout(SILENCE, client.batch_execute("SELECT 1")).await.ok()?.ok()?;
        }
    };
    tokio::select! {
        ended = hear => ended,
        ended = keep => ended,
    }
}

/// Returns whether a pooler lends this connection the server's processes, which a second connection
/// shows.
async fn goes_through_pooler<T>(client: &Client, config: &Config, tls: T) -> Option<bool>
where
    T: MakeTlsConnect<Socket>,
{
    let (second, connection) = config.connect(tls).await.ok()?;
    tokio::select! {
        _ = connection => None,
        lends = pooler::lends_processes(client, &second) => lends.ok(),
    }
}
