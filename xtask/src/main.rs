//! The commands of this repository, as `cargo xtask COMMAND`.
//!
//! `codegen` reads a document and the client's hand-written parts, passes them to the generator, and updates
//! the output folder. `lint`, `diff` and `drift` review documents. `ci` runs every check, `bench` measures,
//! and `postgres` runs a command with a server. All file access of the pipeline is here, but no logic of its
//! stages.

mod args;
mod bench;
mod check;
mod ci;
mod codegen;
mod diff;
mod document;
mod drift;
mod failure;
mod git;
mod lint;
mod measure;
mod oracle;
mod owned;
mod packages;
mod postgres;
mod survey;
mod templates;
mod write;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};

use args::Command;
use failure::Failure;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprint!("{failure}");
            ExitCode::from(failure.status)
        }
    }
}

fn run() -> Result<(), Failure> {
    match args::parse(std::env::args_os().skip(1))? {
        Command::Help(text) => {
            print!("{text}");
            Ok(())
        }
        Command::Codegen(options) => codegen::run(&options),
        Command::Lint(options) => lint::run(&options),
        Command::Diff(options) => diff::run(&options),
        Command::Drift(options) => drift::run(&options),
        Command::Ci(options) => ci::run(&options),
        Command::Oracle(options) => oracle::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Postgres(command) => postgres::run(&command),
    }
}

/// Returns a command that runs in the root of the workspace.
///
/// It doesn't inherit what `cargo run` says about this package. Build scripts that read such variables would run again,
/// and everything that depends on their crates would be compiled again.
fn command(program: impl AsRef<OsStr>) -> process::Command {
    let mut command = process::Command::new(program);
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let is_about_this_package =
            name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
        if is_about_this_package {
            command.env_remove(name);
        }
    }
    command
}

/// Returns the root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace's root").to_owned()
}
