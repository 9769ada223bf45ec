//! Why a command failed: the message and the exit status.

use std::fmt;
use std::io;
use std::path::Path;

/// The status after problems with the document, a check or a file.
pub const PROBLEMS: u8 = 1;
/// The status after a wrong command line.
pub const USAGE: u8 = 2;

/// The failure of a command.
#[derive(Debug)]
pub struct Failure {
    /// The exit status: [`PROBLEMS`] or [`USAGE`].
    pub status: u8,
    /// The text after `error: `, or empty if everything is already printed.
    pub message: String,
}

impl Failure {
    /// A problem with the document, a check or the file system.
    pub fn problem(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status: PROBLEMS, message }
    }

    /// The command line is wrong. The message points to the help of `command`.
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
