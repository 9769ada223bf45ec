//! The proof that nothing is done twice: many calls of a server that counts what it does, with
//! faults in every phase.

use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use http::{Request, Response};

use super::memory::{Broken, Dice, FINE, answer, own, served, text};
use super::{CREATE, LIST};
use crate::runtime::audit::{AuditRecord, Outcome, Vouched};
use crate::runtime::call::style::Style;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::BoxError;
use crate::runtime::error::{Delivery, Error};
use crate::runtime::transport::Unsent;
use crate::runtime::transport::body::Body;

const CALLS: u64 = 10_000;
const WORKERS: u64 = 50;

/// What the server does with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Does {
    /// Connecting fails.
    Unreachable,
    /// It is cut off before it has acted: before the request was written, or after half of it.
    CutBefore,
    /// It acts, and is cut off before the status or within the headers.
    CutAfter,
    CutInBody,
    HangBefore,
    HangAfter,
    HangInBody,
    /// The API's own refusal.
    Refuse(u16),
    /// The refusal that is marked as made before acting.
    Busy,
    /// Another 429: it may have acted.
    OtherLimit(bool),
    /// The API's own failure, having acted or not.
    Fail(u16, bool),
    /// A proxy's page, having acted or not.
    Page(u16, bool),
    /// A status of success, and a body that is none.
    Garbage,
    SaysFailed(bool),
    /// It acts, and answers after some seconds.
    Slow,
    Fine,
}

impl Does {
    fn any(dice: &mut Dice) -> Self {
        let acts = dice.roll(2) == 0;
        let choice = |dice: &mut Dice, of: &[u16]| of[usize::try_from(dice.roll(of.len() as u64)).expect("small")];
        match dice.roll(24) {
            0..=2 => Self::Unreachable,
            3 => Self::CutBefore,
            4 => Self::CutAfter,
            5 => Self::CutInBody,
            6 => Self::HangBefore,
            7 => Self::HangAfter,
            8 => Self::HangInBody,
            9 => Self::Refuse(choice(dice, &[400, 401, 404])),
            10..=12 => Self::Busy,
            13 => Self::OtherLimit(acts),
            14 => Self::Fail(choice(dice, &[403, 500, 502, 503, 504]), acts),
            15 => Self::Page(choice(dice, &[400, 401, 403, 404, 429, 500, 502, 503, 504]), acts),
            16 => Self::Garbage,
            17 => Self::SaysFailed(acts),
            18 => Self::Slow,
            _ => Self::Fine,
        }
    }

    /// What passes, for an operation that may be repeated.
    fn passing(dice: &mut Dice) -> Self {
        loop {
            match Self::any(dice) {
                Self::Refuse(_)
                | Self::OtherLimit(_)
                | Self::Fail(403, _)
                | Self::Page(400..=499, _)
                | Self::Garbage
                | Self::SaysFailed(_) => {}
                does => return does,
            }
        }
    }

    fn acts(self) -> bool {
        match self {
            Self::Unreachable | Self::CutBefore | Self::HangBefore | Self::Refuse(_) | Self::Busy => false,
            Self::OtherLimit(acts) | Self::Fail(_, acts) | Self::Page(_, acts) | Self::SaysFailed(acts) => acts,
            _ => true,
        }
    }

    fn is_fine(self) -> bool {
        matches!(self, Self::Fine | Self::Slow)
    }

    async fn answer(self) -> Result<Response<Body>, BoxError> {
        match self {
            Self::Unreachable => Err(Unsent::new("unreachable").into()),
            Self::CutBefore | Self::CutAfter => Err("cut".into()),
            Self::CutInBody => Ok(answer(200, Broken::body(true))),
            Self::HangBefore | Self::HangAfter => pending().await,
            Self::HangInBody => Ok(answer(200, Broken::body(false))),
            Self::Refuse(status) => Ok(answer(status, own("NOT_FOUND"))),
            Self::Busy => Ok(answer(429, own("RATE_LIMIT_EXCEEDED"))),
            Self::OtherLimit(_) => Ok(answer(429, own("BUSY"))),
            Self::Fail(status, _) => Ok(answer(status, own("INTERNAL_ERROR"))),
            Self::Page(status, _) => Ok(answer(status, "<html>")),
            Self::Garbage => Ok(answer(200, "<html>")),
            Self::SaysFailed(_) => Ok(answer(200, own("NOT_FOUND"))),
            Self::Slow => {
                tokio::time::sleep(Duration::from_secs(7)).await;
                Ok(answer(200, FINE))
            }
            Self::Fine => Ok(answer(200, FINE)),
        }
    }
}

/// What the server saw of one call.
#[derive(Default, Clone)]
struct Seen {
    attempts: u32,
    acts: u32,
    did: Vec<Does>,
}

/// A server that counts.
struct Counting {
    dice: Mutex<Dice>,
    seen: Mutex<HashMap<u64, Seen>>,
    choose: fn(&Seen, &mut Dice) -> Does,
}

impl Counting {
    fn new(choose: fn(&Seen, &mut Dice) -> Does) -> Arc<Self> {
        Arc::new(Self { dice: Mutex::new(Dice::new(0x0dd5)), seen: Mutex::default(), choose })
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<u64, Seen>> {
        self.seen.lock().expect("no test panics in the lock")
    }

    fn does(&self, call: u64) -> Does {
        let mut seen = self.seen();
        let seen = seen.entry(call).or_default();
        let does = (self.choose)(seen, &mut self.dice.lock().expect("no test panics in the lock"));
        seen.attempts += 1;
        seen.acts += u32::from(does.acts());
        seen.did.push(does);
        does
    }
}

/// Reads which call it is: from the body of a create, or from the path.
async fn number(request: Request<Body>) -> u64 {
    let path = request.uri().path().split('/').nth(2).map(str::to_owned);
    let body = text(request.into_body()).await;
    let number = if body.is_empty() { path.expect("the path names the call") } else { body };
    number.parse().expect("calls have numbers")
}

fn built(server: &Arc<Counting>, records: &Arc<Mutex<Vec<AuditRecord>>>) -> ClientBuilder {
    let (server, records) = (Arc::clone(server), Arc::clone(records));
    served(move |request| {
        let server = Arc::clone(&server);
        Box::pin(async move { server.does(number(request).await).answer().await })
    })
    .max_retries(3)
    .retry_budget(u32::MAX)
    .audit(move |record| records.lock().expect("no test panics in the lock").push(record.clone()))
}

/// Makes all calls, some at a time, and returns what came of each; none where it was dropped.
async fn run<F, R>(call: impl Fn(u64) -> F + Send + Sync + 'static) -> Vec<(u64, R)>
where
    F: Future<Output = R> + Send,
    R: Send + 'static,
{
    let call = Arc::new(call);
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let call = Arc::clone(&call);
            tokio::spawn(async move {
                let mut results = Vec::new();
                for number in (worker..CALLS).step_by(usize::try_from(WORKERS).expect("few")) {
                    results.push((number, call(number).await));
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

#[tokio::test(start_paused = true)]
async fn no_create_acts_twice_and_each_delivery_is_true() {
    let records = Arc::new(Mutex::new(Vec::new()));
    let server = Counting::new(|_, dice| Does::any(dice));
    let limited = built(&server, &records).rate_limit(600, Duration::from_secs(60));
    let shared = limited.build().expect("the configuration is right");
    let results = run(move |number| {
        let retries = u32::try_from(number % 4).expect("small");
        let client = shared.with_options(|o| o.actor(Vouched::new(number.to_string())).max_retries(retries));
        async move {
            let sent = client.call(&CREATE).json("application/json", &number).data::<u8>();
            // Some calls are given up, at any moment.
            if number % 10 == 3 {
                let patience = Duration::from_millis(number * 7 % 9000);
                return tokio::time::timeout(patience, sent).await.ok();
            }
            Some(sent.await)
        }
    })
    .await;
    let seen = server.seen();
    let mut told = HashMap::<Option<Delivery>, u32>::new();
    for (number, result) in &results {
        let seen = seen.get(number).cloned().unwrap_or_default();
        assert!(seen.acts <= 1, "call {number} acted twice: {:?}", seen.did);
        let Some(result) = result else { continue };
        let delivery = result.as_ref().err().map(Error::delivery);
        *told.entry(delivery).or_default() += 1;
        agrees(*number, delivery, &seen);
        if let Err(error) = result {
            assert_eq!(error.attempts(), seen.attempts, "{error}");
        }
    }
    let told = |delivery| told.get(&delivery).copied().unwrap_or_default();
    for delivery in [None, Some(Delivery::NotSent), Some(Delivery::Refused), Some(Delivery::Unknown)] {
        assert!(told(delivery) > 100, "{delivery:?} hardly happened");
    }
    let kinds: std::collections::HashSet<_> =
        seen.values().flat_map(|seen| &seen.did).map(std::mem::discriminant).collect();
    assert_eq!(kinds.len(), 16, "every fault was met");
    let records = records.lock().expect("no test panics in the lock");
    assert_eq!(records.len() as u64, CALLS, "one record for each call");
    let mut dropped = 0;
    for record in &*records {
        let number: u64 = record.actor().expect("set").as_str().parse().expect("a number");
        let seen = seen.get(&number).cloned().unwrap_or_default();
        agrees(number, record.delivery(), &seen);
        dropped += u32::from(matches!(record.outcome(), Outcome::Dropped(_)));
    }
    assert!(dropped > 100, "{dropped} calls were given up");
}

fn agrees(number: u64, delivery: Option<Delivery>, seen: &Seen) {
    match delivery {
        None => assert_eq!(seen.acts, 1, "call {number} succeeded: {:?}", seen.did),
        Some(Delivery::NotSent | Delivery::Refused) => {
            assert_eq!(seen.acts, 0, "call {number} was {delivery:?}: {:?}", seen.did);
        }
        Some(Delivery::Unknown) => assert!(seen.attempts > 0, "call {number} was never sent"),
    }
}

#[tokio::test(start_paused = true)]
async fn every_get_succeeds_once_the_server_has_recovered() {
    let records = Arc::new(Mutex::new(Vec::new()));
    // The server recovers with the fourth attempt at the latest.
    let server = Counting::new(|seen, dice| if seen.attempts < 3 { Does::passing(dice) } else { Does::Fine });
    // The server's 429 come at random, not by a limit, so that pacing would wait for nothing.
    let unpaced = built(&server, &records).no_pacing().attempt_timeout(Duration::from_secs(10));
    let shared = unpaced.build().expect("the configuration is right");
    let results = run(move |number| {
        let client = shared.clone();
        async move {
            let style = Style::Simple { explode: false };
            client.call(&LIST).path("carrierId", &number, style).data::<u8>().await
        }
    })
    .await;
    let seen = server.seen();
    for (number, result) in &results {
        if let Err(error) = result {
            panic!("{error}: {:?}", seen[number].did);
        }
        assert!(seen[number].did.last().is_some_and(|does| does.is_fine()));
    }
    let retried = seen.values().filter(|seen| seen.attempts > 1).count();
    assert!(retried > 1_000, "{retried} calls were repeated");
}
