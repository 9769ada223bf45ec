//! What is printed: counts, dead letters and waiting events, in words and as JSON.
//!
//! Handlers' error messages are personal data, and are only printed if `reveal` is set. Only [`letter`] and
//! [`letter_json`] print a delivery, on the same condition.

use std::fmt::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use novamed::webhooks::Event;
use novamed_inbox::{Counts, DeadLetter, Reason, Waiting};
use serde_json::{Value, json};

use crate::span::spoken;

/// Returns the counts in words.
pub fn status(counts: &Counts) -> String {
    let ago = |span: Option<Duration>| span.map_or("-".to_owned(), spoken);
    format!(
        "waiting         {}\nrunning         {}\ndead letters    {}\nhandled         {}\noldest waiting  {}\nlast handled    {}",
        counts.waiting,
        counts.running,
        counts.dead,
        counts.handled,
        ago(counts.oldest_waiting),
        counts.last_handled.map_or("-".to_owned(), |span| format!("{} ago", spoken(span)))
    )
}

pub fn status_json(counts: &Counts) -> Value {
    json!({
        "waiting": counts.waiting,
        "running": counts.running,
        "dead": counts.dead,
        "handled": counts.handled,
        "oldest_waiting_seconds": counts.oldest_waiting.map(|span| span.as_secs()),
        "last_handled_seconds": counts.last_handled.map(|span| span.as_secs()),
    })
}

/// Returns the name of the letter's event, if this version knows it.
pub fn event(letter: &DeadLetter) -> Option<String> {
    let event = Event::parse(&letter.body).ok()?;
    (!matches!(event, Event::Unknown(_))).then(|| event.name().to_owned())
}

/// Returns a table of dead letters.
pub fn letters(letters: &[DeadLetter], reveal: bool) -> String {
    let mut table = format!("{:>8}  {:28}  {:>8}  {:>12}  reason", "id", "event", "attempts", "died");
    for letter in letters {
        let event = event(letter).unwrap_or_else(|| "(unknown)".to_owned());
        let (id, attempts, died) = (letter.id.get(), letter.attempts, ago(letter.died_at));
        let _ = write!(
            table,
            "\n{id:>8}  {event:28}  {attempts:>8}  {died:>12}  {}",
            explained(letter, reveal).replace(char::is_control, " ")
        );
    }
    table
}

pub fn letters_json(letters: &[DeadLetter], reveal: bool) -> Value {
    let summary = |letter: &DeadLetter| {
        let mut value = letter_json(letter, false);
        value["reason"] = json!(explained(letter, reveal));
        value
    };
    letters.iter().map(summary).collect()
}

/// Returns the details of one dead letter.
pub fn letter(letter: &DeadLetter, reveal: bool) -> String {
    let mut words = format!(
        "id        {}\nevent     {}\nattempts  {}\nreceived  {} ago\ndied      {} ago\nreason    {}",
        letter.id.get(),
        event(letter).unwrap_or_else(|| "(unknown)".to_owned()),
        letter.attempts,
        ago(letter.received_at),
        ago(letter.died_at),
        explained(letter, reveal),
    );
    if reveal {
        let _ = write!(words, "\n\n{}", String::from_utf8_lossy(&letter.body));
    } else {
        let _ = write!(words, "\ndelivery  {} bytes; --reveal prints it", letter.body.len());
    }
    words
}

pub fn letter_json(letter: &DeadLetter, reveal: bool) -> Value {
    let mut value = json!({
        "id": letter.id.get(),
        "event": event(letter),
        "attempts": letter.attempts,
        "received_at": seconds(letter.received_at),
        "died_at": seconds(letter.died_at),
        "reason": explained(letter, reveal),
        "bytes": letter.body.len(),
    });
    if reveal {
        value["delivery"] = json!(String::from_utf8_lossy(&letter.body));
    }
    value
}

/// Returns a table of the events that aren't handled yet.
pub fn waiting(events: &[Waiting], reveal: bool) -> String {
    let mut table =
        format!("{:>8}  {:8}  {:>8}  {:>12}  {:>12}  last failure", "id", "state", "attempts", "received", "due");
    for event in events {
        let (id, state, attempts) = (event.id.get(), event.state.name(), event.attempts);
        let (received, due) = (ago(event.received_at), until(event.due_at));
        let reason = event.reason.as_ref().map_or("-".to_owned(), |reason| line(reason, reveal));
        let _ = write!(table, "\n{id:>8}  {state:8}  {attempts:>8}  {received:>12}  {due:>12}  {reason}");
    }
    table
}

pub fn waiting_json(events: &[Waiting], reveal: bool) -> Value {
    let event = |event: &Waiting| {
        json!({
            "id": event.id.get(),
            "state": event.state.name(),
            "attempts": event.attempts,
            "received_at": seconds(event.received_at),
            "due_at": seconds(event.due_at),
            "reason": event.reason.as_ref().map(|it| reason(it, reveal)),
        })
    };
    events.iter().map(event).collect()
}

/// Joins numbers with commas.
pub fn numbers(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    if numbers.is_empty() { "none".to_owned() } else { numbers.join(", ") }
}

fn reason(reason: &Reason, reveal: bool) -> String {
    if reveal { reason.text().to_owned() } else { reason.to_string() }
}

/// Returns why a dead letter is one. Only what a handler said is personal data.
fn explained(letter: &DeadLetter, reveal: bool) -> String {
    match &letter.reason {
        Reason::Failed(text) if reveal => text.clone(),
        _ => letter.explanation(),
    }
}

/// Returns a reason that fits into a row of a table.
fn line(reason: &Reason, reveal: bool) -> String {
    self::reason(reason, reveal).replace(char::is_control, " ")
}

fn ago(time: SystemTime) -> String {
    spoken(SystemTime::now().duration_since(time).unwrap_or_default())
}

fn until(time: SystemTime) -> String {
    time.duration_since(SystemTime::now()).map_or("now".to_owned(), |span| format!("in {}", spoken(span)))
}

/// Returns seconds since 1970.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
