//! Why the program ends without having done what was asked: a message and an exit status.

use novamed_inbox::{StoreError, StoreErrorKind};

/// The inbox has a problem, or an id or file isn't as the command needs it.
pub const FOUND: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;
/// The inbox cannot be used.
pub const UNUSABLE: u8 = 3;

/// What ended the program.
#[derive(Debug)]
pub struct Failure {
    pub status: u8,
    /// What to print. Empty if everything has been printed.
    pub message: String,
}

impl Failure {
    pub fn new(status: u8, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// Returns the failure for a store's error, with advice on what to do.
    pub fn of(error: &StoreError, message: String) -> Self {
        let help = match error.kind() {
            StoreErrorKind::Missing => {
                "check --inbox or NOVAMED_INBOX; the app creates the inbox when it first opens it"
            }
            StoreErrorKind::NotAnInbox => {
                "check --inbox and --schema; for a SQLite file, `novamed-inbox verify` looks for damage"
            }
            StoreErrorKind::Inaccessible => {
                "check the permissions of this user and of the database role; for TLS, the certificates in SSL_CERT_FILE"
            }
            StoreErrorKind::Unreachable => "check the host and port in the URL, and that the server runs",
            StoreErrorKind::Encrypted | StoreErrorKind::MissingKey { .. } | StoreErrorKind::WrongKey { .. } => {
                "set NOVAMED_INBOX_COMPARISON_KEY and NOVAMED_INBOX_KEYS to the app's values"
            }
            StoreErrorKind::NotEncrypted => "start the app with keys first; it encrypts the inbox",
            StoreErrorKind::NewerSchema { .. } | StoreErrorKind::OlderSchema { .. } => {
                "use the `novamed-inbox` of the app's version"
            }
            _ => return Self::new(UNUSABLE, message),
        };
        Self::new(UNUSABLE, format!("{message}\nhelp: {help}"))
    }

    pub fn usage(message: impl std::fmt::Display) -> Self {
        Self::new(USAGE, format!("{message}\nhelp: `novamed-inbox --help` shows the usage"))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::of(&error, error.to_string())
    }
}
