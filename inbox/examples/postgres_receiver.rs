//! Receives NovaMed's webhooks into PostgreSQL: one of two programs, on any number of hosts.
//!
//! ```text
//! NOVAMED_WEBHOOK_SECRET=… cargo run -p novamed-inbox --example postgres_receiver --features postgres,encryption -- \
//!     postgres://inbox@db.internal/pharmacy 127.0.0.1:8080
//! ```
//!
//! A delivery is answered 200 once it is in the database; `postgres_worker` does the work. If
//! `NOVAMED_INBOX_COMPARISON_KEY` and `NOVAMED_INBOX_KEYS` are set, deliveries are encrypted. Put a TLS proxy
//! in front of it, since NovaMed delivers over HTTPS. Also use TLS for the database: give the pool's manager a
//! TLS connector in place of `NoTls`.

use std::env;
use std::error::Error;
use std::process::ExitCode;

use axum::middleware::map_response;
use axum::response::Response;
use deadpool_postgres::{Manager, Pool};
use novamed::webhooks::{Inbox, InboxError, Incoming, Receiver, Stored};
use novamed_inbox::{Keys, PostgresInbox, PostgresOptions, Server};
use program::Failure;
use tokio::net::TcpListener;
use tokio_postgres::{Config, NoTls};

mod program;

#[tokio::main]
async fn main() -> ExitCode {
    program::ended(run().await)
}

async fn run() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1);
    let url = arguments.next().ok_or("usage: postgres_receiver URL [ADDRESS]")?;
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    // The parser's error may quote part of a password.
    let server: Config =
        url.parse().map_err(|_| "URL is none of a server, as postgres://inbox@db.internal/pharmacy")?;

    // Reads all settings before it opens or changes anything.
    let receiver = Receiver::from_env()?;
    let options = PostgresInbox::options().on_report(|report| eprintln!("{report}"));
    let options = Keys::from_env()?.into_iter().fold(options, PostgresOptions::keys);
    let listener = TcpListener::bind(&address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;

    // The app's pool, which it also uses for its own tables.
    let pool = Pool::builder(Manager::new(server, NoTls)).max_size(8).build()?;
    let inbox = options.open(pool).await?;
    let router =
        receiver.deliver_to(Telling(inbox.clone())).into_router("/webhooks/novamed").layer(map_response(refused));
    println!("listening on {}", listener.local_addr()?);
    Server::new(inbox).receive(listener, router).run().await?;
    println!("stopped");
    Ok(())
}

/// Reports why a delivery wasn't stored: the database, its disk, the pool, the keys, or tables of a newer version.
/// The receiver answers 503 and keeps running.
#[derive(Clone)]
struct Telling(PostgresInbox);

impl Inbox for Telling {
    async fn store(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        let stored = self.0.store(delivery).await;
        if let Err(error) = &stored {
            let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            eprintln!("a delivery is not stored: {cause}");
        }
        stored
    }
}

/// Reports a refused delivery. NovaMed gives up after a few attempts, so repeated 401s mean that webhooks are lost
/// because only one side changed the secret.
async fn refused(response: Response) -> Response {
    if !response.status().is_success() {
        eprintln!("a delivery was answered {}", response.status());
    }
    response
}
