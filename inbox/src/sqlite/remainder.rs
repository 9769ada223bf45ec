//! What is kept of a handled event, in as little space as possible.
//!
//! Handling an event shortens its row, but SQLite only reuses the space once the row is removed. Removing and rewriting
//! a row takes several times as long as handling the event, so it's done when a delivery needs the space, for a few rows
//! at a time.

use rusqlite::{Connection, params};

/// How many rows are rewritten at a time. They make room for at least as many deliveries.
const AT_ONCE: u32 = 64;

/// Rewrites the rows of the first handled events that ended at or after this time. Returns when the last of them ended,
/// or `None` if there was nothing to rewrite.
pub fn compact(connection: &Connection, from: i64) -> rusqlite::Result<Option<i64>> {
    // A row that was rewritten is due when it was received.
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

/// Removes the row of an event that was handled at this time, and writes what is kept of it.
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
