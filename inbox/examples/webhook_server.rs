//! Receives NovaMed's webhooks and tracks each order, in one process that can be killed at any time.
//!
//! ```text
//! NOVAMED_WEBHOOK_SECRET=… cargo run -p novamed-inbox --example webhook_server --features encryption -- \
//!     inbox.db 127.0.0.1:8080
//! ```
//!
//! A delivery is answered 200 once it is in `inbox.db`. The handler then updates the order's state in
//! `inbox.db.orders`, and prints the state without naming anybody. Both files contain protected health information.
//! If `NOVAMED_INBOX_COMPARISON_KEY` and `NOVAMED_INBOX_KEYS` are set, `inbox.db` is encrypted. Put a TLS proxy in
//! front of it, since NovaMed delivers over HTTPS.

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
use novamed_inbox::{Handling, HandlingError, Keys, Server, SqliteInbox, SqliteOptions, Workers};
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
    let options = SqliteInbox::options().on_report(|report| eprintln!("{report}"));
    let inbox = Keys::from_env()?
        .into_iter()
        .fold(options, SqliteOptions::keys)
        .open(&path)
        .await
        .map_err(|error| format!("cannot open {path}: {error}"))?;
    let path = format!("{path}.orders");
    let orders = Orders::open(Path::new(&path)).map_err(|error| format!("cannot open {path}: {error}"))?;
    let router = receiver.deliver_to(inbox.clone()).into_router("/webhooks/novamed").layer(map_response(refused));
    println!("listening on {}", listener.local_addr()?);

    // Access to the orders' database blocks the thread.
    let work = Workers::new(inbox.clone())
        .on_report(|report| eprintln!("{report}"))
        .blocking(move |handling| handle(&orders, &handling));
    Server::new(inbox).receive(listener, router).work(work).run().await?;
    println!("stopped");
    Ok(())
}

/// Reports a refused delivery. NovaMed gives up after a few attempts, so repeated 401s mean that webhooks are lost
/// because only one side changed the secret.
async fn refused(response: Response) -> Response {
    if !response.status().is_success() {
        eprintln!("a delivery was answered {}", response.status());
    }
    response
}

/// Does the app's work for an event. It is called again if it fails or if the process dies. Applying an event again
/// changes nothing.
fn handle(orders: &Orders, handling: &Handling) -> Result<(), HandlingError> {
    let told = orders.take_in(handling.event()).map_err(|error| HandlingError::retry(error.to_string()))?;
    println!("attempt {}: {told}", handling.attempt());
    Ok(())
}

/// The state of orders and shipments, in a separate database that several processes can share. An app with many
/// orders would use one row per order.
struct Orders(Mutex<Connection>);

impl Orders {
    fn open(path: &Path) -> Result<Self, Failure> {
        // SQLite would create a file that everybody can read.
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

    /// Applies an event, and returns once the result is stored.
    fn take_in(&self, event: &Event) -> Result<String, Failure> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A second transaction waits for the first, and then reads what it wrote.
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

/// Describes the state of an event's subject.
fn told(known: &Tracking, subject: Subject) -> String {
    match subject {
        Subject::Order(order) => match known.state(order) {
            Some(state) => format!("an order is {state}"),
            None => "an order is known".to_owned(),
        },
        Subject::Shipment(shipment) => match known.shipment(shipment).map(|it| it.order().is_some()) {
            Some(true) => "a shipment of an order".to_owned(),
            _ => "a shipment whose order is not known yet".to_owned(),
        },
        Subject::UnnamedShipment => "a shipment that has no name was canceled".to_owned(),
        _ => "neither an order nor a shipment".to_owned(),
    }
}
