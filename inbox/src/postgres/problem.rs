//! An error of PostgreSQL or of the pool without its words: [`Problem`].

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

use super::schema;
use crate::{StoreError, StoreErrorKind};

/// What went wrong, as its kind and SQLSTATE. A server's message can quote a row, a statement or an
/// address, so none leaves this file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem(StoreError);

impl Problem {
    /// Says so without a SQLSTATE.
    pub const fn of(kind: StoreErrorKind) -> Self {
        Self(StoreError::new(kind, None))
    }

    /// Returns what the user of the store sees.
    pub const fn error(self) -> StoreError {
        self.0
    }

    /// Whether the statement was at fault, not the connection or the server: one part of a batch may
    /// fail where the others do not.
    pub fn is_of_the_statement(self) -> bool {
        !matches!(
            self.0.kind(),
            StoreErrorKind::Unreachable
                | StoreErrorKind::Closed
                | StoreErrorKind::NewerSchema { .. }
                | StoreErrorKind::NotAnInbox
                | StoreErrorKind::Encrypted
                | StoreErrorKind::Inaccessible
        )
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl From<tokio_postgres::Error> for Problem {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(database) = error.as_db_error() else {
            // Without an answer of the server: the connection could not be made, was cut, or timed out.
            return Self::of(StoreErrorKind::Unreachable);
        };
        let state = database.code();
        let kind = match state {
            state if state.code() == schema::NEWER => schema::newer(database.message()),
            state if state.code() == schema::ENCRYPTED => StoreErrorKind::Encrypted,
            &SqlState::DISK_FULL => StoreErrorKind::Full,
            &SqlState::TOO_MANY_CONNECTIONS
            | &SqlState::LOCK_NOT_AVAILABLE
            | &SqlState::QUERY_CANCELED
            | &SqlState::T_R_DEADLOCK_DETECTED
            | &SqlState::T_R_SERIALIZATION_FAILURE
            | &SqlState::OUT_OF_MEMORY => StoreErrorKind::Busy,
            &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW => {
                StoreErrorKind::Unreachable
            }
            &SqlState::INSUFFICIENT_PRIVILEGE
            | &SqlState::READ_ONLY_SQL_TRANSACTION
            | &SqlState::INVALID_CATALOG_NAME => StoreErrorKind::Inaccessible,
            &SqlState::UNDEFINED_TABLE
            | &SqlState::UNDEFINED_COLUMN
            | &SqlState::UNDEFINED_FUNCTION
            | &SqlState::INVALID_SCHEMA_NAME => StoreErrorKind::NotAnInbox,
            // Classes: 08 is the connection, 28 who may connect.
            state if state.code().starts_with("08") => StoreErrorKind::Unreachable,
            state if state.code().starts_with("28") => StoreErrorKind::Inaccessible,
            _ => StoreErrorKind::Other,
        };
        Self(StoreError::with_sqlstate(kind, state.code()))
    }
}

impl From<PoolError> for Problem {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            // All connections are in use.
            PoolError::Timeout(_) => Self::of(StoreErrorKind::Busy),
            PoolError::Closed => Self::of(StoreErrorKind::Closed),
            PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => Self::of(StoreErrorKind::Other),
        }
    }
}
