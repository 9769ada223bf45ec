//! Processes that freeze for longer than a lease, and a clock that is set while they run: nothing is lost,
//! and each order's events are handled in the order of their arrival.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use fastrand::Rng;
use novamed_inbox::Store;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::chaos::{self, SCHEMA, Shared, all_handled, bodies, deliver, deliveries, play};
use crate::deliveries::Place;
use crate::front::Process;
use crate::subjects::Schema;

/// Asks for these tests, which take longer than others.
const ASKED: &str = "NOVAMED_TEST_STANDSTILL";
/// Where Debian's package `libfaketime` has its library.
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
/// How long a run may take after its last delivery.
const ENOUGH: Duration = Duration::from_secs(120);

pub fn asked() -> bool {
    let asked = env::var_os(ASKED).is_some();
    if !asked {
        println!("skipped: {ASKED} is not set; `cargo xtask ci --only standstill` sets it");
    }
    asked
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_processes_freeze() {
    if asked() {
        run(deliveries(400), |_| Command::new(env::current_exe().unwrap()), freeze).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_the_clock_is_set() {
    if !asked() {
        return;
    }
    if !Path::new(FAKETIME).is_file() {
        println!("skipped: there is no {FAKETIME}; Debian's package `faketime` brings it");
        return;
    }
    let command = |folder: &Path| {
        let clock = folder.join("clock");
        if !clock.exists() {
            fs::write(&clock, "+0").unwrap();
        }
        let mut command = Command::new(env::current_exe().unwrap());
        // The even clock, by which the runtime's timers go, is left alone.
        command
            .env("LD_PRELOAD", FAKETIME)
            .env("FAKETIME_TIMESTAMP_FILE", clock)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command
    };
    run(deliveries(400), command, set_clock).await;
}

/// Three hosts on PostgreSQL, each of which receives and handles.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_hosts_freeze() {
    if !asked() {
        return;
    }
    let Some(schema) = Schema::new() else { return };
    let folder = TempDir::new().unwrap();
    let inbox = schema.open().await;
    let mut hosts: Vec<Process> = (0..3)
        .map(|_| {
            let mut command = Command::new(env::current_exe().unwrap());
            command.env(SCHEMA, &schema.name);
            play(command, "both", folder.path())
        })
        .collect();
    let shared = Shared::new(hosts.iter_mut().map(Process::address).collect());
    let mut rng = chaos::rng();
    let trouble = make_trouble(&shared, rng.fork(), move |shared, rng| {
        if shared.desperate.load(Ordering::Acquire) == 0 {
            hosts[rng.usize(0..3)].freeze(Duration::from_millis(rng.u64(300..2000)));
        }
    });
    let bodies = bodies(deliveries(300));
    handle_all(&shared, &inbox, &bodies, &mut rng, trouble).await;
    let arrived = schema.query("SELECT duplicate_key FROM {s}.delivery ORDER BY id", &[]).await;
    let arrived: Vec<String> = arrived.iter().map(|row| row.get(0)).collect();
    chaos::check(&arrived, &bodies, &fs::read_to_string(folder.path().join("handled")).unwrap());
}

/// What is done now and then to a receiver and two workers that share a folder.
type Trouble = fn(&Shared, &Path, &mut Process, &mut [Process; 2], &mut Rng);

async fn run(count: usize, command: impl Fn(&Path) -> Command, trouble: Trouble) {
    let mut rng = chaos::rng();
    let place = Place::new();
    let folder = place.path().parent().unwrap().to_owned();
    let mut receiver = play(command(&folder), "receive", &folder);
    let shared = Shared::new(vec![receiver.address()]);
    let mut workers = ["handle"; 2].map(|role| play(command(&folder), role, &folder));
    let trouble = {
        let folder = folder.clone();
        make_trouble(&shared, rng.fork(), move |shared, rng| {
            trouble(shared, &folder, &mut receiver, &mut workers, rng);
        })
    };
    let bodies = bodies(count);
    handle_all(&shared, &place.open().await, &bodies, &mut rng, trouble).await;
    let database = place.database();
    let mut rows = database.prepare("SELECT duplicate_key FROM delivery ORDER BY id").unwrap();
    let arrived: Vec<String> = rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    chaos::check(&arrived, &bodies, &fs::read_to_string(folder.join("handled")).unwrap());
}

/// Makes trouble at random moments until all is handled; returns how often.
fn make_trouble(
    shared: &Arc<Shared>,
    mut rng: Rng,
    mut trouble: impl FnMut(&Shared, &mut Rng) + Send + 'static,
) -> JoinHandle<u32> {
    let shared = Arc::clone(shared);
    thread::spawn(move || {
        let mut times = 0_u32;
        while !shared.done.load(Ordering::Acquire) {
            thread::sleep(Duration::from_millis(rng.u64(50..400)));
            trouble(&shared, &mut rng);
            times += 1;
        }
        times
    })
}

/// Delivers all, and waits until all is handled.
async fn handle_all(
    shared: &Arc<Shared>,
    inbox: &impl Store,
    bodies: &[String],
    rng: &mut Rng,
    trouble: JoinHandle<u32>,
) {
    assert_eq!(deliver(shared, bodies, rng).await, 0, "deliveries that were never answered 200");
    timeout(ENOUGH, all_handled(inbox)).await.expect("all that was stored is handled in time");
    shared.done.store(true, Ordering::Release);
    let times = tokio::task::spawn_blocking(|| trouble.join().unwrap()).await.unwrap();
    println!("{} deliveries, {times} times trouble", bodies.len());
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.handled, counts.dead), (bodies.len() as u64, 0));
    assert!(times > 0);
}

/// Freezes a worker for up to three leases of 700 ms, or the receiver for a moment.
fn freeze(shared: &Shared, _: &Path, receiver: &mut Process, workers: &mut [Process; 2], rng: &mut Rng) {
    if let Some(worker) = workers.get(rng.usize(0..3)) {
        worker.freeze(Duration::from_millis(rng.u64(300..2000)));
    } else if shared.desperate.load(Ordering::Acquire) == 0 {
        receiver.freeze(Duration::from_millis(rng.u64(100..1500)));
    }
}

/// Sets the clock that all processes share, up to two hours back or ahead.
fn set_clock(_: &Shared, folder: &Path, _: &mut Process, _: &mut [Process; 2], rng: &mut Rng) {
    let new = folder.join("clock.new");
    fs::write(&new, format!("{:+}", rng.i32(-7200..7200))).unwrap();
    fs::rename(new, folder.join("clock")).unwrap();
}
