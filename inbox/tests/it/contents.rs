//! How any store compares deliveries of the same event.

use novamed::webhooks::{Inbox, Stored};
use novamed_inbox::{Claim, Reason, Store};

use crate::deliveries::{body, incoming, store};
use crate::subjects::{Subject, on_every_store};
use crate::suite::{claim_one, dead, is};

on_every_store! {
    event_that_comes_again_with_another_content_is_a_dead_letter_once;
    order_and_spacing_of_a_body_make_no_other_content;
    content_is_compared_after_the_event_was_handled;
    differing_dead_letter_is_handled_when_it_is_retried;
}

/// Returns another body of the same event: what names it is the same.
fn differing(step: &str, order: &str, note: &str) -> String {
    body(step, order).replace("}}", &format!(r#","rx_number":"{note}"}}}}"#))
}

async fn event_that_comes_again_with_another_content_is_a_dead_letter_once(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    for stored in [Stored::New, Stored::Known] {
        assert_eq!(inbox.store(incoming(&differing("filled", "a", "RX1"))).await.unwrap(), stored);
        assert_eq!(store(&inbox, "filled", "a").await, Stored::Known);
    }
    assert_eq!(inbox.store(incoming(&differing("filled", "a", "RX2"))).await.unwrap(), Stored::New);
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.dead, counts.differing), (1, 2, 2));
    let letters = dead(&inbox).await;
    assert_eq!((&letters[0].reason, letters[0].attempts), (&Reason::Differs, 0));
    assert_eq!(letters[0].body, differing("filled", "a", "RX1").as_bytes());
    assert!(is(&claim_one(&inbox).await, "filled", "a"));
}

async fn order_and_spacing_of_a_body_make_no_other_content(subject: &impl Subject) {
    let inbox = subject.store().await;
    let first = differing("filled", "a", "é");
    let data: serde_json::Value = serde_json::from_str(&first).unwrap();
    let data = data["event_data"].as_object().unwrap();
    let members: Vec<String> = data.iter().rev().map(|(name, value)| format!("\"{name}\" :\n{value}")).collect();
    let again = format!(r#" {{"event_data":{{{}}}, "event_name" : "medication_order:filled"}}"#, members.join(" , "));
    let again = again.replace('é', "\\u00e9");
    assert_eq!(inbox.store(incoming(&first)).await.unwrap(), Stored::New);
    assert_eq!(inbox.store(incoming(&again)).await.unwrap(), Stored::Known);
    assert!(dead(&inbox).await.is_empty());
}

async fn content_is_compared_after_the_event_was_handled(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let claimed = claim_one(&inbox).await;
    assert_eq!(inbox.complete(claimed.ticket).await.unwrap(), Claim::Held);
    assert_eq!(store(&inbox, "filled", "a").await, Stored::Known);
    assert_eq!(inbox.store(incoming(&differing("filled", "a", "RX1"))).await.unwrap(), Stored::New);
    let letter = dead(&inbox).await.remove(0);
    assert_eq!(letter.reason, Reason::Differs);
    assert!(inbox.discard(letter.id).await.unwrap());
    assert_eq!(inbox.store(incoming(&differing("filled", "a", "RX1"))).await.unwrap(), Stored::Known);
}

async fn differing_dead_letter_is_handled_when_it_is_retried(subject: &impl Subject) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    let first = claim_one(&inbox).await;
    assert_eq!(inbox.complete(first.ticket).await.unwrap(), Claim::Held);
    inbox.store(incoming(&differing("filled", "a", "RX1"))).await.unwrap();
    assert!(inbox.retry(dead(&inbox).await[0].id).await.unwrap());
    let second = claim_one(&inbox).await;
    assert_eq!(second.body, differing("filled", "a", "RX1").as_bytes());
    // A handler that knows events by their keys takes it for another one.
    assert_ne!(second.duplicate_key, first.duplicate_key);
    assert_eq!(inbox.complete(second.ticket).await.unwrap(), Claim::Held);
    assert_eq!(inbox.store(incoming(&differing("filled", "a", "RX1"))).await.unwrap(), Stored::Known);
}
