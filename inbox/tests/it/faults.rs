//! Faults on a real store: locked, full, foreign or newer databases, and who can read one.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs};

use novamed::webhooks::{Inbox, InboxError, Stored};
use novamed_inbox::{SqliteInbox, Store, StoreError, StoreErrorKind};
use tokio::sync::mpsc;

use crate::chaos::play;
use crate::deliveries::{Place, body, incoming, store};
use crate::front::{SECRET, post, serve};
use crate::workers::{drained, workers};

/// Returns a delivery of the n-th order, with a body of more than a page.
fn large(n: usize) -> String {
    body("filled", &n.to_string()) + &" ".repeat(6000)
}

async fn handled(inbox: &SqliteInbox) -> usize {
    let (sender, mut events) = mpsc::unbounded_channel();
    let handler = move |_| {
        let sender = sender.clone();
        async move { Ok(sender.send(())?) }
    };
    workers(inbox).run_until(drained(inbox), handler).await.unwrap();
    let mut count = 0;
    while events.recv().await.is_some() {
        count += 1;
    }
    count
}

#[tokio::test]
async fn locked_database_is_answered_503_and_the_redelivery_is_stored() {
    let place = Place::new();
    let inbox = SqliteInbox::options().lock_wait(Duration::from_millis(50)).open(place.path()).await.unwrap();
    let address = serve(inbox.clone()).await;
    let other = place.database();
    assert_eq!(post(address, SECRET, &body("verified", "a")).await, Some(200));
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(post(address, SECRET, &body("filled", "a")).await, Some(503));
    let error = inbox.counts().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(inbox.counts().await.unwrap().waiting, 1);
    assert_eq!(post(address, SECRET, &body("filled", "a")).await, Some(200));
    assert_eq!(handled(&inbox).await, 2);
}

#[tokio::test]
async fn full_database_is_answered_503_and_nothing_is_lost() {
    let place = Place::new();
    let inbox = SqliteInbox::options().max_bytes(200_000).open(place.path()).await.unwrap();
    let address = serve(inbox.clone()).await;
    let mut refused = Vec::new();
    for n in 0..60 {
        match post(address, SECRET, &large(n)).await {
            Some(200) => assert!(refused.is_empty(), "what is as large does not fit later"),
            Some(503) => refused.push(n),
            other => panic!("{other:?}"),
        }
    }
    let stored = 60 - refused.len();
    assert!(stored > 10 && refused.len() > 10, "{stored} of 60 stored");
    let error = inbox.store(incoming(&large(99))).await.unwrap_err();
    assert_eq!(cause(&error).kind(), StoreErrorKind::Full);
    assert!(!format!("{error:?} {error} {}", cause(&error)).contains("filled"));
    assert_eq!(inbox.counts().await.unwrap().waiting, stored as u64);
    // What is handled makes room: its body is not kept.
    assert_eq!(handled(&inbox).await, stored);
    for n in &refused {
        assert_eq!(post(address, SECRET, &large(*n)).await, Some(200));
        handled(&inbox).await;
    }
    assert_eq!(post(address, SECRET, &large(0)).await, Some(200));
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.handled, counts.waiting, counts.dead), (60, 0, 0));
}

fn cause(error: &InboxError) -> &StoreError {
    std::error::Error::source(error).unwrap().downcast_ref().unwrap()
}

/// The disk itself refuses to write, here by the limit of a file's size, in another process.
#[cfg(unix)]
#[tokio::test]
async fn failing_write_is_answered_503_and_nothing_is_lost() {
    let place = Place::new();
    let folder = place.path().parent().unwrap().to_owned();
    drop(place.open().await);
    let mut limited = Command::new("sh");
    // Without the trap the signal would end the process; the limit counts in 512 or 1024 bytes.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 300; exec \"$0\" \"$@\""]).arg(env::current_exe().unwrap());
    let mut receiver = play(limited, "receive", &folder);
    let address = receiver.address();
    let mut refused = Vec::new();
    for n in 0..80 {
        match post(address, SECRET, &large(n)).await {
            Some(200) => {}
            Some(503) => refused.push(n),
            other => panic!("{other:?}"),
        }
    }
    assert!(!refused.is_empty() && refused.len() < 80, "{} of 80 refused", refused.len());
    receiver.kill();

    let inbox = place.open().await;
    assert_eq!(inbox.counts().await.unwrap().waiting, 80 - refused.len() as u64);
    let address = serve(inbox.clone()).await;
    for n in refused {
        assert_eq!(post(address, SECRET, &large(n)).await, Some(200));
    }
    assert_eq!(handled(&inbox).await, 80);
}

#[tokio::test]
async fn wrong_key_stores_nothing() {
    let place = Place::new();
    let inbox = place.open().await;
    let address = serve(inbox.clone()).await;
    assert_eq!(post(address, "another", &body("filled", "a")).await, Some(401));
    assert_eq!(post(address, "another", "no JSON").await, Some(401));
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.dead), (0, 0));
}

#[tokio::test]
async fn delivery_that_is_no_event_is_answered_200_and_kept() {
    let place = Place::new();
    let inbox = place.open().await;
    let address = serve(inbox.clone()).await;
    assert_eq!(post(address, SECRET, "no JSON").await, Some(200));
    assert_eq!(inbox.dead_letters(None, 9).await.unwrap()[0].body, b"no JSON");
}

#[tokio::test]
async fn many_that_open_a_new_database_together_all_can() {
    let place = Place::new();
    let path = Arc::new(place.path());
    let opening = (0..8).map(|n: u32| {
        let path = Arc::clone(&path);
        tokio::spawn(async move {
            let inbox = SqliteInbox::open(path.as_path()).await.unwrap();
            store(&inbox, "filled", &n.to_string()).await
        })
    });
    for opened in opening.collect::<Vec<_>>() {
        assert_eq!(opened.await.unwrap(), Stored::New);
    }
    assert_eq!(place.open().await.counts().await.unwrap().waiting, 8);
}

#[tokio::test]
async fn newer_schema_is_an_error_that_says_so() {
    let place = Place::new();
    let inbox = place.open().await;
    store(&inbox, "filled", "a").await;
    place.database().pragma_update(None, "user_version", 7).unwrap();
    let error = SqliteInbox::open(place.path()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NewerSchema { found: 7, known: 3 });
    assert_eq!(
        error.to_string(),
        "the inbox has schema 7, written by a newer version of novamed-inbox; this version knows schema 3"
    );
    // One that was open before stops as well.
    let error = inbox.store(incoming(&body("verified", "a"))).await.unwrap_err();
    assert_eq!(*cause(&error), SqliteInbox::open(place.path()).await.unwrap_err());
}

#[tokio::test]
async fn database_of_another_program_is_left_alone() {
    let place = Place::new();
    place
        .database()
        .execute_batch("CREATE TABLE patient (name TEXT); INSERT INTO patient VALUES ('Jane Doe')")
        .unwrap();
    let before = fs::read(place.path()).unwrap();
    let error = SqliteInbox::open(place.path()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotAnInbox);
    assert_eq!(fs::read(place.path()).unwrap(), before);
}

#[tokio::test]
async fn file_that_is_no_database_is_left_alone() {
    let place = Place::new();
    let text = "Jane Doe, ".repeat(200);
    fs::write(place.path(), &text).unwrap();
    let error = SqliteInbox::open(place.path()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotAnInbox);
    assert_eq!(fs::read_to_string(place.path()).unwrap(), text);
}

#[tokio::test]
async fn path_that_is_no_file_is_refused() {
    for path in ["", ":memory:"] {
        let error = SqliteInbox::open(path).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::NotDurable);
    }
    let place = Place::new();
    let error = SqliteInbox::open(place.path().join("no/such/folder")).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Inaccessible);
    assert!(!error.to_string().contains("folder"));
}

#[cfg(unix)]
#[tokio::test]
async fn new_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new();
    let inbox = place.open().await;
    store(&inbox, "filled", "a").await;
    let mut files = 0;
    for entry in fs::read_dir(place.path().parent().unwrap()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        files += 1;
    }
    assert_eq!(files, 3, "the database and the two files beside it");
}

#[tokio::test]
async fn handled_event_leaves_no_body_behind() {
    let place = Place::new();
    let inbox = place.open().await;
    inbox.store(incoming(&body("filled", "abc").replace("}}", r#","note":"Jane Doe"}}"#))).await.unwrap();
    assert_eq!(handled(&inbox).await, 1);
    let database = place.database();
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let file = fs::read(place.path()).unwrap();
    assert!(!file.windows(8).any(|bytes| bytes == b"Jane Doe"));
}
