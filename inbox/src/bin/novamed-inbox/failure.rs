//! Why the program ends without having done what was asked: a message and an exit status.

use novamed_inbox::StoreError;

/// The inbox holds what it should not, or not what was named.
pub const FOUND: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;
/// The inbox cannot be used.
pub const UNUSABLE: u8 = 3;

/// What ended the program.
#[derive(Debug)]
pub struct Failure {
    pub status: u8,
    /// What to print; empty where all is said.
    pub message: String,
}

impl Failure {
    pub fn new(status: u8, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub fn usage(message: impl std::fmt::Display) -> Self {
        Self::new(USAGE, format!("{message}\nhelp: `novamed-inbox --help` shows how it is used"))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(UNUSABLE, error.to_string())
    }
}
