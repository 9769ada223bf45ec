//! Measures how many deliveries a second are verified and read, how many an inbox stores durably, how
//! long one takes, and how many events are handled.
//!
//! ```text
//! inbox-rate FOLDER SECONDS
//! verified 210000.0     deliveries a second, without an inbox
//! bare 812.0            rows a second: bare inserts of the same row, a transaction each
//! stored 5120.5         deliveries a second, as many at a time as a busy server has
//! p99 0.0042            seconds, at half of that rate
//! handled 3400.0        events a second, by handlers that do nothing
//! ```
//!
//! The program uses two threads. A delivery goes through all but the sockets: the key is compared, the event is read, and the
//! answer 200 waits for the commit. Bare inserts go into the inbox's own table with its own settings.

use std::collections::VecDeque;
use std::env;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use novamed::webhooks::{Deliveries, DuplicateKey, GroupKey, Inbox, InboxError, Incoming, Received, Receiver, Stored};
use novamed_inbox::{SqliteInbox, Workers};
use rusqlite::{Connection, params};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tower_service::Service;

type Failure = Box<dyn Error + Send + Sync>;

const SECRET: &str = "a-secret-of-the-bench";
/// Deliveries under way at a time when the rate is measured.
const TOGETHER: usize = 64;

fn main() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1);
    let (Some(folder), Some(seconds)) = (arguments.next(), arguments.next()) else {
        return Err("usage: inbox-rate FOLDER SECONDS".into());
    };
    let time = Duration::from_secs(seconds.parse()?);
    let folder = Path::new(&folder);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let verified = runtime.block_on(taken(receiver()?.deliver_to(Nothing), time))?;
    println!("verified {verified:.1}");
    println!("bare {:.1}", bare(&runtime, &folder.join("bare.db"), time)?);
    let rate = runtime.block_on(async { taken(stored_in(&folder.join("stored.db")).await?, time).await })?;
    println!("stored {rate:.1}");
    println!("p99 {:.6}", runtime.block_on(p99(&folder.join("p99.db"), time, rate / 2.0))?);
    println!("handled {:.1}", runtime.block_on(handled(&folder.join("handled.db")))?);
    Ok(())
}

/// Returns the body of the n-th delivery: four events for each order.
fn body(n: usize) -> Bytes {
    let step = ["verified", "submitted", "acknowledged", "filled"][n % 4];
    let order = n / 4;
    let other = "00000000-0000-4000-8000-000000000001";
    Bytes::from(format!(
        r#"{{"event_name":"medication_order:{step}","event_data":{{"id":"00000000-0000-4000-9000-{order:012x}","clinic_id":"{other}","patient_id":"{other}","practitioner_id":"{other}","rx_number":"RX{order}"}}}}"#
    ))
}

/// Inserts the rows that the deliveries become, a transaction each, and returns how many a second.
fn bare(runtime: &tokio::runtime::Runtime, path: &Path, time: Duration) -> Result<f64, Failure> {
    drop(runtime.block_on(SqliteInbox::open(path))?);
    let connection = Connection::open(path)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")?;
    let mut insert = connection.prepare(
        "INSERT INTO delivery (duplicate_key, group_key, name, body, state, received_at, due_at)
         VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)",
    )?;
    let start = Instant::now();
    let mut count: u32 = 0;
    while start.elapsed() < time {
        let received = Received::from_stored(body(count as usize))?;
        let (duplicate, group) = (received.duplicate_key(), received.group_key());
        let (duplicate, group) = (DuplicateKey::as_str(&duplicate), group.as_ref().map(GroupKey::as_str));
        insert.execute(params![duplicate, group, received.name(), received.body().as_ref(), 1_800_000_000_000_i64])?;
        count += 1;
    }
    Ok(rate(count, start.elapsed()))
}

/// An inbox that keeps nothing.
#[derive(Clone)]
struct Nothing;

impl Inbox for Nothing {
    async fn store(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        match delivery {
            Incoming::Event(_) => Ok(Stored::New),
            _ => Err(InboxError::new("the bench delivers events that can be read")),
        }
    }
}

/// Returns how many deliveries a second are answered 200, many at a time.
async fn taken<I: Inbox>(service: Deliveries<I>, time: Duration) -> Result<f64, Failure> {
    let start = Instant::now();
    let (mut begun, mut done) = (0, 0);
    let mut under_way = JoinSet::new();
    while start.elapsed() < time {
        while under_way.len() < TOGETHER {
            under_way.spawn(deliver(service.clone(), begun));
            begun += 1;
        }
        if let Some(delivered) = under_way.join_next().await {
            delivered??;
            done += 1;
        }
    }
    Ok(rate(done, start.elapsed()))
}

/// Returns the time within which 99 of 100 deliveries are answered that come at this rate, each
/// counted from when it was to come, so that a wait for its turn counts as well.
async fn p99(path: &Path, time: Duration, rate: f64) -> Result<f64, Failure> {
    let service = stored_in(path).await?;
    let apart = Duration::from_secs_f64(1.0 / rate);
    let start = Instant::now();
    let mut due = start;
    let mut under_way = VecDeque::new();
    while due < start + time {
        tokio::time::sleep_until(due.into()).await;
        // The clock of timers is coarser than the time between two: all that are due start now.
        while due <= Instant::now() {
            let (service, n) = (service.clone(), under_way.len());
            under_way.push_back(tokio::spawn(async move {
                deliver(service, n).await?;
                Ok::<_, Failure>(due.elapsed())
            }));
            due += apart;
        }
    }
    let mut times = Vec::with_capacity(under_way.len());
    for delivery in under_way {
        times.push(delivery.await??);
    }
    times.sort_unstable();
    let time = times.get(times.len() * 99 / 100).ok_or("no delivery came in the time")?;
    Ok(time.as_secs_f64())
}

/// Returns how many events a second are handled, many at a time, until none is left.
async fn handled(path: &Path) -> Result<f64, Failure> {
    const EVENTS: u32 = 20_000;
    let inbox = SqliteInbox::open(path).await?;
    let mut under_way = JoinSet::new();
    for n in 0..EVENTS {
        while under_way.len() >= TOGETHER {
            under_way.join_next().await.transpose()?.transpose()?;
        }
        let service = receiver()?.deliver_to(inbox.clone());
        under_way.spawn(deliver(service, n as usize));
    }
    while let Some(delivered) = under_way.join_next().await {
        delivered??;
    }
    let left = Arc::new(AtomicU32::new(EVENTS));
    let done = Arc::new(Notify::new());
    let handler = {
        let (left, done) = (Arc::clone(&left), Arc::clone(&done));
        move |_| {
            if left.fetch_sub(1, Ordering::Relaxed) == 1 {
                done.notify_one();
            }
            async { Ok(()) }
        }
    };
    let start = Instant::now();
    Workers::new(inbox).concurrency(TOGETHER).run_until(async move { done.notified().await }, handler).await?;
    Ok(rate(EVENTS, start.elapsed()))
}

fn receiver() -> Result<Receiver, Failure> {
    Ok(Receiver::new(SECRET)?)
}

async fn stored_in(path: &Path) -> Result<Deliveries<SqliteInbox>, Failure> {
    Ok(receiver()?.deliver_to(SqliteInbox::open(path).await?))
}

async fn deliver<I: Inbox>(mut service: Deliveries<I>, n: usize) -> Result<(), Failure> {
    let request = Request::post("/webhooks").header("x-api-key", SECRET).body(Full::new(body(n)))?;
    let answer = service.call(request).await?;
    if answer.status().is_success() { Ok(()) } else { Err(format!("answered {}", answer.status()).into()) }
}

fn rate(count: u32, time: Duration) -> f64 {
    f64::from(count) / time.as_secs_f64()
}
