//! Keeping to a rate limit: a server in memory that has one, under paused time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Response;
use tokio::time::{Instant, sleep};

use super::CREATE;
use super::memory::{Answering, Dice, FINE, answer, served};
use crate::runtime::call::retry::Jitter;
use crate::runtime::client::Client;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::BoxError;
use crate::runtime::error::{Delivery, Error};
use crate::runtime::response::Response as Answered;
use crate::runtime::transport::body::Body;

const MINUTE: Duration = Duration::from_secs(60);

/// How a server counts.
#[derive(Clone, Copy, PartialEq)]
enum Window {
    /// By the minutes of its clock, which the first request begins.
    Fixed,
    /// The requests of the last minute.
    Sliding,
}

/// A server that takes 60 requests a minute, and refuses the others.
struct Limited {
    window: Window,
    /// Whether its answers tell of the limit.
    tells: bool,
    /// How many milliseconds a request travels, at most.
    latency: u64,
    state: Mutex<Counted>,
}

struct Counted {
    dice: Dice,
    taken: VecDeque<Instant>,
    began: Option<Instant>,
    acts: usize,
    /// When each refusal was given.
    refused: Vec<Instant>,
    /// The bodies of the requests, in the order of their arrival.
    order: Vec<u64>,
}

const LIMIT: usize = 60;

impl Limited {
    fn new(window: Window, tells: bool, latency: u64) -> Arc<Self> {
        let state = Counted {
            dice: Dice::new(5),
            taken: VecDeque::new(),
            began: None,
            acts: 0,
            refused: Vec::new(),
            order: Vec::new(),
        };
        Arc::new(Self { window, tells, latency, state: Mutex::new(state) })
    }

    fn state<R>(&self, look: impl FnOnce(&mut Counted) -> R) -> R {
        look(&mut self.state.lock().expect("no test panics in the lock"))
    }

    fn travel(&self) -> Duration {
        self.state(|state| Duration::from_millis(state.dice.roll(self.latency.max(1))))
    }

    /// Takes a request or refuses it.
    fn take(&self) -> Response<Body> {
        let now = Instant::now();
        self.state(|state| {
            let is_over = |since: &Instant| now >= *since + MINUTE;
            match self.window {
                Window::Fixed if state.began.as_ref().is_none_or(is_over) => {
                    state.began = Some(now);
                    state.taken.clear();
                }
                Window::Fixed => {}
                Window::Sliding => {
                    while state.taken.front().is_some_and(is_over) {
                        state.taken.pop_front();
                    }
                }
            }
            let first = state.began.filter(|_| self.window == Window::Fixed).or(state.taken.front().copied());
            let wait = first.map_or(Duration::ZERO, |first| first + MINUTE - now);
            let seconds = wait.as_secs() + 1;
            let is_taken = state.taken.len() < LIMIT;
            if is_taken {
                state.taken.push_back(now);
                state.acts += 1;
            } else {
                state.refused.push(now);
            }
            let body = format!(
                r#"{{"success": false, "error": {{"message": "m", "code": "RATE_LIMIT_EXCEEDED", "retry_after": {seconds}}}}}"#
            );
            let mut response = if is_taken { answer(200, FINE) } else { answer(429, body) };
            if self.tells {
                let headers = response.headers_mut();
                let reset = SystemTime::now() + wait;
                let reset = reset.duration_since(UNIX_EPOCH).expect("after 1970").as_secs() + 1;
                headers.insert("x-ratelimit-remaining", (LIMIT - state.taken.len()).into());
                headers.insert("x-ratelimit-reset", reset.into());
            }
            response
        })
    }

    fn client(self: &Arc<Self>, seed: u64) -> ClientBuilder {
        let server = Arc::clone(self);
        let mut builder = served(move |request| -> Answering {
            let server = Arc::clone(&server);
            Box::pin(async move {
                sleep(server.travel()).await;
                let body = super::memory::text(request.into_body()).await;
                server.state(|state| state.order.extend(body.parse::<u64>()));
                let response = server.take();
                sleep(server.travel()).await;
                Ok::<_, BoxError>(response)
            })
        });
        builder.jitter = Jitter::seeded(seed);
        builder.deadline(MINUTE * 30).max_retries(3)
    }
}

fn built(builder: ClientBuilder) -> Client {
    builder.build().expect("the configuration is right")
}

/// Makes calls at once, in the order of their numbers.
async fn calls(client: &Client, count: u64) -> Vec<Result<Answered<u8>, Error>> {
    let sent: Vec<_> = (0..count)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move { client.call(&CREATE).json("application/json", &number).data().await })
        })
        .collect();
    let mut results = Vec::new();
    for call in sent {
        results.push(call.await.expect("no call panics"));
    }
    results
}

#[tokio::test(start_paused = true)]
async fn one_client_is_never_refused() {
    for (window, tells) in
        [(Window::Fixed, true), (Window::Sliding, true), (Window::Fixed, false), (Window::Sliding, false)]
    {
        let server = Limited::new(window, tells, 900);
        let started = Instant::now();
        let client = built(server.client(1).rate_limit(60, MINUTE));
        assert!(calls(&client, 200).await.iter().all(Result::is_ok));
        server.state(|state| assert_eq!((state.acts, state.refused.len()), (200, 0)));
        // 200 requests are 60 at once and 140 more: three times a minute, and no time lost.
        assert_eq!((started.elapsed().as_secs() / 60, started.elapsed() < MINUTE * 3 + MINUTE / 6), (3, true));
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_is_the_environments_and_is_shared_among_clones() {
    let server = Limited::new(Window::Sliding, false, 0);
    let production = server.client(1).environment_facts(&super::ENVIRONMENTS[0]).credential(0, "prod_x".into());
    let client = built(production);
    for clone in [client.clone(), client.with_options(|o| o.max_retries(0)), client] {
        assert!(calls(&clone, 30).await.iter().all(Result::is_ok));
    }
    server.state(|state| assert_eq!((state.acts, state.refused.len()), (90, 0)));
}

#[tokio::test(start_paused = true)]
async fn without_pacing_all_is_sent_at_once() {
    let server = Limited::new(Window::Fixed, true, 10);
    let started = Instant::now();
    let client = built(server.client(1).rate_limit(60, MINUTE).no_pacing().max_retries(0));
    let refused = calls(&client, 100).await.into_iter().filter_map(Result::err);
    assert_eq!(refused.map(|error| assert_eq!(error.delivery(), Delivery::Refused)).count(), 40);
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn the_servers_word_is_followed_where_no_limit_is_known() {
    let server = Limited::new(Window::Fixed, true, 10);
    let client = built(server.client(1));
    // Others have used up nearly all.
    server.state(|state| {
        state.began = Some(Instant::now());
        state.taken.extend(std::iter::repeat_n(Instant::now(), LIMIT - 3));
    });
    client.call(&CREATE).json("application/json", &0).data::<u8>().await.expect("three are left");
    assert!(calls(&client, 20).await.iter().all(Result::is_ok));
    server.state(|state| assert_eq!((state.acts, state.refused.len()), (21, 0)));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_has_no_turn_in_time_fails_at_once_and_says_so() {
    let server = Limited::new(Window::Sliding, true, 0);
    let client = built(server.client(1).rate_limit(60, MINUTE).deadline(MINUTE / 2));
    let started = Instant::now();
    let results = calls(&client, 100).await;
    let errors: Vec<Error> = results.into_iter().filter_map(Result::err).collect();
    assert_eq!((errors.len(), started.elapsed().as_secs()), (40, 0));
    for error in &errors {
        assert!(error.is_pacing() && !error.is_timeout());
        assert_eq!((error.delivery(), error.attempts(), error.status()), (Delivery::NotSent, 0, None));
        assert!(error.retry_after().is_some_and(|wait| wait > MINUTE / 2 && wait.as_secs() <= 61), "{error:?}");
        assert_eq!(
            error.to_string(),
            "createRefill: the rate limit leaves no turn within the deadline; nothing was sent"
        );
    }
    sleep(errors[0].retry_after().expect("it says when")).await;
    assert!(client.call(&CREATE).json("application/json", &0).data::<u8>().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn who_comes_first_is_served_first_and_who_leaves_leaves_no_hole() {
    let server = Limited::new(Window::Sliding, false, 0);
    let client = built(server.client(1).rate_limit(10, MINUTE));
    let call = |number: u64| {
        let client = client.clone();
        tokio::spawn(async move { client.call(&CREATE).json("application/json", &number).data::<u8>().await })
    };
    let mut waiting = Vec::new();
    for number in 0..60 {
        waiting.push(call(number));
        tokio::task::yield_now().await;
    }
    for given_up in waiting.iter().skip(15).step_by(3) {
        given_up.abort();
    }
    let started = Instant::now();
    let mut successes = 0;
    for call in waiting {
        successes += u64::from(call.await.is_ok_and(|result| result.is_ok()));
    }
    assert_eq!((successes, started.elapsed().as_secs()), (45, 240));
    let order = server.state(|state| state.order.clone());
    assert!(order.is_sorted() && order.len() == 45, "{order:?}");
}

#[tokio::test(start_paused = true)]
async fn hostile_headers_hold_nobody_up_for_long() {
    static RESETS: [&str; 6] = ["18446744073709551615", "0", "-5", "x", "99999999999", ""];
    for reset in RESETS {
        let client = built(
            served(move |_| {
                let mut response = answer(200, FINE);
                response.headers_mut().insert("x-ratelimit-remaining", "0".parse().expect("a value"));
                response.headers_mut().insert("x-ratelimit-reset", reset.parse().expect("a value"));
                Box::pin(async move { Ok(response) })
            })
            .rate_limit(60, MINUTE),
        );
        for _ in 0..5 {
            let started = Instant::now();
            client.call(&CREATE).empty().await.expect("it answers");
            assert!(started.elapsed() <= MINUTE + Duration::from_secs(1), "{reset}: {:?}", started.elapsed());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_pauses_all_clones() {
    static BUSY: &str =
        r#"{"success": false, "error": {"message": "m", "code": "RATE_LIMIT_EXCEEDED", "retry_after": 20}}"#;
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&arrivals);
    let client = built(
        served(move |_| {
            let mut seen = seen.lock().expect("no test panics in the lock");
            seen.push(Instant::now());
            let response = if seen.len() == 1 { answer(429, BUSY) } else { answer(200, FINE) };
            Box::pin(async move { Ok(response) })
        })
        .max_retries(0),
    );
    let refused = client.call(&CREATE).empty().await.expect_err("429");
    assert_eq!(refused.delivery(), Delivery::Refused);
    client.clone().call(&CREATE).empty().await.expect("it waits");
    let pause = {
        let arrivals = arrivals.lock().expect("no test panics in the lock");
        arrivals[1] - arrivals[0]
    };
    assert!(pause >= Duration::from_secs(20));
    let quick = client.with_options(|o| o.deadline(Duration::from_millis(500)));
    assert!(quick.call(&CREATE).empty().await.expect_err("requests keep a distance now").is_pacing());
}

/// Eight processes, which know nothing of each other, use one key at once.
#[tokio::test(start_paused = true)]
async fn eight_clients_recover_from_each_others_429_without_a_storm() {
    for (window, tells) in
        [(Window::Fixed, true), (Window::Sliding, true), (Window::Fixed, false), (Window::Sliding, false)]
    {
        let server = Limited::new(window, tells, 200);
        let started = Instant::now();
        let clients: Vec<_> = (0..8).map(|seed| built(server.client(seed).rate_limit(60, MINUTE))).collect();
        let running: Vec<_> =
            clients.into_iter().map(|client| tokio::spawn(async move { calls(&client, 40).await })).collect();
        let mut failed = Vec::new();
        for client in running {
            failed.extend(client.await.expect("no client panics").into_iter().filter_map(Result::err));
        }
        let (acts, refused) = server.state(|state| (state.acts, state.refused.clone()));
        // 320 calls in the first second, of which the server takes 60: what it refuses then, nobody
        // could know.
        let at_first = refused.iter().filter(|at| **at - started < MINUTE / 2).count();
        let later = refused.len() - at_first;
        let minutes = started.elapsed().as_secs() / 60;
        println!(
            "{tells}: {at_first} refused at first, {later} later, {minutes} minutes, {} failed, {acts} acts",
            failed.len()
        );
        assert_eq!(acts + failed.len(), 320);
        assert!(failed.is_empty(), "{:?}", failed.first());
        assert!(later <= 8 * usize::try_from(minutes).expect("few"), "{later} refusals in {minutes} minutes");
        assert!(minutes <= 8, "{minutes} minutes for what fits into six");
    }
}
