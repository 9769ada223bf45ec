//! Commands on a SQLite file: copying it, looking for damage, and saving what can be read.

use std::collections::HashSet;
use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use novamed_inbox::SqliteInbox;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use serde_json::json;

use crate::commands::say;
use crate::failure::{FOUND, Failure, UNUSABLE};
use crate::pages::{Pages, Row};

/// How many columns the table of deliveries has, and how many it had first.
const COLUMNS: usize = 16;
const FIRST_COLUMNS: usize = 14;

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
    let mut readable = HashSet::new();
    let read = |delivery: Row| {
        readable.insert(delivery.id);
    };
    each_delivery(&connection, path, read).map_err(|_| unreadable(path))?;
    let lost = lost(&connection, &readable);
    Err(Failure::new(
        FOUND,
        format!(
            "{} is damaged: {} rows can be read; {lost}\nhelp: stop the app, keep the file and its -wal and -shm \
             files, and save the readable rows with `novamed-inbox recover FILE`",
            path.display(),
            readable.len(),
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
    let failed = || Failure::new(UNUSABLE, format!("cannot read {} or write {}", source.display(), target.display()));
    let mut saved = Connection::open(target).map_err(|_| failed())?;
    if version(&saved).ok() != Some(written_by) {
        // SQLite removes the files next to it when the last connection is closed.
        drop(saved);
        drop(std::fs::remove_file(target));
        let why = "the file is not an inbox, or another version of the app has written it";
        return Err(Failure::new(UNUSABLE, format!("{why}\nhelp: use the `novamed-inbox` of that version")));
    }
    let transaction = saved.transaction().map_err(|_| failed())?;
    let mut saved_rows = HashSet::new();
    let save = |delivery: Row| {
        if insert(&transaction, "delivery", delivery.values).is_ok() {
            saved_rows.insert(delivery.id);
        }
    };
    each_delivery(&damaged, source, save).map_err(|_| failed())?;
    let lost = lost(&damaged, &saved_rows);
    for table in ["inbox", "sealing"] {
        let mut select = damaged.prepare(&format!("SELECT * FROM {table}")).map_err(|_| failed())?;
        let mut all = select.query([]).map_err(|_| failed())?;
        while let Ok(Some(row)) = all.next() {
            let columns = 0..row.as_ref().column_count();
            let values = columns.map(|column| row.get(column)).collect::<rusqlite::Result<_>>();
            values.and_then(|values| insert(&transaction, table, values)).map_err(|_| failed())?;
        }
    }
    // An order whose first event is lost goes on with the next.
    let first = "UPDATE delivery SET state = 1 WHERE state = 0 AND NOT EXISTS (SELECT 1 FROM delivery AS earlier
        WHERE earlier.group_key = delivery.group_key AND earlier.state < 2 AND earlier.id < delivery.id)";
    transaction.execute(first, []).map_err(|_| failed())?;
    transaction.commit().map_err(|_| failed())?;
    let rows = saved_rows.len();
    let value = json!({ "rows": rows, "lost_at_least": lost.at_least, "lost_at_most": lost.at_most });
    say(json, &value, || format!("{} holds {rows} rows", target.display()));
    if lost.at_most == Some(0) {
        return Ok(());
    }
    let help = "the saved rows can be used; an older backup may hold the others";
    Err(Failure::new(FOUND, format!("{lost}\nhelp: {help}")))
}

/// How many deliveries a damaged file has lost.
struct Lost {
    /// Those that an index names.
    at_least: u64,
    /// Unknown if what knows the highest id is lost, too.
    at_most: Option<u64>,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.at_least, self.at_most) {
            (_, Some(0)) => f.write_str("no row is lost"),
            (least, Some(most)) if least == most => write!(f, "{least} other rows cannot be read"),
            (least, Some(most)) => write!(f, "between {least} and {most} other rows cannot be read"),
            (least, None) => write!(f, "at least {least} other rows cannot be read"),
        }
    }
}

/// Counts the deliveries that aren't among these: those that the index of duplicate keys names. A damaged page ends a
/// walk through the index, so it is walked from both ends. If it can't be read whole, each id that was ever given may
/// be one that is lost, or one whose time was over.
fn lost(damaged: &Connection, found: &HashSet<i64>) -> Lost {
    let mut missing = HashSet::new();
    for order in ["ASC", "DESC"] {
        let walk =
            format!("SELECT id FROM delivery INDEXED BY sqlite_autoindex_delivery_1 ORDER BY duplicate_key {order}");
        let ids = damaged.prepare(&walk).and_then(|mut select| {
            let ids = select.query_map([], |row| row.get::<_, i64>(0))?;
            ids.filter(|id| id.as_ref().map_or(true, |id| !found.contains(id))).try_for_each(|id| {
                missing.insert(id?);
                Ok(())
            })
        });
        if ids.is_ok() {
            let rows = missing.len() as u64;
            return Lost { at_least: rows, at_most: Some(rows) };
        }
    }
    let highest = damaged.query_row("SELECT seq FROM sqlite_sequence WHERE name = 'delivery'", [], |row| row.get(0));
    let highest = highest.ok().and_then(|highest: i64| u64::try_from(highest).ok());
    let at_most = highest.map(|highest| highest.saturating_sub(found.len() as u64));
    Lost { at_least: missing.len() as u64, at_most }
}

/// Calls `found` with each delivery of the file that is whole, with the values of its columns in their order.
fn each_delivery(connection: &Connection, path: &Path, mut found: impl FnMut(Row)) -> io::Result<()> {
    // What is still in -wal is copied into the file. If that fails, the file is read as it is.
    drop(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
    Pages::open(path)?.each_row(|mut row| {
        if is_delivery(&row) {
            row.values[0] = Value::Integer(row.id);
            // A row from before a column was added ends without it.
            row.values.resize(COLUMNS, Value::Null);
            found(row);
        }
    })
}

/// Whether a row is one of the table of deliveries: the id is not among its values, then come two keys, the name,
/// the body and the state.
fn is_delivery(row: &Row) -> bool {
    matches!(
        row.values.as_slice(),
        [Value::Null, Value::Text(_), _, _, Value::Blob(_), Value::Integer(_), ..]
            if (FIRST_COLUMNS..=COLUMNS).contains(&row.values.len())
    )
}

/// Writes a row of another database as it is.
fn insert(connection: &Connection, table: &str, values: Vec<Value>) -> rusqlite::Result<()> {
    let places = vec!["?"; values.len()].join(", ");
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
