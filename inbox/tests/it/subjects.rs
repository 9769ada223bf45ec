//! The stores that the same tests run on, and what only a look into their tables can do to them.

use std::env;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use deadpool_postgres::{Manager, Pool};
use novamed_inbox::{Keys, PostgresInbox, PostgresOptions, SqliteInbox, Store, StoreError};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls, Row};

use crate::deliveries::Place;
use crate::disk::Disk;

/// Names the server of the tests: its URL, of somebody who may create schemas.
pub const SERVER: &str = "NOVAMED_TEST_POSTGRES";

/// A separate store for one test. Each call of [`store`](Self::store) opens it once more.
pub trait Subject: Sync {
    type Store: Store;
    async fn store(&self) -> Self::Store;
    /// Opens the store with these keys, or without.
    async fn open_with(&self, keys: Option<Keys>) -> Result<Self::Store, StoreError>;
    /// Returns all that the tables hold of deliveries, as text.
    async fn rows(&self) -> Vec<String>;
    /// Gives the first two events each the body of the other.
    async fn swap_bodies(&self);
    /// Makes all look as if the store had been left alone for some time.
    fn age(&self, by: Duration) -> impl Future<Output = ()> + Send;
    /// Makes all look as if the clock had been set back by this much since it was written.
    async fn set_clock_back(&self, by: Duration);
    /// Writes another body over that of the first event.
    async fn replace_first_body(&self, body: &str);
    /// Writes another text over all reasons.
    async fn replace_reasons(&self, reason: &str);
    /// Lets the tables be of a newer version.
    async fn change_schema(&self, number: i32);
}

impl Subject for Place {
    type Store = SqliteInbox;

    async fn store(&self) -> SqliteInbox {
        self.open().await
    }

    async fn open_with(&self, keys: Option<Keys>) -> Result<SqliteInbox, StoreError> {
        let options = SqliteInbox::options();
        keys.into_iter().fold(options, novamed_inbox::SqliteOptions::keys).open(self.path()).await
    }

    async fn rows(&self) -> Vec<String> {
        let database = self.database();
        let all = "SELECT concat_ws('|', duplicate_key, group_key, name, CAST(body AS TEXT), reason) FROM delivery";
        let mut rows = database.prepare(all).unwrap();
        rows.query_map([], |row| Ok(String::from_utf8_lossy(row.get_ref(0)?.as_bytes()?).into_owned()))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }

    async fn swap_bodies(&self) {
        let swap = "UPDATE delivery SET body = o.body FROM (SELECT id, body FROM delivery) AS o
            WHERE o.id = 3 - delivery.id AND delivery.id < 3";
        assert_eq!(self.database().execute(swap, []).unwrap(), 2);
    }

    async fn age(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap();
        let aged = "UPDATE delivery SET due_at = due_at - ?1, received_at = received_at - ?1, ended_at = ended_at - ?1";
        self.database().execute(aged, [by]).unwrap();
    }

    async fn set_clock_back(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap();
        self.database()
            .execute("UPDATE delivery SET due_at = due_at + ?1, received_at = received_at + ?1", [by])
            .unwrap();
    }

    async fn replace_first_body(&self, body: &str) {
        self.database().execute("UPDATE delivery SET body = CAST(?1 AS BLOB) WHERE id = 1", [body]).unwrap();
    }

    async fn replace_reasons(&self, reason: &str) {
        self.database().execute("UPDATE delivery SET reason = ?1", [reason]).unwrap();
    }

    async fn change_schema(&self, number: i32) {
        self.database().pragma_update(None, "user_version", number).unwrap();
    }
}

/// A separate schema on the server of the tests, removed at the end.
pub struct Schema {
    server: Config,
    pub name: String,
    pub pool: Pool,
    /// Whether there is a tablespace of the same name.
    tablespace: bool,
}

impl Schema {
    /// Returns a new one. Where no variable names a server, says that the test is skipped.
    pub fn new() -> Option<Self> {
        Some(Self::on(&server()?))
    }

    /// Returns a new one on this server.
    pub fn on(server: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("inbox_test_{}_{count}_{:08x}", std::process::id(), fastrand::u32(..));
        Self::named(server, name)
    }

    /// Returns the one with this name.
    pub fn named(server: &str, name: String) -> Self {
        let server: Config =
            server.parse().unwrap_or_else(|_| panic!("{SERVER} is not the URL of a PostgreSQL server"));
        let pool = pool(&server, 4);
        Self { server, name, pool, tablespace: false }
    }

    /// Returns a new one whose tables are on this disk. Where the server cannot reach it, says
    /// that the test is skipped.
    pub async fn on_disk(disk: &Disk) -> Option<Self> {
        let mut schema = Self::new()?;
        // Not the disk itself, which has a folder of its file system.
        let folder = disk.path().join("tables");
        std::fs::create_dir(&folder).unwrap();
        let create = format!("CREATE TABLESPACE {{s}} LOCATION '{}'", folder.display());
        if !disk.give_to("postgres", &folder) || schema.try_batch(&create).await.is_none() {
            println!("skipped: the server cannot use a disk of this machine");
            return None;
        }
        schema.tablespace = true;
        schema.server.options(format!("-c default_tablespace={}", schema.name));
        schema.pool = pool(&schema.server, 4);
        Some(schema)
    }

    async fn try_batch(&self, statements: &str) -> Option<()> {
        let connection = self.pool.get().await.ok()?;
        connection.batch_execute(&statements.replace("{s}", &self.name)).await.ok()
    }

    /// Returns settings that name the schema.
    pub fn options(&self) -> PostgresOptions {
        PostgresInbox::options().schema(&self.name)
    }

    /// Returns settings that name the schema and listen.
    pub fn listening(&self) -> PostgresOptions {
        self.options().listen(self.server.clone(), NoTls)
    }

    /// Opens the inbox.
    pub async fn open(&self) -> PostgresInbox {
        self.options().open(self.pool.clone()).await.unwrap()
    }

    /// Has a statement done beside the inbox; `{s}` in it is the schema's name.
    pub async fn query(&self, statement: &str, values: &[&(dyn ToSql + Sync)]) -> Vec<Row> {
        let connection = self.pool.get().await.unwrap();
        connection.query(&statement.replace("{s}", &self.name), values).await.unwrap()
    }

    /// Has statements done beside the inbox; `{s}` in them is the schema's name.
    pub async fn batch(&self, statements: &str) {
        let connection = self.pool.get().await.unwrap();
        connection.batch_execute(&statements.replace("{s}", &self.name)).await.unwrap();
    }
}

/// Returns the URL of the server, or says that no variable names one.
pub fn server() -> Option<String> {
    let server = env::var(SERVER).ok();
    if server.is_none() {
        println!("skipped: {SERVER} names no server; `cargo xtask ci --only postgres` starts one");
    }
    server
}

/// Returns a pool of this many connections.
pub fn pool(server: &Config, connections: usize) -> Pool {
    Pool::builder(Manager::new(server.clone(), NoTls)).max_size(connections).build().unwrap()
}

impl Drop for Schema {
    fn drop(&mut self) {
        let server = self.server.clone();
        // A session that a test left in a transaction ends only when this thread goes on.
        let mut drop_it = vec![format!("SET lock_timeout = '2s'; DROP SCHEMA IF EXISTS {} CASCADE", self.name)];
        if self.tablespace {
            drop_it.push(format!("DROP TABLESPACE {}", self.name));
        }
        // The test's runtime may be on its way out.
        let removal = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let connection = pool(&server, 1).get().await.ok()?;
                for statements in drop_it {
                    connection.batch_execute(&statements).await.ok()?;
                }
                Some(())
            })
        });
        drop(removal.join());
    }
}

impl Subject for Schema {
    type Store = PostgresInbox;

    async fn store(&self) -> PostgresInbox {
        self.open().await
    }

    async fn open_with(&self, keys: Option<Keys>) -> Result<PostgresInbox, StoreError> {
        keys.into_iter().fold(self.options(), PostgresOptions::keys).open(self.pool.clone()).await
    }

    async fn rows(&self) -> Vec<String> {
        let all =
            "SELECT concat_ws('|', duplicate_key, group_key, name, encode(body, 'escape'), reason) FROM {s}.delivery";
        self.query(all, &[]).await.iter().map(|row| row.get(0)).collect()
    }

    async fn swap_bodies(&self) {
        let swap = "UPDATE {s}.delivery d SET body = o.body FROM {s}.delivery o
            WHERE (d.id, o.id) IN (SELECT a.id, b.id FROM {s}.delivery a, {s}.delivery b WHERE a.id <> b.id)
            RETURNING d.id";
        assert_eq!(self.query(swap, &[]).await.len(), 2);
    }

    async fn age(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap();
        let aged = "UPDATE {s}.delivery SET due_at = due_at - $1::bigint * interval '1 ms',
            received_at = received_at - $1::bigint * interval '1 ms', ended_at = ended_at - $1::bigint * interval '1 ms'";
        self.query(aged, &[&by]).await;
    }

    async fn set_clock_back(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap();
        let moved = "UPDATE {s}.delivery SET due_at = due_at + $1::bigint * interval '1 ms',
            received_at = received_at + $1::bigint * interval '1 ms'";
        self.query(moved, &[&by]).await;
    }

    async fn replace_first_body(&self, body: &str) {
        let replaced = "UPDATE {s}.delivery SET body = $1 WHERE id = (SELECT min(id) FROM {s}.delivery)";
        self.query(replaced, &[&body.as_bytes()]).await;
    }

    async fn replace_reasons(&self, reason: &str) {
        self.query("UPDATE {s}.delivery SET reason = $1", &[&reason]).await;
    }

    async fn change_schema(&self, number: i32) {
        self.query("UPDATE {s}.inbox SET number = $1", &[&number]).await;
    }
}

/// Returns the keys of the tests: 1 is the first, 2 the second, which opens the other's as well.
pub fn keys(current: u32) -> Keys {
    let key = |number: u32| [u8::try_from(number).unwrap() + 10; 32];
    let keys = Keys::new([1; 32], current, key(current)).unwrap();
    (1..current).fold(keys, |keys, number| keys.also_opening(number, key(number)).unwrap())
}

/// The same store, encrypted.
pub struct Encrypted<S>(pub S);

impl<S: Subject> Subject for Encrypted<S> {
    type Store = S::Store;

    async fn store(&self) -> S::Store {
        self.open_with(Some(keys(1))).await.unwrap()
    }

    async fn open_with(&self, keys: Option<Keys>) -> Result<S::Store, StoreError> {
        self.0.open_with(keys).await
    }

    async fn rows(&self) -> Vec<String> {
        self.0.rows().await
    }

    async fn swap_bodies(&self) {
        self.0.swap_bodies().await;
    }

    async fn age(&self, by: Duration) {
        self.0.age(by).await;
    }

    async fn set_clock_back(&self, by: Duration) {
        self.0.set_clock_back(by).await;
    }

    async fn replace_first_body(&self, body: &str) {
        self.0.replace_first_body(body).await;
    }

    async fn replace_reasons(&self, reason: &str) {
        self.0.replace_reasons(reason).await;
    }

    async fn change_schema(&self, number: i32) {
        self.0.change_schema(number).await;
    }
}

/// Runs each function as a test on each database, as it makes the store.
macro_rules! on_each_database {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        mod sqlite {
            $($(#[$doc])* #[tokio::test] async fn $name() {
                super::$name(&crate::deliveries::Place::new()).await;
            })*
        }

        mod postgres {
            $($(#[$doc])* #[tokio::test] async fn $name() {
                if let Some(schema) = crate::subjects::Schema::new() {
                    super::$name(&schema).await;
                }
            })*
        }
    };
}
pub(crate) use on_each_database;

/// Runs each function as a test on each store, in the clear and encrypted.
macro_rules! on_every_store {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        crate::subjects::on_each_database! { $($(#[$doc])* $name;)* }

        mod sqlite_encrypted {
            $($(#[$doc])* #[tokio::test] async fn $name() {
                super::$name(&crate::subjects::Encrypted(crate::deliveries::Place::new())).await;
            })*
        }

        mod postgres_encrypted {
            $($(#[$doc])* #[tokio::test] async fn $name() {
                if let Some(schema) = crate::subjects::Schema::new() {
                    super::$name(&crate::subjects::Encrypted(schema)).await;
                }
            })*
        }
    };
}
pub(crate) use on_every_store;
