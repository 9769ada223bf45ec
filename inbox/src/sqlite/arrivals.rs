//! Deliveries that arrive: what storing one does to the table, within the caller's transaction.

use rusqlite::{Connection, OptionalExtension, params};

use super::clock::now;
use super::letters::kind;
use super::problem::Problem;
use super::room::Room;
use super::schema::{DEAD, QUEUED, READY};
use crate::sealing::{NewDelivery, Taken};
use crate::store::DeadLetterId;

/// Stores a delivery, if there is room for it. One that is known needs none.
pub fn store(connection: &Connection, delivery: &NewDelivery, room: &Room) -> Result<Taken, Problem> {
    let has_room = room.take(connection, size(delivery))?;
    if has_room && insert(connection, delivery)? {
        let id = DeadLetterId::new(connection.last_insert_rowid());
        return Ok(if delivery.dead.is_some() { Taken::Dead(id) } else { Taken::New });
    }
    let known: Option<Option<String>> = connection
        .prepare_cached("SELECT content FROM delivery WHERE duplicate_key = ?1")?
        .query_row([&delivery.duplicate_key], |row| row.get(0))
        .optional()?;
    Ok(match known {
        Some(Some(content)) if delivery.content.as_ref() != Some(&content) => Taken::Differs,
        Some(_) => Taken::Known,
        None => Taken::NoRoom,
    })
}

/// Returns about how much a delivery takes in the table and its indexes: a text of an index is written
/// twice, and pages are not filled to the end.
fn size(delivery: &NewDelivery) -> u64 {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let bytes = delivery.body.len() + 2 * (delivery.duplicate_key.len() + length(&delivery.group_key));
    (bytes + length(&delivery.name) + length(&delivery.content) + 200) as u64 * 5 / 4
}

/// Returns whether the delivery is new.
fn insert(connection: &Connection, delivery: &NewDelivery) -> Result<bool, Problem> {
    let now = now();
    let (state, reason, ended) = if let Some(reason) = &delivery.dead {
        (DEAD, Some(kind(reason)), Some(now))
    } else if is_open(connection, delivery.group_key.as_deref())? {
        (QUEUED, None, None)
    } else {
        (READY, None, None)
    };
    let mut insert = connection.prepare_cached(
        "INSERT INTO delivery (duplicate_key, group_key, name, body, state, received_at, due_at, reason_kind, ended_at,
                               sealed_by, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (duplicate_key) DO NOTHING",
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
        delivery.sealed_by,
        delivery.content
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
