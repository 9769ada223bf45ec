//! The fake transport, the builders of answers and the assertion, as a client has them.
#![cfg(feature = "test-util")]

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use http::{Method, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{API, CREATE, FAILURES, LIST, OPEN, PLAIN, TestKind};
use crate::runtime::api::Operation;
use crate::runtime::call::style::Style;
use crate::runtime::client::Client;
use crate::runtime::error::{Delivery, Error};
use crate::runtime::testing::Fake;
use crate::runtime::testing::difference::{DifferenceKind, assert_same, differences};
use crate::runtime::value::json::Json;
use crate::runtime::value::nullable::Nullable;

/// A value that no message may hold.
const SECRET: &str = "c4n4ry-value";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refill {
    id: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Order {
    id: String,
    items: Vec<Refill>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Nullable::is_absent")]
    limit: Nullable<i64>,
    marks: BTreeMap<String, i64>,
    inner: Option<Box<Order>>,
}

static OTHER: Operation = Operation {
    id: "listOthers",
    method: Method::GET,
    path: "/others",
    repeatable: true,
    security: &[&[0]],
    server: None,
    failures: &FAILURES,
};

static RAW: Operation = Operation {
    id: "getRaw",
    method: Method::GET,
    path: "/raw",
    repeatable: true,
    security: &[&[0]],
    server: None,
    failures: &FAILURES,
};

static SEVERAL: Operation = Operation {
    id: "getSeveral",
    method: Method::GET,
    path: "/several",
    repeatable: true,
    security: &[&[0]],
    server: None,
    failures: &FAILURES,
};

crate::runtime::testing::expected::operations! {
    create: CREATE(Refill) -> expected::Data<Refill>;
    list: LIST() -> expected::Whole<Order>;
    others: OTHER() -> expected::Empty;
    raw: RAW() -> expected::Raw;
    several: SEVERAL() -> expected::Several;
    open: OPEN(Option<Refill>) -> expected::Plain<Vec<i64>>;
}

crate::runtime::testing::builders::builders! {
    order: Order { id: String, items: Vec<Refill>, } {
        note: Option<String>,
        limit: Nullable<i64>,
        marks: BTreeMap<String, i64>,
        inner: Option<Box<Order>>,
    }
}

fn refill(id: &str) -> Refill {
    Refill { id: id.to_owned() }
}

async fn create(client: &Client, id: &str) -> Result<Refill, Error> {
    client
        .call(&CREATE)
        .json("application/json", &refill(id))
        .data()
        .await
        .map(crate::runtime::response::Response::into_data)
}

/// Returns what a panic said.
fn panicked(run: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(run)).expect_err("it panics");
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned())).expect("a panic has a text")
}

/// Runs a test's calls to their end on a separate runtime.
fn run<T>(calls: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(calls)
}

#[tokio::test]
async fn answers_come_in_their_order_and_requests_are_kept() {
    let fake = Fake::of(&API);
    fake.create().answers(refill("1")).cuts_after_sending().fails_by_kind(&TestKind::AlreadyExists);
    let client = fake.client();
    assert_eq!(create(&client, "a").await.expect("the first is answered"), refill("1"));
    let cut = create(&client, "b").await.expect_err("the second is cut");
    assert_eq!((cut.delivery(), cut.attempts()), (Delivery::Unknown, 1));
    let refused = create(&client, SECRET).await.expect_err("the third is refused");
    assert_eq!((refused.delivery(), refused.kind_as()), (Delivery::Refused, Some(TestKind::AlreadyExists)));
    let calls = fake.create().calls();
    assert_eq!(calls.iter().map(|call| call.body().id).collect::<Vec<_>>(), ["a", "b", SECRET]);
    assert!(!format!("{calls:?} {fake:?} {:?}", fake.create()).contains(SECRET));
    assert_eq!(calls[0].headers()["x-api-key"], "fake-key");
    assert_eq!((calls[0].method(), calls[0].path()), (&Method::POST, "/refill"));
}

#[tokio::test]
async fn parameters_are_read_from_path_query_and_headers() {
    let fake = Fake::of(&API);
    fake.list().answers(Order::builder().id("1").items([]).build());
    let client = fake.client_builder().base_url("https://fake.invalid/base/path").build().expect("it is right");
    let call = client.call(&LIST).path("carrierId", &"a/b c", Style::Simple { explode: false });
    let call = call.query("tags", &["x y", "z"], Style::Form { explode: true });
    let call = call.query("count", &7, Style::Form { explode: true }).header(
        "x-trace",
        &true,
        Style::Simple { explode: false },
    );
    let answer = call.whole::<Order>().await.expect("it is answered");
    assert_eq!(answer.id, "1");
    let [call] = &fake.list().calls()[..] else { panic!("there is one call") };
    assert_eq!(call.parameter::<String>("carrierId").as_deref(), Some("a/b c"));
    assert_eq!(call.query("tags"), ["x y", "z"]);
    assert_eq!(call.parameter::<i64>("count"), Some(7));
    assert_eq!(call.parameter::<bool>("x-trace"), Some(true));
    assert_eq!(call.parameter::<String>("absent"), None);
    assert!(call.bytes().is_empty());
    assert_eq!(fake.calls()[0].operation(), "listServices");
}

#[tokio::test]
async fn a_repeat_gets_the_next_step_or_the_one_before() {
    let fake = Fake::of(&API);
    fake.create().cuts_before_sending().answers(refill("2"));
    let client = fake.client();
    assert_eq!(create(&client, "a").await.expect("the client repeats it"), refill("2"));
    fake.create().cuts_before_sending();
    let error = create(&client, "b").await.expect_err("there is no connection");
    assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 4));
    let attempts: Vec<u32> =
        fake.create().calls().iter().map(crate::runtime::testing::recorded::Recorded::attempt).collect();
    assert_eq!(attempts, [1, 2, 1, 2, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn delays_limits_and_silence_pass_under_paused_time() {
    let fake = Fake::of(&API);
    fake.create().after(Duration::from_secs(10)).answers(refill("1")).limits_rate(7).answers(refill("2")).times_out();
    let client = fake.client();
    let start = tokio::time::Instant::now();
    create(&client, "a").await.expect("it is answered late");
    assert_eq!(start.elapsed().as_secs(), 10);
    create(&client, "b").await.expect("it is repeated");
    assert_eq!(start.elapsed().as_secs(), 17);
    let error = create(&client, "c").await.expect_err("there is no answer");
    assert!(error.is_timeout());
    assert_eq!((error.delivery(), start.elapsed().as_secs()), (Delivery::Unknown, 47));
}

#[tokio::test]
async fn other_answers() {
    let fake = Fake::of(&API);
    fake.create().cuts_answer().refuses(404, "no such refill", Some("NOT_FOUND"));
    fake.create().fails_with(500, &json!({"oops": true})).responds(Response::new("<html>"));
    fake.create().answers(refill("1")).with_header("x-ratelimit-remaining", 3);
    fake.others().answers().always();
    let client = fake.client_builder().max_retries(0).build().expect("it is right");
    let cut = create(&client, "a").await.expect_err("it is cut");
    assert_eq!((cut.status().map(|it| it.as_u16()), cut.delivery()), (Some(200), Delivery::Unknown));
    let refused = create(&client, "a").await.expect_err("it is refused");
    assert_eq!((refused.code(), refused.delivery()), (Some("NOT_FOUND"), Delivery::Refused));
    let failed = create(&client, "a").await.expect_err("it fails");
    assert_eq!(failed.body_as::<Json>().expect("it has a body").get(), &json!({"oops": true}));
    create(&client, "a").await.expect_err("a page is no answer");
    let answer = client.call(&CREATE).json("application/json", &refill("a")).data::<Refill>().await;
    let limit = answer.expect("it is answered").meta().rate_limit().expect("it has the header");
    assert_eq!(limit.remaining(), Some(3));
    for _ in 0..3 {
        client.call(&OTHER).empty().await.expect("it is answered always");
    }
    assert_eq!(fake.others().calls().len(), 3);
}

#[tokio::test]
async fn an_api_without_an_envelope() {
    let fake = Fake::of(&PLAIN);
    fake.open().answers([1, 2]).answers([]);
    let client = fake.client();
    let answer = client.call(&OPEN).json_response::<Vec<i64>>().await.expect("it is answered");
    assert_eq!(*answer, [1, 2]);
    client
        .call(&OPEN)
        .json("application/json", &refill("x"))
        .json_response::<Vec<i64>>()
        .await
        .expect("it is answered");
    let bodies: Vec<_> = fake.open().calls().iter().map(crate::runtime::testing::recorded::Recorded::body).collect();
    assert_eq!(bodies, [None, Some(refill("x"))]);
}

#[test]
fn a_request_without_an_answer_fails_the_test_by_its_name() {
    let fake = Fake::of(&API);
    let client = fake.client();
    let text = panicked(|| drop(run(create(&client, SECRET))));
    assert_eq!(text, "`createRefill` was asked, and the test's fake has no answer for it");
    assert_eq!(
        panicked(|| fake.verify()),
        "`createRefill` was asked once more than the test's fake has answers for it"
    );
    assert_eq!(
        panicked(move || drop(fake)),
        "`createRefill` was asked once more than the test's fake has answers for it"
    );
}

#[test]
fn answers_that_are_left_fail_the_test_by_their_names() {
    let fake = Fake::of(&API);
    fake.create().answers(refill(SECRET));
    fake.others().answers().answers();
    assert_eq!(
        panicked(move || drop(fake)),
        "`createRefill` has an answer left that was not asked for; \
         `listOthers` has 2 answers left that were not asked for"
    );
    let fake = Fake::of(&API);
    fake.others().answers().always();
    fake.verify();
}

#[test]
fn a_test_that_fails_already_is_left_alone() {
    let text = panicked(|| {
        let fake = Fake::of(&API);
        fake.others().answers();
        panic!("the test's own");
    });
    assert_eq!(text, "the test's own");
}

#[test]
fn what_a_test_gets_wrong_is_told_by_the_operations_name() {
    let fake = Fake::of(&API);
    assert_eq!(
        panicked(|| {
            fake.create().fails_by_kind(&TestKind::Other);
        }),
        "`createRefill` documents no error of the kind `Other`"
    );
    assert_eq!(
        panicked(|| {
            fake.create().with_header("a", 1);
        }),
        "`createRefill` has no answer before the header"
    );
    let unmarked = Operation { failures: &[], ..const_operation() };
    let unmarked: &'static Operation = Box::leak(Box::new(unmarked));
    let text = panicked(|| {
        fake.operation::<(), ()>(unmarked).limits_rate(1);
    });
    assert_eq!(text, "`bare` documents no refusal that is made before acting");
    assert_eq!(panicked(|| drop(Order::builder().id(SECRET).build())), "`items` of `Order` was not set");
}

const fn const_operation() -> Operation {
    super::operation("bare", Method::GET, "/bare", true, &[])
}

#[test]
fn builders_take_what_an_application_has() {
    let inner = Order::builder().id("2").items([refill("3")]).limit(7).build();
    let order =
        Order::builder().id("1".to_owned()).items(vec![]).note("n").marks([("a", 1)]).inner(inner.clone()).build();
    assert_eq!(order.note.as_deref(), Some("n"));
    assert_eq!((order.limit, inner.limit), (Nullable::Absent, Nullable::Value(7)));
    assert_eq!(order.inner.as_deref(), Some(&inner));
    assert_eq!(format!("{:?}", Order::builder().id(SECRET)), "OrderFields { .. }");
    let nothing = Order::builder().id("1").items([]).note(None).limit(None).build();
    assert_eq!(serde_json::to_value(nothing).expect("it is JSON")["note"], json!(null));
}

#[test]
fn differences_are_told_by_their_places() {
    let left = Order {
        id: SECRET.to_owned(),
        items: vec![refill("1"), refill("2")],
        note: Some("left".to_owned()),
        marks: [(SECRET.to_owned(), 1)].into(),
        ..Order::default()
    };
    let mut right = left.clone();
    assert!(differences(&left, &right).is_empty());
    assert_same(&left, &right);
    right.id = "2".to_owned();
    right.items.pop();
    right.note = None;
    right.limit = Nullable::Null;
    right.marks.insert(SECRET.to_owned(), 2);
    right.inner = Some(Box::default());
    let found: Vec<_> = differences(&left, &right).iter().map(|it| (it.pointer().to_owned(), it.kind())).collect();
    let expected = [
        ("/id", DifferenceKind::OtherValue),
        ("/items/1", DifferenceKind::OnlyLeft),
        ("/note", DifferenceKind::OnlyLeft),
        ("/marks/*", DifferenceKind::OtherValue),
        ("/inner", DifferenceKind::OtherType),
        ("/limit", DifferenceKind::OnlyRight),
    ];
    assert_eq!(found, expected.map(|(pointer, kind)| (pointer.to_owned(), kind)));
    let text = panicked(|| assert_same(&left, &right));
    assert!(text.starts_with("the values differ:\n  /id: other value\n  /items/1: only on the left\n"), "{text}");
    assert!(!text.contains(SECRET));
    assert_eq!(panicked(|| assert_same("a", "b")), "the values differ:\n  the whole value: other value");
    // A number that JSON would write the same is the same.
    assert_same(&1_u8, &1_i64);
    assert_same(&json!({"b": 1, "a": [null]}), &json!({"a": [null], "b": 1}));
}

#[tokio::test]
async fn bytes_and_one_response_of_several_are_given_as_they_are() {
    let fake = Fake::of(&API);
    fake.raw().answers("bytes");
    fake.several().responds(http::Response::new("one"));
    let client = fake.client();
    assert_eq!(client.call(&RAW).text_response().await.expect("it is text").into_data(), "bytes");
    assert_eq!(client.call(&SEVERAL).text_response().await.expect("it is text").into_data(), "one");
}
