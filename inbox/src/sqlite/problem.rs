//! An error of SQLite without its words.

use rusqlite::ErrorCode;

pub use crate::problem::Problem;
use crate::{StoreError, StoreErrorKind};

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
