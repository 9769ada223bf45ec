//! An error of SQLite without its words: [`Problem`].

use rusqlite::ErrorCode;

use crate::{StoreError, StoreErrorKind};

/// What went wrong, as its kind and number. The message of a `rusqlite::Error` can quote a
/// statement, a value or a path, so none leaves this function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem(StoreError);

impl Problem {
    /// Says so without a number.
    pub const fn of(kind: StoreErrorKind) -> Self {
        Self(StoreError::new(kind, None))
    }

    /// Returns what the user of the store sees.
    pub const fn error(self) -> StoreError {
        self.0
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreErrorKind::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Busy,
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                StoreErrorKind::Inaccessible
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => StoreErrorKind::NotAnInbox,
            _ => StoreErrorKind::Other,
        };
        Self(StoreError::new(kind, error.sqlite_error().map(|error| error.extended_code)))
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn neither_statement_nor_value_nor_path_is_kept() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (Doe INTEGER NOT NULL UNIQUE) STRICT").unwrap();
        let errors = [
            connection.prepare("SELECT Jane FROM Doe").unwrap_err(),
            connection.execute("INSERT INTO t VALUES ('Jane Doe')", []).unwrap_err(),
            connection.execute("INSERT INTO t VALUES (NULL)", []).unwrap_err(),
            Connection::open("/no/such/folder/of/Jane/Doe").unwrap_err(),
        ];
        for error in errors {
            assert!(error.to_string().contains("Doe"), "{error}");
            let error = Problem::from(error).error();
            let text = format!("{error} {error:?}");
            assert!(!text.contains("Doe") && !text.contains("Jane"), "{text}");
            assert!(error.code().is_some());
        }
    }
}
