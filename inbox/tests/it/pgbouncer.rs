//! The inbox behind PgBouncer, in transaction mode and in session mode.
//!
//! In transaction mode there are fewer connections to the server than clients, so clients share connections and see what
//! others left on them.

use std::env;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use novamed_inbox::{Notifications, PostgresInbox, Store, Workers};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_postgres::config::Host;
use tokio_postgres::{Config, NoTls};

use crate::chaos;
use crate::deliveries::{STEPS, body, incoming, store};
use crate::hosts;
use crate::subjects::{Schema, keys, pool, server};
use crate::workers::drained;
use novamed::webhooks::Inbox;

/// Set if PgBouncer is installed and should be tested.
const ASKED: &str = "NOVAMED_TEST_PGBOUNCER";
const TRANSACTION: &str = "transaction";
const SESSION: &str = "session";

/// A running PgBouncer in front of the server of the tests, with a database for each mode.
struct PgBouncer {
    folder: TempDir,
    port: u16,
    process: Child,
}

impl PgBouncer {
    /// Starts one, or says that the test is skipped.
    fn start() -> Option<Self> {
        if env::var_os(ASKED).is_none() {
            println!("skipped: {ASKED} isn't set; `cargo xtask ci --only pgbouncer` sets it");
            return None;
        }
        let server: Config = server()?.parse().unwrap();
        let Some(Host::Tcp(host)) = server.get_hosts().first() else { panic!("the server has no TCP address") };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let database = format!(
            "host={host} port={} dbname={} user={}",
            server.get_ports().first().unwrap_or(&5432),
            server.get_dbname().unwrap_or("postgres"),
            server.get_user().unwrap_or("postgres"),
        );
        let settings = format!(
            "[databases]\n\
             {TRANSACTION} = {database} pool_mode=transaction pool_size=3\n\
             {SESSION} = {database} pool_mode=session pool_size=40\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
             user = postgres\nmax_client_conn = 200\n"
        );
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("pgbouncer.ini"), settings).unwrap();
        let process = run(&folder, port);
        Some(Self { folder, port, process })
    }

    /// Kills it and starts a new one.
    fn restart(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = run(&self.folder, self.port);
    }

    fn url(&self, mode: &str) -> String {
        format!("postgres://app@127.0.0.1:{}/{mode}", self.port)
    }

    fn config(&self, mode: &str) -> Config {
        self.url(mode).parse().unwrap()
    }

    /// Opens an inbox with a separate pool.
    async fn open(&self, mode: &str, schema: &Schema) -> PostgresInbox {
        schema.options().open(pool(&self.config(mode), 4)).await.unwrap()
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn run(folder: &TempDir, port: u16) -> Child {
    let log = fs::File::options().create(true).append(true).open(folder.path().join("log")).unwrap();
    let mut command = Command::new("pgbouncer");
    command.arg(folder.path().join("pgbouncer.ini")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    let mut process = command.spawn().unwrap_or_else(|error| panic!("cannot run pgbouncer: {error}"));
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = process.try_wait().unwrap();
        assert!(ended.is_none(), "{}", fs::read_to_string(folder.path().join("log")).unwrap());
        thread::sleep(Duration::from_millis(10));
    }
    process
}

/// Several simultaneous clients, each of which makes every kind of call.
async fn work_in(mode: &str) {
    let Some(schema) = Schema::new() else { return };
    let Some(pgbouncer) = PgBouncer::start() else { return };
    let mut stores = JoinSet::new();
    for host in 0..3_usize {
        let inbox = pgbouncer.open(mode, &schema).await;
        let prepares = if mode == SESSION { "prepares: true" } else { "prepares: false" };
        assert!(format!("{inbox:?}").contains(prepares), "{inbox:?}");
        for order in (0..20).map(|order| order * 3 + host) {
            let inbox = inbox.clone();
            stores.spawn(async move {
                for step in STEPS {
                    inbox.store(incoming(&body(step, &format!("{order:x}")))).await.unwrap();
                }
                inbox
            });
        }
    }
    let inboxes = stores.join_all().await;
    let (one, other) = (&inboxes[0], inboxes.last().unwrap());
    assert_eq!(one.counts().await.unwrap().waiting, 240);
    let refuse_some = |handling: novamed_inbox::Handling| async move {
        if handling.duplicate_key().contains("filled") {
            Err(novamed_inbox::HandlingError::give_up("no"))
        } else {
            Ok(())
        }
    };
    let workers = |inbox: &PostgresInbox| Workers::new(inbox.clone()).run_until(drained(one), refuse_some);
    let (first, second) = tokio::join!(workers(one), workers(other));
    first.and(second).unwrap();
    let letters = other.dead_letters(None, 100).await.unwrap();
    assert_eq!(letters.len(), 60);
    for letter in &letters[..30] {
        assert!(one.retry(letter.id).await.unwrap());
    }
    for letter in &letters[30..] {
        assert!(other.discard(letter.id).await.unwrap());
    }
    Workers::new(other.clone()).run_until(drained(one), |_| async { Ok(()) }).await.unwrap();
    assert_eq!(one.counts().await.unwrap().handled, 240);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_share_connections_in_transaction_mode() {
    Box::pin(work_in(TRANSACTION)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_have_connections_in_session_mode() {
    Box::pin(work_in(SESSION)).await;
}

/// The names that other clients leave on a connection are in nobody's way: not of an inbox that is made,
/// nor of one that is encrypted.
#[tokio::test]
async fn statements_that_others_prepared_are_in_nobodys_way() {
    let Some(schema) = Schema::new() else { return };
    let Some(pgbouncer) = PgBouncer::start() else { return };
    let others = pool(&pgbouncer.config(TRANSACTION), 3);
    // As the driver names them, on each of the three connections to the server.
    let mut transactions = Vec::new();
    for _ in 0..3 {
        let client = others.get().await.unwrap();
        let prepared: Vec<String> = (0..400).map(|n| format!("PREPARE s{n} AS SELECT 1")).collect();
        client.batch_execute(&format!("BEGIN; {}", prepared.join("; "))).await.unwrap();
        transactions.push(client);
    }
    for client in transactions {
        client.batch_execute("COMMIT").await.unwrap();
    }
    let inbox = pgbouncer.open(TRANSACTION, &schema).await;
    store(&inbox, "filled", "a").await;
    drop(inbox);
    let inbox = schema.options().keys(keys(1)).open(pool(&pgbouncer.config(TRANSACTION), 1)).await.unwrap();
    Workers::new(inbox.clone()).run_until(drained(&inbox), |_| async { Ok(()) }).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().handled, 1);
}

#[tokio::test]
async fn listening_is_done_on_a_direct_connection_alone() {
    let Some(schema) = Schema::new() else { return };
    let Some(pgbouncer) = PgBouncer::start() else { return };
    let direct: Config = server().unwrap().parse().unwrap();
    let ways = [
        (pgbouncer.config(TRANSACTION), Notifications::Pooled),
        (pgbouncer.config(SESSION), Notifications::Listening),
        (direct, Notifications::Listening),
    ];
    for (way, expected) in ways {
        let options = schema.options().listen(way, NoTls);
        let inbox = options.open(pool(&pgbouncer.config(TRANSACTION), 4)).await.unwrap();
        while inbox.notifications() == Notifications::Connecting {
            sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(inbox.notifications(), expected);
        assert!(format!("{inbox:?}").contains(&format!("{expected:?}")), "{inbox:?}");
    }
    let quiet = pgbouncer.open(TRANSACTION, &schema).await;
    assert_eq!(quiet.notifications(), Notifications::Off);
    assert!(quiet.notifications().to_string().starts_with("polling"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_pgbouncer_restarts() {
    let Some(server) = server() else { return };
    let Some(mut pgbouncer) = PgBouncer::start() else { return };
    let url = pgbouncer.url(TRANSACTION);
    let outage = Box::new(move || {
        pgbouncer.restart();
        true
    });
    let crashes = hosts::run(Schema::on(&server), &url, chaos::deliveries(300), outage).await;
    assert!(crashes.1 > 0, "PgBouncer was killed");
}
