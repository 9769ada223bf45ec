//! The proof over every operation of the client that nothing is done twice, and that each error's `Delivery` is true:
//! thousands of calls of each, of a server in memory that counts what it does and has faults in every phase, time paused;
//! and some hundred over real sockets, where the server's own doing is the trigger.

mod dice;
mod memory;
mod sockets;

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use novamed::audit::{AuditRecord, Outcome, Vouched};
use novamed::{Client, ClientBuilder, Delivery, Environment, Error};
use serde_json::Value;

use self::memory::{Counting, Does, Memory, NUMBER, SORTS, Seen};
use super::requests::call;
use super::{DEV_KEY, spec};
use crate::compile::is_step;

/// Returns how many calls are made of each operation: more in a step of `cargo xtask ci`.
fn calls() -> u64 {
    if is_step() { 10_000 } else { 2_000 }
}

const WORKERS: u64 = 50;

/// An operation, as the document has it.
#[derive(Clone, Copy)]
struct Subject {
    id: &'static str,
    /// The name of the request that is sent; empty where it has no body.
    example: &'static str,
    /// The body of a success.
    success: &'static Value,
}

/// Returns the operations that are repeated, or those that are not. Whatever changes something is not.
fn subjects(repeatable: bool) -> Vec<Subject> {
    let operations = spec::operations().into_iter();
    let chosen = operations.filter(|it| it.node["x-client-repeatable"].as_bool() == Some(repeatable));
    let subject = |operation: spec::Operation| Subject {
        id: operation.id,
        example: operation.requests().first().map_or("", |example| example.name),
        success: operation.responses()["200"].first().expect("a success has an example").value,
    };
    chosen.map(subject).collect()
}

impl Subject {
    async fn call(self, client: &Client) -> Result<(), Error> {
        call(client, self.id, self.example).await.map(drop)
    }
}

#[test]
fn every_operation_is_proved() {
    let creates: Vec<&str> = subjects(false).iter().map(|it| it.id).collect();
    let expected = [
        "createMedicationRequest",
        "createPatient",
        "createPractitioner",
        "createRefillRequest",
        "createWebhook",
        "deleteWebhook",
    ];
    assert_eq!(HashSet::from(expected), creates.into_iter().collect());
    assert_eq!(subjects(true).len() + expected.len(), spec::operations().len());
}

fn built(server: &Arc<Counting>, records: &Arc<Mutex<Vec<AuditRecord>>>) -> ClientBuilder {
    let records = Arc::clone(records);
    Client::builder()
        .environment(Environment::Development)
        .api_key(DEV_KEY)
        .transport(Memory(Arc::clone(server)))
        .max_retries(3)
        .retry_budget(u32::MAX)
        .audit(move |record| records.lock().expect("no test panics in the lock").push(record.clone()))
}

/// Makes all calls, some at a time, and returns what came of each.
async fn run<F, R>(call: impl Fn(u64) -> F + Send + Sync + 'static) -> Vec<(u64, R)>
where
    F: Future<Output = R> + Send,
    R: Send + 'static,
{
    let call = Arc::new(call);
    let calls = calls();
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let call = Arc::clone(&call);
            tokio::spawn(async move {
                let mut results = Vec::new();
                for number in (worker..calls).step_by(usize::try_from(WORKERS).expect("few")) {
                    results.push((number, NUMBER.scope(number, call(number)).await));
                }
                results
            })
        })
        .collect();
    let mut results = Vec::new();
    for worker in workers {
        results.extend(worker.await.expect("no worker panics"));
    }
    results
}

/// Fails if a delivery is not what the server did.
fn agrees(what: &str, delivery: Option<Delivery>, seen: &Seen) {
    match delivery {
        None => assert_eq!(seen.acts, 1, "{what} succeeded: {:?}", seen.did),
        Some(Delivery::NotSent | Delivery::Refused) => {
            assert_eq!(seen.acts, 0, "{what} was {delivery:?}: {:?}", seen.did);
        }
        Some(Delivery::Unknown) => assert!(seen.attempts > 0, "{what} was never sent"),
    }
}

/// Makes the calls of one operation that is never sent twice, and compares what is told with what was done.
async fn prove(subject: Subject) {
    let records = Arc::new(Mutex::new(Vec::new()));
    let server = Counting::new(subject.success, |_, dice| Does::any(dice));
    let limited = built(&server, &records).rate_limit(600, Duration::from_secs(60));
    let shared = limited.build().expect("the configuration is right");
    let results = run(move |number| {
        let retries = u32::try_from(number % 4).expect("small");
        let client = shared.with_options(|o| o.actor(Vouched::new(number.to_string())).max_retries(retries));
        async move {
            // Some calls are given up, at any moment.
            if number % 10 == 3 {
                let patience = Duration::from_millis(number * 7 % 9000);
                return tokio::time::timeout(patience, subject.call(&client)).await.ok();
            }
            Some(subject.call(&client).await)
        }
    })
    .await;
    let seen = server.seen();
    let mut told = HashMap::<Option<Delivery>, u64>::new();
    for (number, result) in &results {
        let what = format!("{} {number}", subject.id);
        let seen = seen.get(number).cloned().unwrap_or_default();
        assert!(seen.acts <= 1, "{what} acted twice: {:?}", seen.did);
        let Some(result) = result else { continue };
        let delivery = result.as_ref().err().map(Error::delivery);
        *told.entry(delivery).or_default() += 1;
        agrees(&what, delivery, &seen);
        if let Err(error) = result {
            assert_eq!(error.attempts(), seen.attempts, "{what}: {error}");
        }
    }
    let few = calls() / 100;
    for delivery in [None, Some(Delivery::NotSent), Some(Delivery::Refused), Some(Delivery::Unknown)] {
        let count = told.get(&delivery).copied().unwrap_or_default();
        assert!(count > few, "{}: {delivery:?} hardly happened", subject.id);
    }
    let sorts: HashSet<_> = seen.values().flat_map(|seen| &seen.did).map(std::mem::discriminant).collect();
    assert_eq!(sorts.len(), SORTS, "{}: not every fault was met", subject.id);
    let records = records.lock().expect("no test panics in the lock");
    assert_eq!(records.len() as u64, calls(), "{}: one record for each call", subject.id);
    let mut dropped = 0;
    for record in &*records {
        let number: u64 = record.actor().expect("it is set").as_str().parse().expect("it is a number");
        let seen = seen.get(&number).cloned().unwrap_or_default();
        assert_eq!(record.operation(), subject.id);
        agrees(&format!("the record of {} {number}", subject.id), record.delivery(), &seen);
        dropped += u64::from(matches!(record.outcome(), Outcome::Dropped(_)));
    }
    assert!(dropped > few, "{}: {dropped} calls were given up", subject.id);
}

#[tokio::test(start_paused = true)]
async fn no_create_acts_twice_and_each_delivery_is_true() {
    for subject in subjects(false) {
        prove(subject).await;
    }
}

#[tokio::test(start_paused = true)]
async fn every_read_succeeds_once_the_server_has_recovered() {
    for subject in subjects(true) {
        let records = Arc::new(Mutex::new(Vec::new()));
        // The server recovers with the fourth attempt at the latest.
        let choose =
            |seen: &Seen, dice: &mut dice::Dice| if seen.attempts < 3 { Does::passing(dice) } else { Does::Fine };
        let server = Counting::new(subject.success, choose);
        // The server's 429 come at random, not by a limit, so that pacing would wait for nothing.
        let unpaced = built(&server, &records).no_pacing().attempt_timeout(Duration::from_secs(10));
        let shared = unpaced.build().expect("the configuration is right");
        let results = run(move |_| {
            let client = shared.clone();
            async move { subject.call(&client).await }
        })
        .await;
        let seen = server.seen();
        for (number, result) in &results {
            if let Err(error) = result {
                panic!("{error}: {:?}", seen[number].did);
            }
        }
        let retried = seen.values().filter(|seen| seen.attempts > 1).count() as u64;
        assert!(retried > calls() / 10, "{}: {retried} calls were repeated", subject.id);
        let records = records.lock().expect("no test panics in the lock");
        assert!(records.iter().all(|record| record.outcome() == Outcome::Succeeded));
    }
}
