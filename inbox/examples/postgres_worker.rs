//! Handles the events that `postgres_receiver` stored: the second of two programs, on any number of hosts.
//!
//! ```text
//! cargo run -p novamed-inbox --example postgres_worker --features postgres,encryption -- \
//!     postgres://inbox@db.internal/pharmacy
//! ```
//!
//! It can be killed at any time. Several processes share the work, and the events of an order are handled one after
//! the other, on whatever host. It prints the subject of each event, without naming a patient.

use std::env;
use std::process::ExitCode;

use deadpool_postgres::{Manager, Pool};
use novamed::webhooks::Event;
use novamed_inbox::{Handling, HandlingError, Keys, PostgresInbox, PostgresOptions, Server, Workers};
use program::Failure;
use tokio_postgres::{Config, NoTls};

mod program;

#[tokio::main]
async fn main() -> ExitCode {
    program::ended(run().await)
}

async fn run() -> Result<(), Failure> {
    let url = env::args().nth(1).ok_or("usage: postgres_worker URL")?;
    // The parser's error may quote part of a password.
    let server: Config =
        url.parse().map_err(|_| "URL is none of a server, as postgres://inbox@db.internal/pharmacy")?;
    let pool = Pool::builder(Manager::new(server.clone(), NoTls)).max_size(4).build()?;
    // Listening wakes it immediately when a receiver on another host stores an event.
    let options = PostgresInbox::options().listen(server, NoTls);
    let inbox = Keys::from_env()?.into_iter().fold(options, PostgresOptions::keys).open(pool).await?;

    println!("working");
    let workers = Workers::new(inbox.clone())
        .concurrency(4)
        // Connect alarms here: `Died` needs a person, and after `StoreFailed` check the database. Deliveries that
        // couldn't be parsed aren't reported here: `Store::counts` counts all dead letters.
        .on_report(|report| eprintln!("{report}"));
    Server::new(inbox).work(workers.handling(handle)).run().await?;
    println!("stopped");
    Ok(())
}

/// Does the app's work for an event. It is called again if it fails or if the process dies, so an app writes to its
/// own tables in one transaction with `handling.duplicate_key()`.
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
