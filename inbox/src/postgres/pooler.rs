//! Poolers between the inbox and its server: whether a connection keeps the server's process.
//!
//! PgBouncer in transaction mode lends a process of the server for one transaction at a time. What
//! belongs to a process, such as a prepared statement or a `LISTEN`, is then another client's a moment
//! later.

use tokio_postgres::GenericClient;

use super::problem::Problem;
use super::value::ask;

/// Which of two connections is asked next. Neither a stack of processes nor one that takes them in
/// turn gives two connections the same process each in this order.
const ORDER: [usize; 16] = [0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];

/// Returns whether two connections, which are used for nothing else meanwhile, are lent the server's
/// processes instead of having one each. A busy pooler may lend each the same process 8 times by
/// chance; a connection without a pooler is never taken for one that has one.
pub async fn lends_processes(first: &impl GenericClient, second: &impl GenericClient) -> Result<bool, Problem> {
    let mut processes: [Option<i32>; 2] = [None, None];
    for which in ORDER {
        let process = if which == 0 { process(first).await? } else { process(second).await? };
        let before = processes[which].replace(process);
        if before.is_some_and(|before| before != process) || processes[1 - which] == Some(process) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn process(client: &impl GenericClient) -> Result<i32, Problem> {
    let rows = ask(client, "SELECT pg_backend_pid()", &[]).await?;
    let row = rows.first().ok_or(Problem::of(crate::StoreErrorKind::Other))?;
    Ok(row.try_get(0)?)
}
