//! The statements of an operator: what waits, and the same rows under another key.

use std::time::Duration;

use rusqlite::{Connection, params};

use super::clock::{now, time};
use super::letters::reason_in;
use super::problem::Problem;
use super::schema::{DEAD, HANDLED, QUEUED, READY};
use crate::StoreErrorKind;
#[cfg(feature = "encryption")]
use crate::sealing::SealedRow;
use crate::sealing::Sealing;
use crate::store::{Counts, DeadLetterId};
use crate::waiting::{Waiting, WaitingState};

/// How many rows one call seals anew at most, so that deliveries do not wait for many.
#[cfg(feature = "encryption")]
const RESEALED_AT_ONCE: u32 = 200;

/// Counts the rows by their state.
pub fn counts(connection: &Connection) -> Result<Counts, Problem> {
    let now = now();
    let mut counts = Counts::default();
    let mut select = connection.prepare_cached(
        "SELECT state, count(*), count(*) FILTER (WHERE state = 1 AND leased = 1 AND due_at > ?1), min(received_at),
             max(ended_at), count(*) FILTER (WHERE reason_kind = 4)
         FROM delivery GROUP BY state",
    )?;
    let mut rows = select.query([now])?;
    while let Some(row) = rows.next()? {
        let (state, count, running, differing): (i64, i64, i64, i64) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(5)?);
        let [count, running, differing] = [count, running, differing].map(|number| u64::try_from(number).unwrap_or(0));
        match state {
            HANDLED => {
                counts.handled += count;
                counts.last_handled = row.get::<_, Option<i64>>(4)?.map(|ended| age(now, ended));
            }
            DEAD => {
                counts.dead += count;
                counts.differing += differing;
            }
            QUEUED | READY => {
                counts.waiting += count;
                counts.running += running;
                counts.oldest_waiting = counts.oldest_waiting.max(Some(age(now, row.get(3)?)));
            }
            _ => return Err(Problem::of(StoreErrorKind::NotAnInbox)),
        }
    }
    Ok(counts)
}

fn age(now: i64, since: i64) -> Duration {
    Duration::from_millis(u64::try_from(now - since).unwrap_or(0))
}

/// Returns a page of what waits.
pub fn waiting(
    connection: &Connection,
    after: Option<DeadLetterId>,
    limit: u32,
    sealing: &Sealing,
) -> Result<Vec<Waiting>, Problem> {
    let now = now();
    let mut select = connection.prepare_cached(
        "SELECT id, state, leased, attempts, received_at, due_at, reason_kind, reason
         FROM delivery WHERE state < 2 AND id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let mut rows = select.query(params![after.map_or(0, DeadLetterId::get), limit])?;
    let mut waiting = Vec::new();
    while let Some(row) = rows.next()? {
        let (state, leased, due): (i64, bool, i64) = (row.get(1)?, row.get(2)?, row.get(5)?);
        let id = DeadLetterId::new(row.get(0)?);
        let reason = row.get::<_, Option<i64>>(6)?.map(|_| reason_in(row)).transpose()?;
        waiting.push(Waiting {
            id,
            state: WaitingState::of(state == QUEUED, leased, due > now),
            attempts: row.get(3)?,
            received_at: time(row.get(4)?),
            due_at: time(due),
            reason: reason.map(|reason| sealing.opened_reason(id.get(), reason)).transpose()?,
        });
    }
    Ok(waiting)
}

/// Seals some of the rows after this id that other keys sealed with the current one. Returns the last id
/// that it looked at, and how many it sealed; nothing if there are no more.
#[cfg(feature = "encryption")]
pub fn reseal(connection: &Connection, sealing: &Sealing, after: i64) -> Result<Option<(i64, u64)>, Problem> {
    let (current, head) = sealing.current().map_err(Problem::of)?;
    let mut select = connection.prepare_cached(
        "SELECT id, duplicate_key, body, sealed_by, reason FROM delivery
         WHERE id > ?1 AND (sealed_by <> ?2 OR substr(reason, 1, length(?3)) <> ?3) ORDER BY id LIMIT ?4",
    )?;
    let rows = select.query_map(params![after, current, head, RESEALED_AT_ONCE], |row| {
        let row_of =
            SealedRow { duplicate_key: row.get(1)?, body: row.get(2)?, sealed_by: row.get(3)?, reason: row.get(4)? };
        Ok((row.get::<_, i64>(0)?, row_of))
    })?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let Some(last) = rows.last().map(|(id, _)| *id) else { return Ok(None) };
    let mut resealed = 0;
    for (id, row) in rows {
        let Some(SealedRow { body, sealed_by, reason, .. }) = sealing.reseal(id, row).map_err(Problem::of)? else {
            continue;
        };
        connection
            .prepare_cached("UPDATE delivery SET body = ?2, sealed_by = ?3, reason = ?4 WHERE id = ?1")?
            .execute(params![id, body, sealed_by, reason])?;
        resealed += 1;
    }
    Ok(Some((last, resealed)))
}
