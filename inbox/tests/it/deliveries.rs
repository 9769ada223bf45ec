//! Deliveries like NovaMed's, and inboxes for them.

use std::path::PathBuf;

use novamed::webhooks::{Inbox, Incoming, Malformed, Received, Stored};
use novamed_inbox::SqliteInbox;
use tempfile::TempDir;

/// The events of one order, in the published order.
pub const STEPS: [&str; 4] = ["verified", "submitted", "acknowledged", "filled"];

/// Returns an order's id, from a few hexadecimal digits.
pub fn id(order: &str) -> String {
    format!("00000000-0000-4000-8000-{order:0>12}")
}

/// Returns the body of an event of an order.
pub fn body(step: &str, order: &str) -> String {
    let (order, other) = (id(order), id("1"));
    format!(
        r#"{{"event_name":"medication_order:{step}","event_data":{{"id":"{order}","clinic_id":"{other}","patient_id":"{other}","practitioner_id":"{other}"}}}}"#
    )
}

/// Returns the received delivery for a body with the right key.
pub fn incoming(body: &str) -> Incoming {
    match Received::from_stored(body.to_owned()) {
        Ok(received) => Incoming::Event(received),
        Err(error) => Incoming::Malformed(malformed(error.malformed())),
    }
}

fn malformed(malformed: Option<&Malformed>) -> Malformed {
    malformed.expect("a body without an event is malformed").clone()
}

/// Stores an event of an order.
pub async fn store(inbox: &impl Inbox, step: &str, order: &str) -> Stored {
    inbox.store(incoming(&body(step, order))).await.unwrap()
}

/// A temporary folder with a database.
pub struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// Returns the path of the database.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("inbox.db")
    }

    /// Opens the inbox.
    pub async fn open(&self) -> SqliteInbox {
        SqliteInbox::open(self.path()).await.unwrap()
    }

    /// Opens the database directly.
    pub fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }
}
