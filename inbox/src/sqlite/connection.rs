//! The connection to a file: a path in, a connection out on which what is committed is durable.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::problem::Problem;
use super::{SqliteOptions, claims, proofs, room, schema};
use crate::StoreErrorKind;

/// What `-wal` is cut to after it was larger. By itself SQLite begins it anew at about this size.
pub const LOG: u64 = 4 << 20;

/// Opens the file and sees to it that what is committed is durable.
pub fn connect(path: &Path, options: &SqliteOptions) -> Result<Connection, Problem> {
    if path.as_os_str().is_empty() || path == OsStr::new(":memory:") {
        return Err(Problem::of(StoreErrorKind::NotDurable));
    }
    if !options.existing {
        create(path)?;
    }
    let deadline = Instant::now() + options.wait;
    loop {
        match prepare(path, options) {
            // SQLite does not wait by itself while another connection changes the journal's mode.
            Err(problem) if problem.error().kind() == StoreErrorKind::Busy && Instant::now() < deadline => {
                thread::sleep(Duration::from_millis(20));
            }
            opened => return opened.map_err(|problem| room::or_full(problem, folder_of(path))),
        }
    }
}

/// Returns the folder of a file. A path without one is in the folder where the process runs.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Opens the file, which exists.
fn prepare(path: &Path, options: &SqliteOptions) -> Result<Connection, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.busy_timeout(options.wait)?;
    // Before the mode of the journal, so that a foreign database is left as it is.
    schema::check_owner(&connection.transaction()?)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Problem::of(StoreErrorKind::NotDurable));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    // macOS confirms a plain fsync before the disk does; elsewhere this changes nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "journal_size_limit", i64::try_from(LOG).unwrap_or(i64::MAX))?;
    // What is removed is overwritten.
    connection.pragma_update(None, "secure_delete", true)?;
    if options.existing {
        proofs::check_keys(&*connection.transaction()?, &options.sealing)?;
    } else {
        schema::migrate(&mut connection)?;
        proofs::settle(&mut connection, &options.sealing)?;
        proofs::remove_remnants(&connection, options.wait)?;
        claims::catch_up(&connection)?;
    }
    Ok(connection)
}

/// Creates an empty file that only its owner can read, unless the file exists.
fn create(path: &Path) -> Result<(), Problem> {
    let mut file = OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == ErrorKind::StorageFull => Err(Problem::of(StoreErrorKind::Full)),
        Err(_) => Err(Problem::of(StoreErrorKind::Inaccessible)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_wait_for_the_disk() {
        let folder = tempfile::TempDir::new().unwrap();
        let connection = connect(&folder.path().join("inbox.db"), &SqliteOptions::default()).unwrap();
        let number = |pragma| connection.pragma_query_value::<i64, _>(None, pragma, |row| row.get(0)).unwrap();
        // 2 is FULL: with WAL, each commit is synced.
        assert_eq!((number("synchronous"), number("fullfsync"), number("secure_delete")), (2, 1, 1));
        assert_eq!(number("busy_timeout"), 3000);
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }
}
