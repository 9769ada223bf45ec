//! An error of PostgreSQL, its driver or the pool without its words, which are replaced by ours.

use std::error::Error;
use std::io;

use deadpool_postgres::{PoolError, TimeoutType};
use tokio_postgres::error::{DbError, SqlState};

use super::schema;
pub use crate::problem::Problem;
use crate::{StoreError, StoreErrorKind};

// What is said more closely than the kind says it.

const NO_RIGHT: &str = "the role may not do what the inbox needs: let the tables' owner open it once, and give the role \
    the rights that OPERATING.md lists";
const NO_WRITES: &str = "the inbox's server takes no writes, as a standby: connect to the primary";
const NO_DATABASE: &str = "the inbox's server has no database of this name";
const NOT_LET_IN: &str = "the inbox's server does not let in who connects: look at the user, the password and the \
    server's pg_hba.conf";
const NO_PASSWORD: &str = "the inbox's server asks for a password, or another proof, that the pool's settings do not \
    give";
const NO_TLS: &str = "the connection to the inbox's server cannot be secured with TLS: check `sslmode`, the pool's TLS \
    connector (`NoTls` has none), and the server's certificate and host name";
const NO_FREE_CONNECTION: &str = "no connection of the pool came free in time: it is too small for what is asked of it";
const NONE_LEFT: &str = "the inbox's server takes no more connections: look at its `max_connections` and the pools' \
    sizes";

impl Problem {
    /// Says that all connections of the pool are in use.
    pub const fn no_free_connection() -> Self {
        Self(StoreError::new(StoreErrorKind::Busy, None).saying(NO_FREE_CONNECTION))
    }

    /// Whether the statement was at fault, not the connection or the server: one part of a batch may
    /// fail where the others do not.
    pub fn is_of_the_statement(self) -> bool {
        !matches!(
            self.error().kind(),
            StoreErrorKind::Unreachable
                | StoreErrorKind::Closed
                | StoreErrorKind::NewerSchema { .. }
                | StoreErrorKind::NotAnInbox
                | StoreErrorKind::Encrypted
                | StoreErrorKind::Inaccessible
        )
    }
}

impl From<tokio_postgres::Error> for Problem {
    fn from(error: tokio_postgres::Error) -> Self {
        error.as_db_error().map_or_else(|| of_the_driver(&error), of_the_server)
    }
}

/// An error that the server answered.
fn of_the_server(error: &DbError) -> Problem {
    let state = error.code();
    let (kind, words) = match state {
        state if state.code() == schema::NEWER => (schema::newer(error.message()), None),
        state if state.code() == schema::ENCRYPTED => (StoreErrorKind::Encrypted, None),
        &SqlState::DISK_FULL => (StoreErrorKind::Full, None),
        &SqlState::TOO_MANY_CONNECTIONS => (StoreErrorKind::Busy, Some(NONE_LEFT)),
        &SqlState::LOCK_NOT_AVAILABLE
        | &SqlState::QUERY_CANCELED
        | &SqlState::T_R_DEADLOCK_DETECTED
        | &SqlState::T_R_SERIALIZATION_FAILURE
        | &SqlState::OUT_OF_MEMORY => (StoreErrorKind::Busy, None),
        &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW => {
            (StoreErrorKind::Unreachable, None)
        }
        &SqlState::INSUFFICIENT_PRIVILEGE => (StoreErrorKind::Inaccessible, Some(NO_RIGHT)),
        &SqlState::READ_ONLY_SQL_TRANSACTION => (StoreErrorKind::Inaccessible, Some(NO_WRITES)),
        &SqlState::INVALID_CATALOG_NAME => (StoreErrorKind::Inaccessible, Some(NO_DATABASE)),
        &SqlState::UNDEFINED_TABLE
        | &SqlState::UNDEFINED_COLUMN
        | &SqlState::UNDEFINED_FUNCTION
        | &SqlState::INVALID_SCHEMA_NAME => (StoreErrorKind::NotAnInbox, None),
        // Classes: 08 is the connection, 28 who may connect.
        state if state.code().starts_with("08") => (StoreErrorKind::Unreachable, None),
        state if state.code().starts_with("28") => (StoreErrorKind::Inaccessible, Some(NOT_LET_IN)),
        _ => (StoreErrorKind::Other, None),
    };
    let error = StoreError::with_sqlstate(kind, state.code());
    Problem(words.map_or(error, |words| error.saying(words)))
}

/// An error without an answer of the server. The driver does not tell its kinds apart but by their
/// words, which are the same whatever went wrong within a kind.
fn of_the_driver(error: &tokio_postgres::Error) -> Problem {
    let inaccessible = |words| Problem(StoreError::new(StoreErrorKind::Inaccessible, None).saying(words));
    let connection = connection_error(error);
    match error.to_string().as_str() {
        // A connection that broke while it was secured says nothing of TLS.
        "error performing TLS handshake" if connection.is_none() => inaccessible(NO_TLS),
        "authentication error" | "invalid configuration" => inaccessible(NO_PASSWORD),
        "timeout waiting for server" | "unexpected message from server" => Problem::of(StoreErrorKind::Unreachable),
        _ if error.is_closed() || connection.is_some() => Problem::of(StoreErrorKind::Unreachable),
        // A value that is not of the type that was asked for, and the like.
        _ => Problem::of(StoreErrorKind::Other),
    }
}

/// Returns the error of the connection that caused this, if one did: not one of what was said on it.
fn connection_error(error: &tokio_postgres::Error) -> Option<&io::Error> {
    let cause = error.source()?.downcast_ref::<io::Error>()?;
    let said = matches!(cause.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput);
    (!said || error.to_string() == "error connecting to server").then_some(cause)
}

impl From<PoolError> for Problem {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            PoolError::Timeout(TimeoutType::Wait) => Self::no_free_connection(),
            PoolError::Timeout(_) => Self::of(StoreErrorKind::Unreachable),
            PoolError::Closed => Self::of(StoreErrorKind::Closed),
            _ => Self::of(StoreErrorKind::Other),
        }
    }
}
