//! Receives NovaMed's webhooks into PostgreSQL: one of two programs, on any number of hosts.
//!
//! ```text
//! NOVAMED_WEBHOOK_SECRET=… cargo run --example postgres_receiver --features postgres,encryption -- \
//!     postgres://inbox@db.internal/pharmacy 127.0.0.1:8080
//! ```
//!
//! A delivery is answered 200 once it is in the database; `postgres_worker` does the work. Where
//! `NOVAMED_INBOX_COMPARISON_KEY` and `NOVAMED_INBOX_KEYS` are set, it is encrypted there. Put TLS in
//! front of it (NovaMed delivers over HTTPS), and between it and the database: give the pool's manager
//! a TLS connector in the place of `NoTls`.

use std::env;
use std::error::Error;
use std::future::pending;

use deadpool_postgres::{Manager, Pool};
use novamed::webhooks::Receiver;
use novamed_inbox::{Keys, PostgresInbox, PostgresOptions};
use tokio::net::TcpListener;
use tokio_postgres::NoTls;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let url = arguments.next().ok_or("usage: postgres_receiver URL [ADDRESS]")?;
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());

    // The app's own pool, which it uses for its tables too.
    let pool = Pool::builder(Manager::new(url.parse()?, NoTls)).max_size(8).build()?;
    let options = Keys::from_env()?.into_iter().fold(PostgresInbox::options(), PostgresOptions::keys);
    let inbox = options.open(pool).await?;

    let router = Receiver::from_env()?.deliver_to(inbox).into_router("/webhooks/novamed");
    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, router).with_graceful_shutdown(asked_to_stop()).await?;
    println!("stopped");
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
