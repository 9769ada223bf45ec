//! The example `webhook_server`, as a process.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use novamed::tracking::{OrderState, Tracking};
use novamed_inbox::Store;
use tokio::time::sleep;

use crate::deliveries::{Place, STEPS, body, store};
use crate::front::{Process, SECRET, post};

/// Builds the example, which `cargo test --test` does not do by itself, and returns where it is.
fn example() -> PathBuf {
    let cargo = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--example", "webhook_server"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    assert!(cargo.success());
    // This program is in `deps`, beside which the examples are.
    let deps = std::env::current_exe().unwrap();
    deps.parent().unwrap().with_file_name("examples").join("webhook_server")
}

#[tokio::test]
async fn example_receives_survives_a_crash_and_stops() {
    let place = Place::new();
    let mut command = Command::new(example());
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
    let known = fs::read(format!("{}.orders.json", place.path().display())).unwrap();
    let known: Tracking = serde_json::from_slice(&known).unwrap();
    assert!(known.orders().any(|order| known.state(order.id()) == Some(OrderState::Filled)));
    if cfg!(unix) {
        let pid = server.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(server.0.wait().unwrap().success());
    }
}
