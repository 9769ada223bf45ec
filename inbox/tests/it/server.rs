//! The examples, as processes.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use novamed::tracking::{OrderState, Tracking};
use novamed_inbox::{PostgresInbox, Store, StoreErrorKind};
use rusqlite::Connection;
use tokio::time::sleep;

use crate::chaos::is_skipped;
use crate::deliveries::{Place, STEPS, body, store};
use crate::front::{Process, SECRET, post};
use crate::subjects::{SERVER, Schema, keys, server};

/// Returns where an example is. `cargo test` builds it, unless `--test` restricts it to this program.
pub fn example(name: &str) -> PathBuf {
    // This program is in `deps`, next to which the examples are.
    let deps = std::env::current_exe().unwrap();
    let path = deps.parent().unwrap().with_file_name("examples").join(name);
    assert!(path.is_file(), "{name} is not built: run `cargo test --package novamed-inbox`, without `--test`");
    path
}

#[tokio::test]
async fn example_receives_survives_a_crash_and_stops() {
    if is_skipped() {
        return;
    }
    let place = Place::new();
    let mut command = Command::new(example("webhook_server"));
    command.arg(place.path()).arg("127.0.0.1:0").env("NOVAMED_WEBHOOK_SECRET", SECRET);
    let mut server = Process::start(&mut command);
    let address = server.address();
    for step in STEPS {
        assert_eq!(post(address, SECRET, &body(step, "a")).await, Some(200));
    }
    assert_eq!(post(address, SECRET, &body("filled", "a")).await, Some(200));
    assert_eq!(post(address, "another", &body("filled", "b")).await, Some(401));
    server.kill();

    let inbox = place.open().await;
    let counts = inbox.counts().await.unwrap();
    assert_eq!(counts.waiting + counts.handled, 4);
    // What the dead process had claimed waits for its lease; what comes new does not.
    store(&inbox, "filled", "b").await;
    let mut server = Process::start(&mut command);
    server.address();
    while inbox.counts().await.unwrap().handled < counts.handled + 1 {
        sleep(Duration::from_millis(10)).await;
    }
    // What a handled event told is in the file, whatever was killed.
    let known = Connection::open(format!("{}.orders", place.path().display())).unwrap();
    let known = known.query_row("SELECT tracking FROM known", [], |row| row.get::<_, String>(0)).unwrap();
    let known: Tracking = serde_json::from_str(&known).unwrap();
    assert!(known.orders().any(|order| known.state(order.id()) == Some(OrderState::Filled)));
    if cfg!(unix) {
        let pid = server.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(server.0.wait().unwrap().success());
    }
}

/// Receiver and worker as in the documentation: with a separate, encrypted database.
#[tokio::test]
async fn examples_on_postgres_share_an_inbox_and_survive_crashes() {
    let Some(schema) = Schema::new() else { return };
    let database = schema.name.replace("inbox_test", "inbox_database");
    schema.batch(&format!("CREATE DATABASE {database}")).await;
    let mut config: tokio_postgres::Config = server().unwrap().parse().unwrap();
    config.dbname(&database);
    let pool = crate::subjects::pool(&config, 2);
    let url = server().unwrap();
    let (before, _) = url.rsplit_once('/').unwrap_or_else(|| panic!("{SERVER} names no database"));
    let url = format!("{before}/{database}");
    let start = |name: &str| {
        let mut command = Command::new(example(name));
        command
            .arg(&url)
            .arg("127.0.0.1:0")
            .env("NOVAMED_WEBHOOK_SECRET", SECRET)
            .env("NOVAMED_INBOX_COMPARISON_KEY", "01".repeat(32))
            .env("NOVAMED_INBOX_KEYS", format!("1:{}", "0b".repeat(32)));
        Process::start(&mut command)
    };
    let mut receiver = start("postgres_receiver");
    let address = receiver.address();
    for step in STEPS {
        assert_eq!(post(address, SECRET, &body(step, "a")).await, Some(200));
    }
    receiver.kill();
    let error = PostgresInbox::open(pool.clone()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Encrypted);
    let inbox = PostgresInbox::options().keys(keys(1)).open(pool.clone()).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().waiting, 4);
    let mut workers = [start("postgres_worker"), start("postgres_worker")];
    let address = start_again(&start, &mut receiver);
    assert_eq!(post(address, SECRET, &body("filled", "b")).await, Some(200));
    while inbox.counts().await.unwrap().waiting > 0 {
        sleep(Duration::from_millis(10)).await;
    }
    for process in workers.iter_mut().chain([&mut receiver]) {
        if cfg!(unix) {
            let pid = process.0.id().to_string();
            assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
            assert!(process.0.wait().unwrap().success());
        }
    }
    drop(inbox);
    pool.close();
    schema.batch(&format!("DROP DATABASE {database} WITH (FORCE)")).await;
}

fn start_again(start: &impl Fn(&str) -> Process, receiver: &mut Process) -> std::net::SocketAddr {
    *receiver = start("postgres_receiver");
    receiver.address()
}

/// Runs an example that can't start, and returns its error message.
fn refusal(name: &str, arguments: &[&str], secret: Option<&str>) -> String {
    let mut command = Command::new(example(name));
    for variable in ["NOVAMED_WEBHOOK_SECRET", "NOVAMED_INBOX_COMPARISON_KEY", "NOVAMED_INBOX_KEYS"] {
        command.env_remove(variable);
    }
    let output = command.args(arguments).envs(secret.map(|it| ("NOVAMED_WEBHOOK_SECRET", it))).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn example_that_cannot_open_its_inbox_names_the_file() {
    let said = refusal("webhook_server", &["/no/such/folder/x.db", "127.0.0.1:0"], Some(SECRET));
    assert_eq!(
        said,
        "error: cannot open /no/such/folder/x.db: the inbox's file or schema cannot be opened or written\n"
    );
}

#[test]
fn examples_on_postgres_say_what_is_wrong_in_words_and_quote_no_password() {
    // Nobody is there; it is not asked for before all else is read.
    let nobody = "postgres://127.0.0.1:1/x";
    let said = refusal("postgres_receiver", &[nobody, "127.0.0.1:0"], None);
    assert!(said.contains("NOVAMED_WEBHOOK_SECRET"), "{said}");
    for name in ["postgres_receiver", "postgres_worker"] {
        let said = refusal(name, &[nobody, "127.0.0.1:0"], Some(SECRET));
        assert_eq!(said, "error: the inbox's server cannot be reached, or does not answer\n");
        let said = refusal(name, &["host=127.0.0.1 password=S3cret hunter2=x", "127.0.0.1:0"], Some(SECRET));
        assert_eq!(said, "error: URL is none of a server, as postgres://inbox@db.internal/pharmacy\n");
    }
}
