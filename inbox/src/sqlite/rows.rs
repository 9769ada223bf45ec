//! The statements: what each method of the store does to the table, within the caller's transaction.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::problem::Problem;
use super::schema::{DEAD, HANDLED, QUEUED, READY};
use crate::sealing::{NewDelivery, Sealing};
use crate::store::{Claim, Claimed, ClaimedEvent, Counts, DeadLetter, DeadLetterId, Reason, Removed, Ticket, Wanted};
use crate::{Retention, StoreErrorKind};

/// How many rows one call removes at most, so that deliveries do not wait for a large removal.
const REMOVED_AT_ONCE: i64 = 500;

/// Stores a delivery; returns whether it is new.
pub fn store(connection: &Connection, delivery: &NewDelivery) -> Result<bool, Problem> {
    let now = now();
    let (state, reason, ended) = if !delivery.readable {
        (DEAD, Some(kind(&Reason::Unreadable)), Some(now))
    } else if is_open(connection, delivery.group_key.as_deref())? {
        (QUEUED, None, None)
    } else {
        (READY, None, None)
    };
    let mut insert = connection.prepare_cached(
        "INSERT INTO delivery (duplicate_key, group_key, name, body, state, received_at, due_at, reason_kind, ended_at,
                               sealed_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9) ON CONFLICT (duplicate_key) DO NOTHING",
    )?;
    let inserted = insert.execute(params![
        delivery.duplicate_key,
        delivery.group_key,
        delivery.name,
        delivery.body.as_ref(),
        state,
        now,
        reason,
        ended,
        delivery.sealed_by
    ])?;
    Ok(inserted == 1)
}

/// Returns whether the group has an event that is neither handled nor dead.
fn is_open(connection: &Connection, group: Option<&str>) -> rusqlite::Result<bool> {
    let Some(group) = group else {
        return Ok(false);
    };
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM delivery WHERE group_key = ?1 AND state < 2)")?
        .query_row([group], |row| row.get(0))
}

/// Claims what is due.
pub fn claim(connection: &Connection, wanted: Wanted, sealing: &Sealing) -> Result<Claimed, Problem> {
    let now = now();
    let keys = keys(sealing);
    let mut claimed = Claimed { events: Vec::new(), next: None, buried: 0 };
    while claimed.events.len() < wanted.events as usize {
        // What comes up again has a lease that is over at once: all the rest is taken.
        let due = first_due(connection, now, &keys)?;
        let Some(due) = due.filter(|due| claimed.events.iter().all(|event| event.ticket.id() != due.id)) else {
            break;
        };
        // Only a claim that nobody ended uses the last attempt up in silence.
        if due.leased && due.attempts >= wanted.attempts {
            bury(connection, due.id, due.group, now, &Reason::LeaseEnded)?;
            claimed.buried += 1;
        } else {
            let (event, sealed_by) = take(connection, due.id, now + milliseconds(wanted.lease))?;
            claimed.events.push(sealing.event(event, sealed_by));
        }
    }
    let next: Option<i64> = connection
        .prepare_cached(
            "SELECT min(due_at) FROM delivery
             WHERE state = 1 AND (sealed_by IS NULL OR sealed_by IN (SELECT value FROM json_each(?1)))",
        )?
        .query_row([&keys], |row| row.get(0))?;
    claimed.next = next.map(|due| Duration::from_millis(u64::try_from(due - now).unwrap_or(0)));
    if claimed.events.is_empty() && claimed.buried == 0 {
        check_keys(connection, now, &keys)?;
    }
    Ok(claimed)
}

/// Returns the numbers of the keys at hand as a JSON array.
fn keys(sealing: &Sealing) -> String {
    format!("{:?}", sealing.numbers())
}

/// Fails if an event is due whose key is not at hand: another process may have it, so the event waits.
fn check_keys(connection: &Connection, now: i64, keys: &str) -> Result<(), Problem> {
    let missing: Option<u32> = connection
        .prepare_cached(
            "SELECT sealed_by FROM delivery
             WHERE state = 1 AND due_at <= ?1 AND sealed_by IS NOT NULL
                 AND sealed_by NOT IN (SELECT value FROM json_each(?2)) LIMIT 1",
        )?
        .query_row(params![now, keys], |row| row.get(0))
        .optional()?;
    missing.map_or(Ok(()), |number| Err(Problem::of(StoreErrorKind::MissingKey { number })))
}

/// An event that can be claimed.
struct Due {
    id: i64,
    group: Option<String>,
    attempts: u32,
    leased: bool,
}

fn first_due(connection: &Connection, now: i64, keys: &str) -> rusqlite::Result<Option<Due>> {
    connection
        .prepare_cached(
            "SELECT id, group_key, attempts, leased FROM delivery WHERE state = 1 AND due_at <= ?1
                 AND (sealed_by IS NULL OR sealed_by IN (SELECT value FROM json_each(?2)))
             ORDER BY due_at, id LIMIT 1",
        )?
        .query_row(params![now, keys], |row| {
            Ok(Due { id: row.get(0)?, group: row.get(1)?, attempts: row.get(2)?, leased: row.get(3)? })
        })
        .optional()
}

fn take(connection: &Connection, id: i64, until: i64) -> rusqlite::Result<(ClaimedEvent, Option<i32>)> {
    connection
        .prepare_cached(
            "UPDATE delivery SET due_at = ?2, leased = 1, attempts = attempts + 1, claims = claims + 1 WHERE id = ?1
             RETURNING claims, attempts, received_at, body, duplicate_key, sealed_by",
        )?
        .query_row(params![id, until], |row| {
            let event = ClaimedEvent {
                ticket: Ticket::new(id, row.get(0)?),
                attempt: row.get(1)?,
                received_at: time(row.get(2)?),
                body: row.get(3)?,
                duplicate_key: row.get(4)?,
            };
            Ok((event, row.get(5)?))
        })
}

/// Moves the end of a claim's lease.
pub fn extend(connection: &Connection, ticket: Ticket, lease: Duration) -> Result<Claim, Problem> {
    let until = now() + milliseconds(lease);
    let changed = connection
        .prepare_cached("UPDATE delivery SET due_at = ?3 WHERE id = ?1 AND claims = ?2 AND leased = 1 AND state = 1")?
        .execute(params![ticket.id(), ticket.claim(), until])?;
    Ok(held(changed > 0))
}

/// Ends a claim by letting the event be due later.
pub fn postpone(
    connection: &Connection,
    ticket: Ticket,
    delay: Duration,
    reason: Option<&Reason>,
) -> Result<Claim, Problem> {
    let due = now() + milliseconds(delay);
    let changed = connection
        .prepare_cached(
            "UPDATE delivery SET due_at = ?3, leased = 0, reason_kind = ?4, reason = ?5
             WHERE id = ?1 AND claims = ?2 AND leased = 1 AND state = 1",
        )?
        .execute(params![ticket.id(), ticket.claim(), due, reason.map(kind), reason.and_then(words)])?;
    Ok(held(changed > 0))
}

/// Ends a claim for good: with a reason as a dead letter, else as handled.
pub fn finish(connection: &Connection, ticket: Ticket, reason: Option<&Reason>) -> Result<Claim, Problem> {
    let group: Option<Option<String>> = connection
        .prepare_cached("SELECT group_key FROM delivery WHERE id = ?1 AND claims = ?2 AND leased = 1 AND state = 1")?
        .query_row([ticket.id(), ticket.claim()], |row| row.get(0))
        .optional()?;
    let Some(group) = group else {
        return Ok(Claim::Lost);
    };
    if let Some(reason) = reason {
        bury(connection, ticket.id(), group, now(), reason)?;
    } else {
        forget(connection, ticket.id())?;
        free(connection, group)?;
    }
    Ok(Claim::Held)
}

/// Marks an event as handled. What it says is not needed any more: only its key stays.
fn forget(connection: &Connection, id: i64) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "UPDATE delivery SET state = 2, ended_at = ?2, leased = 0, body = x'', sealed_by = NULL, name = NULL, group_key = NULL,
                 reason_kind = NULL, reason = NULL
             WHERE id = ?1",
        )?
        .execute(params![id, now()])
}

/// Makes an event a dead letter, and the next of its group ready.
fn bury(connection: &Connection, id: i64, group: Option<String>, now: i64, reason: &Reason) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE delivery SET state = 3, ended_at = ?2, leased = 0, reason_kind = ?3, reason = ?4 WHERE id = ?1",
        )?
        .execute(params![id, now, kind(reason), words(reason)])?;
    free(connection, group)
}

/// Makes the next event of a group ready.
fn free(connection: &Connection, group: Option<String>) -> rusqlite::Result<()> {
    if let Some(group) = group {
        connection
            .prepare_cached(
                "UPDATE delivery SET state = 1 WHERE state = 0 AND id =
                     (SELECT min(id) FROM delivery WHERE group_key = ?1 AND state < 2)",
            )?
            .execute([group])?;
    }
    Ok(())
}

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

fn dead_letter(row: &Row<'_>) -> rusqlite::Result<DeadLetter> {
    let reason = match row.get::<_, Option<i64>>(3)? {
        Some(PANICKED) => Reason::Panicked,
        Some(LEASE_ENDED) => Reason::LeaseEnded,
        Some(UNREADABLE) => Reason::Unreadable,
        _ => Reason::Failed(row.get::<_, Option<String>>(4)?.unwrap_or_default()),
    };
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

/// Takes a dead letter as handled, and forgets what it says.
pub fn discard(connection: &Connection, id: DeadLetterId) -> Result<bool, Problem> {
    let dead: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM delivery WHERE id = ?1 AND state = 3)")?
        .query_row([id.get()], |row| row.get(0))?;
    if dead {
        forget(connection, id.get())?;
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

/// Counts the rows by their state.
pub fn counts(connection: &Connection) -> Result<Counts, Problem> {
    let mut counts = Counts::default();
    let mut select = connection.prepare_cached("SELECT state, count(*) FROM delivery GROUP BY state")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (state, count): (i64, i64) = (row.get(0)?, row.get(1)?);
        let count = u64::try_from(count).unwrap_or(0);
        match state {
            HANDLED => counts.handled += count,
            DEAD => counts.dead += count,
            QUEUED | READY => counts.waiting += count,
            _ => return Err(Problem::of(StoreErrorKind::NotAnInbox)),
        }
    }
    Ok(counts)
}

const FAILED: i64 = 0;
const PANICKED: i64 = 1;
const LEASE_ENDED: i64 = 2;
const UNREADABLE: i64 = 3;

fn kind(reason: &Reason) -> i64 {
    match reason {
        Reason::Failed(_) => FAILED,
        Reason::Panicked => PANICKED,
        Reason::LeaseEnded => LEASE_ENDED,
        Reason::Unreadable => UNREADABLE,
    }
}

/// Returns what only the handler knows; the rest is in the kind.
fn words(reason: &Reason) -> Option<&str> {
    match reason {
        Reason::Failed(text) => Some(text),
        _ => None,
    }
}

const fn held(held: bool) -> Claim {
    if held { Claim::Held } else { Claim::Lost }
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, milliseconds)
}

/// Returns at most 300 000 years, so that a sum of two does not overflow.
fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).min(i64::MAX >> 10)
}

fn time(milliseconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
}
