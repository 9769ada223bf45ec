//! Loses no webhook of the NovaMed Partner API: each delivery is stored before it is answered, and
//! handled at least once, in order.
//!
//! NovaMed sends an event until it is answered 200, for 1 h 21 min, and has no endpoint to read it
//! again. So a receiver that answers before it has stored the event can lose it, and one that does
//! its work before it answers is late, as NovaMed waits for 5 seconds. This crate does
//! both: [`SqliteInbox`] is an inbox for `novamed::webhooks::Receiver`, [`Workers`] take events out of it and
//! call a handler, and [`Server`] runs both and stops them in order.
//!
//! ```no_run
//! use novamed::webhooks::{Event, Receiver};
//! use novamed_inbox::{Handling, HandlingError, Server, SqliteInbox, Workers};
//! use tokio::net::TcpListener;
//!
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! let receiver = Receiver::from_env()?;
//! let listener = TcpListener::bind("127.0.0.1:8080").await?;
//! let inbox = SqliteInbox::open("inbox.db").await?;
//! Server::new(inbox.clone())
//!     .receive(listener, receiver.deliver_to(inbox.clone()))
//!     .work(Workers::new(inbox).handling(handle))
//!     .run()
//!     .await?;
//!
//! async fn handle(handling: Handling) -> Result<(), HandlingError> {
//!     if let Event::MedicationOrderFilled(filled) = handling.event() {
//!         // …
//!     }
//!     Ok(())
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What is promised
//!
//! - **200 means stored.** The answer waits for a commit that is on the disk. Where storing fails or
//!   takes too long (a full disk, a locked database) the answer is 503, and NovaMed sends again.
//! - **At least once.** A stored event is handed out until its handler has returned `Ok` and that is
//!   stored, or it is a dead letter. A process can be killed at any moment. A handler can therefore
//!   see an event again that it had finished: [`Handling::duplicate_key`] is the same each time.
//! - **Duplicates stop at the door.** A delivery whose duplicate key is known is answered 200 and
//!   goes no further. An event without a key is known by a hash of its body.
//! - **In order.** Events of one medication order are handled one after the other, in the order of
//!   arrival; a dead letter lets the next go on.
//! - **One at a time.** A claim is fenced by its number: a worker that slept through its lease while
//!   another claimed the event can no longer complete it.
//! - **Nothing unreadable is lost.** A body that is not an event, or that this version cannot
//!   read, is a dead letter, whole, to be [retried](Store::retry) by a newer one.
//! - **Nothing is told.** `Debug`, `Display`, errors and reports hold no value of an event. A handler
//!   that panics is a failed try with the reason "panicked"; but the panic's message goes to the
//!   app's panic hook like any other, so a handler should not put a value into one.
//!
//! - **A second content is kept.** A delivery with a known duplicate key that says something else is a dead
//!   letter with the reason [`Differs`](Reason::Differs).
//!
//! A clock that jumps ahead ends leases early, so that events may be handled twice; none is lost. One that is
//! set back has no effect on a running process; after a restart, and on PostgreSQL, events that were to be tried
//! again wait for an hour at most.
//!
//! # Dead letters
//!
//! ```no_run
//! # async fn f(inbox: novamed_inbox::SqliteInbox) -> Result<(), novamed_inbox::StoreError> {
//! use novamed_inbox::{Reason, Store};
//!
//! for letter in inbox.dead_letters(None, 100).await? {
//!     println!("{}: {} after {} attempts", letter.id.get(), letter.reason, letter.attempts);
//!     if letter.reason == Reason::Panicked {
//!         inbox.retry(letter.id).await?;
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Why a separate crate, and why no job queue
//!
//! A store's database driver changes its major version several times a year, and the linked SQLite
//! can be in a program only once. In a separate crate it never ties the client's version. The
//! driver is rusqlite with SQLite compiled in: sqlx 0.9 needs Rust 1.94, and the many
//! connections of its pool don't help, since SQLite has one writer at a time. Here one thread owns
//! the one connection and commits all that waits in one transaction.
//!
//! Job queues were looked at first. backie, `graphile_worker`, sqlxmq and underway need PostgreSQL. Of
//! those for SQLite, apalis-sqlite, effectum and fang bring retries, and the first two heartbeats. As
//! far as their documentation goes, none keeps an order within a key, fences a claim by its number,
//! or promises that a job is on the disk when the call that adds it returns, which is what this crate
//! is for. What would be left for them to do is a table.
//!
//! On several hosts the store is `PostgresInbox`, by the feature `postgres`, in the database that the app
//! already runs; its driver and pool are tokio-postgres and deadpool-postgres, whose versions change
//! rarely. `OPERATING.md` says how to run either store. Another database fits in by the trait [`Store`]; its
//! promises are a suite of tests over any store, `tests/it/suite.rs`.
//!
//! # Encryption
//!
//! By the feature `encryption`, both stores seal what deliveries and handlers say with `Keys`. Bodies,
//! names, duplicate keys and reasons are then unreadable in the database; duplicate keys and groups
//! are compared by digests whose key never changes, so that the keys that seal can. **Without keys the
//! database holds personal data in the clear.**

/// What the page shows compiles.
#[cfg(all(
    doctest,
    feature = "encryption",
    feature = "metrics",
    feature = "page",
    feature = "postgres",
    feature = "server"
))]
#[doc = include_str!("../OPERATING.md")]
struct OperatingPage;

mod backoff;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod content;
mod error;
mod handlers;
mod handling;
#[cfg(all(feature = "encryption", any(feature = "postgres", feature = "sqlite")))]
mod keys;
mod metering;
mod mismatch;
#[cfg(feature = "page")]
pub mod page;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod problem;
mod report;
mod retention;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod sealing;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "page")]
mod span;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod tending;
mod waiting;
mod workers;

pub use backoff::Backoff;
pub use error::{StoreError, StoreErrorKind};
pub use handling::{Handling, HandlingError};
#[cfg(all(feature = "encryption", any(feature = "postgres", feature = "sqlite")))]
pub use keys::{Keys, KeysError};
#[cfg(feature = "postgres")]
pub use postgres::{Notifications, PostgresInbox, PostgresOptions};
pub use report::Report;
pub use retention::{Retention, RetentionError};
#[cfg(feature = "server")]
pub use server::Server;
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteInbox, SqliteOptions};
pub use store::{
    Claim, Claimed, ClaimedEvent, Counts, DeadLetter, DeadLetterId, Reason, Removed, Store, Ticket, Wanted,
};
pub use waiting::{Waiting, WaitingState};
pub use workers::{Work, Workers};
