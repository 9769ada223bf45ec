//! How each program reports why it ended.

use std::error::Error;
use std::process::ExitCode;

/// Any error that ends a program.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Reports why a program ended, with its causes.
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
