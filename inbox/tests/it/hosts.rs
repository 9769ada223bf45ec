//! Three hosts on one PostgreSQL server, each of which receives and handles: `kill -9` at random
//! moments, and crashes of the server, with NovaMed's retry schedule in front.
//!
//! The server itself notes what must not happen, by a trigger on the table.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use novamed_inbox::Store;
use tempfile::TempDir;

use crate::chaos::{self, SCHEMA, Shared, all_handled, deliver, play};
use crate::front::Process;
use crate::subjects::{SERVER, Schema, server};

/// A shell's command that lets the server of the tests crash and start again.
pub const RESTART: &str = "NOVAMED_TEST_POSTGRES_RESTART";
/// A shell's command that lets the primary crash and promotes its standby.
const PROMOTE: &str = "NOVAMED_TEST_POSTGRES_PROMOTE";
const HOSTS: usize = 3;

/// Notes each completion, and each claim that should not have been given: of an event that is under a
/// live lease, of one whose group has another, and of one that others of its group come before.
const WATCH: &str = "
    CREATE TABLE {s}.noted (id BIGINT, what TEXT);
    CREATE FUNCTION {s}.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.claims > OLD.claims THEN
            IF OLD.leased AND OLD.due_at > clock_timestamp() THEN
                INSERT INTO {s}.noted VALUES (NEW.id, 'two leases of one event');
            END IF;
            IF EXISTS (SELECT 1 FROM {s}.delivery d WHERE d.group_key = NEW.group_key AND d.id <> NEW.id
                       AND d.state < 2 AND (d.leased OR d.id < NEW.id)) THEN
                INSERT INTO {s}.noted VALUES (NEW.id, 'out of its order');
            END IF;
        END IF;
        IF NEW.state = 2 THEN
            INSERT INTO {s}.noted VALUES (NEW.id, 'completed');
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER note AFTER UPDATE ON {s}.delivery FOR EACH ROW EXECUTE FUNCTION {s}.note()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_hosts_are_killed() {
    let Some(server) = server() else { return };
    let crashes = run(Schema::on(&server), &server, chaos::deliveries(600), no_outage()).await;
    assert!(crashes.0 > 0, "somebody was killed");
}

/// By itself, as the other tests' server is the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_restarts_and_nothing_is_lost() {
    let Some(server) = server() else { return };
    let Ok(restart) = env::var(RESTART) else {
        println!("skipped: {RESTART} names no command; `cargo xtask ci --only postgres` knows one");
        return;
    };
    let outage = Box::new(move || {
        shell(&restart);
        true
    });
    let crashes = run(Schema::on(&server), &server, 300, outage).await;
    assert!(crashes.1 > 0, "the server crashed");
}

/// By itself, as there is one primary to lose.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn standby_is_promoted_and_nothing_is_lost() {
    let Some(server) = server() else { return };
    let Ok(promote) = env::var(PROMOTE) else {
        println!("skipped: {PROMOTE} names no command; `cargo xtask ci --only failover` knows one");
        return;
    };
    let mut asked = 0;
    let outage = Box::new(move || {
        asked += 1;
        // Once there is load.
        if asked == 3 {
            shell(&promote);
        }
        asked == 3
    });
    let crashes = run(Schema::on(&server), &server, chaos::deliveries(400), outage).await;
    assert_eq!(crashes.1, 1, "the standby was promoted");
}

fn shell(command: &str) {
    let status = Command::new("sh").args(["-c", command]).stdin(Stdio::null()).stdout(Stdio::null()).status();
    assert!(status.unwrap().success(), "{command} failed");
}

/// What is done to the server, or to what is in front of it; returns false once there is no more to do.
pub type Outage = Box<dyn FnMut() -> bool + Send>;

fn no_outage() -> Outage {
    Box::new(|| false)
}

/// Has events delivered to hosts that use the inbox by this URL. Returns how often hosts crashed, and how
/// often there was an outage.
pub async fn run(schema: Schema, server: &str, count: usize, outage: Outage) -> (u32, u32) {
    let mut rng = chaos::rng();
    let folder = TempDir::new().unwrap();
    let inbox = schema.open().await;
    schema.batch(WATCH).await;
    let mut hosts: Vec<Process> = (0..HOSTS).map(|_| start(folder.path(), server, &schema.name)).collect();
    let shared = Shared::new(hosts.iter_mut().map(Process::address).collect());
    let killer = {
        let (shared, rng) = (Arc::clone(&shared), rng.fork());
        let (folder, server, name) = (folder.path().to_owned(), server.to_owned(), schema.name.clone());
        thread::spawn(move || kill(&shared, hosts, || start(&folder, &server, &name), outage, rng))
    };
    let bodies = chaos::bodies(count);
    let given_up = deliver(&shared, &bodies, &mut rng).await;
    assert_eq!(given_up, 0, "deliveries that were never answered 200");
    all_handled(&inbox).await;
    shared.done.store(true, Ordering::Release);
    let crashes = tokio::task::spawn_blocking(|| killer.join().unwrap()).await.unwrap();
    println!("{count} deliveries, {} crashes of hosts, {} outages", crashes.0, crashes.1);

    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.handled, counts.dead), (count as u64, 0));
    let noted =
        schema.query("SELECT what, count(*), count(DISTINCT id) FROM {s}.noted GROUP BY what ORDER BY what", &[]).await;
    let noted: Vec<(&str, i64, i64)> = noted.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    let count = i64::try_from(count).unwrap();
    assert_eq!(noted, [("completed", count, count)]);
    let arrived = schema.query("SELECT duplicate_key FROM {s}.delivery ORDER BY id", &[]).await;
    let arrived: Vec<String> = arrived.iter().map(|row| row.get(0)).collect();
    chaos::check(&arrived, &bodies, &fs::read_to_string(folder.path().join("handled")).unwrap());
    crashes
}

fn start(folder: &Path, server: &str, schema: &str) -> Process {
    let mut command = Command::new(env::current_exe().unwrap());
    command.env(SERVER, server).env(SCHEMA, schema);
    play(command, "both", folder)
}

/// Kills and starts again until all is done.
fn kill(
    shared: &Shared,
    mut hosts: Vec<Process>,
    start: impl Fn() -> Process,
    mut outage: Outage,
    mut rng: Rng,
) -> (u32, u32) {
    let mut crashes = (0, 0);
    while !shared.done.load(Ordering::Acquire) {
        thread::sleep(Duration::from_millis(rng.u64(50..400)));
        if shared.desperate.load(Ordering::Acquire) > 0 {
            continue;
        }
        if (crashes.1 == 0 || rng.u8(..) < 40) && outage() {
            crashes.1 += 1;
            continue;
        }
        let who = rng.usize(0..hosts.len());
        hosts[who].kill();
        hosts[who] = start();
        // Its port is closed until it is up: deliveries fail meanwhile, as they would.
        shared.addresses.lock().unwrap()[who] = hosts[who].address();
        crashes.0 += 1;
    }
    crashes
}
