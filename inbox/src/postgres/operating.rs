//! What an operator asks of the database: what waits, and the same rows under another key.

use std::time::Duration;

use super::connection::Database;
use super::problem::Problem;
use super::rows::reason_in;
use crate::StoreErrorKind;
use crate::store::{Counts, DeadLetterId};
use crate::waiting::{Waiting, WaitingState};

impl Database {
    /// Counts the rows by their state.
    pub async fn counts(&self) -> Result<Counts, Problem> {
        let rows = self.ask(self.statements.counts(), &[]).await?;
        let row = rows.first().ok_or(Problem::of(StoreErrorKind::Other))?;
        let count = |column: usize| Ok::<_, Problem>(u64::try_from(row.try_get::<_, i64>(column)?).unwrap_or(0));
        let age = |column: usize| {
            let age = row.try_get::<_, Option<i64>>(column)?;
            Ok::<_, Problem>(age.map(|age| Duration::from_millis(u64::try_from(age).unwrap_or(0))))
        };
        Ok(Counts {
            waiting: count(0)?,
            running: count(1)?,
            handled: count(2)?,
            dead: count(3)?,
            differing: count(4)?,
            oldest_waiting: age(5)?,
            last_handled: age(6)?,
        })
    }

    /// Returns a page of what waits.
    pub async fn waiting(&self, after: Option<DeadLetterId>, limit: u32) -> Result<Vec<Waiting>, Problem> {
        let (after, limit) = (after.map_or(0, DeadLetterId::get), i64::from(limit));
        let rows = self.ask(self.statements.waiting(), &[&after, &limit]).await?;
        let waiting = rows.iter().map(|row| {
            let id = DeadLetterId::new(row.try_get(0)?);
            let reason = row.try_get::<_, Option<i16>>(7)?.map(|_| reason_in(row)).transpose()?;
            Ok(Waiting {
                id,
                state: WaitingState::of(row.try_get(1)?, row.try_get(2)?, row.try_get(3)?),
                attempts: u32::try_from(row.try_get::<_, i32>(4)?).unwrap_or(u32::MAX),
                received_at: row.try_get(5)?,
                due_at: row.try_get(6)?,
                reason: reason.map(|reason| self.sealing.opened_reason(id.get(), reason)).transpose()?,
            })
        });
        waiting.collect()
    }
}

#[cfg(feature = "encryption")]
mod rotation {
    use super::{Database, Problem};
    use crate::postgres::connection::Asked;
    use crate::postgres::proofs;
    use crate::postgres::value::Value;
    use crate::sealing::SealedRow;

    /// How many rows are read at a time.
    const AT_ONCE: i64 = 200;

    impl Database {
        /// Notes the keys, and seals all that others sealed with the current one. Returns how many rows.
        pub async fn rotate_keys(&self) -> Result<u64, Problem> {
            let (current, head) = self.sealing.current().map_err(Problem::of)?;
            let mut connection = self.connection().await?;
            proofs::note(&mut connection, self.statements.schema(), &self.sealing).await?;
            connection.give_back();
            let (mut after, mut resealed) = (0_i64, 0);
            loop {
                let values: [&dyn Value; 4] = [&current, &head, &after, &AT_ONCE];
                let rows = self.ask(self.statements.sealed_before(), &values).await?;
                let Some(last) = rows.last() else { return Ok(resealed) };
                after = last.try_get(0)?;
                for row in &rows {
                    let before = SealedRow {
                        duplicate_key: row.try_get(1)?,
                        body: row.try_get(2)?,
                        sealed_by: row.try_get(3)?,
                        reason: row.try_get(4)?,
                    };
                    resealed += u64::from(self.reseal(row.try_get(0)?, before).await?);
                }
            }
        }

        /// Seals one row. Returns whether it did: one that was changed meanwhile is another's.
        async fn reseal(&self, id: i64, before: SealedRow) -> Result<bool, Problem> {
            let Some(after) = self.sealing.reseal(id, before.clone()).map_err(Problem::of)? else { return Ok(false) };
            let values: [&dyn Value; 6] =
                [&id, &after.body, &after.sealed_by, &after.reason, &before.sealed_by, &before.reason];
            let rows = self.transact(&[Asked { statement: self.statements.reseal(), values: &values }]).await?;
            Ok(rows.first().is_some_and(|rows| !rows.is_empty()))
        }
    }
}
