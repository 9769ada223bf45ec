//! The keys of an inbox: whether they are the right ones, and the first encryption of what it holds.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};

use super::problem::Problem;
use super::schema;
use super::writer::empty_log;
use crate::StoreErrorKind;
use crate::sealing::{NewDelivery, REASON_HEAD, Sealing};
use crate::store::Reason;

/// A key's number, and what proves that a key is that one.
type Proof = (i32, Vec<u8>);

/// Fails if the inbox is encrypted and the process has no keys.
pub fn check(connection: &Connection, with_keys: bool) -> Result<(), Problem> {
    let sealed: bool = with_keys
        || connection.prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM sealing)")?.query_row([], |row| row.get(0))?;
    if sealed { Ok(()) } else { Err(Problem::of(StoreErrorKind::Encrypted)) }
}

/// Returns the keys that an inbox that exists is used with: none if it is in the clear.
pub fn sealing_of(path: &Path, sealing: Sealing) -> Result<Sealing, Problem> {
    if !path.is_file() {
        return Err(Problem::of(StoreErrorKind::Missing));
    }
    let mut connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(Duration::from_secs(3))?;
    let transaction = connection.transaction()?;
    schema::check_owner(&transaction)?;
    schema::check_same(&transaction)?;
    Ok(if proofs(&transaction)?.is_empty() { Sealing::default() } else { sealing })
}

/// Checks the keys against the inbox. New ones are noted; an inbox that was in the clear is encrypted,
/// all of it in this one transaction.
pub fn settle(connection: &mut Connection, sealing: &Sealing) -> Result<(), Problem> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let in_the_clear = proofs(&transaction)?.is_empty();
    let new = check_keys(&transaction, sealing)?;
    write(&transaction, &new)?;
    if in_the_clear && !new.is_empty() {
        encrypt(&transaction, sealing)?;
        transaction.execute("UPDATE inbox SET remnants = 1", [])?;
    }
    Ok(transaction.commit()?)
}

/// Notes the keys of an inbox that is encrypted.
#[cfg(feature = "encryption")]
pub fn note(connection: &Connection, sealing: &Sealing) -> Result<(), Problem> {
    sealing.current().map_err(Problem::of)?;
    write(connection, &check_keys(connection, sealing)?)
}

/// Checks the keys against the inbox. Returns the proofs that are to be noted.
pub fn check_keys(connection: &Connection, sealing: &Sealing) -> Result<Vec<Proof>, Problem> {
    let used: Vec<i32> = connection
        .prepare("SELECT DISTINCT sealed_by FROM delivery WHERE sealed_by IS NOT NULL")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    // In an inbox without keys no reason is sealed, whatever it begins with.
    let reasons: Vec<String> = connection
        .prepare(
            "SELECT DISTINCT substr(reason, 1, ?1) FROM delivery
             WHERE reason IS NOT NULL AND EXISTS (SELECT 1 FROM sealing)",
        )?
        .query_map([REASON_HEAD], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    sealing.check(&proofs(connection)?, &used, &reasons).map_err(Problem::of)
}

fn proofs(connection: &Connection) -> Result<Vec<Proof>, Problem> {
    let mut proofs = connection.prepare("SELECT key_id, proof FROM sealing")?;
    Ok(proofs.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
}

fn write(connection: &Connection, proofs: &[Proof]) -> Result<(), Problem> {
    for (number, proof) in proofs {
        connection.execute("INSERT INTO sealing (key_id, proof) VALUES (?1, ?2)", params![number, proof])?;
    }
    Ok(())
}

/// Writes the whole file anew where unused parts of it may hold what was in the clear. It needs as much of
/// the disk once more; where it fails, the inbox can't be opened, and the next one to open it tries again.
pub fn remove_remnants(connection: &Connection, wait: Duration) -> Result<(), Problem> {
    if connection.query_row("SELECT remnants FROM inbox", [], |row| row.get(0))? {
        connection.execute_batch("VACUUM")?;
        empty_log(connection, wait)?;
        connection.execute("UPDATE inbox SET remnants = 0", [])?;
    }
    Ok(())
}

/// A row that is in the clear.
struct Clear {
    id: i64,
    delivery: NewDelivery,
    handled: bool,
    reason: Option<String>,
}

/// Encrypts what was written in the clear.
fn encrypt(connection: &Connection, sealing: &Sealing) -> Result<(), Problem> {
    let mut select = connection.prepare(
        "SELECT id, duplicate_key, group_key, name, body, state, reason, content FROM delivery WHERE id > ?1 ORDER BY id LIMIT 1",
    )?;
    let mut update = connection.prepare(
        "UPDATE delivery SET duplicate_key = ?2, group_key = ?3, name = ?4, body = ?5, sealed_by = ?6, reason = ?7,
             content = ?8
         WHERE id = ?1",
    )?;
    let mut last = 0;
    let mut next = |last: i64| {
        select
            .query_row([last], |row| {
                let delivery = NewDelivery {
                    duplicate_key: row.get(1)?,
                    group_key: row.get(2)?,
                    name: row.get(3)?,
                    body: Bytes::from(row.get::<_, Vec<u8>>(4)?),
                    sealed_by: None,
                    content: row.get(7)?,
                    dead: None,
                };
                let handled = row.get::<_, i64>(5)? == super::schema::HANDLED;
                Ok(Clear { id: row.get(0)?, delivery, handled, reason: row.get(6)? })
            })
            .optional()
    };
    while let Some(Clear { id, delivery, handled, reason }) = next(last)? {
        last = id;
        // Of what was handled, the key alone is left.
        let sealed = if handled {
            let content = sealing.sealed_content(delivery.content);
            NewDelivery { duplicate_key: sealing.sealed_key(&delivery.duplicate_key), content, ..delivery }
        } else {
            sealing.sealed(delivery)?
        };
        let reason = reason.map(|reason| sealing.reason(id, Reason::Failed(reason))).transpose()?;
        let NewDelivery { duplicate_key, group_key, name, body, sealed_by, content, .. } = sealed;
        let reason = reason.as_ref().map(Reason::text);
        update.execute(params![id, duplicate_key, group_key, name, body.as_ref(), sealed_by, reason, content])?;
    }
    Ok(())
}
