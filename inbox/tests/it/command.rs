//! The program `novamed-inbox`, on both stores.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use novamed_inbox::{HandlingError, Keys, Store, Workers};
use serde_json::{Value, json};

use crate::deliveries::{Place, STEPS, body, id, incoming, store};
use crate::subjects::{Schema, Subject, keys, on_each_database, server};
use crate::workers::drained;
use novamed::webhooks::Inbox;

const LONG: std::time::Duration = std::time::Duration::from_secs(600);
/// What the handler says of the only dead letter that has a reason.
const SAID: &str = "Jane Doe moved";

on_each_database! {
    inbox_is_looked_at_and_repaired_without_a_word_of_a_delivery;
    keys_are_changed_and_the_old_one_is_left_out;
    wrong_keys_and_other_versions_are_refused_in_words;
}

/// Where an inbox is, as the program is told.
pub trait Target {
    fn arguments(&self) -> Vec<String>;
}

impl Target for Place {
    fn arguments(&self) -> Vec<String> {
        vec!["--inbox".to_owned(), self.path().display().to_string()]
    }
}

impl Target for Schema {
    fn arguments(&self) -> Vec<String> {
        ["--inbox", &server().unwrap(), "--schema", &self.name].map(str::to_owned).to_vec()
    }
}

/// A run of the program.
pub struct Run {
    pub status: i32,
    pub out: String,
    pub err: String,
}

fn run(target: &impl Target, keys: Option<&str>, line: &str) -> Run {
    let mut command = program();
    command.args(target.arguments()).args(line.split_whitespace());
    if let Some(keys) = keys {
        command.env("NOVAMED_INBOX_COMPARISON_KEY", "01".repeat(32)).env("NOVAMED_INBOX_KEYS", keys);
    }
    read(command.output().unwrap())
}

pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_novamed-inbox"));
    for variable in ["NOVAMED_INBOX", "NOVAMED_INBOX_COMPARISON_KEY", "NOVAMED_INBOX_KEYS"] {
        command.env_remove(variable);
    }
    command
}

pub fn read(output: Output) -> Run {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Returns what the program prints as JSON.
fn json_of(target: &impl Target, line: &str) -> Value {
    let run = run(target, None, &format!("--json {line}"));
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{line}: {}{}", run.out, run.err))
}

async fn inbox_is_looked_at_and_repaired_without_a_word_of_a_delivery<S: Subject + Target>(subject: &S) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    inbox.store(incoming("{\"event_name\": \"Jane Doe\"")).await.unwrap();
    let workers = Workers::new(inbox.clone());
    workers.run_until(drained(&inbox), |_| async { Err(HandlingError::give_up(SAID)) }).await.unwrap();
    store(&inbox, "verified", "b").await;

    let status = json_of(subject, "status");
    assert_eq!((&status["waiting"], &status["dead"], &status["running"]), (&json!(1), &json!(2), &json!(0)));
    let checked = run(subject, None, "status --check");
    assert_eq!(
        (checked.status, checked.err.as_str()),
        (1, "error: dead letters: 2; `novamed-inbox list` shows them\n")
    );
    assert!(checked.out.contains("dead letters    2"), "{}", checked.out);
    let letters = json_of(subject, "list");
    let known = letters.as_array().unwrap().iter().find(|letter| letter["event"] == "medication_order:filled").unwrap();
    let failed = known["id"].as_i64().unwrap();
    assert_eq!(known["reason"], "the handler failed");
    let unreadable = letters.as_array().unwrap().iter().find(|letter| letter["id"] != failed).unwrap();
    assert_eq!(unreadable["reason"], "this version cannot read the event: the delivery isn't JSON: byte 24");
    assert_eq!(json_of(subject, "list --waiting")[0]["state"], "due");
    assert_eq!(json_of(subject, &format!("list --after {failed} --limit 5")).as_array().unwrap().len(), 1);
    for line in
        ["status", "list", "list --waiting", "verify", &format!("show {failed}"), &format!("--json show {failed}")]
    {
        let run = run(subject, None, line);
        assert_eq!(run.status, 0, "{line}: {}", run.err);
        let all = run.out + &run.err;
        assert!(!all.contains("Jane") && !all.contains(&id("a")) && !all.contains(&id("b")), "{line}: {all}");
    }
    let shown = run(subject, None, &format!("show {failed} --reveal"));
    assert!(shown.out.contains(SAID) && shown.out.contains(&body("filled", "a")), "{}", shown.out);

    let other = letters.as_array().unwrap().iter().find(|letter| letter["id"] != failed).unwrap()["id"].clone();
    assert_eq!(run(subject, None, &format!("retry {failed}")).out, format!("retried: {failed}\n"));
    let discarded = run(subject, None, &format!("discard {other} {failed}"));
    assert_eq!((discarded.status, discarded.err), (1, format!("error: not a dead letter: {failed}\n")));
    assert_eq!(run(subject, None, &format!("show {other}")).status, 1);
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.dead, counts.handled), (2, 0, 1));
    let again = |handling: novamed_inbox::Handling| async move {
        if handling.attempt() == 1 { Err(HandlingError::retry_after(LONG, SAID)) } else { Ok(()) }
    };
    let failed_once = async {
        while !inbox.waiting(None, 9).await.unwrap().iter().any(|event| event.reason.is_some()) {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    Workers::new(inbox.clone()).run_until(failed_once, again).await.unwrap();
    assert!(!run(subject, None, "list --waiting").out.contains(SAID));
    for line in ["list --waiting --reveal", "--json list --waiting --reveal"] {
        let revealed = run(subject, None, line);
        assert!(revealed.out.contains(SAID), "{line}: {}{}", revealed.out, revealed.err);
    }
    assert_eq!(run(subject, None, "status --check").status, 0);
}

fn variable(numbers: &[u32]) -> String {
    let key = |number: &u32| format!("{number}:{}", format!("{:02x}", number + 10).repeat(32));
    numbers.iter().map(key).collect::<Vec<_>>().join(",")
}

async fn keys_are_changed_and_the_old_one_is_left_out<S: Subject + Target>(subject: &S) {
    let inbox = subject.open_with(Some(keys(1))).await.unwrap();
    for order in ["a", "b"] {
        store(&inbox, "filled", order).await;
    }
    let workers = Workers::new(inbox.clone()).concurrency(1);
    workers.run_until(drained(&inbox), |_| async { Err(HandlingError::give_up(SAID)) }).await.unwrap();
    store(&inbox, "verified", "c").await;
    // While only looked at, a key that is new is not noted.
    assert_eq!(run(subject, Some(&variable(&[2, 1])), "status").status, 0);
    assert_eq!(run(subject, Some(&variable(&[2])), "status").status, 3);
    let rotated = run(subject, Some(&variable(&[2, 1])), "rotate-keys");
    assert_eq!(
        (rotated.status, rotated.out.as_str()),
        (0, "3 events are now encrypted with the current key\n"),
        "{}",
        rotated.err
    );
    let shown = run(subject, Some(&variable(&[2])), "show 1 --reveal");
    assert!(shown.out.contains(SAID) && shown.out.contains(&body("filled", "a")), "{}{}", shown.out, shown.err);
    drop(inbox);
    let second = Keys::new([1; 32], 2, [12; 32]).unwrap();
    let inbox = subject.open_with(Some(second)).await.unwrap();
    inbox.retry(inbox.dead_letters(None, 1).await.unwrap()[0].id).await.unwrap();
    Workers::new(inbox.clone()).run_until(drained(&inbox), |_| async { Ok(()) }).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().handled, 2);
}

async fn wrong_keys_and_other_versions_are_refused_in_words<S: Subject + Target>(subject: &S) {
    let inbox = subject.store().await;
    store(&inbox, "filled", "a").await;
    // Keys of an app that has not turned them on yet turn nothing on.
    assert_eq!(run(subject, Some(&variable(&[1])), "status").status, 0);
    let rotated = run(subject, Some(&variable(&[1])), "rotate-keys");
    assert!(rotated.status == 3 && rotated.err.contains("the inbox is not encrypted"), "{}", rotated.err);
    assert!(rotated.err.contains("help: start the app with keys first"), "{}", rotated.err);
    assert!(subject.rows().await[0].contains(&id("a")));
    drop(inbox);
    drop(subject.open_with(Some(keys(1))).await.unwrap());
    let refused = run(subject, None, "status");
    assert!(refused.status == 3 && refused.err.contains("the key to open it is missing"), "{}", refused.err);
    let wrong = format!("1:{}", "ff".repeat(32));
    let refused = run(subject, Some(&wrong), "status");
    assert!(refused.status == 3 && refused.err.contains("not the one"), "{}", refused.err);
    subject.change_schema(99).await;
    let refused = run(subject, Some(&variable(&[1])), "status");
    assert!(refused.status == 3 && refused.err.contains("newer version"), "{}", refused.err);
}

#[tokio::test]
async fn copy_of_an_inbox_in_use_holds_what_it_held() {
    let place = Place::new();
    let inbox = place.open().await;
    store(&inbox, "filled", "a").await;
    let copy = place.path().with_file_name("copy.db");
    let line = format!("backup {}", copy.display());
    let run_of = |line: &str| run(&place, None, line);
    assert_eq!(run_of(&line).status, 0);
    assert_eq!(run_of(&line).status, 1, "a file that exists is left alone");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&copy).unwrap().permissions()) & 0o777, 0o600);
    let restored = novamed_inbox::SqliteInbox::open(copy).await.unwrap();
    assert_eq!(restored.counts().await.unwrap().waiting, 1);
}

#[test]
fn inbox_that_is_missing_is_not_made() {
    let place = Place::new();
    for line in ["status", "backup copy.db", "verify"] {
        let missing = run(&place, None, line);
        assert_eq!(missing.status, 3, "{}", missing.err);
        assert!(missing.err.contains("not exist"), "{}", missing.err);
    }
    assert!(!place.path().exists() && !PathBuf::from("copy.db").exists());
    let other = place.path().with_file_name("other.db");
    fs::write(&other, "no database").unwrap();
    let refused = read(program().arg("--inbox").arg(&other).arg("status").output().unwrap());
    assert!(refused.status == 3 && refused.err.contains("is not an inbox"), "{}", refused.err);
    let saved = place.path().with_file_name("saved.db");
    for line in ["verify".to_owned(), format!("recover {}", saved.display())] {
        let mut command = program();
        let refused = read(command.arg("--inbox").arg(&other).args(line.split_whitespace()).output().unwrap());
        assert!(refused.status == 1 && refused.err.contains("restore the latest backup"), "{line}: {}", refused.err);
    }
    assert!(!saved.exists());
    let refused = read(program().arg("status").output().unwrap());
    assert!(refused.status == 2 && refused.err.contains("NOVAMED_INBOX"), "{}", refused.err);
    let refused = read(program().args(["--inbox", "postgres://x:S3cret@h:p/", "status"]).output().unwrap());
    assert!(refused.status == 2 && !refused.err.contains("S3cret"), "{}", refused.err);
}

/// Damages an inbox of 2,000 events, and returns what `verify` and `recover` do, and what is then handled.
async fn recovered(damage: impl Fn(&mut Vec<u8>)) -> (Run, Run, u64) {
    let place = Place::new();
    let inbox = place.open().await;
    let deliveries = (0..500).flat_map(|order| STEPS.map(|step| body(step, &format!("{order:x}"))));
    let mut under_way = tokio::task::JoinSet::new();
    for delivery in deliveries {
        let inbox = inbox.clone();
        under_way.spawn(async move { inbox.store(incoming(&delivery)).await.unwrap() });
    }
    assert_eq!(under_way.join_all().await.len(), 2000);
    inbox.close().await.unwrap();
    let mut bytes = fs::read(place.path()).unwrap();
    damage(&mut bytes);
    fs::write(place.path(), bytes).unwrap();
    let saved = place.path().with_file_name("saved.db");
    let verified = run(&place, None, "verify");
    let recovered = run(&place, None, &format!("--json recover {}", saved.display()));
    let inbox = novamed_inbox::SqliteInbox::open(saved).await.unwrap();
    let waiting = inbox.counts().await.unwrap().waiting;
    Workers::new(inbox.clone()).concurrency(32).run_until(drained(&inbox), |_| async { Ok(()) }).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap().handled, waiting);
    (verified, recovered, waiting)
}

const PAGE: usize = 4096;

/// What is on other pages is saved, and an order whose first event is lost goes on.
#[tokio::test]
async fn what_can_be_read_of_a_damaged_file_is_saved_and_handled() {
    let damage = |bytes: &mut Vec<u8>| {
        // The last page with rows: another in the middle may belong to an index.
        let leaf = (1..bytes.len() / PAGE).rev().find(|page| bytes[page * PAGE] == 0x0d).unwrap();
        bytes[leaf * PAGE..(leaf + 1) * PAGE].fill(0xa5);
    };
    let (verified, recovered, rows) = recovered(damage).await;
    assert!(verified.status == 1 && verified.err.contains("is damaged"), "{}{}", verified.out, verified.err);
    let said: Value = serde_json::from_str(&recovered.out).unwrap();
    assert_eq!(said, json!({ "rows": rows, "lost_at_least": 2000 - rows, "lost_at_most": 2000 - rows }));
    assert!((1900..2000).contains(&rows), "{rows}");
    let lost = format!("error: {} other rows cannot be read\n", 2000 - rows);
    assert!(recovered.status == 1 && recovered.err.starts_with(&lost), "{}", recovered.err);
}

/// The rows of a file whose second half is missing, and with it the pages that lead to the rows of the first.
#[tokio::test]
async fn rows_that_nothing_leads_to_are_saved() {
    let damage = |bytes: &mut Vec<u8>| {
        // The top of the table's tree, whose pages begin with 5 where they lead to others.
        let upper = |page: &usize| bytes[page * PAGE] == 0x05;
        let uppers: Vec<usize> = (1..bytes.len() / PAGE).filter(upper).collect();
        assert!(!uppers.is_empty());
        for page in uppers {
            bytes[page * PAGE..(page + 1) * PAGE].fill(0);
        }
        bytes.truncate(bytes.len() / PAGE / 2 * PAGE);
    };
    let (verified, recovered, rows) = recovered(damage).await;
    assert!((700..1300).contains(&rows), "{rows}");
    assert!(verified.err.contains(&format!("is damaged: {rows} rows can be read; ")), "{}", verified.err);
    let said: Value = serde_json::from_str(&recovered.out).unwrap();
    assert_eq!((&said["rows"], &said["lost_at_most"]), (&json!(rows), &json!(2000 - rows)));
    assert!(said["lost_at_least"].as_u64().unwrap() <= 2000 - rows);
    assert!(recovered.status == 1 && recovered.err.contains("other rows cannot be read"), "{}", recovered.err);
}

#[tokio::test]
async fn file_without_damage_is_copied_whole() {
    let (verified, recovered, rows) = recovered(|_| {}).await;
    assert_eq!((verified.status, recovered.status, rows), (0, 0, 2000), "{}", recovered.err);
}
