//! Claims and their ends: what they do to the table, within the caller's transaction.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::clock::{milliseconds, now, time};
use super::letters::{kind, words};
use super::problem::Problem;
use crate::StoreErrorKind;
use crate::sealing::Sealing;
use crate::store::{Claim, Claimed, ClaimedEvent, DeadLetterId, LONGEST_DELAY, Reason, Ticket, Wanted};

/// Claims what is due.
pub fn claim(connection: &Connection, wanted: Wanted, sealing: &Sealing) -> Result<Claimed, Problem> {
    let now = now();
    let keys = keys(sealing);
    let mut claimed = Claimed { events: Vec::new(), next: None, buried: Vec::new() };
    while claimed.events.len() < wanted.events as usize {
        // What comes up again has a lease that is over at once: all the rest is taken.
        let due = first_due(connection, now, &keys)?;
        let Some(due) = due.filter(|due| claimed.events.iter().all(|event| event.ticket.id() != due.id)) else {
            break;
        };
        // Only a claim that nobody ended uses the last attempt up in silence.
        if due.leased && due.attempts >= wanted.attempts {
            bury(connection, due.id, due.group, now, &Reason::LeaseEnded)?;
            claimed.buried.push(DeadLetterId::new(due.id));
        } else {
            let (event, sealed_by) = take(connection, due.id, now + delay_of(wanted.lease))?;
            claimed.events.push(sealing.event(event, sealed_by));
        }
    }
    let next: Option<i64> = connection
        .prepare_cached(
            "SELECT min(due_at) FROM delivery
             WHERE state = 1 AND (sealed_by IS NULL OR sealed_by IN (SELECT value FROM json_each(?1)))",
        )?
        .query_row([&keys], |row| row.get(0))?;
    if claimed.events.is_empty() && wanted.events > 0 && catch_up(connection)? {
        claimed.next = Some(Duration::ZERO);
        return Ok(claimed);
    }
    claimed.next = next.map(|due| Duration::from_millis(u64::try_from(due - now).unwrap_or(0)));
    if claimed.events.is_empty() && claimed.buried.is_empty() {
        check_keys(connection, now, &keys)?;
    }
    Ok(claimed)
}

/// Returns the numbers of the keys as a JSON array.
fn keys(sealing: &Sealing) -> String {
    format!("{:?}", sealing.numbers())
}

/// Fails if this process lacks the key of a due event. Another may have it, so the event waits.
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
    let until = now() + delay_of(lease);
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
    let due = now() + delay_of(delay);
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

/// Marks an event as handled. Only its key is kept, since its content is no longer needed.
fn forget(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE delivery SET state = 2, ended_at = ?2, leased = 0, body = x'', sealed_by = NULL, name = NULL,
                 group_key = NULL, reason_kind = NULL, reason = NULL
             WHERE id = ?1",
        )?
        .execute(params![id, now()])
        .map(drop)
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

/// Lets events be due that lie further ahead than any delay, as they were written before the machine's clock
/// was set back: those that nobody has claimed yet are due whenever they came.
pub fn catch_up(connection: &Connection) -> Result<bool, Problem> {
    let now = now();
    let changed = connection
        .prepare_cached(
            "UPDATE delivery SET due_at = ?1 WHERE state = 1 AND due_at > ?1 AND (claims = 0 OR due_at > ?2)",
        )?
        .execute([now, now + milliseconds(LONGEST_DELAY)])?;
    Ok(changed > 0)
}

/// Returns the milliseconds of a delay or lease.
fn delay_of(delay: Duration) -> i64 {
    milliseconds(delay.min(LONGEST_DELAY))
}

const fn held(held: bool) -> Claim {
    if held { Claim::Held } else { Claim::Lost }
}
