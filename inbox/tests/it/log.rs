//! The file `-wal` next to the database: how large it becomes, what is left in it, and the end.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use novamed::webhooks::{Inbox, Stored};
use novamed_inbox::{Claim, Removed, Retention, SqliteInbox, Store, StoreErrorKind, Wanted};
use tokio::time::sleep;

use crate::deliveries::{Place, body, incoming, store};
use crate::front::{SECRET, post, serve};
use crate::subjects::{Subject, keys};
use crate::workers::{drained, workers};

const WANTED: Wanted = Wanted { events: 500, lease: Duration::from_secs(600), attempts: 3 };

/// What `-wal` is cut to after it was larger.
const BOUND: u64 = 4 << 20;

fn log_of(place: &Place) -> PathBuf {
    place.path().with_extension("db-wal")
}

/// Fails if a file of the inbox holds one of these texts.
fn assert_gone(place: &Place, texts: &[&str]) {
    for entry in fs::read_dir(place.path().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for text in texts {
            let found = bytes.windows(text.len()).any(|it| it == text.as_bytes());
            assert!(!found, "{text} is in {}", path.display());
        }
    }
}

/// Stores many events with a name in their bodies, and handles them.
async fn handle_many(inbox: &SqliteInbox) {
    for n in 0..400 {
        let noted = body("filled", &format!("ca{n:x}")).replace("}}", r#","note":"Jane Doe"}}"#);
        inbox.store(incoming(&noted)).await.unwrap();
    }
    workers(inbox).concurrency(64).run_until(drained(inbox), async |_| Ok(())).await.unwrap();
}

#[tokio::test]
async fn closed_inbox_is_complete_without_its_log_also_while_another_has_it_open() {
    let place = Place::new();
    let (inbox, other) = (place.open().await, place.open().await);
    for order in ["a", "b", "c"] {
        store(&inbox, "filled", order).await;
    }
    store(&other, "filled", "d").await;
    inbox.close().await.unwrap();
    let copy = Place::new();
    fs::copy(place.path(), copy.path()).unwrap();
    assert_eq!(copy.open().await.counts().await.unwrap().waiting, 4);
    assert_eq!(other.counts().await.unwrap().waiting, 4);
    other.close().await.unwrap();
    assert!(!log_of(&place).exists());
}

#[tokio::test]
async fn closed_inbox_refuses_deliveries_and_ends_its_workers() {
    let place = Place::new();
    let inbox = place.open().await;
    let address = serve(inbox.clone()).await;
    let (worked, ()) = tokio::join!(workers(&inbox).run(async |_| Ok(())), async {
        assert_eq!(post(address, SECRET, &body("filled", "a")).await, Some(200));
        drained(&inbox).await;
        inbox.close().await.unwrap();
        inbox.close().await.unwrap();
    });
    assert_eq!(worked.unwrap_err().kind(), StoreErrorKind::Closed);
    assert_eq!(post(address, SECRET, &body("filled", "b")).await, Some(503));
}

#[tokio::test]
async fn log_is_cut_after_a_long_reader() {
    let place = Place::new();
    let inbox = place.open().await;
    store(&inbox, "filled", "a").await;
    let reader = place.database();
    reader.execute_batch("BEGIN; SELECT count(*) FROM delivery").unwrap();
    let large = " ".repeat(20_000);
    for n in 0..500 {
        inbox.store(incoming(&(body("filled", &format!("{n:x}")) + &large))).await.unwrap();
    }
    let length = || fs::metadata(log_of(&place)).unwrap().len();
    assert!(length() > 2 * BOUND, "{}", length());
    reader.execute_batch("COMMIT").unwrap();
    // The first moves all to the database, the next begins the log anew.
    for order in ["ffa", "ffb", "ffc"] {
        store(&inbox, "filled", order).await;
    }
    assert!(length() <= BOUND, "{}", length());
}

#[tokio::test]
async fn what_was_kept_for_long_enough_is_in_no_file() {
    let place = Place::new();
    let inbox = place.open().await;
    handle_many(&inbox).await;
    let stays = "00000000-0000-4000-8000-0000000000ff";
    store(&inbox, "filled", "ff").await;
    place.age(Duration::from_secs(40 * 24 * 3600)).await;
    let mut removed = 0;
    while let Removed { handled: some @ 1.., .. } = inbox.remove_expired(Retention::default()).await.unwrap() {
        removed += some;
    }
    assert_eq!(removed, 400);
    // The log is emptied after the answer, and before whatever is asked for next.
    assert_eq!(inbox.counts().await.unwrap().waiting, 1);
    assert_gone(&place, &["Jane Doe", "00000000ca"]);
    assert!(fs::read(place.path()).unwrap().windows(stays.len()).any(|it| it == stays.as_bytes()));
}

#[tokio::test]
async fn discarded_dead_letter_is_in_no_file() {
    let place = Place::new();
    let inbox = place.open().await;
    inbox.store(incoming("Jane Doe is not JSON")).await.unwrap();
    let letter = inbox.dead_letters(None, 1).await.unwrap()[0].id;
    assert!(inbox.discard(letter).await.unwrap());
    assert!(inbox.claim(WANTED).await.unwrap().events.is_empty());
    assert_gone(&place, &["Jane Doe"]);
}

/// It takes some seconds, so it is a step of continuous integration.
#[tokio::test]
async fn body_of_a_handled_event_is_soon_in_no_file() {
    if env::var_os("NOVAMED_TEST_DISKS").is_none() {
        println!("skipped: NOVAMED_TEST_DISKS is not set; `cargo xtask ci --only disks` sets it");
        return;
    }
    let place = Place::new();
    let inbox = place.open().await;
    handle_many(&inbox).await;
    // Emptied after 10 s, whatever goes on.
    for n in 0..130 {
        sleep(Duration::from_millis(100)).await;
        store(&inbox, "filled", &format!("{n:x}")).await;
        let claimed = inbox.claim(WANTED).await.unwrap().events;
        assert_eq!(inbox.complete(claimed[0].ticket).await.unwrap(), Claim::Held);
    }
    assert_gone(&place, &["Jane Doe"]);
}

/// What was in the clear, and moved or removed before, is gone with the first opening with keys.
#[tokio::test]
async fn turning_keys_on_leaves_nothing_in_the_clear() {
    let place = Place::new();
    let inbox = place.open().await;
    handle_many(&inbox).await;
    for n in 0..200 {
        inbox.store(incoming(&format!("Jane Doe is not JSON {n}"))).await.unwrap();
    }
    store(&inbox, "filled", "ca").await;
    drop(inbox);
    let inbox = place.open_with(Some(keys(1))).await.unwrap();
    assert_gone(&place, &["Jane Doe", "00000000ca", "medication_order"]);
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.handled, counts.dead, counts.differing), (400, 200, 0));
}

/// A database as the version before left it.
#[tokio::test]
async fn older_database_is_brought_up_to_date() {
    let place = Place::new();
    let inbox = place.open().await;
    store(&inbox, "filled", "a").await;
    drop(inbox);
    let before = "DROP TABLE inbox; ALTER TABLE delivery DROP COLUMN content; PRAGMA user_version = 2";
    place.database().execute_batch(before).unwrap();
    let inbox = place.open().await;
    // Of what it said nothing is known, so nothing differs from it.
    let other = body("filled", "a").replace("}}", r#","rx_number":"RX1"}}"#);
    assert_eq!(inbox.store(incoming(&other)).await.unwrap(), Stored::Known);
    assert_eq!(inbox.store(incoming(&body("filled", "b"))).await.unwrap(), Stored::New);
    assert_eq!(inbox.claim(WANTED).await.unwrap().events.len(), 2);
}
