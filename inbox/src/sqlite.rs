//! The store in a SQLite database: [`SqliteInbox`], and its settings.
//!
//! One thread owns the one connection and commits what waits together (`writer`); the statements
//! are in `rows`, the tables in `schema`; `problem` strips SQLite's errors of their words.

mod problem;
mod proofs;
mod rows;
mod schema;
mod writer;

use std::ffi::OsStr;
use std::fmt;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use novamed::webhooks::{Inbox, InboxError, Incoming, Stored};
use rusqlite::{Connection, OpenFlags};
use tokio::sync::Notify;

use crate::sealing::Sealing;
use crate::store::{Claim, Claimed, Counts, DeadLetter, DeadLetterId, Reason, Removed, Store, Ticket, Wanted};
use crate::{Retention, StoreError, StoreErrorKind};
use problem::Problem;
use writer::Writer;

/// An inbox in a SQLite database: a file on a local disk, for one machine.
///
/// Clones share the connection. Several processes of a machine can open the same file, one that
/// receives and others that work. What is stored survives a crash of the process and, where the disk
/// keeps what it has confirmed, a loss of power: the database is in WAL mode with `synchronous=FULL`,
/// and no delivery is answered before the commit that holds it.
///
/// The file holds personal data in the clear, unless it is given keys (feature `encryption`). A new one can be read and written by its owner alone
/// (mode 0600, on Unix; SQLite gives the two files beside it, `-wal` and `-shm`, the same mode); the
/// mode of one that exists is left as it is.
///
/// ```no_run
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// use novamed_inbox::SqliteInbox;
///
/// let inbox = SqliteInbox::open("/var/lib/pharmacy/inbox.db").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SqliteInbox {
    writer: Writer,
    changed: Arc<Notify>,
    sealing: Sealing,
}

impl fmt::Debug for SqliteInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteInbox").finish_non_exhaustive()
    }
}

/// Settings of a [`SqliteInbox`].
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    wait: Duration,
    max_bytes: Option<u64>,
    sealing: Sealing,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { wait: Duration::from_secs(3), max_bytes: None, sealing: Sealing::default() }
    }
}

impl SqliteOptions {
    /// How long to wait for another connection that holds the database; default 3 s. NovaMed waits
    /// 5 s for an answer, and the receiver 4 s for the inbox.
    #[must_use]
    pub fn lock_wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// How large the database may grow, in bytes, the files beside it not counted; by default as
    /// large as the disk allows. A full inbox refuses deliveries, which NovaMed then sends again.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// Encrypts what deliveries and handlers say, with these keys; by default it is in the clear. An
    /// inbox that was in the clear is encrypted when it is opened so for the first time, and from then
    /// on refuses whoever has no keys.
    #[cfg(feature = "encryption")]
    #[must_use]
    pub fn keys(mut self, keys: crate::Keys) -> Self {
        self.sealing = Sealing(Some(Arc::new(keys)));
        self
    }

    /// Opens the inbox in this file, which is created if there is none; its folder has to exist.
    ///
    /// # Errors
    ///
    /// As [`SqliteInbox::open`].
    pub async fn open(self, path: impl Into<PathBuf>) -> Result<SqliteInbox, StoreError> {
        let path = path.into();
        let sealing = self.sealing.clone();
        let writer = Writer::start(sealing.is_on(), move || connect(&path, &self)).await.map_err(Problem::error)?;
        Ok(SqliteInbox { writer, changed: Arc::new(Notify::new()), sealing })
    }
}

impl SqliteInbox {
    /// Opens the inbox in this file, which is created if there is none; its folder has to exist.
    /// Tables of an older version are brought up to date; of several processes that start together,
    /// one does so and the others wait.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, is no inbox, was changed by a newer version of this crate
    /// ([`StoreErrorKind::NewerSchema`]), is held by another connection for too long, or is in a
    /// place where it cannot be durable.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Self::options().open(path).await
    }

    /// Returns settings to open an inbox with.
    #[must_use]
    pub fn options() -> SqliteOptions {
        SqliteOptions::default()
    }

    /// Has a job done, and wakes whoever waits for a change if it says that there is one.
    async fn change<T, F>(&self, act: F, changes: impl Fn(&T) -> bool) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&Connection) -> Result<T, Problem> + Send + 'static,
    {
        let done = self.writer.run(act).await.map_err(Problem::error)?;
        if changes(&done) {
            self.changed.notify_waiters();
        }
        Ok(done)
    }
}

impl Inbox for SqliteInbox {
    async fn store(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        let delivery = self.sealing.delivery(&delivery)?;
        let new = self.change(move |connection| rows::store(connection, &delivery), |new| *new).await?;
        Ok(if new { Stored::New } else { Stored::Known })
    }
}

impl Store for SqliteInbox {
    async fn claim(&self, wanted: Wanted) -> Result<Claimed, StoreError> {
        let sealing = self.sealing.clone();
        self.change(move |connection| rows::claim(connection, wanted, &sealing), |claimed| claimed.buried > 0).await
    }

    async fn extend(&self, ticket: Ticket, lease: Duration) -> Result<Claim, StoreError> {
        self.change(move |connection| rows::extend(connection, ticket, lease), |_| false).await
    }

    async fn complete(&self, ticket: Ticket) -> Result<Claim, StoreError> {
        self.change(move |connection| rows::finish(connection, ticket, None), |_| true).await
    }

    async fn postpone(&self, ticket: Ticket, delay: Duration, reason: Reason) -> Result<Claim, StoreError> {
        let reason = self.sealing.reason(ticket.id(), reason)?;
        self.change(move |connection| rows::postpone(connection, ticket, delay, Some(&reason)), |_| true).await
    }

    async fn bury(&self, ticket: Ticket, reason: Reason) -> Result<Claim, StoreError> {
        let reason = self.sealing.reason(ticket.id(), reason)?;
        self.change(move |connection| rows::finish(connection, ticket, Some(&reason)), |_| true).await
    }

    async fn give_back(&self, ticket: Ticket) -> Result<Claim, StoreError> {
        self.change(move |connection| rows::postpone(connection, ticket, Duration::ZERO, None), |_| true).await
    }

    async fn dead_letters(&self, after: Option<DeadLetterId>, limit: u32) -> Result<Vec<DeadLetter>, StoreError> {
        let sealing = self.sealing.clone();
        self.change(move |connection| rows::dead_letters(connection, after, limit, &sealing), |_| false).await
    }

    async fn retry(&self, id: DeadLetterId) -> Result<bool, StoreError> {
        self.change(move |connection| rows::retry(connection, id), |retried| *retried).await
    }

    async fn discard(&self, id: DeadLetterId) -> Result<bool, StoreError> {
        self.change(move |connection| rows::discard(connection, id), |_| false).await
    }

    async fn remove_expired(&self, retention: Retention) -> Result<Removed, StoreError> {
        self.change(move |connection| rows::remove_expired(connection, retention), |_| false).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.change(rows::counts, |_| false).await
    }

    fn changed(&self) -> impl Future<Output = ()> + Send {
        // Made here, not when it is polled: it hears what happens from now on.
        self.changed.notified()
    }
}

/// Opens the file and sees to it that what is committed is durable.
fn connect(path: &Path, options: &SqliteOptions) -> Result<Connection, Problem> {
    if path.as_os_str().is_empty() || path == OsStr::new(":memory:") {
        return Err(Problem::of(StoreErrorKind::NotDurable));
    }
    create(path)?;
    let deadline = Instant::now() + options.wait;
    loop {
        match prepare(path, options) {
            // SQLite does not wait by itself while another connection changes the journal's mode.
            Err(problem) if problem.error().kind() == StoreErrorKind::Busy && Instant::now() < deadline => {
                thread::sleep(Duration::from_millis(20));
            }
            opened => return opened,
        }
    }
}

/// Opens the file, which exists.
fn prepare(path: &Path, options: &SqliteOptions) -> Result<Connection, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.busy_timeout(options.wait)?;
    // Before the mode of the journal, so that a foreign database is left as it is.
    schema::check_owner(&connection.transaction()?)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Problem::of(StoreErrorKind::NotDurable));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    // macOS confirms a plain fsync before the disk does; elsewhere this changes nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    // What is removed is overwritten.
    connection.pragma_update(None, "secure_delete", true)?;
    schema::migrate(&mut connection)?;
    proofs::settle(&mut connection, &options.sealing)?;
    if let Some(bytes) = options.max_bytes {
        let page: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / page;
        connection.pragma_update_and_check(None, "max_page_count", pages.max(1), |_| Ok(()))?;
    }
    Ok(connection)
}

/// Creates an empty file that its owner alone can read, if there is none.
fn create(path: &Path) -> Result<(), Problem> {
    let mut file = OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == ErrorKind::StorageFull => Err(Problem::of(StoreErrorKind::Full)),
        Err(_) => Err(Problem::of(StoreErrorKind::Inaccessible)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_wait_for_the_disk() {
        let folder = tempfile::TempDir::new().unwrap();
        let connection = connect(&folder.path().join("inbox.db"), &SqliteOptions::default()).unwrap();
        let number = |pragma| connection.pragma_query_value::<i64, _>(None, pragma, |row| row.get(0)).unwrap();
        // 2 is FULL: with WAL, each commit is synced.
        assert_eq!((number("synchronous"), number("fullfsync"), number("secure_delete")), (2, 1, 1));
        assert_eq!(number("busy_timeout"), 3000);
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }
}
