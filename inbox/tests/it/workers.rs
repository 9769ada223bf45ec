//! Workers on a real store: tries, dead letters, panics, leases, the end.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use novamed::webhooks::Event;
use novamed_inbox::{
    Backoff, Claim, Handling, HandlingError, Reason, Report, Store, StoreErrorKind, WaitingState, Wanted, Workers,
};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

use crate::deliveries::{STEPS, id, store};
use crate::subjects::{Subject, on_every_store};

on_every_store! {
    every_event_is_handled_and_the_order_is_kept;
    failures_are_tried_again_and_die_with_their_reason;
    handler_says_when_to_try_again_and_the_event_is_seen_waiting;
    panic_is_a_failed_try_and_what_it_says_is_withheld;
    event_that_cannot_be_read_any_more_is_a_dead_letter;
    lease_is_extended_while_the_handler_runs;
    handler_whose_claim_is_lost_is_stopped_and_stores_nothing;
    stop_lets_handlers_finish;
    handler_that_does_not_finish_in_time_is_dropped_and_its_event_is_due;
    new_event_wakes_workers_that_would_sleep_for_long;
    workers_end_when_a_newer_version_has_changed_the_store;
}

/// Workers that try again at once.
pub fn workers<S: Store>(inbox: &S) -> Workers<S> {
    let backoff = Backoff::new(Duration::from_millis(1), Duration::from_millis(2));
    Workers::new(inbox.clone()).backoff(backoff).poll(Duration::from_millis(20))
}

/// Waits until nothing waits to be handled.
pub async fn drained(inbox: &impl Store) {
    while inbox.counts().await.unwrap().waiting > 0 {
        sleep(Duration::from_millis(5)).await;
    }
}

async fn every_event_is_handled_and_the_order_is_kept(subject: &impl Subject) {
    let inbox = subject.store().await;
    for step in STEPS {
        for order in ["a", "b", "c"] {
            store(&inbox, step, order).await;
        }
    }
    let (sender, mut results) = mpsc::unbounded_channel();
    let handler = move |handling: Handling| {
        let sender = sender.clone();
        async move {
            assert_eq!(handling.attempt(), 1);
            sender.send(handling.event().name().to_owned() + handling.duplicate_key()).unwrap();
            Ok(())
        }
    };
    workers(&inbox).run_until(drained(&inbox), handler).await.unwrap();
    let mut all = Vec::new();
    while let Some(event) = results.recv().await {
        all.push(event);
    }
    assert_eq!(all.len(), 12);
    for order in ["a", "b", "c"] {
        let of_order = all.iter().filter(|event| event.contains(&id(order)));
        for (event, step) in of_order.zip(STEPS) {
            assert!(event.starts_with(&format!("medication_order:{step}")), "{event}");
        }
    }
}

async fn failures_are_tried_again_and_die_with_their_reason(subject: &impl Subject) {
    let inbox = subject.store().await;
    for step in STEPS {
        store(&inbox, step, "a").await;
    }
    let (reports, mut heard) = mpsc::unbounded_channel();
    let handler = |handling: Handling| async move {
        match (handling.event(), handling.attempt()) {
            (Event::MedicationOrderVerified(_), 1 | 2) => Err(std::io::Error::other("Jane Doe"))?,
            (Event::MedicationOrderSubmitted(_), _) => {
                assert_eq!(handling.is_last_attempt(), handling.attempt() == 3);
                Err(HandlingError::retry("never"))?;
            }
            (Event::MedicationOrderAcknowledged(_), _) => Err(HandlingError::give_up("no use"))?,
            _ => {}
        }
        Ok(())
    };
    let workers = workers(&inbox).attempts(3).on_report(move |report| drop(reports.send(report)));
    workers.run_until(drained(&inbox), handler).await.unwrap();
    let letters = inbox.dead_letters(None, 10).await.unwrap();
    let said: Vec<_> = letters.iter().map(|letter| (letter.reason.text(), letter.attempts)).collect();
    assert_eq!(said, [("never", 3), ("no use", 1)]);
    assert_eq!(inbox.counts().await.unwrap().handled, 2);
    let mut all = Vec::new();
    while let Some(report) = heard.recv().await {
        all.push(report);
    }
    let died = all.iter().filter_map(|report| if let Report::Died { id, .. } = report { Some(*id) } else { None });
    assert_eq!(died.collect::<BTreeSet<_>>(), letters.iter().map(|letter| letter.id).collect());
    let failed =
        |report: &&Report| matches!(report, Report::TryFailed { id, .. } if letters.iter().any(|it| it.id == *id));
    assert_eq!(all.iter().filter(failed).count(), 2, "of the one that never succeeds");
    let shown: Vec<String> = all.iter().map(ToString::to_string).collect();
    let text = format!("{all:?} {shown:?}");
    assert_eq!(text.matches("TryFailed").count(), 4);
    assert_eq!(text.matches("Died").count(), 2);
    assert_eq!(text.matches(" is a dead letter: the handler failed").count(), 2);
    for withheld in ["Jane", "never", "no use"] {
        assert!(!text.contains(withheld), "{text}");
    }
}

async fn handler_says_when_to_try_again_and_the_event_is_seen_waiting(subject: &impl Subject) {
    let inbox = subject.store().await;
    for step in ["verified", "submitted"] {
        store(&inbox, step, "a").await;
    }
    let (sender, mut reports) = mpsc::unbounded_channel();
    let workers = workers(&inbox).on_report(move |report| drop(sender.send(report)));
    let reported = async {
        let report = reports.recv().await.unwrap();
        assert!(matches!(report, Report::TryFailed { attempt: 1, .. }), "{report:?}");
    };
    let minutes = Duration::from_secs(20 * 60);
    let busy = move |_| async move { Err(HandlingError::retry_after(minutes, "busy")) };
    workers.run_until(reported, busy).await.unwrap();
    let waiting = inbox.waiting(None, 10).await.unwrap();
    let states: Vec<WaitingState> = waiting.iter().map(|event| event.state).collect();
    assert_eq!(states, [WaitingState::Later, WaitingState::Queued]);
    assert_eq!((waiting[0].attempts, waiting[0].reason.as_ref().map(Reason::text)), (1, Some("busy")));
    let wait = waiting[0].due_at.duration_since(waiting[0].received_at).unwrap();
    assert!((minutes..minutes + Duration::from_secs(60)).contains(&wait), "{wait:?}");
    assert_eq!(inbox.waiting(Some(waiting[0].id), 10).await.unwrap(), waiting[1..]);
    let counts = inbox.counts().await.unwrap();
    assert!(counts.running == 0 && counts.oldest_waiting.is_some() && counts.last_handled.is_none(), "{counts:?}");
}

async fn panic_is_a_failed_try_and_what_it_says_is_withheld(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let handler = |handling: Handling| async move {
        assert!(handling.attempt() > 2, "a test panics here");
        assert!(handling.attempt() < 3, "a test panics here");
        Ok(())
    };
    workers(&inbox).attempts(4).run_until(drained(&inbox), handler).await.unwrap();
    let letter = inbox.dead_letters(None, 10).await.unwrap().remove(0);
    assert_eq!((&letter.reason, letter.attempts), (&Reason::Panicked, 4));
    assert_eq!(letter.reason.text(), "panicked");
}

async fn event_that_cannot_be_read_any_more_is_a_dead_letter(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "verified", "a").await;
    store(&inbox, "filled", "a").await;
    subject.replace_first_body(r#"{"event_name":5}"#).await;
    let calls = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&calls);
    let handler = move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        async { Ok(()) }
    };
    workers(&inbox).run_until(drained(&inbox), handler).await.unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    let letter = inbox.dead_letters(None, 10).await.unwrap().remove(0);
    assert_eq!((letter.reason, letter.body.as_slice()), (Reason::Unreadable, br#"{"event_name":5}"#.as_slice()));
}

async fn lease_is_extended_while_the_handler_runs(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let others = inbox.clone();
    let handler = move |handling: Handling| {
        let others = others.clone();
        async move {
            assert_eq!(handling.attempt(), 1);
            // Three leases long nobody else gets it.
            for _ in 0..30 {
                sleep(Duration::from_millis(10)).await;
                let wanted = Wanted { events: 1, lease: Duration::from_secs(1), attempts: 9 };
                assert!(others.claim(wanted).await.unwrap().events.is_empty());
            }
            Ok(())
        }
    };
    workers(&inbox).lease(Duration::from_millis(300)).run_until(drained(&inbox), handler).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().handled, 1);
}

async fn handler_whose_claim_is_lost_is_stopped_and_stores_nothing(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let (signal, mut begun) = mpsc::unbounded_channel();
    let handler = move |_| {
        signal.send(()).unwrap();
        sleep_for_ever()
    };
    let (reports, mut heard) = mpsc::unbounded_channel();
    let workers = workers(&inbox)
        .concurrency(1)
        .lease(Duration::from_millis(200))
        .on_report(move |report| drop(reports.send(report)));
    let other = inbox.clone();
    let shutdown = async move {
        begun.recv().await.unwrap();
        // As if this process had slept through its lease, and another had claimed the event.
        let wanted = Wanted { events: 1, lease: Duration::from_secs(60), attempts: 9 };
        let claimed = loop {
            // The handler's claim may be extended in between.
            subject.age(Duration::from_secs(60)).await;
            if let Some(claimed) = other.claim(wanted).await.unwrap().events.pop() {
                break claimed;
            }
        };
        assert!(matches!(heard.recv().await, Some(Report::ClaimLost { .. })));
        assert_eq!(other.complete(claimed.ticket).await.unwrap(), Claim::Held);
    };
    workers.run_until(shutdown, handler).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().handled, 1);
}

async fn sleep_for_ever() -> Result<(), HandlingError> {
    std::future::pending().await
}

async fn stop_lets_handlers_finish(subject: &impl Subject) {
    let inbox = subject.store().await;
    for order in ["a", "b"] {
        store(&inbox, "filled", order).await;
    }
    let (signal, mut begun) = mpsc::unbounded_channel();
    let handler = move |_| {
        let signal = signal.clone();
        async move {
            signal.send(()).unwrap();
            sleep(Duration::from_millis(100)).await;
            Ok(())
        }
    };
    let shutdown = async move { begun.recv().await.unwrap() };
    workers(&inbox).concurrency(1).run_until(shutdown, handler).await.unwrap();
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.handled, counts.waiting), (1, 1));
}

async fn handler_that_does_not_finish_in_time_is_dropped_and_its_event_is_due(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let (signal, mut begun) = mpsc::unbounded_channel();
    let handler = move |_| {
        signal.send(()).unwrap();
        sleep_for_ever()
    };
    let shutdown = async move { begun.recv().await.unwrap() };
    workers(&inbox).grace(Duration::from_millis(10)).run_until(shutdown, handler).await.unwrap();
    let wanted = Wanted { events: 1, lease: Duration::from_secs(60), attempts: 9 };
    assert_eq!(inbox.claim(wanted).await.unwrap().events[0].attempt, 2);
}

async fn new_event_wakes_workers_that_would_sleep_for_long(subject: &impl Subject) {
    let inbox = subject.store().await;
    let (done, shutdown) = oneshot::channel();
    let done = std::sync::Mutex::new(Some(done));
    let handler = move |_| {
        if let Some(done) = done.lock().unwrap().take() {
            done.send(()).unwrap();
        }
        async { Ok(()) }
    };
    let shutdown = async { shutdown.await.unwrap() };
    let run = Workers::new(inbox.clone()).poll(Duration::from_secs(3600)).run_until(shutdown, handler);
    let (ran, _) = tokio::join!(run, store(&inbox, "filled", "a"));
    ran.unwrap();
}

async fn workers_end_when_a_newer_version_has_changed_the_store(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let (signal, mut begun) = mpsc::unbounded_channel();
    let handler = move |_| {
        signal.send(()).unwrap();
        sleep_for_ever()
    };
    let newer = async {
        begun.recv().await.unwrap();
        subject.change_schema(99).await;
    };
    // At once: neither the grace of a stop nor a lease is waited for.
    let both = async { tokio::join!(workers(&inbox).run(handler), newer).0 };
    let error = timeout(Duration::from_secs(10), both).await.expect("workers stop at once").unwrap_err();
    assert!(matches!(error.kind(), StoreErrorKind::NewerSchema { found: 99, .. }));
}
