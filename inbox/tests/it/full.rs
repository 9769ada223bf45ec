//! Inboxes that fill up: what was accepted is handled, and then there is room again.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use novamed::webhooks::{Inbox, Stored};
use novamed_inbox::{Handling, SqliteInbox, Store};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::chaos::deliveries;
use crate::deliveries::{Place, body, incoming};
use crate::disk::Disk;
use crate::subjects::Schema;
use crate::workers::{drained, workers};

/// How long all that was accepted may take to be handled.
const ENOUGH: Duration = Duration::from_secs(120);
/// Deliveries under way at a time.
const TOGETHER: usize = 64;

/// Returns the body of the n-th delivery, each of another order.
fn small(n: usize) -> String {
    body("filled", &format!("{n:x}"))
}

/// The same, of about 1 KB.
fn large(n: usize) -> String {
    let note = format!(r#","note":"{}"}}}}"#, "x".repeat(700));
    body("filled", &format!("{n:x}")).replace("}}", &note)
}

/// Makes the body of the n-th delivery.
type Bodies = fn(usize) -> String;

/// Delivers this many at once; returns those that were accepted.
async fn flood(inbox: &impl Inbox, bodies: Bodies, count: usize) -> BTreeSet<usize> {
    let mut accepted = BTreeSet::new();
    let mut under_way = JoinSet::new();
    for n in 0..count {
        if under_way.len() >= TOGETHER
            && let Some(done) = under_way.join_next().await
        {
            accepted.extend::<Option<usize>>(done.unwrap());
        }
        let inbox = inbox.clone();
        under_way.spawn(async move { inbox.store(incoming(&bodies(n))).await.ok().map(|_| n) });
    }
    while let Some(done) = under_way.join_next().await {
        accepted.extend(done.unwrap());
    }
    accepted
}

/// Works on an inbox until nothing waits, while `meanwhile` goes on; returns the orders that were handled.
async fn work<T>(inbox: &impl Store, meanwhile: impl Future<Output = T>) -> (T, Vec<String>) {
    let noted = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&noted);
    let handler = move |handling: Handling| {
        let note = Arc::clone(&note);
        async move {
            sleep(Duration::from_millis(5)).await;
            note.lock().unwrap().push(handling.duplicate_key().to_owned());
            Ok(())
        }
    };
    let (done, finished) = tokio::sync::oneshot::channel();
    let stop = async {
        finished.await.unwrap();
        drained(inbox).await;
    };
    let workers = workers(inbox).lease(Duration::from_secs(5)).run_until(stop, handler);
    let meanwhile = async {
        let result = meanwhile.await;
        done.send(()).unwrap();
        result
    };
    let both = timeout(ENOUGH, async { tokio::join!(workers, meanwhile) });
    let (worked, result) = both.await.expect("what was accepted is handled in time");
    worked.unwrap();
    let orders = noted.lock().unwrap().clone();
    (result, orders)
}

/// Fails if another set was handled than was accepted, or one of them twice.
fn check(accepted: &BTreeSet<usize>, bodies: Bodies, handled: &[String]) {
    let expected: BTreeSet<String> =
        accepted.iter().map(|n| incoming(&bodies(*n)).duplicate_key().as_str().to_owned()).collect();
    assert_eq!(handled.iter().cloned().collect::<BTreeSet<_>>(), expected);
    assert_eq!(handled.len(), expected.len());
}

/// Fills an inbox while workers empty it, and then once more.
async fn fills_and_is_emptied(inbox: SqliteInbox, bodies: Bodies, count: usize) {
    let (accepted, handled) = work(&inbox, flood(&inbox, bodies, count)).await;
    println!("{} of {count} accepted", accepted.len());
    assert!(accepted.len() < count, "it was never full");
    check(&accepted, bodies, &handled);
    // What was handled made room.
    let refused = (0..count).find(|n| !accepted.contains(n)).unwrap();
    assert_eq!(inbox.store(incoming(&bodies(refused))).await.unwrap(), Stored::New);
    let (again, handled) = work(&inbox, flood(&inbox, bodies, count)).await;
    assert!(again.is_superset(&accepted), "a known delivery needs no room");
    assert_eq!(handled.len(), again.len() - accepted.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inbox_with_a_limit_recovers() {
    let place = Place::new();
    let count = deliveries(1000);
    let inbox = SqliteInbox::options().max_bytes(count as u64 * 400).open(place.path()).await.unwrap();
    fills_and_is_emptied(inbox, small, count).await;
}

/// What is refused comes again, so deliveries take whatever room there is before workers can use it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inbox_with_a_limit_recovers_while_refused_deliveries_come_again() {
    const COUNT: usize = 1000;
    const TIMES: usize = 20;
    let place = Place::new();
    let inbox = SqliteInbox::options().max_bytes(COUNT as u64 * 400).open(place.path()).await.unwrap();
    let again_and_again = async {
        let mut accepted = flood(&inbox, small, COUNT).await;
        assert!(accepted.len() < COUNT, "it was never full");
        for _ in 1..TIMES {
            accepted.append(&mut flood(&inbox, small, COUNT).await);
        }
        accepted
    };
    let (accepted, handled) = work(&inbox, again_and_again).await;
    check(&accepted, small, &handled);
}

/// A limit that holds before any worker runs: they begin with an inbox that is full.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inbox_that_was_full_at_the_start_recovers() {
    let place = Place::new();
    let count = deliveries(1000);
    let options = || SqliteInbox::options().max_bytes(count as u64 * 400);
    let inbox = options().open(place.path()).await.unwrap();
    let accepted = flood(&inbox, small, count).await;
    println!("{} of {count} accepted", accepted.len());
    assert!(accepted.len() > count / 10 && accepted.len() < count, "{} accepted", accepted.len());
    drop(inbox);
    let inbox = options().open(place.path()).await.unwrap();
    let ((), handled) = work(&inbox, async {}).await;
    check(&accepted, small, &handled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inbox_on_a_full_disk_recovers() {
    let Some(disk) = Disk::mount(16) else { return };
    let inbox = SqliteInbox::open(disk.path().join("inbox.db")).await.unwrap();
    fills_and_is_emptied(inbox, large, deliveries(4000)).await;
}

/// Another program takes what workers need: nothing goes on while it does, and all does afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inbox_goes_on_once_the_disk_has_room() {
    let Some(disk) = Disk::mount(16) else { return };
    let inbox = SqliteInbox::open(disk.path().join("inbox.db")).await.unwrap();
    let accepted = flood(&inbox, large, 500).await;
    assert_eq!(accepted.len(), 500);
    let file = disk.fill();
    inbox.store(incoming(&large(1000))).await.unwrap_err();
    let room = async {
        sleep(Duration::from_secs(2)).await;
        fs::remove_file(&file).unwrap();
    };
    let ((), handled) = work(&inbox, room).await;
    check(&accepted, large, &handled);
    assert_eq!(inbox.store(incoming(&large(1000))).await.unwrap(), Stored::New);
}

#[tokio::test]
async fn opening_on_a_full_disk_says_so() {
    let Some(disk) = Disk::mount(8) else { return };
    drop(SqliteInbox::open(disk.path().join("there.db")).await.unwrap());
    disk.fill();
    for name in ["new.db", "there.db"] {
        let error = SqliteInbox::open(disk.path().join(name)).await.unwrap_err();
        assert_eq!(error.kind(), novamed_inbox::StoreErrorKind::Full, "{name}: {error}");
    }
}

/// A server's disk cannot be seen by its clients: they are refused, and go on once there is room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inbox_on_a_full_server_goes_on_once_there_is_room() {
    let Some(disk) = Disk::mount(16) else { return };
    let Some(schema) = Schema::on_disk(&disk).await else { return };
    let inbox = schema.open().await;
    let file = disk.path().join("another program's");
    fs::write(&file, vec![1; 8 << 20]).unwrap();
    let count = deliveries(8000);
    let room = async {
        let accepted = flood(&inbox, large, count).await;
        sleep(Duration::from_secs(2)).await;
        fs::remove_file(&file).unwrap();
        accepted
    };
    let (accepted, handled) = Box::pin(work(&inbox, room)).await;
    println!("{} of {count} accepted", accepted.len());
    assert!(accepted.len() < count, "it was never full");
    let handled: BTreeSet<String> = handled.into_iter().collect();
    check(&accepted, large, &handled.into_iter().collect::<Vec<_>>());
    assert_eq!(inbox.counts().await.unwrap().dead, 0);
}
