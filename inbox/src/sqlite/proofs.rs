//! The keys of an inbox: whether they are the right ones, and the first encryption of what it holds.

use std::time::Duration;

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::problem::Problem;
use super::writer::empty_log;
use crate::StoreErrorKind;
use crate::sealing::{NewDelivery, REASON_HEAD, Sealing};
use crate::store::Reason;

/// Fails if the inbox is encrypted and the process has no keys.
pub fn check(connection: &Connection, with_keys: bool) -> Result<(), Problem> {
    let sealed: bool = with_keys
        || connection.prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM sealing)")?.query_row([], |row| row.get(0))?;
    if sealed { Ok(()) } else { Err(Problem::of(StoreErrorKind::Encrypted)) }
}

/// Checks the keys against the inbox. New ones are noted; an inbox that was in the clear is encrypted,
/// all of it in this one transaction.
pub fn settle(connection: &mut Connection, sealing: &Sealing) -> Result<(), Problem> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let proofs: Vec<(i32, Vec<u8>)> = transaction
        .prepare("SELECT key_id, proof FROM sealing")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let used: Vec<i32> = transaction
        .prepare("SELECT DISTINCT sealed_by FROM delivery WHERE sealed_by IS NOT NULL")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    // In the clear a reason is no sealed one, whatever it begins with.
    let reasons: Vec<String> = transaction
        .prepare(
            "SELECT DISTINCT substr(reason, 1, ?1) FROM delivery
             WHERE reason IS NOT NULL AND EXISTS (SELECT 1 FROM sealing)",
        )?
        .query_map([REASON_HEAD], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let new = sealing.check(&proofs, &used, &reasons).map_err(Problem::of)?;
    for (number, proof) in &new {
        transaction.execute("INSERT INTO sealing (key_id, proof) VALUES (?1, ?2)", params![number, proof])?;
    }
    if proofs.is_empty() && !new.is_empty() {
        encrypt(&transaction, sealing)?;
        transaction.execute("UPDATE inbox SET remnants = 1", [])?;
    }
    Ok(transaction.commit()?)
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
