//! Handlers that block their threads: they hold up neither deliveries nor their own leases nor a stop.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use novamed_inbox::{Handling, HandlingError, Report, SqliteInbox, Store, Wanted};
use tokio::sync::mpsc;

use crate::deliveries::{Place, body, store};
use crate::front::{SECRET, post, serve};
use crate::workers::{drained, workers};

/// A handler that is never let go on fails the test after this time, and does not hang it.
const AT_MOST: Duration = Duration::from_secs(10);
const WANTED: Wanted = Wanted { events: 1, lease: Duration::from_secs(600), attempts: 9 };

/// Returns what blocks the thread of each handler until the other end is dropped.
fn block(begun: mpsc::UnboundedSender<()>, until: Receiver<()>) -> impl Fn(Handling) + Send + Sync + Clone {
    let until = Arc::new(Mutex::new(until));
    move |_| {
        begun.send(()).unwrap();
        let _ = until.lock().unwrap().recv_timeout(AT_MOST);
    }
}

#[tokio::test]
async fn deliveries_are_answered_while_all_handlers_block() {
    let place = Place::new();
    let inbox = place.open().await;
    let address = serve(inbox.clone()).await;
    for order in 0..4 {
        store(&inbox, "filled", &order.to_string()).await;
    }
    let (begun, mut heard) = mpsc::unbounded_channel();
    let (release, released) = channel();
    let block = block(begun, released);
    let handler = move |handling| {
        let block = block.clone();
        async move {
            block(handling);
            Ok(())
        }
    };
    let shutdown = async {
        for _ in 0..4 {
            heard.recv().await.unwrap();
        }
        assert_eq!(post(address, SECRET, &body("filled", "a")).await, Some(200));
        drop(release);
        drained(&inbox).await;
    };
    workers(&inbox).run_until(shutdown, handler).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().handled, 5);
}

/// Returns when the lease of the only event ends.
async fn lease_end(inbox: &SqliteInbox) -> SystemTime {
    inbox.waiting(None, 1).await.unwrap()[0].due_at
}

#[tokio::test]
async fn lease_is_extended_while_the_handler_blocks() {
    let place = Place::new();
    let inbox = place.open().await;
    store(&inbox, "filled", "a").await;
    let (begun, mut heard) = mpsc::unbounded_channel();
    let (release, released) = channel();
    let block = block(begun, released);
    // Long enough to be extended in time on a busy machine: that happens after a third of it.
    let lease = Duration::from_secs(2);
    let work = workers(&inbox).lease(lease).blocking(move |handling| {
        assert_eq!(handling.attempt(), 1);
        block(handling);
        Ok(())
    });
    let shutdown = async {
        heard.recv().await.unwrap();
        let claimed_until = lease_end(&inbox).await;
        // Nobody else gets it, even after the end of the first lease.
        while SystemTime::now() < claimed_until + lease / 4 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            assert!(inbox.claim(WANTED).await.unwrap().events.is_empty());
        }
        assert!(lease_end(&inbox).await > claimed_until + lease / 4);
        drop(release);
        drained(&inbox).await;
    };
    work.run_until(shutdown).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().handled, 1);
}

/// The handler may still be at work, so nobody else is given the event before its lease ends.
#[tokio::test]
async fn handler_that_blocks_does_not_hold_up_a_stop() {
    for blocking in [false, true] {
        let place = Place::new();
        let inbox = place.open().await;
        store(&inbox, "filled", "a").await;
        let (begun, mut heard) = mpsc::unbounded_channel();
        let (release, released) = channel::<()>();
        let block = block(begun, released);
        let (ended, mut end) = mpsc::unbounded_channel();
        let handler = move |handling| {
            block(handling);
            let _ = ended.send(());
            Ok::<_, HandlingError>(())
        };
        let workers = workers(&inbox).grace(Duration::from_millis(10)).on_report(|report| {
            assert!(matches!(report, Report::StoreFailed(_)), "{report}");
        });
        let work = if blocking {
            workers.blocking(handler)
        } else {
            let handler = Arc::new(handler);
            workers.handling(move |handling| {
                let handler = Arc::clone(&handler);
                async move { handler(handling) }
            })
        };
        work.run_until(async { heard.recv().await.unwrap() }).await.unwrap();
        assert!(end.try_recv().is_err(), "the handler was waited for");
        assert!(inbox.claim(WANTED).await.unwrap().events.is_empty());
        drop(release);
    }
}

#[tokio::test]
async fn blocking_handler_fails_and_panics_like_any_other() {
    let place = Place::new();
    let inbox = place.open().await;
    for order in ["a", "b"] {
        store(&inbox, "filled", order).await;
    }
    let work = workers(&inbox).attempts(2).concurrency(1).blocking(|handling| {
        assert!(handling.attempt() > 1, "a test panics here");
        Err(HandlingError::give_up("no use"))
    });
    work.run_until(drained(&inbox)).await.unwrap();
    let letters = inbox.dead_letters(None, 9).await.unwrap();
    let said: Vec<_> = letters.iter().map(|letter| (letter.reason.text(), letter.attempts)).collect();
    assert_eq!(said, [("no use", 2), ("no use", 2)]);
}
