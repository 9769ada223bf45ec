//! Receives NovaMed's webhooks and follows each order, in one process that can be killed at any time.
//!
//! ```text
//! NOVAMED_WEBHOOK_SECRET=… cargo run --example webhook_server -- inbox.db 127.0.0.1:8080
//! ```
//!
//! A delivery is answered 200 once it is in `inbox.db`; the handler then takes the event into what is
//! known of the order, in `inbox.db.orders.json`, and prints the state without naming anybody. Both files
//! hold protected health information. Put TLS in front of it: NovaMed delivers over HTTPS.

use std::env;
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::future::pending;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use novamed::tracking::{Subject, Tracking};
use novamed::webhooks::{Event, Receiver};
use novamed_inbox::{Handling, HandlingError, SqliteInbox, Workers};
use tokio::net::TcpListener;
use tokio::sync::watch;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "inbox.db".to_owned());
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());

    let orders = Arc::new(Orders::open(format!("{path}.orders.json").into())?);
    let inbox = SqliteInbox::open(path).await?;
    let router = Receiver::from_env()?.deliver_to(inbox.clone()).into_router("/webhooks/novamed");
    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);

    // One signal stops both; what fails ends the program.
    let (stop, stopped) = watch::channel(());
    let until = |mut stopped: watch::Receiver<()>| async move { drop(stopped.changed().await) };
    let serve = axum::serve(listener, router).with_graceful_shutdown(until(stopped.clone())).into_future();
    let handler = move |handling| handle(Arc::clone(&orders), handling);
    let workers = Workers::new(inbox).on_report(|report| eprintln!("{report:?}")).run_until(until(stopped), handler);
    let signals = async {
        asked_to_stop().await;
        drop(stop);
        Ok::<_, Box<dyn Error>>(())
    };
    tokio::try_join!(signals, async { Ok(serve.await?) }, async { Ok(workers.await?) })?;
    println!("stopped");
    Ok(())
}

/// Does the app's work for one event. It is called again if it fails, or if the process dies; taking
/// an event in once more changes nothing.
async fn handle(orders: Arc<Orders>, handling: Handling) -> Result<(), HandlingError> {
    let attempt = handling.attempt();
    let told = tokio::task::spawn_blocking(move || orders.take_in(handling.event())).await??;
    println!("attempt {attempt}: {told}");
    Ok(())
}

/// What is known of orders and shipments, in a file. An app with many orders has a row for each.
struct Orders {
    path: PathBuf,
    known: Mutex<Tracking>,
}

impl Orders {
    fn open(path: PathBuf) -> Result<Self, Box<dyn Error>> {
        let known = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Tracking::new(),
            Err(error) => return Err(error.into()),
        };
        Ok(Self { path, known: Mutex::new(known) })
    }

    /// Returns once the file holds what the event tells.
    fn take_in(&self, event: &Event) -> io::Result<String> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let subject = known.apply(event);
        save(&self.path, &serde_json::to_vec(&*known)?)?;
        Ok(match subject {
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
        })
    }
}

/// Replaces the file as a whole, so that a crash leaves the old one or the new one.
fn save(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    // The folder holds the name.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
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
