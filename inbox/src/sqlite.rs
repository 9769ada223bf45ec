//! The store in a SQLite database: [`SqliteInbox`], and its settings.
//!
//! One thread owns the one connection and commits what waits together (`writer`); the statements
//! are in `arrivals`, `claims` and `letters`, the tables in `schema`; `room` knows how much deliveries may still take, `clock`
//! what time it is, and `problem` strips SQLite's errors of their words.

mod arrivals;
mod claims;
mod clock;
mod connection;
mod letters;
mod operating;
mod problem;
mod proofs;
mod remainder;
mod room;
mod schema;
mod writer;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use novamed::webhooks::{Inbox, InboxError, Incoming, Stored};
use rusqlite::Connection;
use tokio::sync::Notify;

use crate::content::Contents;
use crate::metering;
use crate::report::Listener;
use crate::sealing::{NewDelivery, Sealing, Taken};
use crate::store::{Claim, Claimed, Counts, DeadLetter, DeadLetterId, Reason, Removed, Store, Ticket, Wanted};
use crate::waiting::Waiting;
use crate::{Report, Retention, StoreError, StoreErrorKind};
use connection::{LOG, connect, folder_of};
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
    existing: bool,
}

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
            existing: false,
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

    /// Opens only an inbox that is there, as it is: creates no file, brings no schema up to date and
    /// encrypts nothing. Keys for an inbox that is in the clear are left aside. For tools that look at
    /// an inbox of another program.
    #[must_use]
    pub fn existing(mut self) -> Self {
        self.existing = true;
        self
    }

    /// Opens the inbox in this file, which is created if it is missing. Its folder has to exist.
    ///
    /// # Errors
    ///
    /// As [`SqliteInbox::open`]; with [`existing`](Self::existing) also if it is missing
    /// ([`StoreErrorKind::Missing`]) or an older version has written it ([`StoreErrorKind::OlderSchema`]).
    pub async fn open(mut self, path: impl Into<PathBuf>) -> Result<SqliteInbox, StoreError> {
        let path = path.into();
        if self.existing {
            self.sealing = proofs::sealing_of(&path, self.sealing).map_err(Problem::error)?;
        }
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
    /// Opens the inbox in this file, which is created if it is missing. Its folder has to exist.
    /// Tables of an older version are brought up to date; of several processes that start together,
    /// one does so and the others wait.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, is not an inbox, was changed by a newer version of this crate
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

    /// Seals all that other keys sealed with the current one, so that those can be left out. Returns how
    /// many events there were. Workers and receivers go on meanwhile; all of them need the current key.
    ///
    /// # Errors
    ///
    /// The inbox was opened without keys, is in the clear, or the store failed. What was sealed before
    /// that stays so.
    #[cfg(feature = "encryption")]
    pub async fn rotate_keys(&self) -> Result<u64, StoreError> {
        let (mut after, mut all) = (0, 0);
        let sealing = self.sealing.clone();
        self.change(move |connection| proofs::note(connection, &sealing), |()| false).await?;
        loop {
            let sealing = self.sealing.clone();
            let job = move |connection: &Connection| operating::reseal(connection, &sealing, after);
            let Some((last, resealed)) = self.change(job, |_| false).await? else { return Ok(all) };
            (after, all) = (last, all + resealed);
        }
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

    /// Stores a delivery.
    async fn take(&self, delivery: Incoming) -> Result<Stored, InboxError> {
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

impl Inbox for SqliteInbox {
    async fn store(&self, delivery: Incoming) -> Result<Stored, InboxError> {
        let stored = self.take(delivery).await;
        metering::delivered(&stored);
        stored
    }
}

impl Store for SqliteInbox {
    async fn claim(&self, wanted: Wanted) -> Result<Claimed, StoreError> {
        let sealing = self.sealing.clone();
        let job = move |connection: &Connection| claims::claim(connection, wanted, &sealing);
        self.change(job, |claimed| !claimed.buried.is_empty()).await
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

    async fn waiting(&self, after: Option<DeadLetterId>, limit: u32) -> Result<Vec<Waiting>, StoreError> {
        let sealing = self.sealing.clone();
        self.change(move |connection| operating::waiting(connection, after, limit, &sealing), |_| false).await
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
        self.change(operating::counts, |_| false).await
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
