//! Why a command ends without having done its work: what to print and the exit status.

use std::fmt;
use std::io;
use std::path::Path;

/// The status of a run whose document, check or file access had problems.
pub const PROBLEMS: u8 = 1;
/// The status of a run whose command line is wrong.
pub const USAGE: u8 = 2;

/// What ended a command.
#[derive(Debug)]
pub struct Failure {
    /// The exit status: [`PROBLEMS`] or [`USAGE`].
    pub status: u8,
    /// What to print after `error: `; empty where all is printed already.
    pub message: String,
}

impl Failure {
    /// The document, the check or the file system stands in the way.
    pub fn problem(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status: PROBLEMS, message }
    }

    /// The command line is wrong; `command` is the one whose help says how it is written.
    pub fn usage(command: &str, message: impl fmt::Display) -> Self {
        let help =
            if command.is_empty() { "cargo xtask --help".to_owned() } else { format!("cargo xtask {command} --help") };
        Self { status: USAGE, message: format!("{message}\nhelp: `{help}` shows how it is written") }
    }

    /// An access to `path` failed; `action` is a verb such as `read`.
    pub fn io(action: &str, path: &Path, error: &io::Error) -> Self {
        Self::problem(format!("cannot {action} {}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.message.is_empty() {
            return Ok(());
        }
        writeln!(f, "error: {}", self.message)
    }
}
