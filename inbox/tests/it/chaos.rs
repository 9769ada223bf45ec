//! `kill -9` at random moments, with NovaMed's retry schedule in front: nothing is lost.
//!
//! One process receives and two handle; all share a SQLite database. This process delivers, and kills.
//! The processes run this same program, with [`ROLE`] set. Each handler appends one line to a file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::mem::ManuallyDrop;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{env, fs, process, thread};

use fastrand::Rng;
use novamed::webhooks::{Inbox, InboxError, Incoming, Receiver, Stored};
use novamed_inbox::{Backoff, Handling, HandlingError, Store, Workers};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::deliveries::{Place, STEPS, body, incoming};
use crate::front::{PATH, Process, SECRET, post};
use crate::subjects::{Schema, server};

/// Says what a process is, and in which folder its files are.
const ROLE: &str = "NOVAMED_INBOX_ROLE";
const FOLDER: &str = "NOVAMED_INBOX_FOLDER";
/// Names the schema of an inbox on the server of the tests.
pub const SCHEMA: &str = "NOVAMED_INBOX_SCHEMA";
/// What a minute of NovaMed's schedule takes here.
const MINUTE: Duration = Duration::from_millis(100);
/// When NovaMed sends a delivery again, in minutes after the try before.
const SCHEDULE: [u32; 5] = [0, 1, 5, 15, 60];

/// The code of each process. Run as a test, it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn role() {
    let (Ok(role), Ok(folder)) = (env::var(ROLE), env::var(FOLDER)) else { return };
    // The input ends with the process that started this one.
    thread::spawn(|| {
        drop(std::io::stdin().read_to_end(&mut Vec::new()));
        process::exit(0);
    });
    let folder = Path::new(&folder);
    if role == "forget" {
        return receive(Forgetful).await;
    }
    if let Ok(schema) = env::var(SCHEMA) {
        // Left to whoever started the process.
        let schema = ManuallyDrop::new(Schema::named(&server().unwrap(), schema));
        let inbox = schema.listening().open(schema.pool.clone()).await.unwrap();
        act(&role, folder, inbox).await;
    } else {
        act(&role, folder, novamed_inbox::SqliteInbox::open(folder.join("inbox.db")).await.unwrap()).await;
    }
}

/// Receives, handles, or does both.
async fn act(role: &str, folder: &Path, inbox: impl Store) {
    let handle = async {
        if role != "receive" {
            handle(folder, inbox.clone()).await;
        }
    };
    let receive = async {
        if role != "handle" {
            receive(inbox.clone()).await;
        }
    };
    tokio::join!(handle, receive);
}

async fn receive(inbox: impl Inbox) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("\nlistening on {}", listener.local_addr().unwrap());
    let router = Receiver::new(SECRET).unwrap().deliver_to(inbox).into_router(PATH);
    axum::serve(listener, router).await.unwrap();
}

/// Takes a moment, and keeps nothing.
#[derive(Clone)]
struct Forgetful;

impl Inbox for Forgetful {
    async fn store(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        sleep(Duration::from_millis(50)).await;
        drop(delivery);
        Ok(Stored::New)
    }
}

async fn handle(folder: &Path, inbox: impl Store) {
    let log = OpenOptions::new().create(true).append(true).open(folder.join("handled")).unwrap();
    let log = Arc::new(log);
    let handler = move |handling: Handling| work(handling, Arc::clone(&log));
    Workers::new(inbox)
        .lease(Duration::from_millis(700))
        .attempts(1000)
        .backoff(Backoff::new(Duration::from_millis(1), Duration::from_millis(50)))
        .poll(Duration::from_millis(10))
        .run(handler)
        .await
        .unwrap();
}

async fn work(handling: Handling, log: Arc<fs::File>) -> Result<(), HandlingError> {
    sleep(Duration::from_millis(fastrand::u64(0..4))).await;
    if fastrand::u8(..) < 25 {
        return Err(HandlingError::retry("now and then"));
    }
    // A single write of a short line is atomic.
    (&*log).write_all(format!("{}\n", handling.duplicate_key()).as_bytes())?;
    if fastrand::u8(..) < 5 {
        return Err(HandlingError::retry("after the work was done"));
    }
    Ok(())
}

fn start(role: &str, folder: &Path) -> Process {
    play(Command::new(env::current_exe().unwrap()), role, folder)
}

/// Runs this program, as the last arguments of a command.
pub fn play(mut command: Command, role: &str, folder: &Path) -> Process {
    command.args(["--exact", "chaos::role", "--nocapture"]).env(ROLE, role).env(FOLDER, folder);
    Process::start(&mut command)
}

/// What deliverers and killer know of each other.
pub struct Shared {
    /// Where the receivers are; a delivery goes to one of them.
    pub addresses: Mutex<Vec<SocketAddr>>,
    /// The number of deliveries with few attempts left. NovaMed's schedule outlasts a crash, but not a receiver that is down
    /// at every attempt.
    pub desperate: AtomicUsize,
    pub done: AtomicBool,
}

impl Shared {
    pub fn new(addresses: Vec<SocketAddr>) -> Arc<Self> {
        Arc::new(Self {
            addresses: Mutex::new(addresses),
            desperate: AtomicUsize::new(0),
            done: AtomicBool::new(false),
        })
    }
}

/// Returns the source of random moments, whose seed it prints.
pub fn rng() -> Rng {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let seed = env::var("NOVAMED_SEED").map_or(now, |seed| seed.parse().unwrap());
    println!("NOVAMED_SEED={seed}");
    Rng::with_seed(seed)
}

/// Returns how many deliveries a run has: all in the long tests.
pub fn deliveries(few: usize) -> usize {
    if is_long() { 10_000 } else { few }
}

fn is_long() -> bool {
    env::var_os("NOVAMED_LONG_TESTS").is_some()
}

/// Returns whether a test that kills processes is left out, and says so: it runs where a step of `cargo xtask ci` asks for
/// it.
pub fn is_skipped() -> bool {
    let is_skipped = !is_long() && env::var_os("NOVAMED_CI_TESTS").is_none();
    if is_skipped {
        println!("skipped: a step of `cargo xtask ci` runs it, with NOVAMED_CI_TESTS=1");
    }
    is_skipped
}

/// Returns the bodies of so many deliveries, four of each order.
pub fn bodies(count: usize) -> Vec<String> {
    (0..count).map(|n| body(STEPS[n % STEPS.len()], &format!("{:x}", n / STEPS.len()))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_processes_are_killed() {
    if is_skipped() {
        return;
    }
    run(deliveries(500), rng()).await;
}

async fn run(count: usize, mut rng: Rng) {
    let place = Place::new();
    let folder = place.path().parent().unwrap().to_owned();
    let mut receiver = start("receive", &folder);
    let shared = Shared::new(vec![receiver.address()]);
    let workers = [start("handle", &folder), start("handle", &folder)];
    let killer = {
        let (shared, folder, rng) = (Arc::clone(&shared), folder.clone(), rng.fork());
        thread::spawn(move || kill(&shared, &folder, receiver, workers, rng))
    };
    let bodies = bodies(count);
    let given_up = deliver(&shared, &bodies, &mut rng).await;
    assert_eq!(given_up, 0, "deliveries that were never answered 200");

    let inbox = place.open().await;
    all_handled(&inbox).await;
    shared.done.store(true, Ordering::Release);
    let kills = killer.join().unwrap();
    let counts = inbox.counts().await.unwrap();
    println!("{count} deliveries, {} crashes of the receiver, {} of workers", kills.0, kills.1);
    assert_eq!((counts.handled, counts.dead), (count as u64, 0));
    let database = place.database();
    let mut rows = database.prepare("SELECT duplicate_key FROM delivery ORDER BY id").unwrap();
    let arrived: Vec<String> = rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    check(&arrived, &bodies, &fs::read_to_string(folder.join("handled")).unwrap());
    assert!(kills.0 > 0 && kills.1 > 0, "somebody was killed");
}

/// Waits until nothing waits: all are stored, so all come to be handled.
pub async fn all_handled(inbox: &impl Store) {
    loop {
        match inbox.counts().await {
            Ok(counts) if counts.waiting == 0 => break,
            _ => sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Delivers all, and some of them twice; returns how many NovaMed would have given up.
pub async fn deliver(shared: &Arc<Shared>, bodies: &[String], rng: &mut Rng) -> usize {
    let mut order: Vec<&String> = bodies.iter().collect();
    // Near the order of the list, as events come, and not in it.
    for chunk in order.chunks_mut(12) {
        rng.shuffle(chunk);
    }
    let mut deliveries = JoinSet::new();
    let mut given_up = 0;
    for body in order {
        let copies = if rng.u8(..) < 25 { 2 } else { 1 };
        for _ in 0..copies {
            deliveries.spawn(deliver_one(Arc::clone(shared), body.clone()));
        }
        sleep(Duration::from_millis(rng.u64(0..8))).await;
        while let Some(done) = deliveries.try_join_next() {
            given_up += usize::from(!done.unwrap());
        }
    }
    while let Some(done) = deliveries.join_next().await {
        given_up += usize::from(!done.unwrap());
    }
    given_up
}

/// Delivers as NovaMed does. Returns whether it was answered 200 in the end.
async fn deliver_one(shared: Arc<Shared>, body: String) -> bool {
    let mut waits = SCHEDULE.iter();
    let mut failures = 0;
    let delivered = loop {
        let address = *fastrand::choice(&*shared.addresses.lock().unwrap()).unwrap();
        if post(address, SECRET, &body).await == Some(200) {
            break true;
        }
        failures += 1;
        if failures == 3 {
            shared.desperate.fetch_add(1, Ordering::AcqRel);
        }
        let Some(minutes) = waits.next() else { break false };
        sleep(MINUTE * *minutes).await;
    };
    if failures >= 3 {
        shared.desperate.fetch_sub(1, Ordering::AcqRel);
    }
    delivered
}

/// Kills and starts again until all is done. Returns how often the receiver and workers were killed.
fn kill(shared: &Shared, folder: &Path, mut receiver: Process, mut workers: [Process; 2], mut rng: Rng) -> (u32, u32) {
    let mut kills = (0, 0);
    while !shared.done.load(Ordering::Acquire) {
        thread::sleep(Duration::from_millis(rng.u64(50..400)));
        let who = rng.usize(0..3);
        if let Some(worker) = workers.get_mut(who) {
            worker.kill();
            *worker = start("handle", folder);
            kills.1 += 1;
        } else if shared.desperate.load(Ordering::Acquire) == 0 {
            receiver.kill();
            receiver = start("receive", folder);
            *shared.addresses.lock().unwrap() = vec![receiver.address()];
            kills.0 += 1;
        }
    }
    kills
}

/// Checks what was handled: each event, and within each order first what arrived first.
pub fn check(arrived: &[String], bodies: &[String], handled: &str) {
    let mut first = BTreeMap::new();
    for (at, key) in handled.lines().enumerate() {
        first.entry(key).or_insert(at);
    }
    let expected: BTreeSet<String> = bodies.iter().map(|body| key(body)).collect();
    let found: BTreeSet<String> = first.keys().map(|key| (*key).to_owned()).collect();
    assert_eq!(found, expected);
    for order in bodies.chunks(STEPS.len()) {
        let keys: BTreeSet<String> = order.iter().map(|body| key(body)).collect();
        let places: Vec<usize> = arrived.iter().filter(|key| keys.contains(*key)).map(|key| first[&**key]).collect();
        assert_eq!(places.len(), order.len());
        assert!(places.is_sorted(), "an event was handled before one that arrived earlier");
    }
}

fn key(body: &str) -> String {
    incoming(body).duplicate_key().as_str().to_owned()
}
