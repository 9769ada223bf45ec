//! `cargo xtask oracle`: runs the test `real::oracle` on the documents that are asked for.

use std::fs;

use crate::args::Oracle;
use crate::failure::Failure;

/// Runs the command.
///
/// # Errors
///
/// Values are lost that no exception lists, or a listed exception no longer occurs.
pub fn run(options: &Oracle) -> Result<(), Failure> {
    let mut command = crate::command("cargo");
    command.args(["test", "--quiet", "--workspace", "--test", "it", "--", "real::oracle", "--nocapture"]);
    command.env("NOVAMED_ORACLE", "1");
    if options.full {
        command.env("NOVAMED_LONG_TESTS", "1");
    }
    if !options.documents.is_empty() {
        command.env("NOVAMED_DOCUMENTS", options.documents.iter().map(|it| absolute(it)).collect::<Vec<_>>().join(","));
    }
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        // The test reports what is wrong.
        Ok(_) => Err(Failure::problem("")),
        Err(error) => Err(Failure::problem(format!("cannot run `cargo`: {error}"))),
    }
}

/// Returns the path of a file from anywhere; what isn't a file is the name of a document in the corpus.
fn absolute(document: &str) -> String {
    match fs::canonicalize(document) {
        Ok(path) if path.is_file() => path.to_string_lossy().into_owned(),
        _ => document.to_owned(),
    }
}
