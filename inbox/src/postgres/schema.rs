//! The tables, and how a database comes to have them: a connection in, a schema of the newest number out.
//!
//! Everything is in a separate schema, whose one-row table `inbox` holds the schema's version number. Hosts that
//! start together take turns by an advisory lock. A migration is one element of [`MIGRATIONS`], and is
//! never changed after a release.

use tokio_postgres::{Client, GenericClient, IsolationLevel, Transaction};

use super::problem::Problem;
use super::value::{Value, ask};
use crate::{StoreError, StoreErrorKind};

/// The name of the schema where none is given.
pub const DEFAULT: &str = "novamed_inbox";
/// The SQLSTATE by which `enter` refuses a version that is older than the schema; its message is the
/// schema's number.
pub const NEWER: &str = "NVI01";
/// The SQLSTATE by which `enter` refuses a process without keys where the inbox is encrypted.
pub const ENCRYPTED: &str = "NVI02";
/// The oldest server that the statements are meant for; older ones get no more fixes.
const OLDEST_SERVER: i32 = 140_000;

/// The steps from nothing to the newest schema; the schema's number counts them. `{s}` is its name.
///
/// `id` is the order of arrival and is never used twice. The states are those of the SQLite store: 0
/// queued behind another of its group, 1 ready from `due_at` on (a claimed event has the end of its
/// lease there), 2 handled, 3 dead. In every group the open event that arrived first is ready and
/// the others are queued, so that what can be claimed is one range of one index, however long a
/// group's queue is; `delivery_group_ready` sees to it that there is never a second.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE {s}.delivery (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        duplicate_key TEXT NOT NULL UNIQUE,
        group_key TEXT,
        name TEXT,
        body BYTEA NOT NULL,
        sealed_by INTEGER,
        state SMALLINT NOT NULL CHECK (state BETWEEN 0 AND 3),
        received_at TIMESTAMPTZ NOT NULL,
        due_at TIMESTAMPTZ NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        claims BIGINT NOT NULL DEFAULT 0,
        leased BOOLEAN NOT NULL DEFAULT false,
        reason_kind SMALLINT,
        reason TEXT,
        ended_at TIMESTAMPTZ
    ) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
    CREATE INDEX delivery_ready ON {s}.delivery (due_at, id) WHERE state = 1;
    CREATE UNIQUE INDEX delivery_group_ready ON {s}.delivery (group_key) WHERE state = 1;
    CREATE INDEX delivery_group_queued ON {s}.delivery (group_key, id) WHERE state = 0;
    CREATE INDEX delivery_handled ON {s}.delivery (ended_at) WHERE state = 2;
    CREATE INDEX delivery_dead ON {s}.delivery (id) WHERE state = 3;

    -- The proof that a key is the one that it was: see the crate's documentation of encryption.
    CREATE TABLE {s}.sealing (
        key_id INTEGER PRIMARY KEY,
        proof BYTEA NOT NULL
    );

    -- Each transaction begins with this: it refuses a version of the crate that does not know the
    -- tables and a process without keys where they are needed, and keeps the commit waiting for the
    -- disk where the session would not.
    CREATE FUNCTION {s}.enter(known INTEGER, with_keys BOOLEAN) RETURNS void LANGUAGE plpgsql AS $enter$
        DECLARE found RECORD;
        BEGIN
            SELECT number, sealed INTO STRICT found FROM {s}.inbox;
            IF found.number > known THEN
                RAISE EXCEPTION USING ERRCODE = 'NVI01', MESSAGE = found.number::text;
            END IF;
            IF found.sealed AND NOT with_keys THEN
                RAISE EXCEPTION USING ERRCODE = 'NVI02', MESSAGE = 'encrypted';
            END IF;
            IF current_setting('synchronous_commit') = 'off' THEN
                PERFORM set_config('synchronous_commit', 'on', true);
            END IF;
        END
    $enter$;
",
    "
    -- A keyed hash of what the delivery said; rows of before have none, and differ from nothing.
    ALTER TABLE {s}.delivery ADD COLUMN content TEXT;
    ALTER TABLE {s}.inbox ADD COLUMN content_key BYTEA;
    UPDATE {s}.inbox SET content_key = sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea);
    ALTER TABLE {s}.inbox ALTER COLUMN content_key SET NOT NULL;
",
];

/// The number of the newest schema.
pub fn newest() -> i32 {
    i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX)
}

/// Reads the message of an error with the SQLSTATE [`NEWER`].
pub fn newer(message: &str) -> StoreErrorKind {
    StoreErrorKind::NewerSchema { found: message.parse().unwrap_or(i32::MAX), known: newest() }
}

/// Returns whether this can be a schema's name without quotation marks: it then means the same in
/// every statement and in psql.
pub fn is_name(name: &str) -> bool {
    let first = name.bytes().next();
    first.is_some_and(|byte| byte.is_ascii_lowercase() || byte == b'_')
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        // PostgreSQL cuts longer ones, and keeps names with this beginning for itself.
        && name.len() <= 63
        && !name.starts_with("pg_")
}

/// Returns the error for an invalid name.
pub fn no_name() -> Problem {
    Problem(StoreError::new(StoreErrorKind::NotAnInbox, None).saying(
        "the schema's name is invalid: use at most 63 lowercase letters, digits and underscores, no digit \
         first, and no word that SQL keeps for itself",
    ))
}

/// Brings the schema to the newest number. Where it has that already, nothing is asked for that a
/// role without the right to create tables could not do.
pub async fn migrate(client: &mut Client, name: &str) -> Result<(), Problem> {
    check_server(client, name).await?;
    let transaction = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?;
    if number(&transaction, name).await? == Some(newest()) {
        return Ok(transaction.commit().await?);
    }
    // Whoever comes second waits here, and finds the work done: the number is read again below.
    take_turns(&transaction, name).await?;
    let done = match number(&transaction, name).await? {
        Some(done) => done,
        None => create(&transaction, name).await?,
    };
    if done == newest() {
        return Ok(transaction.commit().await?);
    }
    // Transactions of older versions that have read the number end first, and later ones wait.
    transaction.batch_execute(&format!("LOCK TABLE {name}.inbox IN ACCESS EXCLUSIVE MODE")).await?;
    for step in MIGRATIONS.iter().skip(usize::try_from(done).unwrap_or(0)) {
        transaction.batch_execute(&step.replace("{s}", name)).await?;
    }
    transaction.batch_execute(&format!("UPDATE {name}.inbox SET number = {}", newest())).await?;
    Ok(transaction.commit().await?)
}

/// Returns the key of the hashes of contents.
pub async fn content_key(client: &Client, name: &str) -> Result<Vec<u8>, Problem> {
    let rows = ask(client, &format!("SELECT content_key FROM {name}.inbox"), &[]).await?;
    Ok(rows.first().ok_or(Problem::of(StoreErrorKind::NotAnInbox))?.try_get(0)?)
}

/// Fails if the schema is missing or has another version number.
pub async fn check(client: &mut Client, name: &str) -> Result<(), Problem> {
    check_server(client, name).await?;
    let transaction = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?;
    let found = number(&transaction, name).await?.ok_or(Problem::of(StoreErrorKind::Missing))?;
    transaction.commit().await?;
    if found < newest() {
        return Err(Problem::of(StoreErrorKind::OlderSchema { found, known: newest() }));
    }
    Ok(())
}

/// Waits until no other host changes the schema.
pub async fn take_turns(transaction: &Transaction<'_>, name: &str) -> Result<(), Problem> {
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended('novamed-inbox migration ' || $1::text, 0))";
    ask(transaction, lock, &[&name]).await?;
    Ok(())
}

/// Makes the schema and its table with the number 0, if the schema is missing or empty.
async fn create(transaction: &Transaction<'_>, name: &str) -> Result<i32, Problem> {
    let taken = "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class c
                     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1)";
    if is_so(transaction, taken, &[&name]).await? {
        return Err(Problem::of(StoreErrorKind::NotAnInbox));
    }
    // Not the name alone: creating a schema that exists asks for a right that is else not needed.
    let exists = "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1)";
    if !is_so(transaction, exists, &[&name]).await? {
        transaction.batch_execute(&format!("CREATE SCHEMA {name}")).await?;
    }
    let table = format!(
        "CREATE TABLE {name}.inbox (
             one_row BOOLEAN PRIMARY KEY DEFAULT true CHECK (one_row),
             number INTEGER NOT NULL,
             sealed BOOLEAN NOT NULL DEFAULT false
         );
         INSERT INTO {name}.inbox (number) VALUES (0)"
    );
    transaction.batch_execute(&table).await?;
    Ok(0)
}

/// Returns the schema's number, or nothing if it has no table `inbox`.
async fn number(transaction: &Transaction<'_>, name: &str) -> Result<Option<i32>, Problem> {
    // Not by the table's name: the session would remember that there was none, and find none after the
    // wait for another host that makes it.
    let there = "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class c
                     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'inbox')";
    if !is_so(transaction, there, &[&name]).await? {
        return Ok(None);
    }
    let found = ask(transaction, &format!("SELECT number FROM {name}.inbox"), &[]).await?;
    let found: i32 = found.first().ok_or(Problem::of(StoreErrorKind::NotAnInbox))?.try_get(0)?;
    if found > newest() {
        return Err(Problem::of(StoreErrorKind::NewerSchema { found, known: newest() }));
    }
    Ok(Some(found))
}

/// Returns the one value of a statement that answers yes or no.
async fn is_so(client: &impl GenericClient, statement: &str, values: &[&dyn Value]) -> Result<bool, Problem> {
    let rows = ask(client, statement, values).await?;
    Ok(rows.first().ok_or(Problem::of(StoreErrorKind::Other))?.try_get(0)?)
}

/// Fails if the server is too old, confirms what is not on its disk, or wants quotation marks around the
/// schema's name, as around words of SQL.
async fn check_server(client: &Client, name: &str) -> Result<(), Problem> {
    let settings = "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding'),
                        current_setting('fsync')::boolean, quote_ident($1::text) = $1::text";
    let rows = ask(client, settings, &[&name]).await?;
    let row = rows.first().ok_or(Problem::of(StoreErrorKind::Other))?;
    let (version, encoding, fsync): (i32, &str, bool) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    if version < OLDEST_SERVER || encoding != "UTF8" {
        return Err(Problem::of(StoreErrorKind::Unsupported));
    }
    if !fsync {
        let error = StoreError::new(StoreErrorKind::NotDurable, None);
        return Err(Problem(
            error.saying("the inbox's server does not wait for its disk: turn its setting `fsync` on"),
        ));
    }
    if row.try_get(3)? { Ok(()) } else { Err(no_name()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_need_no_quotation_marks() {
        for good in ["novamed_inbox", "_a1", DEFAULT] {
            assert!(is_name(good), "{good}");
        }
        let long = "a".repeat(64);
        for bad in ["", "1a", "Inbox", "in-box", "a b", "a;drop", "é", "pg_inbox", &long] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
