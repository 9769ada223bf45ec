//! Receives NovaMed's webhooks and follows each order, in one process that can be killed at any time.
//!
//! ```text
//! NOVAMED_WEBHOOK_SECRET=… cargo run -p novamed-inbox --example webhook_server -- inbox.db 127.0.0.1:8080
//! ```
//!
//! A delivery is answered 200 once it is in `inbox.db`; the handler then takes the event into what is
//! known of the order, in `inbox.db.orders`, and prints the state without naming anybody. Both files
//! hold protected health information. Put TLS in front of it: NovaMed delivers over HTTPS.

use std::env;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use axum::middleware::map_response;
use axum::response::Response;
use novamed::tracking::{Subject, Tracking};
use novamed::webhooks::{Event, Receiver};
use novamed_inbox::{Handling, HandlingError, Server, SqliteInbox, Workers};
use program::Failure;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use tokio::net::TcpListener;

mod program;

#[tokio::main]
async fn main() -> ExitCode {
    program::ended(run().await)
}

async fn run() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "inbox.db".to_owned());
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());

    let receiver = Receiver::from_env()?;
    let listener = TcpListener::bind(&address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let inbox = SqliteInbox::options()
        .on_report(|report| eprintln!("{report}"))
        .open(&path)
        .await
        .map_err(|error| format!("cannot open {path}: {error}"))?;
    let path = format!("{path}.orders");
    let orders = Orders::open(Path::new(&path)).map_err(|error| format!("cannot open {path}: {error}"))?;
    let router = receiver.deliver_to(inbox.clone()).into_router("/webhooks/novamed").layer(map_response(refused));
    println!("listening on {}", listener.local_addr()?);

    // What it does to the database of orders blocks its thread.
    let work = Workers::new(inbox.clone())
        .on_report(|report| eprintln!("{report}"))
        .blocking(move |handling| handle(&orders, &handling));
    Server::new(inbox).receive(listener, router).work(work).run().await?;
    println!("stopped");
    Ok(())
}

/// Says when a delivery is not taken: NovaMed gives up after some tries, so a run of 401 means that
/// webhooks get lost because a secret was changed on one side alone.
async fn refused(response: Response) -> Response {
    if !response.status().is_success() {
        eprintln!("a delivery was answered {}", response.status());
    }
    response
}

/// Does the app's work for one event. It is called again if it fails, or if the process dies; taking
/// an event in once more changes nothing.
fn handle(orders: &Orders, handling: &Handling) -> Result<(), HandlingError> {
    let told = orders.take_in(handling.event()).map_err(|error| HandlingError::retry(error.to_string()))?;
    println!("attempt {}: {told}", handling.attempt());
    Ok(())
}

/// What is known of orders and shipments, in a database of its own, which several processes may share.
/// An app with many orders has a row for each.
struct Orders(Mutex<Connection>);

impl Orders {
    fn open(path: &Path) -> Result<Self, Failure> {
        // Nobody else is to read it; SQLite would create it readable for all.
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
            _ => {}
        }
        let connection = Connection::open(path)?;
        connection
            .execute_batch("CREATE TABLE IF NOT EXISTS known (id INTEGER PRIMARY KEY, tracking TEXT NOT NULL)")?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Returns once what the event tells is stored.
    fn take_in(&self, event: &Event) -> Result<String, Failure> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever begins waits for who has begun, and then reads what that one wrote.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let stored = transaction.query_row("SELECT tracking FROM known", [], |row| row.get::<_, String>(0));
        let stored = stored.optional()?;
        let mut known: Tracking = stored.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default();
        let subject = known.apply(event);
        transaction.execute("INSERT OR REPLACE INTO known VALUES (0, ?1)", [serde_json::to_string(&known)?])?;
        transaction.commit()?;
        Ok(told(&known, subject))
    }
}

/// Returns what is known of what an event was about.
fn told(known: &Tracking, subject: Subject) -> String {
    match subject {
        Subject::Order(order) => match known.state(order) {
            Some(state) => format!("an order is {state}"),
            None => "an order is known".to_owned(),
        },
        Subject::Shipment(shipment) => match known.shipment(shipment).map(|it| it.order().is_some()) {
            Some(true) => "a shipment of an order".to_owned(),
            _ => "a shipment whose order is not told yet".to_owned(),
        },
        Subject::UnnamedShipment => "a shipment that has no name was canceled".to_owned(),
        _ => "neither an order nor a shipment".to_owned(),
    }
}
