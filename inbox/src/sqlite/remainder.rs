//! What stays of a handled event, in as little space as it needs.
//!
//! An event's row becomes shorter when the event is handled, but SQLite gives the space of a row to others only when
//! the row is removed. To remove it and write it anew takes several times as long as to handle the event. So that is
//! done when a delivery needs the space, for some rows at a time.

use rusqlite::{Connection, params};

/// How many rows are written anew at a time. They make room for as many deliveries or more.
const AT_ONCE: u32 = 64;

/// Writes the rows of handled events anew, the first that ended at this time or later. Returns when the last of them
/// ended, or nothing if there are none.
pub fn compact(connection: &Connection, from: i64) -> rusqlite::Result<Option<i64>> {
    // A row that was written anew is due when it was received.
    let mut select = connection.prepare_cached(
        "SELECT id, ended_at FROM delivery WHERE state = 2 AND ended_at >= ?1 AND due_at > received_at
         ORDER BY ended_at LIMIT ?2",
    )?;
    let rows = select.query_map(params![from, AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.collect::<rusqlite::Result<Vec<(i64, i64)>>>()?;
    for (id, ended_at) in &rows {
        write(connection, *id, *ended_at)?;
    }
    Ok(rows.last().map(|(_, ended_at)| *ended_at))
}

/// Removes an event, and writes what stays of it once it was handled at this time.
pub fn write(connection: &Connection, id: i64, ended_at: i64) -> rusqlite::Result<()> {
    let Remainder { duplicate_key, received_at, attempts, claims, content } = connection
        .prepare_cached(
            "DELETE FROM delivery WHERE id = ?1 RETURNING duplicate_key, received_at, attempts, claims, content",
        )?
        .query_row([id], |row| {
            Ok(Remainder {
                duplicate_key: row.get(0)?,
                received_at: row.get(1)?,
                attempts: row.get(2)?,
                claims: row.get(3)?,
                content: row.get(4)?,
            })
        })?;
    connection
        .prepare_cached(
            "INSERT INTO delivery (id, duplicate_key, body, state, received_at, due_at, attempts, claims, content,
                                   ended_at)
             VALUES (?1, ?2, x'', 2, ?3, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![id, duplicate_key, received_at, attempts, claims, content, ended_at])?;
    Ok(())
}

struct Remainder {
    duplicate_key: String,
    received_at: i64,
    attempts: u32,
    claims: i64,
    content: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::super::{SqliteOptions, connection::connect};
    use super::*;

    #[test]
    fn rows_of_handled_events_give_their_space_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let connection = connect(&folder.path().join("inbox.db"), &SqliteOptions::default()).unwrap();
        let number = |query: &str| connection.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
        connection
            .execute_batch(
                "WITH RECURSIVE n AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM n WHERE n < 1000)
                 INSERT INTO delivery (duplicate_key, body, state, received_at, due_at)
                     SELECT n, zeroblob(600), 1, 1, 2 FROM n;
                 UPDATE delivery SET state = 2, body = x'', ended_at = id",
            )
            .unwrap();
        let before = number("PRAGMA freelist_count");
        let (mut until, mut times) = (0, 0);
        while let Some(last) = compact(&connection, until).unwrap() {
            (until, times) = (last, times + 1);
        }
        assert_eq!((until, times), (1000, 16));
        assert!(number("PRAGMA freelist_count") > before + 100);
        assert_eq!(number("SELECT count(*) FROM delivery WHERE state = 2 AND ended_at = id AND due_at = 1"), 1000);
    }
}
