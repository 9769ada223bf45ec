//! The changes that a state has seen, and the file that keeps them.
//!
//! A state depends only on its seed and its changes, so the file holds those, each with its virtual time, and
//! opening it makes them once more.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::fields::Failure;
use crate::operation::Operation;
use crate::state::{Assumptions, State};
use crate::webhooks::Disturbance;

/// The version of the file. It changes with [`Change`], and whenever the same changes lead to another state.
const VERSION: i64 = 1;
/// Marks a file as a sandbox's: "NSBX".
const APPLICATION: i64 = 0x4e53_4258;

/// Something that changes a state from the outside.
#[derive(Deserialize, Serialize)]
pub(crate) enum Change {
    Perform(Operation, Value),
    Answered(u64, Result<u16, String>),
    Resend(u64),
    Cancel(String),
    Disturb(Disturbance, u32),
    AddWebhook(String),
    Assume(Assumptions),
    /// Time has passed, and something happened by itself.
    Passed,
}

impl State {
    /// Makes a change. Only operations return something.
    pub(crate) fn apply(&mut self, change: &Change) -> Result<Value, Failure> {
        let known = |is_known, what: &str| if is_known { Ok(Value::Null) } else { Err(Failure::not_found(what)) };
        match change {
            Change::Perform(operation, body) => return self.perform(*operation, body),
            Change::Resend(delivery) => return known(self.resend(*delivery), "There is no such delivery"),
            Change::Cancel(order) => {
                return known(self.cancel_shipment(order), "There is no such order, or it has no shipment to cancel");
            }
            Change::Answered(delivery, answer) => self.answered(*delivery, answer.clone()),
            Change::Disturb(disturbance, count) => self.disturb(*disturbance, *count),
            Change::AddWebhook(url) => self.add_webhook(url),
            Change::Assume(assumptions) => self.assume(*assumptions),
            Change::Passed => {}
        }
        Ok(Value::Null)
    }
}

/// A SQLite file with changes.
pub(crate) struct Journal(Connection);

impl Journal {
    /// Opens a file, or creates it for a state with this seed, and returns the state that its changes lead to.
    pub(crate) fn open(path: &Path, seed: u64) -> Result<(Self, State), String> {
        let name = path.display();
        let wrong = |problem: rusqlite::Error| match problem.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy) => format!("{name} is in use by another process"),
            Some(ErrorCode::NotADatabase) => format!("{name} isn't a database; choose another file"),
            _ => format!("cannot open {name}: {problem}"),
        };
        create_private(path).map_err(|problem| format!("cannot open {name}: {problem}"))?;
        let journal = Self::connect(path).map_err(wrong)?;
        let application = journal.pragma("application_id").map_err(wrong)?;
        let version = journal.pragma("user_version").map_err(wrong)?;
        let is_new = journal.pragma("schema_version").map_err(wrong)? == 0;
        match (application, version) {
            (APPLICATION, VERSION) => journal.share_nothing().map_err(wrong)?,
            (APPLICATION, newer) if newer > VERSION => {
                return Err(format!(
                    "{name} was written by a newer sandbox (version {newer}, and this one knows {VERSION}): use that \
                     one, or another file"
                ));
            }
            _ if is_new => {
                journal.share_nothing().map_err(wrong)?;
                journal.create(seed).map_err(wrong)?;
            }
            _ => return Err(format!("{name} isn't a database of this sandbox; choose another file")),
        }
        let state = journal.state().map_err(|problem| format!("cannot read {name}: {problem}"))?;
        Ok((journal, state))
    }

    fn connect(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(Duration::ZERO)?;
        Ok(Self(connection))
    }

    /// Keeps others out, because two sandboxes would tell different histories, and lets a change be written quickly.
    fn share_nothing(&self) -> rusqlite::Result<()> {
        self.0.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        self.0.pragma_update(None, "journal_mode", "WAL")?;
        self.0.pragma_update(None, "synchronous", "NORMAL")?;
        // The lock is taken by the first access.
        self.0.execute_batch("BEGIN IMMEDIATE; COMMIT;")
    }

    fn pragma(&self, name: &str) -> rusqlite::Result<i64> {
        self.0.pragma_query_value(None, name, |row| row.get(0))
    }

    fn create(&self, seed: u64) -> rusqlite::Result<()> {
        self.0.execute_batch(&format!(
            "BEGIN IMMEDIATE;
             CREATE TABLE seed (seed TEXT NOT NULL);
             CREATE TABLE changes (number INTEGER PRIMARY KEY, seconds INTEGER NOT NULL, nanoseconds INTEGER NOT NULL,
                 change TEXT NOT NULL);
             INSERT INTO seed VALUES ('{seed}');
             PRAGMA application_id = {APPLICATION};
             PRAGMA user_version = {VERSION};
             COMMIT;"
        ))
    }

    fn state(&self) -> Result<State, Box<dyn std::error::Error>> {
        let seed: String = self.0.query_row("SELECT seed FROM seed", [], |row| row.get(0))?;
        let mut state = State::new(seed.parse()?);
        let mut changes = self.0.prepare("SELECT seconds, nanoseconds, change FROM changes ORDER BY number")?;
        let mut rows = changes.query([])?;
        while let Some(row) = rows.next()? {
            let at = Duration::new(row.get::<_, i64>(0)?.try_into()?, row.get(1)?);
            let change: Change = serde_json::from_str(&row.get::<_, String>(2)?)?;
            // Whenever something happened by itself, `Passed` was written. The attempts have been made: their answers
            // are among the changes.
            if at > state.now() || matches!(change, Change::Passed) {
                drop(state.advance(at.saturating_sub(state.now())));
            }
            // A change that failed wasn't written.
            state.apply(&change).map_err(|failure| failure.message)?;
        }
        state.resume();
        Ok(state)
    }

    /// Writes a change that was made at a time.
    pub(crate) fn write(&self, at: Duration, change: &Change) -> Result<(), Failure> {
        let write = || -> Result<(), Box<dyn std::error::Error>> {
            let change = serde_json::to_string(change)?;
            let seconds = i64::try_from(at.as_secs())?;
            let mut insert =
                self.0.prepare_cached("INSERT INTO changes (seconds, nanoseconds, change) VALUES (?1, ?2, ?3)")?;
            insert.execute(params![seconds, at.subsec_nanos(), change])?;
            Ok(())
        };
        write().map_err(|problem| {
            eprintln!("the database can't be written: {problem}");
            Failure::internal("The sandbox acted, but couldn't store it")
        })
    }
}

/// Creates a file unless it exists. SQLite would create one that everybody can read.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(problem) if problem.kind() != io::ErrorKind::AlreadyExists => Err(problem),
        _ => Ok(()),
    }
}

/// Returns the number of each operation's acts.
pub(crate) fn acts(state: &State) -> Value {
    let acts = Operation::ALL.iter().filter(|operation| operation.changes());
    acts.map(|operation| (operation.name().to_owned(), json!(state.acts(*operation)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file is only useful as long as its changes lead to the state that they led to when they were written.
    #[test]
    fn the_same_changes_lead_to_the_state_that_this_version_knows() {
        let mut state = State::new(1);
        let clinic = state.clinic().to_owned();
        let mut perform = |operation, body| state.apply(&Change::Perform(operation, body)).unwrap();
        perform(Operation::CreateWebhook, json!({ "clinic_id": clinic, "webhook_url": "https://localhost:9/" }));
        let practitioner = perform(
            Operation::CreatePractitioner,
            json!({
                "first_name": "Ada", "last_name": "Moss", "email": "ada@clinic.example", "npi": "1234567890",
                "is_veterinarian": false, "assigned_clinic": clinic, "address_line_1": "1 Main St", "city": "Austin",
                "state_code": "TX", "zip_code": "73301",
            }),
        );
        let practitioner = &practitioner["practitioner_id"];
        let address = json!({ "addressLine1": "2 Main St", "city": "Austin", "state": "TX", "postalCode": "73301" });
        let patient = perform(
            Operation::CreatePatient,
            json!({
                "first_name": "Pat", "last_name": "Example", "gender": "unknown", "dob": "1985-03-15",
                "practitioner_id": practitioner, "assigned_clinic": clinic, "addresses": [address],
            }),
        );
        let medication =
            json!({ "medication": "Example", "dose": "1mg", "quantity": 1, "direction": "daily", "refills": "1" });
        let order = perform(
            Operation::CreateMedicationRequest,
            json!({
                "patient_id": patient["patient_id"], "practitioner_id": practitioner, "clinic_id": clinic,
                "carrier_id": "ameriship", "service_id": "ground", "medication_requests": [medication],
            }),
        );
        drop(state.advance(Duration::from_secs(300)));
        let refill = json!({ "medication_request_id": order["medication_request_id"] });
        state.apply(&Change::Perform(Operation::CreateRefillRequest, refill)).unwrap();
        drop(state.advance(Duration::from_secs(300)));
        let orders = state.order_ids.iter().map(|id| &state.orders[id]);
        let deliveries = state.deliveries().map(|(id, delivery)| format!("{id} {}", delivery.event));
        let known: String = orders
            .map(|order| format!("{} {} {:?} {:?}", order.id, order.request, order.shipment, order.timeline))
            .chain(deliveries)
            .collect();
        // FNV-1a
        let hash = known
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        assert_eq!((VERSION, hash), (1, 0x41b7_c1df_9f70_9937), "raise VERSION, and expect the new hash");
    }
}
