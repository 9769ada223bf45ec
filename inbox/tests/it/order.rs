//! The order within a group, over random histories of deliveries, failures and workers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use novamed_inbox::{Handling, HandlingError, Reason, Store};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use crate::deliveries::{Place, STEPS, body, store};
use crate::subjects::{Schema, Subject};
use crate::workers::{drained, workers};

/// How the tries of an event end, one after the other; what comes after succeeds.
#[derive(Debug, Clone, Copy)]
enum End {
    Fails,
    Panics,
    GivesUp,
}

type History = Vec<(usize, usize, Vec<End>)>;

fn histories() -> impl Strategy<Value = History> {
    let end = prop_oneof![4 => Just(End::Fails), 1 => Just(End::Panics), 1 => Just(End::GivesUp)];
    let event = (0..STEPS.len(), 0..4_usize, prop::collection::vec(end, 0..4));
    prop::collection::vec(event, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..ProptestConfig::default()
    })]

    /// No try of an event begins before all that arrived earlier in its group have ended.
    #[test]
    fn group_is_handled_in_the_order_of_arrival(history in histories(), concurrency in 1..6_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(&Place::new(), history, concurrency))?;
    }

    /// The same, with a server's clock and several connections.
    #[test]
    fn group_is_handled_in_the_order_of_arrival_on_postgres(history in histories(), concurrency in 1..6_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            match Schema::new() {
                Some(schema) => check(&schema, history, concurrency).await,
                None => Ok(()),
            }
        })?;
    }
}

async fn check(subject: &impl Subject, history: History, concurrency: usize) -> Result<(), TestCaseError> {
    let inbox = subject.store().await;
    let mut arrived: Vec<(String, usize)> = Vec::new();
    let mut ends = BTreeMap::new();
    for (step, order, tries) in history {
        store(&inbox, STEPS[step], &order.to_string()).await;
        let body = body(STEPS[step], &order.to_string());
        if !arrived.iter().any(|(known, _)| *known == body) {
            arrived.push((body.clone(), order));
            ends.insert(body, tries);
        }
    }
    let begun = Arc::new(Mutex::new(Vec::new()));
    let (noted, planned) = (Arc::clone(&begun), Arc::new(ends.clone()));
    let handler = move |handling: Handling| {
        let (noted, planned) = (Arc::clone(&noted), Arc::clone(&planned));
        async move {
            let body = String::from_utf8(handling.body().to_vec())?;
            noted.lock().unwrap().push((body.clone(), handling.attempt()));
            tokio::task::yield_now().await;
            match planned[&body].get(handling.attempt() as usize - 1) {
                Some(End::Fails) => Err(HandlingError::retry("planned")),
                Some(End::GivesUp) => Err(HandlingError::give_up("planned")),
                Some(End::Panics) => std::panic::resume_unwind(Box::new("planned")),
                None => Ok(()),
            }
        }
    };
    workers(&inbox).concurrency(concurrency).attempts(3).run_until(drained(&inbox), handler).await.unwrap();
    let begun = begun.lock().unwrap().clone();
    let mut dead = 0;
    for order in 0..4 {
        let mut expected = Vec::new();
        for (body, _) in arrived.iter().filter(|(_, of)| *of == order) {
            let given_up = ends[body].iter().position(|end| matches!(end, End::GivesUp));
            let tries = (ends[body].len() + 1).min(given_up.map_or(3, |at| at + 1)).min(3);
            dead += u64::from(ends[body].len() >= 3 || given_up.is_some());
            expected.extend((1..=tries).map(|attempt| (body.clone(), u32::try_from(attempt).unwrap())));
        }
        let of_order = |body: &str| arrived.iter().any(|(known, of)| known == body && *of == order);
        let found: Vec<_> = begun.iter().filter(|(body, _)| of_order(body)).cloned().collect();
        prop_assert_eq!(found, expected);
    }
    prop_assert_eq!(inbox.counts().await.unwrap().dead, dead);
    for letter in inbox.dead_letters(None, 100).await.unwrap() {
        prop_assert!(matches!(letter.reason, Reason::Failed(_) | Reason::Panicked));
    }
    Ok(())
}
