//! How any store behaves: functions over a [`Store`], run on each that there is.

use std::time::Duration;

use novamed::webhooks::{Inbox, Stored};
use novamed_inbox::{Claim, ClaimedEvent, DeadLetter, Reason, Removed, Retention, Store, Wanted};

use crate::deliveries::{STEPS, body, incoming, store};
use crate::subjects::{Subject, on_every_store};

const LONG: Duration = Duration::from_secs(600);

on_every_store! {
    delivery_is_known_the_second_time;
    events_without_a_key_are_known_by_their_body;
    group_is_claimed_in_the_order_of_arrival;
    groups_do_not_wait_for_each_other;
    claim_is_fenced_after_its_lease;
    extended_claim_holds;
    ended_claim_is_lost;
    postponed_event_is_due_later_and_its_group_waits;
    attempts_are_counted_over_lost_leases;
    event_that_ends_its_process_each_time_dies;
    dead_letter_frees_its_group_and_can_be_retried_before_the_rest;
    retried_dead_letter_waits_for_what_is_claimed;
    discarded_dead_letter_is_known_and_forgotten;
    malformed_delivery_is_a_dead_letter_once;
    dead_letters_come_in_pages;
    retention_removes_what_is_old_and_never_what_waits;
    handled_event_is_known_for_the_redelivery;
    store_survives_being_closed;
    change_wakes;
    claim_of_no_event_claims_none;
    event_is_due_though_the_clock_was_set_back;
}

async fn claim(store: &impl Store, events: u32) -> Vec<ClaimedEvent> {
    claim_for(store, events, LONG).await
}

async fn claim_for(store: &impl Store, events: u32, lease: Duration) -> Vec<ClaimedEvent> {
    store.claim(Wanted { events, lease, attempts: 3 }).await.unwrap().events
}

pub async fn claim_one(store: &impl Store) -> ClaimedEvent {
    let mut claimed = claim(store, 1).await;
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}

pub fn is(claimed: &ClaimedEvent, step: &str, order: &str) -> bool {
    claimed.body == body(step, order).as_bytes()
}

pub async fn dead(store: &impl Store) -> Vec<DeadLetter> {
    store.dead_letters(None, 100).await.unwrap()
}

async fn bury_one(store: &impl Store) -> DeadLetter {
    let claimed = claim_one(store).await;
    assert_eq!(store.bury(claimed.ticket, Reason::Failed("no".to_owned())).await.unwrap(), Claim::Held);
    dead(store).await.pop().unwrap()
}

async fn delivery_is_known_the_second_time(subject: &impl Subject) {
    let inbox = subject.store().await;
    assert_eq!(store(&inbox, "filled", "a").await, Stored::New);
    assert_eq!(store(&inbox, "filled", "a").await, Stored::Known);
    assert_eq!(store(&inbox, "verified", "a").await, Stored::New);
    assert_eq!(inbox.counts().await.unwrap().waiting, 2);
}

async fn events_without_a_key_are_known_by_their_body(subject: &impl Subject) {
    let inbox = subject.store().await;
    let stored = async |n: u32| {
        let body = format!(r#"{{"event_name":"new:kind","event_data":{{"n":{n}}}}}"#);
        inbox.store(incoming(&body)).await.unwrap()
    };
    assert_eq!((stored(1).await, stored(1).await, stored(2).await), (Stored::New, Stored::Known, Stored::New));
    assert_eq!(claim(&inbox, 10).await.len(), 2);
}

async fn group_is_claimed_in_the_order_of_arrival(subject: &impl Subject) {
    let inbox = subject.store().await;
    // Not the order of the list: what counts is what came first.
    for step in STEPS.iter().rev() {
        store(&inbox, step, "a").await;
    }
    for step in STEPS.iter().rev() {
        let claimed = claim(&inbox, 10).await;
        assert_eq!(claimed.len(), 1);
        assert!(is(&claimed[0], step, "a"));
        assert!(claim(&inbox, 10).await.is_empty());
        assert_eq!(inbox.complete(claimed[0].ticket).await.unwrap(), Claim::Held);
    }
    assert_eq!(inbox.counts().await.unwrap().handled, 4);
}

async fn groups_do_not_wait_for_each_other(subject: &impl Subject) {
    let inbox = subject.store().await;
    for order in ["a", "b", "c"] {
        store(&inbox, "verified", order).await;
        store(&inbox, "filled", order).await;
    }
    let claimed = claim(&inbox, 10).await;
    assert_eq!(claimed.len(), 3);
    for (claimed, order) in claimed.iter().zip(["a", "b", "c"]) {
        assert!(is(claimed, "verified", order));
    }
}

async fn claim_is_fenced_after_its_lease(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let slept = claim_for(&inbox, 1, Duration::ZERO).await.remove(0);
    let second = claim_one(&inbox).await;
    assert_eq!((slept.attempt, second.attempt), (1, 2));
    for claim in [
        inbox.complete(slept.ticket).await,
        inbox.extend(slept.ticket, LONG).await,
        inbox.give_back(slept.ticket).await,
        inbox.bury(slept.ticket, Reason::Panicked).await,
        inbox.postpone(slept.ticket, Duration::ZERO, Reason::Panicked).await,
    ] {
        assert_eq!(claim.unwrap(), Claim::Lost);
    }
    assert!(claim(&inbox, 1).await.is_empty(), "the second claim holds");
    assert_eq!(inbox.complete(second.ticket).await.unwrap(), Claim::Held);
}

async fn extended_claim_holds(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let claimed = claim_one(&inbox).await;
    subject.age(LONG / 2).await;
    assert_eq!(inbox.extend(claimed.ticket, LONG).await.unwrap(), Claim::Held);
    subject.age(LONG * 2 / 3).await;
    assert!(claim(&inbox, 1).await.is_empty());
    subject.age(LONG).await;
    assert_eq!(claim(&inbox, 1).await.len(), 1);
}

async fn ended_claim_is_lost(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let first = claim_one(&inbox).await;
    assert_eq!(inbox.give_back(first.ticket).await.unwrap(), Claim::Held);
    assert_eq!(inbox.complete(first.ticket).await.unwrap(), Claim::Lost);
    let second = claim_one(&inbox).await;
    assert_eq!(second.attempt, 2);
    assert_eq!(inbox.complete(second.ticket).await.unwrap(), Claim::Held);
    assert_eq!(inbox.complete(second.ticket).await.unwrap(), Claim::Lost);
}

async fn postponed_event_is_due_later_and_its_group_waits(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "verified", "a").await;
    store(&inbox, "filled", "a").await;
    let claimed = claim_one(&inbox).await;
    let reason = Reason::Failed("later".to_owned());
    assert_eq!(inbox.postpone(claimed.ticket, LONG, reason).await.unwrap(), Claim::Held);
    let none = inbox.claim(Wanted { events: 10, lease: LONG, attempts: 3 }).await.unwrap();
    assert!(none.events.is_empty());
    assert!(none.next.is_some_and(|next| next > LONG / 2 && next <= LONG));
    subject.age(LONG).await;
    let again = claim_one(&inbox).await;
    assert!(is(&again, "verified", "a"));
    assert_eq!(again.attempt, 2);
}

async fn attempts_are_counted_over_lost_leases(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    for attempt in 1..=3 {
        let claimed = claim_for(&inbox, 10, Duration::ZERO).await;
        assert_eq!((claimed.len(), claimed[0].attempt), (1, attempt));
    }
}

async fn event_that_ends_its_process_each_time_dies(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "verified", "a").await;
    store(&inbox, "filled", "a").await;
    for _ in 0..3 {
        assert_eq!(claim_for(&inbox, 1, Duration::ZERO).await.len(), 1);
    }
    let claimed = inbox.claim(Wanted { events: 1, lease: LONG, attempts: 3 }).await.unwrap();
    assert_eq!(claimed.buried.len(), 1);
    assert!(is(&claimed.events[0], "filled", "a"), "the group goes on");
    let letters = dead(&inbox).await;
    assert_eq!((letters.len(), &letters[0].reason, letters[0].attempts), (1, &Reason::LeaseEnded, 3));
}

async fn dead_letter_frees_its_group_and_can_be_retried_before_the_rest(subject: &impl Subject) {
    let inbox = subject.store().await;
    for step in STEPS {
        store(&inbox, step, "a").await;
    }
    let letter = bury_one(&inbox).await;
    assert_eq!(letter.name.as_deref(), Some("medication_order:verified"));
    assert_eq!(letter.reason.text(), "no");
    assert_eq!(letter.body, body("verified", "a").as_bytes());
    assert!(!format!("{letter:?} {}", letter.reason).contains("no\""));
    assert!(inbox.retry(letter.id).await.unwrap());
    assert!(!inbox.retry(letter.id).await.unwrap());
    for step in STEPS {
        let claimed = claim_one(&inbox).await;
        assert!(is(&claimed, step, "a"));
        assert_eq!(claimed.attempt, 1);
        assert_eq!(inbox.complete(claimed.ticket).await.unwrap(), Claim::Held);
    }
    assert!(dead(&inbox).await.is_empty());
}

async fn retried_dead_letter_waits_for_what_is_claimed(subject: &impl Subject) {
    let inbox = subject.store().await;
    for step in STEPS {
        store(&inbox, step, "a").await;
    }
    let letter = bury_one(&inbox).await;
    let second = claim_one(&inbox).await;
    assert!(inbox.retry(letter.id).await.unwrap());
    assert!(claim(&inbox, 10).await.is_empty());
    assert_eq!(inbox.complete(second.ticket).await.unwrap(), Claim::Held);
    assert!(is(&claim_one(&inbox).await, "verified", "a"));
}

async fn discarded_dead_letter_is_known_and_forgotten(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let letter = bury_one(&inbox).await;
    assert!(inbox.discard(letter.id).await.unwrap());
    assert!(!inbox.discard(letter.id).await.unwrap());
    assert!(!inbox.retry(letter.id).await.unwrap());
    assert!(dead(&inbox).await.is_empty());
    assert_eq!(store(&inbox, "filled", "a").await, Stored::Known);
    assert!(claim(&inbox, 1).await.is_empty());
}

async fn malformed_delivery_is_a_dead_letter_once(subject: &impl Subject) {
    let inbox = subject.store().await;
    let broken = r#"{"event_name":"medication_order:filled","event_data":{}}"#;
    for stored in [Stored::New, Stored::Known] {
        assert_eq!(inbox.store(incoming(broken)).await.unwrap(), stored);
    }
    assert_eq!(inbox.store(incoming("no JSON")).await.unwrap(), Stored::New);
    assert!(claim(&inbox, 10).await.is_empty());
    let letters = dead(&inbox).await;
    assert_eq!(letters.len(), 2);
    assert_eq!((letters[0].name.as_deref(), letters[0].attempts), (Some("medication_order:filled"), 0));
    assert_eq!((letters[1].name.as_deref(), &letters[1].reason), (None, &Reason::Unreadable));
    assert_eq!(letters[1].body, b"no JSON");
}

async fn dead_letters_come_in_pages(subject: &impl Subject) {
    let inbox = subject.store().await;
    for n in 0..5 {
        inbox.store(incoming(&format!("no JSON {n}"))).await.unwrap();
    }
    let (mut after, mut sizes) = (None, Vec::new());
    loop {
        let page = inbox.dead_letters(after, 2).await.unwrap();
        sizes.push(page.len());
        let Some(last) = page.last() else { break };
        after = Some(last.id);
    }
    assert_eq!(sizes, [2, 2, 1, 0]);
}

async fn retention_removes_what_is_old_and_never_what_waits(subject: &impl Subject) {
    let inbox = subject.store().await;
    let hour = Duration::from_secs(3600);
    let retention = Retention::new(hour * 2, hour * 4).unwrap();
    store(&inbox, "verified", "a").await;
    let claimed = claim_one(&inbox).await;
    assert_eq!(inbox.complete(claimed.ticket).await.unwrap(), Claim::Held);
    inbox.store(incoming("no JSON")).await.unwrap();
    store(&inbox, "filled", "a").await;
    for (handled, dead) in [(0, 0), (1, 0), (0, 1), (0, 0)] {
        assert_eq!(inbox.remove_expired(retention).await.unwrap(), Removed { handled, dead });
        subject.age(hour * 3).await;
    }
    assert_eq!(inbox.counts().await.unwrap().waiting, 1);
}

async fn handled_event_is_known_for_the_redelivery(subject: &impl Subject) {
    let inbox = subject.store().await;
    let shortest = Retention::new(Retention::REDELIVERY + LONG, Retention::REDELIVERY + LONG).unwrap();
    store(&inbox, "filled", "a").await;
    let claimed = claim_one(&inbox).await;
    assert_eq!(inbox.complete(claimed.ticket).await.unwrap(), Claim::Held);
    subject.age(Retention::REDELIVERY).await;
    assert_eq!(inbox.remove_expired(shortest).await.unwrap(), Removed::default());
    assert_eq!(store(&inbox, "filled", "a").await, Stored::Known);
    assert!(claim(&inbox, 1).await.is_empty());
}

async fn store_survives_being_closed(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "verified", "a").await;
    store(&inbox, "filled", "a").await;
    let claimed = claim_one(&inbox).await;
    drop(inbox);
    let inbox = subject.store().await;
    assert!(claim(&inbox, 10).await.is_empty(), "the lease outlives its process");
    assert_eq!(inbox.complete(claimed.ticket).await.unwrap(), Claim::Held);
    assert!(is(&claim_one(&inbox).await, "filled", "a"));
}

async fn change_wakes(subject: &impl Subject) {
    let inbox = subject.store().await;
    let changed = inbox.changed();
    store(&inbox, "filled", "a").await;
    changed.await;
    let changed = inbox.changed();
    let claimed = claim_one(&inbox).await;
    assert_eq!(inbox.give_back(claimed.ticket).await.unwrap(), Claim::Held);
    changed.await;
}

async fn claim_of_no_event_claims_none(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let none = inbox.claim(Wanted { events: 0, lease: LONG, attempts: 3 }).await.unwrap();
    assert!(none.events.is_empty() && none.buried.is_empty());
    assert!(is(&claim_one(&inbox).await, "filled", "a"));
}

async fn event_is_due_though_the_clock_was_set_back(subject: &impl Subject) {
    let inbox = subject.store().await;
    for order in ["a", "b", "c"] {
        store(&inbox, "filled", order).await;
    }
    // One waits for its next try, one is claimed by a process that dies, one has just come.
    let claimed = claim(&inbox, 2).await;
    assert_eq!(inbox.postpone(claimed[0].ticket, LONG, Reason::Panicked).await.unwrap(), Claim::Held);
    drop(inbox);
    subject.set_clock_back(Duration::from_secs(30 * 24 * 3600)).await;
    let inbox = subject.store().await;
    // Workers do this when they begin, and then every ten minutes.
    inbox.remove_expired(Retention::default()).await.unwrap();
    assert_eq!(claim(&inbox, 10).await.len(), 3);
}
