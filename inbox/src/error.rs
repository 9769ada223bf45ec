//! What can go wrong in a store: [`StoreError`]. It never holds a value, a statement or a path.

use std::error::Error;
use std::fmt;

use novamed::webhooks::InboxError;

/// A store could not do what was asked. Nothing is lost: what was answered before is stored.
///
/// It is made of words of this crate and of the database's own error number; a database's message
/// can quote a row or a statement, so it is dropped where it arises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreError {
    kind: StoreErrorKind,
    code: Option<i32>,
}

/// What a [`StoreError`] is about, and so what helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The disk, or what the database may take of it, is full.
    Full,
    /// Another connection held the database for too long, or more waits to be written than the
    /// store takes in.
    Busy,
    /// A newer version of this crate has changed the database, with this schema's number; this
    /// version knows the other. Start the newer version.
    NewerSchema {
        /// The number of the database's schema.
        found: i32,
        /// The highest number that this version knows.
        known: i32,
    },
    /// The file or its folder cannot be opened or written.
    Inaccessible,
    /// The file is no inbox: no database, a damaged one, or one that belongs to another program.
    NotAnInbox,
    /// The path names no file on a disk (it is empty or `:memory:`), or the file's place does not
    /// offer what durability needs, as a network file system.
    NotDurable,
    /// The store's thread has ended.
    Closed,
    /// Something else; the code says what.
    Other,
}

impl StoreError {
    /// Says that a store failed. The `code` is the database's own, and is shown.
    #[must_use]
    pub const fn new(kind: StoreErrorKind, code: Option<i32>) -> Self {
        Self { kind, code }
    }

    /// Returns what it is about.
    #[must_use]
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Returns the database's own number for it, where there is one (SQLite: the extended result code).
    #[must_use]
    pub const fn code(&self) -> Option<i32> {
        self.code
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            StoreErrorKind::Full => f.write_str("the inbox's disk is full"),
            StoreErrorKind::Busy => f.write_str("the inbox is locked by another connection or has too much to write"),
            StoreErrorKind::NewerSchema { found, known } => write!(
                f,
                "the inbox has schema {found}, written by a newer version of novamed-inbox; this version knows schema \
                 {known}"
            ),
            StoreErrorKind::Inaccessible => f.write_str("the inbox's file cannot be opened or written"),
            StoreErrorKind::NotAnInbox => f.write_str("the file is no inbox, or it is damaged"),
            StoreErrorKind::NotDurable => f.write_str("the path names no place where an inbox can be durable"),
            StoreErrorKind::Closed => f.write_str("the inbox is closed"),
            StoreErrorKind::Other => f.write_str("the inbox failed"),
        }?;
        match self.code {
            Some(code) => write!(f, " (code {code})"),
            None => Ok(()),
        }
    }
}

impl Error for StoreError {}

impl From<StoreError> for InboxError {
    fn from(error: StoreError) -> Self {
        Self::new("the inbox could not store the delivery").caused_by(error)
    }
}
