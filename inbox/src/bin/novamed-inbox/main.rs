//! `novamed-inbox`: looks into an inbox and repairs what is in it, in SQLite and PostgreSQL alike.
//!
//! It uses an inbox as it is: it creates none, changes no schema and encrypts nothing. It prints
//! nothing of a delivery, and nothing that a handler said, unless it is given `--reveal`.

mod arguments;
mod commands;
mod failure;
mod file;
mod pages;
mod place;
#[path = "../../span.rs"]
mod span;
mod tables;

use std::process::ExitCode;

use arguments::{Asked, HELP};

#[tokio::main]
async fn main() -> ExitCode {
    let done = match arguments::parse(std::env::args_os().skip(1)) {
        Ok(Asked::Help) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Ok(Asked::Version) => {
            println!("novamed-inbox {}", env!("CARGO_PKG_VERSION"));
            return ExitCode::SUCCESS;
        }
        Ok(Asked::Work(work)) => commands::run(work).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.message.is_empty() {
                eprintln!("error: {}", failure.message);
            }
            ExitCode::from(failure.status)
        }
    }
}
