//! The store in a SQLite database: [`SqliteInbox`], and its settings.
//!
//! One thread owns the one connection and commits what waits together (`writer`); the statements
//! are in `arrivals`, `claims` and `letters`, the tables in `schema`; `room` knows how much deliveries may still take, `clock`
//! what time it is, and `problem` strips SQLite's errors of their words.

mod arrivals;
mod claims;
mod clock;
mod letters;
mod problem;
mod proofs;
mod room;
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

use crate::content::Contents;
use crate::report::Listener;
use crate::sealing::{NewDelivery, Sealing, Taken};
use crate::store::{Claim, Claimed, Counts, DeadLetter, DeadLetterId, Reason, Removed, Store, Ticket, Wanted};
use crate::{Report, Retention, StoreError, StoreErrorKind};
use problem::Problem;
use room::Room;
use writer::{Settings, Writer};

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
    room: Arc<Room>,
    changed: Arc<Notify>,
    sealing: Sealing,
    contents: Contents,
    listener: Listener,
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
    keep_free: u64,
    sealing: Sealing,
    listener: Listener,
}

/// What `-wal` is cut to after it was larger. By itself SQLite begins it anew at about this size.
const LOG: u64 = 4 << 20;
/// Twice what `-wal` takes: as much for the log, and as much for what moves from it to the database.
const KEPT_FREE: u64 = 2 * LOG;

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            wait: Duration::from_secs(3),
            max_bytes: None,
            keep_free: KEPT_FREE,
            sealing: Sealing::default(),
            listener: Listener::default(),
        }
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

    /// How large deliveries may make the database, in bytes, without the `-wal` and `-shm` files; by
    /// default as large as the disk allows. A full inbox answers 503, and NovaMed sends the delivery
    /// again. Workers may exceed the limit by what they note, so a full inbox is always emptied; an
    /// event that was handled makes room.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// How much of the disk deliveries leave free, in bytes; 8 MiB by default. With less than this, new
    /// deliveries are answered 503, while workers use the rest to empty the inbox. Below 8 MiB, the
    /// workers themselves can run out of space.
    #[must_use]
    pub fn keep_free(mut self, bytes: u64) -> Self {
        self.keep_free = bytes;
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

    /// Reports deliveries that are dead letters from the start ([`Report::Died`](crate::Report::Died)) to a
    /// function, which has to be quick and must not panic. Workers report all others.
    #[must_use]
    pub fn on_report(mut self, listener: impl Fn(Report) + Send + Sync + 'static) -> Self {
        self.listener = Listener::new(listener);
        self
    }

    /// Opens the inbox in this file, which is created if there is none; its folder has to exist.
    ///
    /// # Errors
    ///
    /// As [`SqliteInbox::open`].
    pub async fn open(self, path: impl Into<PathBuf>) -> Result<SqliteInbox, StoreError> {
        let path = path.into();
        let (sealing, listener) = (self.sealing.clone(), self.listener.clone());
        let room = Arc::new(Room::new(folder_of(&path).to_owned(), self.max_bytes, self.keep_free));
        let settings = Settings { with_keys: sealing.is_on(), wait: self.wait };
        let (writer, content_key) = Writer::start(settings, move || {
            let connection = connect(&path, &self)?;
            let content_key: Vec<u8> = connection.query_row("SELECT content_key FROM inbox", [], |row| row.get(0))?;
            Ok((connection, content_key))
        })
        .await
        .map_err(Problem::error)?;
        let contents = Contents::new(&content_key);
        Ok(SqliteInbox { writer, room, changed: Arc::new(Notify::new()), sealing, contents, listener })
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

    async fn write(&self, delivery: NewDelivery) -> Result<Taken, StoreError> {
        let room = Arc::clone(&self.room);
        let store = move |connection: &Connection| arrivals::store(connection, &delivery, &room);
        self.change(store, |taken| *taken == Taken::New).await
    }
}

impl Inbox for SqliteInbox {
    async fn store(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        let mut taken = self.write(self.sealing.delivery(&delivery, &self.contents)?).await?;
        if taken == Taken::Differs {
            taken = self.write(self.sealing.differing(&delivery, &self.contents)?).await?;
        }
        match taken {
            Taken::New => Ok(Stored::New),
            Taken::Dead(id) => {
                self.listener.tell(Report::dead_from_the_start(id, &delivery));
                Ok(Stored::New)
            }
            Taken::Known | Taken::Differs => Ok(Stored::Known),
            Taken::NoRoom => Err(StoreError::new(StoreErrorKind::Full, None).into()),
        }
    }
}

impl Store for SqliteInbox {
    async fn claim(&self, wanted: Wanted) -> Result<Claimed, StoreError> {
        let sealing = self.sealing.clone();
        self.change(move |connection| claims::claim(connection, wanted, &sealing), |claimed| claimed.buried > 0).await
    }

    async fn extend(&self, ticket: Ticket, lease: Duration) -> Result<Claim, StoreError> {
        self.change(move |connection| claims::extend(connection, ticket, lease), |_| false).await
    }

    async fn complete(&self, ticket: Ticket) -> Result<Claim, StoreError> {
        self.change(move |connection| claims::finish(connection, ticket, None), |_| true).await
    }

    async fn postpone(&self, ticket: Ticket, delay: Duration, reason: Reason) -> Result<Claim, StoreError> {
        let reason = self.sealing.reason(ticket.id(), reason)?;
        self.change(move |connection| claims::postpone(connection, ticket, delay, Some(&reason)), |_| true).await
    }

    async fn bury(&self, ticket: Ticket, reason: Reason) -> Result<Claim, StoreError> {
        let reason = self.sealing.reason(ticket.id(), reason)?;
        self.change(move |connection| claims::finish(connection, ticket, Some(&reason)), |_| true).await
    }

    async fn give_back(&self, ticket: Ticket) -> Result<Claim, StoreError> {
        self.change(move |connection| claims::postpone(connection, ticket, Duration::ZERO, None), |_| true).await
    }

    async fn dead_letters(&self, after: Option<DeadLetterId>, limit: u32) -> Result<Vec<DeadLetter>, StoreError> {
        let sealing = self.sealing.clone();
        self.change(move |connection| letters::dead_letters(connection, after, limit, &sealing), |_| false).await
    }

    async fn retry(&self, id: DeadLetterId) -> Result<bool, StoreError> {
        self.change(move |connection| letters::retry(connection, id), |retried| *retried).await
    }

    async fn discard(&self, id: DeadLetterId) -> Result<bool, StoreError> {
        let discarded = self.change(move |connection| letters::discard(connection, id), |_| false).await?;
        if discarded {
            self.writer.empty_log();
        }
        Ok(discarded)
    }

    async fn remove_expired(&self, retention: Retention) -> Result<Removed, StoreError> {
        self.change(claims::catch_up, |caught_up| *caught_up).await?;
        let removed = self.change(move |connection| letters::remove_expired(connection, retention), |_| false).await?;
        if removed != Removed::default() {
            self.writer.empty_log();
        }
        Ok(removed)
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.change(letters::counts, |_| false).await
    }

    fn changed(&self) -> impl Future<Output = ()> + Send {
        // Made here, not when it is polled: it hears what happens from now on.
        self.changed.notified()
    }

    /// Moves all that is in `-wal` to the database, and closes the connection that all clones share. The
    /// database file alone is then complete, unless another process writes to it later.
    ///
    /// It fails with [`StoreErrorKind::Busy`] where another connection, such as a backup, has been reading for
    /// too long. The connection is closed nevertheless, and nothing is lost.
    async fn close(&self) -> Result<(), StoreError> {
        let closed = self.writer.close().await.map_err(Problem::error);
        // Whoever waits for a change finds it closed.
        self.changed.notify_waiters();
        closed
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
            opened => return opened.map_err(|problem| room::or_full(problem, folder_of(path))),
        }
    }
}

/// Returns the folder of a file. A path without one is in the folder where the process runs.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
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
    connection.pragma_update(None, "journal_size_limit", i64::try_from(LOG).unwrap_or(i64::MAX))?;
    // What is removed is overwritten.
    connection.pragma_update(None, "secure_delete", true)?;
    schema::migrate(&mut connection)?;
    proofs::settle(&mut connection, &options.sealing)?;
    proofs::remove_remnants(&connection, options.wait)?;
    claims::catch_up(&connection)?;
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
