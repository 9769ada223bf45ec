//! What can go wrong in a store: [`StoreError`]. It never holds a value, a statement or a path.

use std::error::Error;
use std::fmt;

use novamed::webhooks::InboxError;

/// A store could not do what was asked. Nothing is lost: what was answered before is stored.
///
/// It is made of words of this crate and of the database's own error number; a database's message
/// can quote a row or a statement, so it is dropped where it arises.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StoreError {
    kind: StoreErrorKind,
    code: Option<i32>,
    sqlstate: Option<[u8; 5]>,
    /// What is said in the place of the kind's words.
    closer: Option<&'static str>,
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreError")
            .field("kind", &self.kind)
            .field("code", &self.code)
            .field("sqlstate", &self.sqlstate())
            .finish_non_exhaustive()
    }
}

/// What a [`StoreError`] is about, and so what helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The disk, or what the database may take of it, is full.
    Full,
    /// Another connection held the database for too long, no connection of the pool came free, or
    /// more waits to be written than the store takes in.
    Busy,
    /// A newer version of this crate has changed the database, with this schema's number; this
    /// version knows the other. Start the newer version.
    NewerSchema {
        /// The number of the database's schema.
        found: i32,
        /// The highest number that this version knows.
        known: i32,
    },
    /// An older version of this crate has written the database, and it was opened by
    /// `SqliteOptions::existing` or `PostgresOptions::existing`, which change no schema.
    OlderSchema {
        /// The number of the database's schema.
        found: i32,
        /// The number that this version needs.
        known: i32,
    },
    /// The inbox doesn't exist, and it was opened by `SqliteOptions::existing` or
    /// `PostgresOptions::existing`, which don't create one.
    Missing,
    /// The inbox isn't encrypted, so it has no keys to rotate.
    NotEncrypted,
    /// SQLite: the file or its folder can't be opened or written. PostgreSQL: the login or the TLS handshake
    /// failed, the database doesn't exist, the role lacks a permission, or the server is a read-only standby.
    Inaccessible,
    /// SQLite: the file is damaged, isn't a database, or belongs to another program. PostgreSQL: the schema
    /// contains something else, was removed, or has an invalid name.
    NotAnInbox,
    /// SQLite: the path doesn't name a file on disk (it is empty or `:memory:`), or its file system can't
    /// guarantee durability, like a network file system. PostgreSQL: `fsync` is off.
    NotDurable,
    /// The server can't be reached or doesn't answer, or the connection was lost. A write that was in
    /// progress may have been stored.
    Unreachable,
    /// The server is older than the store can work with, or its text is not UTF-8.
    Unsupported,
    /// The inbox is encrypted, and was opened without keys.
    Encrypted,
    /// The inbox holds what only the encryption key with this number opens, and it is not among the
    /// keys that were given. What needs it is left as it is.
    MissingKey {
        /// The key's number.
        number: u32,
    },
    /// A key is not the one that the inbox was written with. Nothing was changed.
    WrongKey {
        /// The number of the encryption key; 0 is the comparison key.
        number: u32,
    },
    /// An encryption key is one that the inbox knows by another number. Nothing was changed.
    RepeatedKey {
        /// The number that it has now.
        number: u32,
        /// The number that the inbox knows it by; 0 is the comparison key.
        known: u32,
    },
    /// The store's thread has ended, or the pool was closed.
    Closed,
    /// Something else; the code says what.
    Other,
}

impl StoreError {
    /// Says that a store failed. The `code` is the database's own, and is shown.
    #[must_use]
    pub const fn new(kind: StoreErrorKind, code: Option<i32>) -> Self {
        Self { kind, code, sqlstate: None, closer: None }
    }

    /// Says that a store failed. The five characters of the SQLSTATE are shown; another text is not.
    #[must_use]
    pub fn with_sqlstate(kind: StoreErrorKind, state: &str) -> Self {
        let state = state.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| state.as_bytes().try_into().ok());
        Self { kind, code: None, sqlstate: state.flatten(), closer: None }
    }

    /// Says what is wrong, and what helps, more closely than its kind does.
    #[cfg(feature = "postgres")]
    pub(crate) const fn saying(self, words: &'static str) -> Self {
        Self { closer: Some(words), ..self }
    }

    /// Returns what is wrong, without numbers.
    const fn words(&self) -> &'static str {
        match self.closer {
            Some(words) => words,
            None => self.kind.words(),
        }
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

    /// Returns the SQLSTATE, where the database is one that has them: five digits and letters.
    #[must_use]
    pub fn sqlstate(&self) -> Option<&str> {
        str::from_utf8(self.sqlstate.as_ref()?).ok()
    }
}

impl StoreErrorKind {
    /// Returns what is wrong, without numbers.
    const fn words(self) -> &'static str {
        match self {
            Self::Full => "the inbox's disk is full",
            Self::Busy => "the inbox is locked by another connection or has too much to write",
            Self::NewerSchema { .. } => "a newer version of novamed-inbox has changed the inbox",
            Self::OlderSchema { .. } => "an older version of novamed-inbox has written the inbox",
            Self::Missing => "the inbox does not exist",
            Self::NotEncrypted => "the inbox is not encrypted, so it has no keys",
            Self::Inaccessible => "the inbox's file or schema cannot be opened or written",
            Self::NotAnInbox => "the file or schema is damaged, or is not an inbox",
            Self::NotDurable => "an inbox in this place would not be durable",
            Self::Unreachable => "the inbox's server cannot be reached, or does not answer",
            Self::Unsupported => "the inbox's server is too old, or its text is not UTF-8",
            Self::Encrypted => "the inbox is encrypted, and the key to open it is missing",
            Self::MissingKey { .. } => "an encryption key of the inbox is missing",
            Self::WrongKey { .. } => "a key is not the one that the inbox was written with",
            Self::RepeatedKey { .. } => "the inbox knows an encryption key by another number",
            Self::Closed => "the inbox is closed",
            Self::Other => "the inbox failed",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            StoreErrorKind::NewerSchema { found, known } => write!(
                f,
                "the inbox has schema {found}, written by a newer version of novamed-inbox; this version knows schema \
                 {known}"
            ),
            StoreErrorKind::OlderSchema { found, known } => write!(
                f,
                "the inbox has schema {found}, written by an older version of novamed-inbox; this version needs schema \
                 {known}, which the app's own program brings it to"
            ),
            StoreErrorKind::MissingKey { number } => {
                write!(f, "the inbox holds what needs the encryption key {number}, which is not among the keys")
            }
            StoreErrorKind::WrongKey { number: 0 } => {
                f.write_str("the comparison key is not the one that the inbox was written with")
            }
            StoreErrorKind::WrongKey { number } => {
                write!(f, "the encryption key {number} is not the one that the inbox was written with")
            }
            StoreErrorKind::RepeatedKey { number, known: 0 } => {
                write!(f, "the encryption key {number} is the comparison key: each has to be its own")
            }
            StoreErrorKind::RepeatedKey { number, known } => {
                write!(
                    f,
                    "the encryption key {number} is the one that the inbox knows as key {known}: a new number needs a \
                     new key"
                )
            }
            _ => f.write_str(self.words()),
        }?;
        match (self.code, self.sqlstate()) {
            (Some(code), _) => write!(f, " (code {code})"),
            (None, Some(state)) => write!(f, " (SQLSTATE {state})"),
            (None, None) => Ok(()),
        }
    }
}

impl Error for StoreError {}

impl From<StoreError> for InboxError {
    fn from(error: StoreError) -> Self {
        Self::new(error.words()).caused_by(error)
    }
}
