//! What each command does with the inbox.

use std::time::Duration;

use novamed_inbox::{Counts, DeadLetterId, Store};
use serde_json::json;

use crate::arguments::{Command, Work};
use crate::failure::{FOUND, Failure};
use crate::file;
use crate::place::{AnyInbox, Place, with_inbox};
use crate::span::spoken;
use crate::tables;

/// How long an event may wait before it counts as a problem.
const LONG: Duration = Duration::from_secs(15 * 60);
/// How many rows are read at a time.
const PAGE: u32 = 100;

/// Runs a command.
pub async fn run(work: Work) -> Result<(), Failure> {
    let json = work.json;
    match (&work.command, &work.place) {
        (Command::Backup(target), Place::File(source)) => return file::backup(source, target, json),
        (Command::Recover(target), Place::File(source)) => return file::recover(source, target, json).await,
        (Command::Backup(_) | Command::Recover(_), Place::Server { .. }) => {
            return Err(Failure::usage("this command is for SQLite files: back up a PostgreSQL database with pg_dump"));
        }
        (Command::Verify, Place::File(source)) => file::check(source)?,
        _ => {}
    }
    let inbox = work.place.open().await?;
    match work.command {
        Command::Status { check } => status(&inbox, check, json).await,
        Command::List { waiting, reveal, after, limit } => {
            let after = after.map(DeadLetterId::new);
            let (value, words) = if waiting {
                let waiting = with_inbox!(&inbox, inbox => inbox.waiting(after, limit).await)?;
                (tables::waiting_json(&waiting, reveal), tables::waiting(&waiting, reveal))
            } else {
                let letters = with_inbox!(&inbox, inbox => inbox.dead_letters(after, limit).await)?;
                (tables::letters_json(&letters, reveal), tables::letters(&letters, reveal))
            };
            say(json, &value, || words);
            Ok(())
        }
        Command::Show { id, reveal } => show(&inbox, id, reveal, json).await,
        Command::Retry(ids) => each(&inbox, &ids, true, json).await,
        Command::Discard(ids) => each(&inbox, &ids, false, json).await,
        Command::Verify => verify(&inbox, json).await,
        Command::RotateKeys => {
            let resealed = with_inbox!(&inbox, inbox => inbox.rotate_keys().await)?;
            say(json, &json!({ "resealed": resealed }), || {
                let events = if resealed == 1 { "event is" } else { "events are" };
                format!("{resealed} {events} now encrypted with the current key")
            });
            Ok(())
        }
        Command::Backup(_) | Command::Recover(_) => Ok(()),
    }
}

/// Prints a value as JSON, or else in words.
pub fn say(json: bool, value: &serde_json::Value, words: impl FnOnce() -> String) {
    if json {
        println!("{value}");
    } else {
        println!("{}", words());
    }
}

async fn status(inbox: &AnyInbox, check: bool, json: bool) -> Result<(), Failure> {
    let counts = with_inbox!(inbox, inbox => inbox.counts().await)?;
    say(json, &tables::status_json(&counts), || tables::status(&counts));
    match trouble(&counts) {
        Some(trouble) if check => Err(Failure::new(FOUND, trouble)),
        _ => Ok(()),
    }
}

/// Describes the most important problem.
fn trouble(counts: &Counts) -> Option<String> {
    let late = counts.oldest_waiting.filter(|age| *age > LONG);
    match (counts.dead, late) {
        (0, None) => None,
        (0, Some(age)) => {
            Some(format!("an event has been waiting for {}; `novamed-inbox list --waiting` shows why", spoken(age)))
        }
        (dead, _) => Some(format!("dead letters: {dead}; `novamed-inbox list` shows them")),
    }
}

async fn show(inbox: &AnyInbox, id: i64, reveal: bool, json: bool) -> Result<(), Failure> {
    let letter = with_inbox!(inbox, inbox => inbox.dead_letter(DeadLetterId::new(id)).await)?;
    let letter = letter.ok_or_else(|| {
        let help = "help: `list` prints the ids of dead letters; `list --waiting --reveal` shows why others wait";
        Failure::new(FOUND, format!("event {id} is not a dead letter\n{help}"))
    })?;
    say(json, &tables::letter_json(&letter, reveal), || tables::letter(&letter, reveal));
    Ok(())
}

/// Retries or discards dead letters. An id that isn't one doesn't stop the rest.
async fn each(inbox: &AnyInbox, ids: &[i64], retry: bool, json: bool) -> Result<(), Failure> {
    let (mut done, mut missing) = (Vec::new(), Vec::new());
    for id in ids {
        let letter = DeadLetterId::new(*id);
        let found =
            with_inbox!(inbox, inbox => if retry { inbox.retry(letter).await } else { inbox.discard(letter).await })?;
        if found { done.push(*id) } else { missing.push(*id) }
    }
    let verb = if retry { "retried" } else { "discarded" };
    say(json, &json!({ verb: done, "missing": missing }), || format!("{verb}: {}", tables::numbers(&done)));
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(FOUND, format!("not a dead letter: {}", tables::numbers(&missing))))
}

/// Reads all waiting events and dead letters.
async fn verify(inbox: &AnyInbox, json: bool) -> Result<(), Failure> {
    let counts = with_inbox!(inbox, inbox => inbox.counts().await)?;
    let (mut dead, mut unreadable, mut after) = (0_u64, 0_u64, None);
    loop {
        let letters = with_inbox!(inbox, inbox => inbox.dead_letters(after, PAGE).await)?;
        let Some(last) = letters.last() else { break };
        after = Some(last.id);
        dead += letters.len() as u64;
        unreadable += letters.iter().filter(|letter| tables::event(letter).is_none()).count() as u64;
    }
    let (mut waiting, mut after) = (0_u64, None);
    loop {
        let events = with_inbox!(inbox, inbox => inbox.waiting(after, PAGE).await)?;
        let Some(last) = events.last() else { break };
        after = Some(last.id);
        waiting += events.len() as u64;
    }
    let value = json!({
        "sound": true, "waiting": waiting, "dead": dead, "unreadable": unreadable, "handled": counts.handled,
    });
    say(json, &value, || {
        format!(
            "no damage: {waiting} events wait, {dead} are dead letters ({unreadable} of them unreadable), {} are handled",
            counts.handled
        )
    });
    Ok(())
}
