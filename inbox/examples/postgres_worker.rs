//! Handles what `postgres_receiver` stored: the other of two programs, on any number of hosts.
//!
//! ```text
//! cargo run --example postgres_worker --features postgres,encryption -- postgres://inbox@db.internal/pharmacy
//! ```
//!
//! It can be killed at any time, and several of them share the work: an order's events are handled one
//! after the other, wherever. It prints what an event is about, without naming a patient.

use std::env;
use std::error::Error;
use std::future::pending;

use deadpool_postgres::{Manager, Pool};
use novamed::webhooks::Event;
use novamed_inbox::{Handling, HandlingError, Keys, PostgresInbox, PostgresOptions, Workers};
use tokio_postgres::{Config, NoTls};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::args().nth(1).ok_or("usage: postgres_worker URL")?;
    let server: Config = url.parse()?;
    let pool = Pool::builder(Manager::new(server.clone(), NoTls)).max_size(4).build()?;
    // It listens, so that it wakes at once when a receiver on another host stores an event.
    let options = PostgresInbox::options().listen(server, NoTls);
    let inbox = Keys::from_env()?.into_iter().fold(options, PostgresOptions::keys).open(pool).await?;

    println!("working");
    Workers::new(inbox)
        .concurrency(4)
        // Have alarms listen here: `Died` asks for somebody, `StoreFailed` for a look at the database.
        .on_report(|report| eprintln!("{report:?}"))
        .run_until(asked_to_stop(), handle)
        .await?;
    println!("stopped");
    Ok(())
}

/// Does the app's work for one event. It is called again if it fails, or if the process dies: an app
/// writes to its own tables in one transaction with `handling.duplicate_key()`.
async fn handle(handling: Handling) -> Result<(), HandlingError> {
    let about = match handling.event() {
        Event::MedicationOrderFilled(_) => "an order was filled",
        Event::ShipmentCreated(_) => "a parcel is on its way",
        Event::Unknown(_) => "an event that this version does not know",
        _ => "something else",
    };
    println!("handled, attempt {}: {about}", handling.attempt());
    Ok(())
}

/// Ends when the process is asked to: Ctrl-C, or on Unix SIGTERM, as service managers send it.
async fn asked_to_stop() {
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = pending::<()>();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
