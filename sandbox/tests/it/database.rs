//! The database of a sandbox that is restarted.

use std::time::Duration;

use novamed_sandbox::{Disturbance, Operation, Options, Sandbox, Stage};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::steps::{App, place};

async fn start(folder: &TempDir, webhook: &str) -> Sandbox {
    let options = Options::default().manual_clock().database(folder.path().join("sandbox.db"));
    options.webhook(webhook).start().await.unwrap()
}

/// Everything that a sandbox remembers, in one text.
fn history(sandbox: &Sandbox) -> String {
    let state = sandbox.state();
    let orders = state.orders().map(|order| format!("{} {:?} {:?}", order.id, order.stage, order.timeline));
    let deliveries = state.deliveries().map(|(id, it)| format!("{id} {} {} {:?}", it.event, it.body, it.attempts));
    orders.chain(deliveries).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_restarted_sandbox_goes_on_where_it_was() {
    let folder = TempDir::new().unwrap();
    let app = App::start(200).await;
    let webhook = format!("http://127.0.0.1:{}/hook", app.port);
    let sandbox = start(&folder, &webhook).await;
    sandbox.disturb(Disturbance::Duplicated, 1).unwrap();
    place(&sandbox).await;
    sandbox.advance(Duration::from_secs(150)).await;
    let before = history(&sandbox);
    let (clinic, now) = (sandbox.clinic(), sandbox.state().now());
    drop(sandbox);
    // The tasks of a dropped sandbox end with the next turn of the runtime.
    tokio::time::sleep(Duration::from_millis(50)).await;

    let sandbox = start(&folder, &webhook).await;
    assert_eq!(history(&sandbox), before);
    assert_eq!((sandbox.clinic(), sandbox.state().now()), (clinic, Duration::from_secs(120).max(now)));
    assert_eq!(sandbox.acts(Operation::CreateMedicationRequest), 1);
    sandbox.advance(Duration::from_secs(300)).await;
    assert!(sandbox.state().orders().all(|order| order.stage == Stage::Shipped));
    assert_eq!(app.received().len(), 7);
}

#[tokio::test]
async fn files_that_it_cannot_use_are_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("sandbox.db");
    let open = async || Options::default().database(&path).start().await.unwrap_err().to_string();
    std::fs::write(&path, "not a database".repeat(100)).unwrap();
    assert!(open().await.ends_with("sandbox.db isn't a database; choose another file"));
    std::fs::remove_file(&path).unwrap();
    drop(start(&folder, "http://127.0.0.1:9/").await);
    tokio::time::sleep(Duration::from_millis(50)).await;
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let problem = open().await;
    assert!(problem.contains("was written by a newer sandbox (version 99"), "{problem}");
    Connection::open(&path).unwrap().pragma_update(None, "application_id", 5).unwrap();
    assert!(open().await.contains("isn't a database of this sandbox"));
}

#[tokio::test]
async fn a_database_in_use_is_refused() {
    let folder = TempDir::new().unwrap();
    let _first = start(&folder, "http://127.0.0.1:9/").await;
    let path = folder.path().join("sandbox.db");
    let problem = Options::default().database(&path).start().await.unwrap_err().to_string();
    assert!(problem.ends_with("sandbox.db is in use by another process"), "{problem}");
}
