//! Dead letters, and what is kept: what looking at them, retrying and removing them does to the table, within the
//! caller's transaction.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::clock::{milliseconds, now, time};
use super::problem::Problem;
use super::remainder;
use super::schema::{QUEUED, READY};
use crate::Retention;
use crate::sealing::Sealing;
use crate::store::{DeadLetter, DeadLetterId, Reason, Removed};

/// How many rows one call removes at most, so that deliveries do not wait for a large removal.
const REMOVED_AT_ONCE: i64 = 500;

/// Returns a page of the dead letters.
pub fn dead_letters(
    connection: &Connection,
    after: Option<DeadLetterId>,
    limit: u32,
    sealing: &Sealing,
) -> Result<Vec<DeadLetter>, Problem> {
    let mut select = connection.prepare_cached(
        "SELECT id, name, body, reason_kind, reason, attempts, received_at, ended_at, duplicate_key, sealed_by
         FROM delivery WHERE state = 3 AND id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let mut rows = select.query(params![after.map_or(0, DeadLetterId::get), limit])?;
    let mut letters = Vec::new();
    while let Some(row) = rows.next()? {
        let duplicate_key: String = row.get(8)?;
        letters.push(sealing.letter(dead_letter(row)?, &duplicate_key, row.get(9)?)?);
    }
    Ok(letters)
}

/// Returns the reason in the columns `reason_kind` and `reason`.
pub fn reason_in(row: &Row<'_>) -> rusqlite::Result<Reason> {
    Ok(match row.get::<_, Option<i64>>("reason_kind")? {
        Some(PANICKED) => Reason::Panicked,
        Some(LEASE_ENDED) => Reason::LeaseEnded,
        Some(UNREADABLE) => Reason::Unreadable,
        Some(DIFFERS) => Reason::Differs,
        _ => Reason::Failed(row.get::<_, Option<String>>("reason")?.unwrap_or_default()),
    })
}

fn dead_letter(row: &Row<'_>) -> rusqlite::Result<DeadLetter> {
    let reason = reason_in(row)?;
    let (received_at, died_at) = (time(row.get(6)?), time(row.get(7)?));
    let mut letter = DeadLetter::new(DeadLetterId::new(row.get(0)?), row.get(2)?, reason, received_at, died_at);
    letter.name = row.get(1)?;
    letter.attempts = row.get(5)?;
    Ok(letter)
}

/// Makes a dead letter an event again, behind nothing but what its group has claimed.
pub fn retry(connection: &Connection, id: DeadLetterId) -> Result<bool, Problem> {
    let group: Option<Option<String>> = connection
        .prepare_cached("SELECT group_key FROM delivery WHERE id = ?1 AND state = 3")?
        .query_row([id.get()], |row| row.get(0))
        .optional()?;
    let Some(group) = group else {
        return Ok(false);
    };
    if let Some(group) = &group {
        // What is ready and not being handled goes behind the older event.
        connection
            .prepare_cached(
                "UPDATE delivery SET state = 0 WHERE group_key = ?1 AND state < 2 AND leased = 0 AND id > ?2",
            )?
            .execute(params![group, id.get()])?;
    }
    let busy: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM delivery WHERE group_key = ?1 AND state < 2 AND state = 1)")?
        .query_row([&group], |row| row.get(0))?;
    connection
        .prepare_cached(
            "UPDATE delivery SET state = ?2, due_at = ?3, attempts = 0, ended_at = NULL, reason_kind = NULL,
                 reason = NULL WHERE id = ?1",
        )?
        .execute(params![id.get(), if busy { QUEUED } else { READY }, now()])?;
    Ok(true)
}

/// Marks a dead letter as handled, and removes its content.
pub fn discard(connection: &Connection, id: DeadLetterId) -> Result<bool, Problem> {
    let dead: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM delivery WHERE id = ?1 AND state = 3)")?
        .query_row([id.get()], |row| row.get(0))?;
    if dead {
        remainder::write(connection, id.get(), now())?;
    }
    Ok(dead)
}

/// Removes what was kept for long enough; a part of it where there is much.
pub fn remove_expired(connection: &Connection, retention: Retention) -> Result<Removed, Problem> {
    let now = now();
    let remove = |statement: &str, kept: Duration| -> rusqlite::Result<u64> {
        let removed = connection.prepare_cached(statement)?.execute([now - milliseconds(kept), REMOVED_AT_ONCE])?;
        Ok(removed as u64)
    };
    Ok(Removed {
        handled: remove(
            "DELETE FROM delivery WHERE id IN
                 (SELECT id FROM delivery WHERE state = 2 AND ended_at < ?1 LIMIT ?2)",
            retention.handled(),
        )?,
        dead: remove(
            "DELETE FROM delivery WHERE id IN
                 (SELECT id FROM delivery WHERE state = 3 AND ended_at < ?1 LIMIT ?2)",
            retention.dead(),
        )?,
    })
}

const FAILED: i64 = 0;
const PANICKED: i64 = 1;
const LEASE_ENDED: i64 = 2;
const UNREADABLE: i64 = 3;
const DIFFERS: i64 = 4;

pub fn kind(reason: &Reason) -> i64 {
    match reason {
        Reason::Failed(_) => FAILED,
        Reason::Panicked => PANICKED,
        Reason::LeaseEnded => LEASE_ENDED,
        Reason::Unreadable => UNREADABLE,
        Reason::Differs => DIFFERS,
    }
}

/// Returns what only the handler knows; the rest is in the kind.
pub fn words(reason: &Reason) -> Option<&str> {
    match reason {
        Reason::Failed(text) => Some(text),
        _ => None,
    }
}
