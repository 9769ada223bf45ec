//! Encrypted inboxes: what the tables then hold, other keys, keys that change.
//!
//! The suite runs on encrypted stores as well; this is what it does not see.

use std::time::Duration;

use novamed::webhooks::{Inbox, Stored};
use novamed_inbox::{Claim, HandlingError, Keys, Reason, Store, StoreErrorKind, Wanted};

use crate::deliveries::{STEPS, body, id, incoming, store};
use crate::subjects::{Subject, keys, on_each_database};
use crate::workers::{drained, workers};

on_each_database! {
    encrypted_rows_tell_nothing;
    encrypted_inbox_is_refused_without_its_keys_and_loses_nothing;
    changed_encryption_key_opens_what_was_and_keeps_comparing;
    event_waits_for_a_process_that_has_its_key;
    inbox_in_the_clear_is_encrypted_when_it_is_opened_with_keys;
    body_of_another_row_does_not_open;
    reason_needs_the_key_that_sealed_it;
    reason_that_was_changed_says_so;
    key_under_a_second_number_is_refused_and_the_number_stays_free;
}

const WANTED: Wanted = Wanted { events: 10, lease: Duration::from_secs(600), attempts: 3 };

/// Fails if a row tells anything of the orders, the events or the handler's words.
async fn assert_unreadable(subject: &impl Subject) {
    for row in subject.rows().await {
        for text in [id("a").as_str(), id("b").as_str(), "medication", "verified", "filled", "Jane", "event_name"] {
            assert!(!row.contains(text), "{row}");
        }
    }
}

async fn encrypted_rows_tell_nothing(subject: &impl Subject) {
    let inbox = subject.open_with(Some(keys(1))).await.unwrap();
    for order in ["a", "b"] {
        store(&inbox, "verified", order).await;
        store(&inbox, "filled", order).await;
    }
    inbox.store(incoming("no JSON of Jane")).await.unwrap();
    assert_unreadable(subject).await;
    let claimed = inbox.claim(WANTED).await.unwrap().events;
    let said = Reason::Failed("Jane Doe".to_owned());
    assert_eq!(inbox.bury(claimed[0].ticket, said.clone()).await.unwrap(), Claim::Held);
    assert_eq!(inbox.postpone(claimed[1].ticket, Duration::ZERO, said.clone()).await.unwrap(), Claim::Held);
    assert_unreadable(subject).await;
    let letters = inbox.dead_letters(None, 10).await.unwrap();
    assert_eq!((&letters[0].reason, letters[0].name.as_deref()), (&said, Some("medication_order:verified")));
    assert_eq!(letters[1].body, b"no JSON of Jane");
    workers(&inbox).run_until(drained(&inbox), |_| async { Ok(()) }).await.unwrap();
    assert_unreadable(subject).await;
}

async fn encrypted_inbox_is_refused_without_its_keys_and_loses_nothing(subject: &impl Subject) {
    let inbox = subject.open_with(Some(keys(1))).await.unwrap();
    store(&inbox, "filled", "a").await;
    drop(inbox);
    let before = subject.rows().await;
    let other_comparison = Keys::new([7; 32], 1, [11; 32]).unwrap();
    let other_key = Keys::new([1; 32], 1, [77; 32]).unwrap();
    let without_the_first = Keys::new([1; 32], 2, [12; 32]).unwrap();
    for (keys, kind, says) in [
        (None, StoreErrorKind::Encrypted, "the inbox is encrypted, and the key to open it is missing"),
        (
            Some(other_comparison),
            StoreErrorKind::WrongKey { number: 0 },
            "the comparison key is not the one that the inbox was written with",
        ),
        (
            Some(other_key),
            StoreErrorKind::WrongKey { number: 1 },
            "the encryption key 1 is not the one that the inbox was written with",
        ),
        (
            Some(without_the_first),
            StoreErrorKind::MissingKey { number: 1 },
            "the inbox holds what needs the encryption key 1, which is not among the keys",
        ),
    ] {
        let Err(error) = subject.open_with(keys).await else { panic!("{says}") };
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, says));
    }
    assert_eq!(subject.rows().await, before);
    let inbox = subject.open_with(Some(keys(1))).await.unwrap();
    assert_eq!(inbox.claim(WANTED).await.unwrap().events[0].body, body("filled", "a").as_bytes());
}

async fn changed_encryption_key_opens_what_was_and_keeps_comparing(subject: &impl Subject) {
    let first = subject.open_with(Some(keys(1))).await.unwrap();
    for step in &STEPS[..2] {
        store(&first, step, "a").await;
    }
    drop(first);
    let second = subject.open_with(Some(keys(2))).await.unwrap();
    for step in STEPS {
        let known = STEPS[..2].contains(&step);
        assert_eq!(store(&second, step, "a").await, if known { Stored::Known } else { Stored::New });
    }
    // The group is the same, and so is what names the event to the handler.
    for step in STEPS {
        let claimed = second.claim(WANTED).await.unwrap().events;
        assert_eq!(claimed.len(), 1);
        assert_eq!(claimed[0].body, body(step, "a").as_bytes());
        assert_eq!(claimed[0].duplicate_key, incoming(&body(step, "a")).duplicate_key().as_str());
        assert_eq!(second.complete(claimed[0].ticket).await.unwrap(), Claim::Held);
    }
    drop(second);
    // Nothing needs the first one any more.
    let last = Keys::new([1; 32], 2, [12; 32]).unwrap();
    let inbox = subject.open_with(Some(last)).await.unwrap();
    assert_eq!(store(&inbox, "verified", "a").await, Stored::Known);
}

async fn event_waits_for_a_process_that_has_its_key(subject: &impl Subject) {
    let old = subject.open_with(Some(keys(1))).await.unwrap();
    let new = subject.open_with(Some(keys(2))).await.unwrap();
    store(&old, "filled", "b").await;
    store(&new, "filled", "a").await;
    let claimed = old.claim(WANTED).await.unwrap().events;
    assert_eq!((claimed.len(), claimed[0].body.as_slice()), (1, body("filled", "b").as_bytes()));
    let error = old.claim(WANTED).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::MissingKey { number: 2 });
    assert_eq!(new.claim(WANTED).await.unwrap().events[0].attempt, 1);
}

async fn inbox_in_the_clear_is_encrypted_when_it_is_opened_with_keys(subject: &impl Subject) {
    let clear = subject.open_with(None).await.unwrap();
    for step in STEPS {
        store(&clear, step, "a").await;
    }
    clear.store(incoming("no JSON of Jane")).await.unwrap();
    let claimed = clear.claim(WANTED).await.unwrap().events.remove(0);
    assert_eq!(clear.complete(claimed.ticket).await.unwrap(), Claim::Held);
    let failed = async |_| Err(HandlingError::give_up("Jane Doe"));
    let second = clear.claim(WANTED).await.unwrap().events.remove(0);
    assert_eq!(clear.bury(second.ticket, Reason::Failed("Jane Doe".to_owned())).await.unwrap(), Claim::Held);
    let sealed = subject.open_with(Some(keys(1))).await.unwrap();
    assert_unreadable(subject).await;
    // A process that was left without keys stops.
    assert_eq!(clear.counts().await.unwrap_err().kind(), StoreErrorKind::Encrypted);
    for step in STEPS {
        assert_eq!(store(&sealed, step, "a").await, Stored::Known);
    }
    assert_eq!(sealed.counts().await.unwrap().differing, 0);
    let letters = sealed.dead_letters(None, 10).await.unwrap();
    assert_eq!((letters[0].reason.text(), &letters[0].body), ("Jane Doe", &body("submitted", "a").into_bytes()));
    assert_eq!(letters[1].body, b"no JSON of Jane");
    assert!(is_next(&sealed, "acknowledged").await);
    workers(&sealed).run_until(drained(&sealed), failed).await.unwrap();
    assert_unreadable(subject).await;
    assert_eq!(sealed.counts().await.unwrap().dead, 4);
}

/// Claims the only event that can be, and gives it back.
async fn is_next(inbox: &impl Store, step: &str) -> bool {
    let claimed = inbox.claim(WANTED).await.unwrap().events;
    assert_eq!(inbox.give_back(claimed[0].ticket).await.unwrap(), Claim::Held);
    claimed.len() == 1 && claimed[0].body == body(step, "a").as_bytes()
}

async fn body_of_another_row_does_not_open(subject: &impl Subject) {
    let inbox = subject.open_with(Some(keys(1))).await.unwrap();
    for order in ["a", "b"] {
        store(&inbox, "filled", order).await;
    }
    subject.swap_bodies().await;
    workers(&inbox).run_until(drained(&inbox), |_| async { panic!("no handler sees it") }).await.unwrap();
    let letters = inbox.dead_letters(None, 10).await.unwrap();
    assert_eq!(letters.iter().map(|letter| &letter.reason).collect::<Vec<_>>(), [&Reason::Unreadable; 2]);
}

/// Returns keys with the key of this number alone.
fn alone(number: u32) -> Keys {
    Keys::new([1; 32], number, [u8::try_from(number).unwrap() + 10; 32]).unwrap()
}

/// While hosts are given another key, one may store a row and another, with the former key, fail it.
async fn reason_needs_the_key_that_sealed_it(subject: &impl Subject) {
    let (second, only_second) =
        (subject.open_with(Some(keys(2))).await.unwrap(), subject.open_with(Some(alone(2))).await.unwrap());
    store(&second, "filled", "a").await;
    let first = subject.open_with(Some(alone(1).also_opening(2, [12; 32]).unwrap())).await.unwrap();
    let claimed = first.claim(WANTED).await.unwrap().events.remove(0);
    assert_eq!(first.bury(claimed.ticket, Reason::Failed("Jane Doe".to_owned())).await.unwrap(), Claim::Held);
    assert_eq!(second.dead_letters(None, 10).await.unwrap()[0].reason.text(), "Jane Doe");
    let missing = StoreErrorKind::MissingKey { number: 1 };
    assert_eq!(only_second.dead_letters(None, 10).await.unwrap_err().kind(), missing);
    let Err(error) = subject.open_with(Some(alone(2))).await else { panic!("the reason needs the first key") };
    assert_eq!(error.kind(), missing);
    // Once the row is done, nothing does.
    let letter = second.dead_letters(None, 10).await.unwrap()[0].id;
    assert!(second.discard(letter).await.unwrap());
    subject.open_with(Some(alone(2))).await.unwrap();
}

async fn reason_that_was_changed_says_so(subject: &impl Subject) {
    let inbox = subject.open_with(Some(keys(1))).await.unwrap();
    store(&inbox, "filled", "a").await;
    let claimed = inbox.claim(WANTED).await.unwrap().events.remove(0);
    assert_eq!(inbox.bury(claimed.ticket, Reason::Failed("Jane Doe".to_owned())).await.unwrap(), Claim::Held);
    for changed in [format!("0100000001{}", "ab".repeat(50)), "in the clear".to_owned(), String::new()] {
        subject.replace_reasons(&changed).await;
        let letter = inbox.dead_letters(None, 10).await.unwrap().remove(0);
        assert_eq!(letter.reason.text(), "what the handler said was changed in the database, and does not open");
        assert_eq!(letter.body, body("filled", "a").as_bytes());
    }
    subject.replace_first_body("no sealed text").await;
    let letter = inbox.dead_letters(None, 10).await.unwrap().remove(0);
    assert_eq!((&letter.reason, letter.body.as_slice()), (&Reason::Unreadable, b"no sealed text".as_slice()));
}

async fn key_under_a_second_number_is_refused_and_the_number_stays_free(subject: &impl Subject) {
    drop(subject.open_with(Some(keys(1))).await.unwrap());
    let first_as_second = Keys::new([1; 32], 2, [11; 32]).unwrap();
    let comparison_as_second = Keys::new([5; 32], 2, [1; 32]).unwrap();
    let Err(error) = subject.open_with(Some(first_as_second)).await else { panic!("one key has two numbers") };
    assert_eq!(error.kind(), StoreErrorKind::RepeatedKey { number: 2, known: 1 });
    assert!(error.to_string().contains("the one that the inbox knows as key 1"));
    subject.open_with(Some(comparison_as_second)).await.err().expect("the comparison key is another one");
    subject.open_with(Some(keys(2))).await.unwrap();
}
