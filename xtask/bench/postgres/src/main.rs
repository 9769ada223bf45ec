//! Measures how many deliveries a second an inbox on PostgreSQL stores durably, how long one takes, and
//! how many events a second its workers handle.
//!
//! ```text
//! postgres-rate URL SECONDS
//! stored 5120.5         deliveries a second, as many at a time as a busy server has
//! p99 0.0042            seconds, at half of that rate
//! handled-1 1500.2      events per second, by one host's workers; also for 2 and 4
//! ```
//!
//! A delivery goes through all but the sockets: the key is compared, the event is read, and the
//! answer 200 waits for the commit. The handler does nothing. The schema `bench_bare` is left behind, empty,
//! for whoever measures bare inserts.

use std::collections::VecDeque;
use std::env;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use deadpool_postgres::{Manager, Pool};
use http::Request;
use http_body_util::Full;
use novamed::webhooks::{Deliveries, Receiver};
use novamed_inbox::{Handling, PostgresInbox, Workers};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_postgres::{Config, NoTls};
use tower_service::Service;

type Failure = Box<dyn Error + Send + Sync>;

const SECRET: &str = "a-secret-of-the-bench";
/// Deliveries under way at a time when the rate is measured.
const TOGETHER: usize = 64;
/// Connections of a host's pool.
const CONNECTIONS: usize = 8;
/// Events that are handled when the rate of that is measured.
const EVENTS: u32 = 2_000;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1);
    let (Some(url), Some(seconds)) = (arguments.next(), arguments.next()) else {
        return Err("usage: postgres-rate URL SECONDS".into());
    };
    // The parser quotes what it does not know, which may be a part of a password.
    let server: Config = url.parse().map_err(|_| "URL is none of a PostgreSQL server")?;
    let time = Duration::from_secs(seconds.parse()?);
    drop(open(&server, "bench_bare", true).await?);
    let rate = stored(&server, time).await?;
    println!("stored {rate:.1}");
    println!("p99 {:.6}", p99(&server, time, rate / 2.0).await?);
    for hosts in [1, 2, 4] {
        println!("handled-{hosts} {:.1}", handled(&server, hosts).await?);
    }
    Ok(())
}

/// Opens an inbox like a host does, with a separate pool; a fresh one if it must be empty.
async fn open(server: &Config, schema: &str, fresh: bool) -> Result<PostgresInbox, Failure> {
    let pool = Pool::builder(Manager::new(server.clone(), NoTls)).max_size(CONNECTIONS).build()?;
    if fresh {
        pool.get().await?.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await?;
    }
    Ok(PostgresInbox::options().schema(schema).listen(server.clone(), NoTls).open(pool).await?)
}

/// Returns the body of the n-th delivery: four events for each order.
fn body(n: u32) -> Bytes {
    let step = ["verified", "submitted", "acknowledged", "filled"][n as usize % 4];
    let order = n / 4;
    let other = "00000000-0000-4000-8000-000000000001";
    Bytes::from(format!(
        r#"{{"event_name":"medication_order:{step}","event_data":{{"id":"00000000-0000-4000-9000-{order:012x}","clinic_id":"{other}","patient_id":"{other}","practitioner_id":"{other}","rx_number":"RX{order}"}}}}"#
    ))
}

/// Returns how many deliveries a second are answered 200, many at a time.
async fn stored(server: &Config, time: Duration) -> Result<f64, Failure> {
    let service = service(open(server, "bench_stored", true).await?)?;
    let start = Instant::now();
    let done = deliver_all(&service, |_| start.elapsed() < time).await?;
    Ok(rate(done, start.elapsed()))
}

/// Delivers for as long as there is more, many at a time; returns how many.
async fn deliver_all(service: &Deliveries<PostgresInbox>, more: impl Fn(u32) -> bool) -> Result<u32, Failure> {
    let (mut begun, mut done) = (0, 0);
    let mut under_way = JoinSet::new();
    loop {
        while under_way.len() < TOGETHER && more(begun) {
            under_way.spawn(deliver(service.clone(), begun));
            begun += 1;
        }
        let Some(delivered) = under_way.join_next().await else { return Ok(done) };
        delivered??;
        done += 1;
    }
}

/// Returns the time within which 99 of 100 deliveries are answered that come at this rate, each
/// counted from when it was to come, so that a wait for its turn counts as well.
async fn p99(server: &Config, time: Duration, rate: f64) -> Result<f64, Failure> {
    let service = service(open(server, "bench_p99", true).await?)?;
    let apart = Duration::from_secs_f64(1.0 / rate);
    let start = Instant::now();
    let mut due = start;
    let mut under_way = VecDeque::new();
    let mut n = 0;
    while due < start + time {
        tokio::time::sleep_until(due.into()).await;
        // The clock of timers is coarser than the time between two: all that are due start now.
        while due <= Instant::now() {
            let service = service.clone();
            under_way.push_back(tokio::spawn(async move {
                deliver(service, n).await?;
                Ok::<_, Failure>(due.elapsed())
            }));
            due += apart;
            n += 1;
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

/// Returns how many events a second so many hosts handle, each with as many hands as by default.
async fn handled(server: &Config, hosts: u32) -> Result<f64, Failure> {
    const SCHEMA: &str = "bench_handled";
    let service = service(open(server, SCHEMA, true).await?)?;
    deliver_all(&service, |begun| begun < EVENTS).await?;
    let (left, done) = (Arc::new(AtomicU32::new(EVENTS)), Arc::new(Notify::new()));
    let mut inboxes = Vec::new();
    for _ in 0..hosts {
        inboxes.push(open(server, SCHEMA, false).await?);
    }
    let start = Instant::now();
    let mut running = JoinSet::new();
    for inbox in inboxes {
        let (left, done, end) = (Arc::clone(&left), Arc::clone(&done), Arc::clone(&done));
        let handler = move |_: Handling| {
            if left.fetch_sub(1, Ordering::AcqRel) == 1 {
                done.notify_waiters();
            }
            async { Ok(()) }
        };
        running.spawn(Workers::new(inbox).run_until(async move { end.notified().await }, handler));
    }
    while let Some(ran) = running.join_next().await {
        ran??;
    }
    Ok(rate(EVENTS, start.elapsed()))
}

fn service(inbox: PostgresInbox) -> Result<Deliveries<PostgresInbox>, Failure> {
    Ok(Receiver::new(SECRET)?.deliver_to(inbox))
}

async fn deliver(mut service: Deliveries<PostgresInbox>, n: u32) -> Result<(), Failure> {
    let request = Request::post("/webhooks").header("x-api-key", SECRET).body(Full::new(body(n)))?;
    let answer = service.call(request).await?;
    if answer.status().is_success() { Ok(()) } else { Err(format!("answered {}", answer.status()).into()) }
}

fn rate(count: u32, time: Duration) -> f64 {
    f64::from(count) / time.as_secs_f64()
}
