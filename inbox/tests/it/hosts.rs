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
use crate::subjects::Schema;

/// A shell's command that lets the server of the tests crash and start again.
const RESTART: &str = "NOVAMED_TEST_POSTGRES_RESTART";
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
    let Some(schema) = Schema::new() else { return };
    let crashes = run(schema, chaos::deliveries(600), chaos::rng(), None).await;
    assert!(crashes.0 > 0, "somebody was killed");
}

/// By itself, as the other tests' server is the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_restarts_and_nothing_is_lost() {
    let Some(schema) = Schema::new() else { return };
    let Ok(restart) = env::var(RESTART) else {
        println!("skipped: {RESTART} names no command; `cargo xtask ci --only postgres` knows one");
        return;
    };
    let crashes = run(schema, 300, chaos::rng(), Some(restart)).await;
    assert!(crashes.1 > 0, "the server crashed");
}

/// Returns how often hosts and the server crashed.
async fn run(schema: Schema, count: usize, mut rng: Rng, restart: Option<String>) -> (u32, u32) {
    let folder = TempDir::new().unwrap();
    let inbox = schema.open().await;
    schema.batch(WATCH).await;
    let mut hosts: Vec<Process> = (0..HOSTS).map(|_| start(folder.path(), &schema)).collect();
    let shared = Shared::new(hosts.iter_mut().map(Process::address).collect());
    let killer = {
        let (shared, rng) = (Arc::clone(&shared), rng.fork());
        let (folder, name) = (folder.path().to_owned(), schema.name.clone());
        thread::spawn(move || kill(&shared, hosts, || command(&folder, &name), restart.as_deref(), rng))
    };
    let bodies = chaos::bodies(count);
    let given_up = deliver(&shared, &bodies, &mut rng).await;
    assert_eq!(given_up, 0, "deliveries that were never answered 200");
    all_handled(&inbox).await;
    shared.done.store(true, Ordering::Release);
    let crashes = tokio::task::spawn_blocking(|| killer.join().unwrap()).await.unwrap();
    println!("{count} deliveries, {} crashes of hosts, {} of the server", crashes.0, crashes.1);

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

fn start(folder: &Path, schema: &Schema) -> Process {
    command(folder, &schema.name)
}

fn command(folder: &Path, schema: &str) -> Process {
    let mut command = Command::new(env::current_exe().unwrap());
    command.env(SCHEMA, schema);
    play(command, "both", folder)
}

/// Kills and starts again until all is done.
fn kill(
    shared: &Shared,
    mut hosts: Vec<Process>,
    start: impl Fn() -> Process,
    restart: Option<&str>,
    mut rng: Rng,
) -> (u32, u32) {
    let mut crashes = (0, 0);
    while !shared.done.load(Ordering::Acquire) {
        thread::sleep(Duration::from_millis(rng.u64(50..400)));
        if shared.desperate.load(Ordering::Acquire) > 0 {
            continue;
        }
        if let Some(restart) = restart
            && (crashes.1 == 0 || rng.u8(..) < 40)
        {
            let shell = Command::new("sh").args(["-c", restart]).stdin(Stdio::null()).stdout(Stdio::null()).status();
            assert!(shell.unwrap().success(), "{RESTART} failed");
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
