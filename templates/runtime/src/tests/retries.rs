//! What is repeated and what is not, how long is waited, and what the error then says.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::Response;
use tokio::time::Instant;

use super::memory::{Answering, Broken, FINE, answer, own, served};
use super::{CREATE, LIST, builder};
use crate::runtime::api::Operation;
use crate::runtime::call::retry::Jitter;
use crate::runtime::call::style::Style;
use crate::runtime::client::Client;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::problem::NotRepeated;
use crate::runtime::error::{Delivery, Error};
use crate::runtime::transport::Unsent;
use crate::runtime::transport::body::Body;

/// What an attempt meets.
#[derive(Clone, Copy, Debug)]
enum Meets {
    Nobody,
    Cut,
    CutInBody,
    Silence,
    Status(u16, &'static str),
    /// A marked 429 that asks to wait so many seconds, by the header.
    Busy(u64),
    Fine,
}

/// When each attempt arrived.
type Arrivals = Arc<Mutex<Vec<Instant>>>;

/// A client whose attempts meet these, one after the other, the last one again and again.
fn meeting(list: &'static [Meets]) -> (ClientBuilder, Arrivals) {
    let arrivals = Arrivals::default();
    let seen = Arc::clone(&arrivals);
    let mut builder = served(move |_| -> Answering {
        let mut seen = seen.lock().expect("no test panics in the lock");
        seen.push(Instant::now());
        let meets = list[seen.len().min(list.len()) - 1];
        Box::pin(async move {
            Ok(match meets {
                Meets::Nobody => return Err(Unsent::new("nobody").into()),
                Meets::Cut => return Err("cut".into()),
                Meets::CutInBody => answer(200, Broken::body(true)),
                Meets::Silence => std::future::pending::<Response<Body>>().await,
                Meets::Status(status, body) => answer(status, body),
                Meets::Busy(seconds) => {
                    let mut response = answer(429, own("RATE_LIMIT_EXCEEDED"));
                    response.headers_mut().insert("retry-after", seconds.into());
                    response
                }
                Meets::Fine => answer(200, FINE),
            })
        })
    })
    .max_retries(3);
    builder.jitter = Jitter::seeded(11);
    (builder, arrivals)
}

async fn call(client: &Client, operation: &'static Operation) -> Result<u8, Error> {
    let call = client.call(operation);
    let style = Style::Simple { explode: false };
    let call = if operation.path.contains('{') { call.path("carrierId", &1, style) } else { call };
    call.json("application/json", &1).data::<u8>().await.map(crate::runtime::response::Response::into_data)
}

/// Makes one call; returns what came of it and the number of attempts.
async fn once(list: &'static [Meets], operation: &'static Operation) -> (Result<u8, Error>, usize) {
    let (builder, arrivals) = meeting(list);
    let result = call(&builder.build().expect("built"), operation).await;
    let count = arrivals.lock().expect("no test panics in the lock").len();
    (result, count)
}

const OWN: &str = r#"{"success": false, "error": {"message": "m", "code": "NOT_FOUND"}}"#;

#[tokio::test(start_paused = true)]
async fn what_was_surely_not_acted_on_is_repeated_for_every_operation() {
    static LIST_OF: [[Meets; 2]; 2] = [[Meets::Nobody, Meets::Fine], [Meets::Busy(2), Meets::Fine]];
    for list in &LIST_OF {
        for operation in [&CREATE, &LIST] {
            let (result, attempts) = once(list, operation).await;
            assert_eq!((result.expect("the second attempt succeeds"), attempts), (1, 2));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_acted_on_is_repeated_for_repeatable_operations_alone() {
    static LIST_OF: [[Meets; 2]; 7] = [
        [Meets::Cut, Meets::Fine],
        [Meets::CutInBody, Meets::Fine],
        [Meets::Silence, Meets::Fine],
        [Meets::Status(500, OWN), Meets::Fine],
        [Meets::Status(502, "<html>"), Meets::Fine],
        [Meets::Status(503, ""), Meets::Fine],
        [Meets::Status(504, "{}"), Meets::Fine],
    ];
    for list in &LIST_OF {
        let (result, attempts) = once(list, &LIST).await;
        assert_eq!((result.expect("the second attempt succeeds"), attempts), (1, 2), "{list:?}");
        let (result, attempts) = once(list, &CREATE).await;
        let error = result.expect_err("a create is not repeated");
        assert_eq!((error.delivery(), error.attempts(), attempts), (Delivery::Unknown, 1, 1), "{list:?}");
        assert_eq!(error.not_repeated(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn what_another_attempt_would_not_change_is_not_repeated() {
    static LIST_OF: [[Meets; 2]; 8] = [
        [Meets::Status(400, OWN), Meets::Fine],
        [Meets::Status(401, OWN), Meets::Fine],
        [Meets::Status(403, "<html>"), Meets::Fine],
        [Meets::Status(404, OWN), Meets::Fine],
        [Meets::Status(429, "<html>"), Meets::Fine],
        [Meets::Status(302, ""), Meets::Fine],
        [Meets::Status(200, "<html>"), Meets::Fine],
        [Meets::Status(200, OWN), Meets::Fine],
    ];
    for list in &LIST_OF {
        for operation in [&CREATE, &LIST] {
            let (result, attempts) = once(list, operation).await;
            assert_eq!((result.expect_err("it fails").not_repeated(), attempts), (None, 1), "{list:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn there_are_three_retries_and_their_number_can_be_set() {
    let (result, attempts) = once(&[Meets::Nobody], &CREATE).await;
    let error = result.expect_err("nobody is there");
    assert_eq!((error.delivery(), error.attempts(), attempts), (Delivery::NotSent, 4, 4));
    assert_eq!(error.not_repeated(), Some(NotRepeated::Limit));
    assert_eq!(error.to_string(), "createRefill: there was no connection; the last of 4 attempts; nothing was sent");
    let (builder, arrivals) = meeting(&[Meets::Nobody]);
    let client = builder.build().expect("built").with_options(|o| o.max_retries(1));
    assert_eq!(call(&client, &LIST).await.expect_err("nobody is there").attempts(), 2);
    let client = client.with_options(|o| o.max_retries(0));
    assert_eq!(call(&client, &LIST).await.expect_err("nobody is there").attempts(), 1);
    assert_eq!(arrivals.lock().expect("no test panics in the lock").len(), 3);
}

#[tokio::test(start_paused = true)]
async fn waits_are_a_random_part_of_a_delay_that_doubles() {
    let mut longest = [Duration::ZERO; 3];
    let mut total = Duration::ZERO;
    for seed in 0..200 {
        let (mut builder, arrivals) = meeting(&[Meets::Nobody]);
        builder.jitter = Jitter::seeded(seed);
        let client = builder.build().expect("built");
        call(&client, &CREATE).await.expect_err("nobody is there");
        let arrivals = arrivals.lock().expect("no test panics in the lock");
        for (retry, pair) in arrivals.windows(2).enumerate() {
            longest[retry] = longest[retry].max(pair[1] - pair[0]);
            total += pair[1] - pair[0];
        }
    }
    let seconds = longest.map(|it| it.as_secs_f64());
    for (longest, delay) in seconds.into_iter().zip([1.0, 2.0, 4.0]) {
        // A timer of tokio's has a resolution of one millisecond.
        assert!(longest <= delay + 0.002 && longest > delay * 0.9, "{longest} of {delay}");
    }
    let mean = total.as_secs_f64() / 200.0;
    assert!((3.0..4.0).contains(&mean), "the mean of all three is 3.5 s, not {mean}");
}

#[tokio::test(start_paused = true)]
async fn what_the_server_asks_for_is_a_floor() {
    for seed in 0..50 {
        let (mut builder, arrivals) = meeting(&[Meets::Busy(20), Meets::Fine]);
        builder.jitter = Jitter::seeded(seed);
        // With pacing off, the wait is the retry's own.
        let client = builder.no_pacing().retry_delay(Duration::from_secs(4)).build().expect("built");
        call(&client, &CREATE).await.expect("the second attempt succeeds");
        let arrivals = arrivals.lock().expect("no test panics in the lock");
        let waited = (arrivals[1] - arrivals[0]).as_millis();
        assert!((20_000..=24_001).contains(&waited), "{waited}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_does_not_fit_the_deadline_is_not_begun() {
    static WAITS: [[Meets; 2]; 3] =
        [[Meets::Busy(90), Meets::Fine], [Meets::Busy(u64::MAX), Meets::Fine], [Meets::Busy(89), Meets::Fine]];
    for list in &WAITS {
        let (builder, arrivals) = meeting(list);
        let started = Instant::now();
        let error = call(&builder.build().expect("built"), &CREATE).await.expect_err("there is no time");
        assert_eq!((started.elapsed(), arrivals.lock().expect("unharmed").len()), (Duration::ZERO, 1));
        assert_eq!((error.not_repeated(), error.delivery()), (Some(NotRepeated::Deadline), Delivery::Refused));
        assert_eq!(
            error.to_string(),
            "createRefill: the server answered with a failure, status 429, code RATE_LIMIT_EXCEEDED; \
             not repeated, as the wait does not fit the deadline; the server refused the request"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn all_attempts_lie_within_the_deadline() {
    // With 31 s, the second attempt would have less than the room that a wait has to leave.
    for (seconds, attempts) in [(1, 1), (5, 1), (31, 1), (59, 2), (90, 3)] {
        let (builder, _) = meeting(&[Meets::Silence]);
        let deadline = Duration::from_secs(seconds);
        let client = builder.deadline(deadline).build().expect("built");
        let started = Instant::now();
        let error = call(&client, &LIST).await.expect_err("nobody answers");
        assert!(error.is_timeout() && error.delivery() == Delivery::Unknown);
        assert!(started.elapsed() <= deadline + Duration::from_millis(1), "{:?}", started.elapsed());
        assert_eq!(error.attempts(), attempts);
    }
}

#[tokio::test(start_paused = true)]
async fn a_calls_delivery_is_the_most_uncertain_of_its_attempts() {
    let (result, attempts) = once(&[Meets::Cut, Meets::Busy(1), Meets::Nobody], &LIST).await;
    let error = result.expect_err("nobody is there in the end");
    assert_eq!((error.delivery(), error.is_connect(), attempts), (Delivery::Unknown, true, 4));
    let (result, _) = once(&[Meets::Busy(1), Meets::Nobody], &CREATE).await;
    assert_eq!(result.expect_err("nobody is there in the end").delivery(), Delivery::Refused);
    let (result, attempts) = once(&[Meets::Nobody, Meets::Busy(1), Meets::Cut, Meets::Fine], &CREATE).await;
    assert_eq!((result.expect_err("it was cut").delivery(), attempts), (Delivery::Unknown, 3));
}

#[tokio::test(start_paused = true)]
async fn the_retries_of_all_clones_come_out_of_one_budget() {
    let (builder, arrivals) = meeting(&[Meets::Nobody]);
    let client = builder.retry_budget(4).build().expect("built");
    assert_eq!(call(&client, &CREATE).await.expect_err("nobody").attempts(), 4);
    let second = call(&client.clone(), &CREATE).await.expect_err("nobody");
    assert_eq!((second.attempts(), second.not_repeated()), (2, Some(NotRepeated::Budget)));
    assert!(second.to_string().contains("not repeated, as the client's retries are used up"));
    let third = call(&client, &CREATE).await.expect_err("nobody");
    assert_eq!((third.attempts(), third.not_repeated()), (1, Some(NotRepeated::Budget)));
    assert_eq!(arrivals.lock().expect("unharmed").len(), 7);

    let (builder, _) = meeting(&[Meets::Nobody]);
    let client = builder.retry_budget(0).build().expect("built");
    assert_eq!(call(&client, &LIST).await.expect_err("nobody").attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_answered_well_give_retries_back() {
    static FIRST: [Meets; 8] =
        [Meets::Nobody, Meets::Nobody, Meets::Fine, Meets::Fine, Meets::Fine, Meets::Fine, Meets::Fine, Meets::Nobody];
    let (builder, _) = meeting(&FIRST);
    let client = builder.retry_budget(1).build().expect("built");
    assert_eq!(call(&client, &CREATE).await.expect_err("one retry is not enough").attempts(), 2);
    for _ in 0..5 {
        call(&client, &CREATE).await.expect("answered well");
    }
    assert_eq!(call(&client, &CREATE).await.expect_err("one retry was given back").attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_streamed_is_gone_once_it_was_sent() {
    let (builder, arrivals) = meeting(&[Meets::Nobody, Meets::Fine]);
    let body = Body::stream(Body::from("x"));
    let client = builder.build().expect("built");
    let error = client.call(&CREATE).bytes("text/plain", body).data::<u8>().await.expect_err("nobody is there");
    assert_eq!((error.not_repeated(), error.delivery()), (Some(NotRepeated::Body), Delivery::NotSent));
    assert_eq!(arrivals.lock().expect("unharmed").len(), 1);
}

#[tokio::test]
async fn each_attempt_sends_the_same_request() {
    use tokio::io::AsyncWriteExt;
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    let url = super::server::listen(move |mut stream| {
        let seen = Arc::clone(&seen);
        async move {
            let request = super::server::read_request(&mut stream).await;
            let count = {
                let mut seen = seen.lock().expect("no test panics in the lock");
                seen.push(request);
                seen.len()
            };
            let body = own("RATE_LIMIT_EXCEEDED");
            let bytes = match count {
                1..=3 => super::server::json("429 Too Many Requests", &body),
                _ => super::server::json("200 OK", FINE),
            };
            stream.write_all(bytes.as_bytes()).await.ok();
        }
    })
    .await;
    let client = builder(&url).no_pacing().max_retries(3).retry_delay(Duration::from_millis(1)).build().expect("built");
    let simple = Style::Simple { explode: false };
    let call = client.call(&CREATE).header("x-trace", &"t", simple).query("q", &"v", Style::Form { explode: true });
    let sent = call.json("application/json", &"the body").data::<u8>().await;
    assert_eq!(*sent.expect("the fourth attempt succeeds"), 1);
    let requests = requests.lock().expect("no test panics in the lock");
    assert_eq!(requests.len(), 4);
    assert!(requests[0].starts_with("POST /refill?q=v HTTP/1.1\r\n") && requests[0].ends_with("\"the body\""));
    assert!(requests[0].contains("x-api-key: ") && requests[0].contains("x-trace: t\r\n"));
    assert!(requests.iter().all(|request| *request == requests[0]));
}
