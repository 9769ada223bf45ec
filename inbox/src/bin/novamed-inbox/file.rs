//! Commands on a SQLite file: copying it, looking for damage, and saving what can be read.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use novamed_inbox::SqliteInbox;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Row, params_from_iter};
use serde_json::json;

use crate::commands::say;
use crate::failure::{FOUND, Failure, UNUSABLE};

/// Copies an inbox to a new file that its owner alone can read.
pub fn backup(source: &Path, target: &Path, json: bool) -> Result<(), Failure> {
    let connection = open(source)?;
    create(target)?;
    let copied = target.to_str().map_or(Err(None), |name| {
        connection.execute("VACUUM INTO ?1", [name]).map_err(|error| error.sqlite_error().map(|it| it.extended_code))
    });
    if let Err(code) = copied {
        // A partial copy must not be mistaken for a backup.
        let _ = std::fs::remove_file(target);
        let code = code.map_or(String::new(), |code| format!(" (code {code})"));
        return Err(Failure::new(UNUSABLE, format!("cannot copy {} to {}{code}", source.display(), target.display())));
    }
    let bytes = std::fs::metadata(target).map_or(0, |data| data.len());
    say(json, &json!({ "bytes": bytes }), || format!("{} holds a copy, {bytes} bytes", target.display()));
    Ok(())
}

/// Creates an empty file with the mode 0600, which SQLite then writes.
fn create(target: &Path) -> Result<(), Failure> {
    let mut file = OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    file.open(target).map(drop).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Failure::new(FOUND, format!("{} already exists; name a new file", target.display()))
        }
        _ => Failure::new(UNUSABLE, format!("cannot create {}: {error}", target.display())),
    })
}

/// Looks for damage. Fails if there is any, and counts the rows that can still be read.
pub fn check(path: &Path) -> Result<(), Failure> {
    let connection = open_damaged(path)?;
    let found = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
    if found.is_ok_and(|found| found == "ok") {
        return Ok(());
    }
    let mut readable = 0_u64;
    let read = |_: &Row<'_>| {
        readable += 1;
        Ok(())
    };
    let Ok(lost) = each_row(&connection, read) else { return Err(unreadable(path)) };
    Err(Failure::new(
        FOUND,
        format!(
            "{} is damaged: {readable} rows can be read; {lost}\nhelp: stop the app, keep the file and its -wal and \
             -shm files, and save the readable rows with `novamed-inbox recover FILE`",
            path.display(),
        ),
    ))
}

fn unreadable(path: &Path) -> Failure {
    let help = "if it is an inbox, stop the app, keep the file, and restore the latest backup";
    Failure::new(FOUND, format!("nothing in {} can be read\nhelp: {help}", path.display()))
}

/// Copies what can be read of a damaged inbox to a new one.
pub async fn recover(source: &Path, target: &Path, json: bool) -> Result<(), Failure> {
    let damaged = open_damaged(source)?;
    let version =
        |connection: &Connection| connection.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0));
    let written_by = version(&damaged).map_err(|_| unreadable(source))?;
    create(target)?;
    // Without keys: encrypted rows are copied unchanged, and the proofs of their keys with them.
    drop(SqliteInbox::open(target).await?);
    let failed = |_| Failure::new(UNUSABLE, format!("cannot read {} or write {}", source.display(), target.display()));
    let mut saved = Connection::open(target).map_err(failed)?;
    if version(&saved).ok() != Some(written_by) {
        // SQLite removes the files next to it when the last connection is closed.
        drop(saved);
        drop(std::fs::remove_file(target));
        let why = "the file is not an inbox, or another version of the app has written it";
        return Err(Failure::new(UNUSABLE, format!("{why}\nhelp: use the `novamed-inbox` of that version")));
    }
    let transaction = saved.transaction().map_err(failed)?;
    let mut rows = 0_u64;
    let lost = each_row(&damaged, |row| {
        rows += u64::from(insert(&transaction, "delivery", row).is_ok());
        Ok(())
    });
    let lost = lost.map_err(failed)?;
    for table in ["inbox", "sealing"] {
        let mut select = damaged.prepare(&format!("SELECT * FROM {table}")).map_err(failed)?;
        let mut all = select.query([]).map_err(failed)?;
        while let Ok(Some(row)) = all.next() {
            insert(&transaction, table, row).map_err(failed)?;
        }
    }
    // An order whose first event is lost goes on with the next.
    let first = "UPDATE delivery SET state = 1 WHERE state = 0 AND NOT EXISTS (SELECT 1 FROM delivery AS earlier
        WHERE earlier.group_key = delivery.group_key AND earlier.state < 2 AND earlier.id < delivery.id)";
    transaction.execute(first, []).map_err(failed)?;
    transaction.commit().map_err(failed)?;
    say(json, &json!({ "rows": rows }), || format!("{} holds {rows} rows; {lost}", target.display()));
    Ok(())
}

/// Reads each delivery that can be read. Returns a phrase that describes the rest.
fn each_row(
    connection: &Connection,
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<String> {
    let end = |order: &str| {
        let id = format!("SELECT id FROM delivery NOT INDEXED ORDER BY id {order} LIMIT 1");
        connection.query_row(&id, [], |row| row.get::<_, i64>(0))
    };
    // One by one: a damaged page ends a walk, but hides only its own rows from a search.
    let (first, last) = (end("ASC").unwrap_or(1), end("DESC").or_else(|_| highest(connection))?);
    let mut select = connection.prepare("SELECT * FROM delivery NOT INDEXED WHERE id = ?1")?;
    let mut damaged = 0_u64;
    for id in first..=last {
        let mut rows = select.query([id])?;
        match rows.next() {
            Ok(Some(row)) => read(row)?,
            Ok(None) => {}
            Err(_) => damaged += 1,
        }
    }
    Ok(match damaged {
        0 => format!("no row from {first} to {last} is damaged"),
        _ => format!("{damaged} of the rows from {first} to {last} are damaged"),
    })
}

/// Returns the highest id that was ever given.
fn highest(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT seq FROM sqlite_sequence WHERE name = 'delivery'", [], |row| row.get(0))
}

/// Writes a row of another database as it is.
fn insert(connection: &Connection, table: &str, row: &Row<'_>) -> rusqlite::Result<()> {
    let columns = row.as_ref().column_count();
    let values = (0..columns).map(|column| row.get::<_, Value>(column)).collect::<rusqlite::Result<Vec<_>>>()?;
    let places = vec!["?"; columns].join(", ");
    let mut insert = connection.prepare_cached(&format!("INSERT OR REPLACE INTO {table} VALUES ({places})"))?;
    insert.execute(params_from_iter(values)).map(drop)
}

/// Opens a file that may be shorter than its header says, which SQLite otherwise refuses to read.
fn open_damaged(path: &Path) -> Result<Connection, Failure> {
    let connection = open(path)?;
    let tolerant = connection.pragma_update(None, "writable_schema", true);
    tolerant.map_err(|_| unreadable(path))?;
    Ok(connection)
}

/// Opens an existing file.
fn open(path: &Path) -> Result<Connection, Failure> {
    let failed = |why: &str| Failure::new(UNUSABLE, format!("cannot open {}: {why}", path.display()));
    if !path.is_file() {
        return Err(failed("the file does not exist"));
    }
    // The -wal and -shm files are created if they are missing, which a read-only connection can't do.
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let connection = connection.map_err(|_| failed("the file cannot be opened"))?;
    connection.busy_timeout(Duration::from_secs(3)).map_err(|_| failed("the file cannot be opened"))?;
    Ok(connection)
}
