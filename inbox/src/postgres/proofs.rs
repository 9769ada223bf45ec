//! The keys of an inbox: whether they are the right ones, and the first encryption of what it holds.

use bytes::Bytes;
use tokio_postgres::{Client, IsolationLevel, Transaction};

use super::problem::Problem;
use super::schema;
use super::value::{Value, ask};
use crate::StoreErrorKind;
use crate::sealing::{NewDelivery, REASON_HEAD, Sealing};
use crate::store::Reason;

/// How many rows are encrypted by one statement.
const TOGETHER: i64 = 500;

/// Checks the keys against the inbox. New ones are noted; an inbox that was in the clear is encrypted,
/// all of it in this one transaction, for which the other hosts wait.
pub async fn settle(client: &mut Client, name: &str, sealing: &Sealing) -> Result<(), Problem> {
    let transaction = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?;
    if check(&transaction, name, sealing).await?.is_empty() {
        return Ok(transaction.commit().await?);
    }
    schema::take_turns(&transaction, name).await?;
    transaction.batch_execute(&format!("LOCK TABLE {name}.inbox IN ACCESS EXCLUSIVE MODE")).await?;
    // Another host may have done it meanwhile.
    write(&transaction, name, check(&transaction, name, sealing).await?).await?;
    let rows = ask(&transaction, &format!("SELECT sealed FROM {name}.inbox"), &[]).await?;
    if !rows.first().ok_or(Problem::of(StoreErrorKind::NotAnInbox))?.try_get::<_, bool>(0)? {
        encrypt(&transaction, name, sealing).await?;
        transaction.batch_execute(&format!("UPDATE {name}.inbox SET sealed = true")).await?;
    }
    Ok(transaction.commit().await?)
}

/// Notes the keys of an inbox that is encrypted.
#[cfg(feature = "encryption")]
pub async fn note(client: &mut Client, name: &str, sealing: &Sealing) -> Result<(), Problem> {
    let transaction = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?;
    schema::take_turns(&transaction, name).await?;
    write(&transaction, name, check(&transaction, name, sealing).await?).await?;
    Ok(transaction.commit().await?)
}

async fn write(transaction: &Transaction<'_>, name: &str, proofs: Vec<(i32, Vec<u8>)>) -> Result<(), Problem> {
    let note = format!("INSERT INTO {name}.sealing (key_id, proof) VALUES ($1, $2)");
    for (number, proof) in proofs {
        ask(transaction, &note, &[&number, &proof]).await?;
    }
    Ok(())
}

/// Checks the keys against an inbox that is left as it is. Returns whether it is encrypted.
pub async fn check_keys(client: &mut Client, name: &str, sealing: &Sealing) -> Result<bool, Problem> {
    let transaction = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?;
    let rows = ask(&transaction, &format!("SELECT sealed FROM {name}.inbox"), &[]).await?;
    let sealed = rows.first().ok_or(Problem::of(StoreErrorKind::NotAnInbox))?.try_get(0)?;
    if sealed {
        check(&transaction, name, sealing).await?;
    }
    transaction.commit().await?;
    Ok(sealed)
}

/// Returns the proofs that are to be noted.
async fn check(transaction: &Transaction<'_>, name: &str, sealing: &Sealing) -> Result<Vec<(i32, Vec<u8>)>, Problem> {
    let proofs = ask(transaction, &format!("SELECT key_id, proof FROM {name}.sealing"), &[]).await?;
    let proofs =
        proofs.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<Vec<_>, Problem>>()?;
    let used = format!("SELECT DISTINCT sealed_by FROM {name}.delivery WHERE sealed_by IS NOT NULL");
    let used = ask(transaction, &used, &[]).await?;
    let used = used.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<Vec<i32>, Problem>>()?;
    // In an inbox without keys no reason is sealed, whatever it begins with.
    let reasons = format!(
        "SELECT DISTINCT left(reason, {REASON_HEAD}) FROM {name}.delivery
         WHERE reason IS NOT NULL AND EXISTS (SELECT 1 FROM {name}.sealing)"
    );
    let reasons = ask(transaction, &reasons, &[]).await?;
    let reasons = reasons.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<Vec<String>, Problem>>()?;
    sealing.check(&proofs, &used, &reasons).map_err(Problem::of)
}

/// Encrypts what was written in the clear.
async fn encrypt(transaction: &Transaction<'_>, name: &str, sealing: &Sealing) -> Result<(), Problem> {
    let select = format!(
        "SELECT id, duplicate_key, group_key, name, body, state, reason, content
         FROM {name}.delivery
         WHERE id > $1 ORDER BY id LIMIT $2"
    );
    let update = format!(
        "UPDATE {name}.delivery SET duplicate_key = $2, group_key = $3, name = $4, body = $5, sealed_by = $6,
             reason = $7, content = $8 WHERE id = $1"
    );
    let mut last = 0_i64;
    loop {
        let rows = ask(transaction, &select, &[&last, &TOGETHER]).await?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = end.try_get(0)?;
        for row in &rows {
            let id: i64 = row.try_get(0)?;
            let clear = NewDelivery {
                duplicate_key: row.try_get(1)?,
                group_key: row.try_get(2)?,
                name: row.try_get(3)?,
                body: Bytes::copy_from_slice(row.try_get(4)?),
                sealed_by: None,
                content: row.try_get(7)?,
                dead: None,
            };
            // Of what was handled, the key alone is left.
            let sealed = if row.try_get::<_, i16>(5)? == 2 {
                let content = sealing.sealed_content(clear.content);
                NewDelivery { duplicate_key: sealing.sealed_key(&clear.duplicate_key), content, ..clear }
            } else {
                sealing.sealed(clear).map_err(Problem::from)?
            };
            let reason = row.try_get::<_, Option<String>>(6)?.map(Reason::Failed);
            let reason = reason.map(|reason| sealing.reason(id, reason)).transpose().map_err(Problem::from)?;
            let reason = reason.as_ref().map(Reason::text);
            let NewDelivery { duplicate_key, group_key, name, body, sealed_by, content, .. } = &sealed;
            let body = body.as_ref();
            let values: [&dyn Value; 8] = [&id, duplicate_key, group_key, name, &body, sealed_by, &reason, content];
            ask(transaction, &update, &values).await?;
        }
    }
}
