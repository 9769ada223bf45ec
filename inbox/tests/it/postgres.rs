//! What only a server has: schemas, roles, connections that are cut, other hosts.

use std::sync::Arc;
use std::time::Duration;

use novamed::webhooks::{Inbox, InboxError, Stored};
use novamed_inbox::{Claim, PostgresInbox, Store, StoreError, StoreErrorKind, Wanted, Workers};
use tokio::sync::oneshot;
use tokio_postgres::Config;

use crate::deliveries::{STEPS, body, incoming, store};
use crate::front::{SECRET, post, serve};
use crate::proxy::{CutAt, Proxy};
use crate::subjects::{Schema, Subject, pool, server};
use crate::workers::{drained, workers};

const WANTED: Wanted = Wanted { events: 10, lease: Duration::from_secs(600), attempts: 3 };

/// As it is sent: with the NUL that ends a text.
const COMMIT: &str = "COMMIT\0";

fn cause(error: &InboxError) -> &StoreError {
    std::error::Error::source(error).unwrap().downcast_ref().unwrap()
}

#[tokio::test]
async fn hosts_that_open_a_new_schema_together_all_can() {
    let Some(schema) = Schema::new() else { return };
    let schema = Arc::new(schema);
    let opening = (0..8).map(|n: u32| {
        let schema = Arc::clone(&schema);
        tokio::spawn(async move { store(&schema.open().await, "filled", &n.to_string()).await })
    });
    for opened in opening.collect::<Vec<_>>() {
        assert_eq!(opened.await.unwrap(), Stored::New);
    }
    assert_eq!(schema.open().await.counts().await.unwrap().waiting, 8);
    let numbers = schema.query("SELECT number FROM {s}.inbox", &[]).await;
    assert_eq!((numbers.len(), numbers[0].get::<_, i32>(0)), (1, 2));
}

#[tokio::test]
async fn newer_schema_is_an_error_that_says_so() {
    let Some(schema) = Schema::new() else { return };
    let inbox = schema.open().await;
    store(&inbox, "filled", "a").await;
    schema.change_schema(7).await;
    let error = schema.options().open(schema.pool.clone()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NewerSchema { found: 7, known: 2 });
    assert!(error.to_string().starts_with("the inbox has schema 7, written by a newer version"));
    // One that was open before stops as well, and changes nothing.
    let error = inbox.store(incoming(&body("verified", "a"))).await.unwrap_err();
    assert_eq!(cause(&error).kind(), StoreErrorKind::NewerSchema { found: 7, known: 2 });
    assert_eq!(schema.query("SELECT 1 FROM {s}.delivery", &[]).await.len(), 1);
}

#[tokio::test]
async fn schema_of_another_program_is_left_alone() {
    let Some(schema) = Schema::new() else { return };
    schema.batch("CREATE SCHEMA {s}; CREATE TABLE {s}.patient (name TEXT)").await;
    let error = schema.options().open(schema.pool.clone()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotAnInbox);
    let error = schema.options().schema("x; DROP TABLE y").open(schema.pool.clone()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotAnInbox);
}

/// Whoever owns the tables makes them; the app's role needs no more than to use them.
#[tokio::test]
async fn role_without_the_right_to_create_can_use_what_exists() {
    let Some(schema) = Schema::new() else { return };
    schema.batch("CREATE SCHEMA {s}; CREATE ROLE {s} LOGIN; ").await;
    let mut config: Config = server().unwrap().parse().unwrap();
    config.user(&schema.name);
    let limited = pool(&config, 2);
    let error = schema.options().open(limited.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.sqlstate()), (StoreErrorKind::Inaccessible, Some("42501")));
    assert!(error.to_string().contains("the rights that OPERATING.md lists"), "{error}");
    drop(schema.open().await);
    let grants = "GRANT USAGE ON SCHEMA {s} TO {s}; GRANT SELECT ON {s}.inbox, {s}.sealing TO {s};
        GRANT SELECT, INSERT, UPDATE, DELETE ON {s}.delivery TO {s}";
    schema.batch(grants).await;
    let inbox = schema.options().open(limited).await.unwrap();
    store(&inbox, "filled", "a").await;
    workers(&inbox).run_until(drained(&inbox), |_| async { Ok(()) }).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().handled, 1);
    drop(inbox);
    schema.batch("DROP OWNED BY {s}; DROP ROLE {s}").await;
}

#[tokio::test]
async fn session_that_does_not_wait_for_the_disk_is_made_to() {
    let Some(schema) = Schema::new() else { return };
    drop(schema.open().await);
    let mut config: Config = server().unwrap().parse().unwrap();
    config.options("-c synchronous_commit=off -c default_transaction_isolation=serializable");
    let inbox = schema.options().open(pool(&config, 2)).await.unwrap();
    schema
        .batch(
            "CREATE TABLE {s}.seen (setting TEXT, isolation TEXT);
             CREATE FUNCTION {s}.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 INSERT INTO {s}.seen VALUES
                     (current_setting('synchronous_commit'), current_setting('transaction_isolation'));
                 RETURN NULL;
             END $$;
             CREATE TRIGGER see AFTER INSERT OR UPDATE ON {s}.delivery EXECUTE FUNCTION {s}.see()",
        )
        .await;
    store(&inbox, "filled", "a").await;
    let claimed = inbox.claim(WANTED).await.unwrap().events.remove(0);
    assert_eq!(inbox.complete(claimed.ticket).await.unwrap(), Claim::Held);
    let seen = schema.query("SELECT DISTINCT setting, isolation FROM {s}.seen", &[]).await;
    assert_eq!((seen.len(), seen[0].get(0), seen[0].get(1)), (1, "on", "read committed"));
}

#[tokio::test]
async fn event_of_another_host_wakes_workers_that_would_sleep_for_long() {
    let Some(schema) = Schema::new() else { return };
    let (receiver, worker) = (schema.open().await, schema.listening().open(schema.pool.clone()).await.unwrap());
    // Handled once before, so that the workers listen when the second comes.
    store(&worker, "verified", "a").await;
    let (one, first) = oneshot::channel();
    let (two, second) = oneshot::channel();
    let signals = Arc::new(std::sync::Mutex::new(vec![two, one]));
    let handler = move |_| {
        signals.lock().unwrap().pop().unwrap().send(()).unwrap();
        async { Ok(()) }
    };
    let other = schema.name.clone();
    let shutdown = async {
        first.await.unwrap();
        while listeners(&schema, &other).await == 0 {
            tokio::task::yield_now().await;
        }
        store(&receiver, "filled", "a").await;
        second.await.unwrap();
    };
    let hour = Duration::from_secs(3600);
    Workers::new(worker.clone()).poll(hour).run_until(shutdown, handler).await.unwrap();
}

async fn listeners(schema: &Schema, channel: &str) -> usize {
    let listening = format!("LISTEN {channel}");
    schema.query("SELECT 1 FROM pg_stat_activity WHERE query = $1", &[&listening]).await.len()
}

#[tokio::test]
async fn connection_cut_inside_a_transaction_stores_nothing_and_the_redelivery_is_stored() {
    let Some(schema) = Schema::new() else { return };
    let (inbox, proxy) = behind_a_proxy(&schema).await;
    let address = serve(inbox.clone()).await;
    assert_eq!(post(address, SECRET, &body("verified", "a")).await, Some(200));
    proxy.cut_at(CutAt::Before(COMMIT));
    assert_eq!(post(address, SECRET, &body("filled", "a")).await, Some(503));
    assert!(proxy.was_cut());
    assert_eq!(schema.open().await.counts().await.unwrap().waiting, 1);
    assert_eq!(post(address, SECRET, &body("filled", "a")).await, Some(200));
    assert_eq!(inbox.counts().await.unwrap().waiting, 2);
}

#[tokio::test]
async fn connection_cut_before_the_answer_makes_the_redelivery_known() {
    let Some(schema) = Schema::new() else { return };
    let (inbox, proxy) = behind_a_proxy(&schema).await;
    let address = serve(inbox.clone()).await;
    assert_eq!(post(address, SECRET, &body("verified", "a")).await, Some(200));
    proxy.cut_at(CutAt::After(COMMIT));
    assert_eq!(post(address, SECRET, &body("filled", "a")).await, Some(503));
    while inbox.counts().await.unwrap().waiting < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(inbox.store(incoming(&body("filled", "a"))).await.unwrap(), Stored::Known);
}

/// Every kind of call is cut, before its commit and after; none loses an event or lets two have it.
#[tokio::test]
async fn every_call_can_be_cut_and_made_again() {
    let Some(schema) = Schema::new() else { return };
    let (inbox, proxy) = behind_a_proxy(&schema).await;
    for step in STEPS {
        store(&inbox, step, "a").await;
    }
    let mut handled = 0;
    for place in [CutAt::Before(COMMIT), CutAt::After(COMMIT)] {
        proxy.cut_at(place);
        let error = inbox.claim(WANTED).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Unreachable);
        // If it was done, the lease is nobody's, and ends.
        schema.age(WANTED.lease).await;
        let claimed = inbox.claim(WANTED).await.unwrap().events;
        assert_eq!(claimed.len(), 1);
        proxy.cut_at(place);
        inbox.extend(claimed[0].ticket, WANTED.lease).await.unwrap_err();
        assert_eq!(inbox.extend(claimed[0].ticket, WANTED.lease).await.unwrap(), Claim::Held);
        proxy.cut_at(place);
        inbox.complete(claimed[0].ticket).await.unwrap_err();
        let again = inbox.complete(claimed[0].ticket).await.unwrap();
        // Once it was done it cannot be done twice.
        assert_eq!(again, if matches!(place, CutAt::Before(_)) { Claim::Held } else { Claim::Lost });
        handled += 1;
        assert_eq!(schema.open().await.counts().await.unwrap().handled, handled);
    }
    workers(&inbox).run_until(drained(&inbox), |_| async { Ok(()) }).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().handled, 4);
}

#[tokio::test]
async fn listener_that_lost_its_connection_comes_back() {
    let Some(schema) = Schema::new() else { return };
    let server = server().unwrap();
    let proxy = Proxy::start(&server).await;
    let config: Config = proxy.url(&server).parse().unwrap();
    let inbox = schema.options().listen(config, tokio_postgres::NoTls).open(schema.pool.clone()).await.unwrap();
    let other = schema.open().await;
    for order in ["a", "b"] {
        while listeners(&schema, &schema.name).await == 0 {
            tokio::task::yield_now().await;
        }
        let changed = inbox.changed();
        store(&other, "filled", order).await;
        changed.await;
        proxy.cut();
        while listeners(&schema, &schema.name).await > 0 {
            tokio::task::yield_now().await;
        }
    }
}

async fn behind_a_proxy(schema: &Schema) -> (PostgresInbox, Proxy) {
    let server = server().unwrap();
    let proxy = Proxy::start(&server).await;
    let config: Config = proxy.url(&server).parse().unwrap();
    let inbox = schema.options().open(pool(&config, 2)).await.unwrap();
    (inbox, proxy)
}

#[tokio::test]
async fn pool_without_a_free_connection_is_answered_503() {
    let Some(schema) = Schema::new() else { return };
    let small = pool(&server().unwrap().parse().unwrap(), 1);
    let inbox = schema.options().connection_wait(Duration::from_millis(50)).open(small.clone()).await.unwrap();
    let address = serve(inbox.clone()).await;
    let taken = small.get().await.unwrap();
    assert_eq!(post(address, SECRET, &body("filled", "a")).await, Some(503));
    let error = inbox.counts().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy);
    assert!(error.to_string().starts_with("no connection of the pool came free"), "{error}");
    drop(taken);
    assert_eq!(post(address, SECRET, &body("filled", "a")).await, Some(200));
    small.close();
    assert_eq!(inbox.counts().await.unwrap_err().kind(), StoreErrorKind::Closed);
}

#[tokio::test]
async fn one_delivery_that_cannot_be_stored_holds_no_other_up() {
    let Some(schema) = Schema::new() else { return };
    let inbox = schema.open().await;
    schema.batch("ALTER TABLE {s}.delivery ADD CHECK (octet_length(body) < 1000)").await;
    let large = body("filled", "b") + &" ".repeat(1000);
    let (small, large, other) = tokio::join!(
        inbox.store(incoming(&body("filled", "a"))),
        inbox.store(incoming(&large)),
        inbox.store(incoming(&body("filled", "c")))
    );
    assert_eq!((small.unwrap(), other.unwrap()), (Stored::New, Stored::New));
    let error = large.unwrap_err();
    assert_eq!(cause(&error).sqlstate(), Some("23514"));
    assert!(!format!("{error:?} {error} {:?} {}", cause(&error), cause(&error)).contains("000b"));
}

#[tokio::test]
async fn name_with_any_character_is_stored() {
    let Some(schema) = Schema::new() else { return };
    let inbox = schema.open().await;
    let odd = r#"{"event_name":"new \u0000 \ud83d\ude00","event_data":{}}"#;
    assert_eq!(inbox.store(incoming(odd)).await.unwrap(), Stored::New);
    assert_eq!(inbox.claim(WANTED).await.unwrap().events[0].body, odd.as_bytes());
}

#[tokio::test]
async fn schema_that_is_gone_is_an_error() {
    let Some(schema) = Schema::new() else { return };
    let inbox = schema.open().await;
    schema.batch("DROP SCHEMA {s} CASCADE").await;
    assert_eq!(inbox.counts().await.unwrap_err().kind(), StoreErrorKind::NotAnInbox);
    let error = inbox.store(incoming(&body("filled", "a"))).await.unwrap_err();
    assert_eq!(cause(&error).kind(), StoreErrorKind::NotAnInbox);
}

/// What another worker is taking at this moment is nobody's trouble, whatever keys there are.
#[tokio::test]
async fn event_that_another_worker_is_claiming_is_no_failure() {
    let Some(schema) = Schema::new() else { return };
    let inbox = schema.open().await;
    store(&inbox, "filled", "a").await;
    let mut other = schema.pool.get().await.unwrap();
    let claiming = other.transaction().await.unwrap();
    claiming.query(&format!("SELECT id FROM {}.delivery FOR UPDATE", schema.name), &[]).await.unwrap();
    let claimed = inbox.claim(WANTED).await.unwrap();
    assert!(claimed.events.is_empty());
    claiming.commit().await.unwrap();
    assert_eq!(inbox.claim(WANTED).await.unwrap().events.len(), 1);
}
