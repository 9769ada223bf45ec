//! Receives NovaMed's webhooks into PostgreSQL: one of two programs, on any number of hosts.
//!
//! ```text
//! NOVAMED_WEBHOOK_SECRET=… cargo run -p novamed-inbox --example postgres_receiver --features postgres,encryption -- \
//!     postgres://inbox@db.internal/pharmacy 127.0.0.1:8080
//! ```
//!
//! A delivery is answered 200 once it is in the database; `postgres_worker` does the work. Where
//! `NOVAMED_INBOX_COMPARISON_KEY` and `NOVAMED_INBOX_KEYS` are set, it is encrypted there. Put TLS in
//! front of it (NovaMed delivers over HTTPS), and between it and the database: give the pool's manager
//! a TLS connector in the place of `NoTls`.

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
    // The parser quotes what it does not know, which may be a part of a password.
    let server: Config =
        url.parse().map_err(|_| "URL is none of a server, as postgres://inbox@db.internal/pharmacy")?;

    // All that can be wrong here is read before anything is opened or changed.
    let receiver = Receiver::from_env()?;
    let options = PostgresInbox::options().on_report(|report| eprintln!("{report}"));
    let options = Keys::from_env()?.into_iter().fold(options, PostgresOptions::keys);
    let listener = TcpListener::bind(&address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;

    // The app's own pool, which it uses for its tables too.
    let pool = Pool::builder(Manager::new(server, NoTls)).max_size(8).build()?;
    let inbox = options.open(pool).await?;
    let router =
        receiver.deliver_to(Telling(inbox.clone())).into_router("/webhooks/novamed").layer(map_response(refused));
    println!("listening on {}", listener.local_addr()?);
    Server::new(inbox).receive(listener, router).run().await?;
    println!("stopped");
    Ok(())
}

/// Says why a delivery is not stored: the database, its disk, the pool, the keys, or a version of this
/// program that is older than the tables. The receiver answers 503 and runs on.
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

/// Says when a delivery is not taken: NovaMed gives up after some tries, so a run of 401 means that
/// webhooks get lost because a secret was changed on one side alone.
async fn refused(response: Response) -> Response {
    if !response.status().is_success() {
        eprintln!("a delivery was answered {}", response.status());
    }
    response
}
