//! Receives NovaMed's webhooks and handles them, in one process that can be killed at any time.
//!
//! ```text
//! NOVAMED_WEBHOOK_SECRET=… cargo run --example webhook_server -- inbox.db 127.0.0.1:8080
//! ```
//!
//! A delivery is answered 200 once it is in `inbox.db`; the handler then prints what it is about,
//! without naming a patient. Put TLS in front of it: NovaMed delivers over HTTPS.

use std::env;
use std::error::Error;
use std::future::pending;

use novamed::webhooks::{Event, Receiver};
use novamed_inbox::{Handling, HandlingError, SqliteInbox, Workers};
use tokio::net::TcpListener;
use tokio::sync::watch;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "inbox.db".to_owned());
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());

    let inbox = SqliteInbox::open(path).await?;
    let router = Receiver::from_env()?.deliver_to(inbox.clone()).into_router("/webhooks/novamed");
    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);

    // One signal stops both; what fails ends the program.
    let (stop, stopped) = watch::channel(());
    let until = |mut stopped: watch::Receiver<()>| async move { drop(stopped.changed().await) };
    let serve = axum::serve(listener, router).with_graceful_shutdown(until(stopped.clone())).into_future();
    let workers = Workers::new(inbox).on_report(|report| eprintln!("{report:?}")).run_until(until(stopped), handle);
    let signals = async {
        asked_to_stop().await;
        drop(stop);
        Ok::<_, Box<dyn Error>>(())
    };
    tokio::try_join!(signals, async { Ok(serve.await?) }, async { Ok(workers.await?) })?;
    println!("stopped");
    Ok(())
}

/// Does the app's work for one event. It is called again if it fails, or if the process dies.
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
