//! The tables, and how a database comes to have them: a file in, a connection with the newest schema out.
//!
//! The schema's number is SQLite's `user_version`; `application_id` says that the file is an inbox.
//! A migration is one element of [`MIGRATIONS`], and is never changed after a release.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::problem::Problem;
use crate::StoreErrorKind;

/// The letters N, v, I and n in ASCII.
const APPLICATION_ID: i32 = 0x4e76_496e;

// The states of a row. Statements that rely on an index over one state name it by its number, as
// SQLite takes such an index only then.

/// An event waits behind another of its group.
pub const QUEUED: i64 = 0;
/// An event can be claimed from `due_at` on. A claimed one has the end of its lease there.
pub const READY: i64 = 1;
/// An event is handled.
pub const HANDLED: i64 = 2;
/// An event is a dead letter.
pub const DEAD: i64 = 3;

/// The steps from an empty file to the newest schema; the schema's number counts them.
///
/// Times are milliseconds since 1970. `id` is the order of arrival and is never used twice. In every
/// group the open event that arrived first is ready and the others are queued, so that what can be
/// claimed is one range of one index, however long a group's queue is.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE delivery (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        duplicate_key TEXT NOT NULL UNIQUE,
        group_key TEXT,
        name TEXT,
        body BLOB NOT NULL,
        state INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        claims INTEGER NOT NULL DEFAULT 0,
        leased INTEGER NOT NULL DEFAULT 0,
        reason_kind INTEGER,
        reason TEXT,
        ended_at INTEGER
    ) STRICT;
    CREATE INDEX delivery_ready ON delivery (due_at, id) WHERE state = 1;
    CREATE INDEX delivery_group ON delivery (group_key, id) WHERE state < 2 AND group_key IS NOT NULL;
    CREATE INDEX delivery_handled ON delivery (ended_at) WHERE state = 2;
    CREATE INDEX delivery_dead ON delivery (id) WHERE state = 3;
",
    "
    ALTER TABLE delivery ADD COLUMN sealed_by INTEGER;
    -- The proof that a key is the one that it was; an inbox that has none is in the clear.
    CREATE TABLE sealing (
        key_id INTEGER PRIMARY KEY,
        proof BLOB NOT NULL
    ) STRICT;
",
    "
    -- A keyed hash of what the delivery said; rows of before have none, and differ from nothing.
    ALTER TABLE delivery ADD COLUMN content TEXT;
    CREATE TABLE inbox (
        one_row INTEGER PRIMARY KEY CHECK (one_row = 1),
        content_key BLOB NOT NULL,
        -- Whether what was in the clear before the inbox was encrypted may be left in unused parts of the file.
        remnants INTEGER NOT NULL
    ) STRICT;
    INSERT INTO inbox VALUES (1, randomblob(32), EXISTS (SELECT 1 FROM sealing));
",
];

/// The number of the newest schema.
pub fn newest() -> i32 {
    i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX)
}

/// Fails if the database's schema is newer than what this version knows.
pub fn check(connection: &Connection) -> Result<(), Problem> {
    let found = number(connection, "user_version")?;
    if found > newest() {
        return Err(Problem::of(StoreErrorKind::NewerSchema { found, known: newest() }));
    }
    Ok(())
}

/// Fails if the database's schema is not the one that this version knows.
pub fn check_same(connection: &Connection) -> Result<(), Problem> {
    check(connection)?;
    match number(connection, "user_version")? {
        0 => Err(Problem::of(StoreErrorKind::NotAnInbox)),
        found if found < newest() => Err(Problem::of(StoreErrorKind::OlderSchema { found, known: newest() })),
        _ => Ok(()),
    }
}

/// Fails if the file is the database of another program.
///
/// Within a transaction: else a process that migrates the file between the reads makes them disagree.
pub fn check_owner(connection: &Transaction<'_>) -> Result<(), Problem> {
    let application = number(connection, "application_id")?;
    let ours = if number(connection, "user_version")? == 0 && application == 0 {
        connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?
    } else {
        application == APPLICATION_ID
    };
    if ours { Ok(()) } else { Err(Problem::of(StoreErrorKind::NotAnInbox)) }
}

/// Brings the database to the newest schema. Processes that start together take turns: the
/// transaction is a writer's from its begin, and the number is read within it.
pub fn migrate(connection: &mut Connection) -> Result<(), Problem> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    check_owner(&transaction)?;
    check(&transaction)?;
    let done = usize::try_from(number(&transaction, "user_version")?).unwrap_or(0);
    if done == MIGRATIONS.len() {
        return Ok(());
    }
    for step in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest())?;
    Ok(transaction.commit()?)
}

fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}
