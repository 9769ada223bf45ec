//! What each of the programs does at its end, and why it ends.

use std::error::Error;
use std::future::pending;
use std::process::ExitCode;

/// Whatever ends a program.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Says why a program ended, with its causes.
pub fn ended(result: Result<(), Failure>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("caused by: {error}");
        cause = error.source();
    }
    ExitCode::FAILURE
}

/// Ends when the process is asked to: Ctrl-C, or on Unix SIGTERM, as service managers send it.
pub async fn asked_to_stop() {
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
