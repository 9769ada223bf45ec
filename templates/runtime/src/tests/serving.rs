//! Servers: reading every style back, and calls of a client that a router serves.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{API, KEY, PLAIN, TestKind, operation};
use crate::runtime::api::{Api, Operation};
use crate::runtime::call::body::MediaBody;
use crate::runtime::call::node::Node;
use crate::runtime::call::style::{Style, percent_encode, write};
use crate::runtime::client::Client;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::server::credentials::{Authorize, Credentials};
use crate::runtime::server::input::Input;
use crate::runtime::server::styled::{of_pairs, of_text, pairs};
use crate::runtime::server::template::Template;
use crate::runtime::server::tree::{Decoded, Tree};
use crate::runtime::server::{self, Call, Content, Facts, Failure, FailureFacts, Handler, Reply, Route, Success};
use crate::runtime::transport::body::Body;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Color {
    #[serde(rename = "R")]
    red: i64,
    name: Option<String>,
}

fn color() -> Color {
    Color { red: 100, name: Some("a,b & c+d=%".to_owned()) }
}

fn decoded<T: DeserializeOwned>(tree: &Tree) -> Option<T> {
    match tree.decode() {
        Decoded::Value(value) => Some(value),
        Decoded::Absent | Decoded::Invalid => None,
    }
}

/// Writes a value as a client does, and reads it as a server does.
#[track_caller]
fn survives<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, styles: &[(Style, bool)]) {
    for (style, in_query) in styles {
        let node = Node::of(value).expect("it is JSON");
        let written = write("color", &node, *style, percent_encode, *in_query);
        let tree = if *in_query {
            of_pairs("color", &pairs(&format!("other=1&{written}"), '&'), *style, &["color", "other"])
        } else {
            of_text("color", &written, *style, true)
        };
        assert_eq!(decoded::<T>(&tree).as_ref(), Some(value), "{style:?}: {written}");
    }
}

#[test]
fn every_style_is_read_as_it_was_written() {
    let explode = [false, true];
    let in_path = explode.into_iter().flat_map(|explode| {
        [Style::Simple { explode }, Style::Label { explode }, Style::Matrix { explode }].map(|style| (style, false))
    });
    let in_query = explode.map(|explode| (Style::Form { explode }, true));
    let all: Vec<(Style, bool)> = in_path.chain(in_query).chain([(Style::Json, true), (Style::Json, false)]).collect();
    survives(&"blue".to_owned(), &all);
    survives(&"12".to_owned(), &all);
    survives(&"a b;c,d/e".to_owned(), &all[all.len() - 4..]);
    survives(&-5_i64, &all);
    survives(
        &1.5_f64,
        &all.iter().copied().filter(|(style, _)| *style != (Style::Label { explode: true })).collect::<Vec<_>>(),
    );
    survives(&true, &all);
    survives(&json!("text"), &all);
    let delimited = [(Style::SpaceDelimited, true), (Style::PipeDelimited, true)];
    let lists = [all.as_slice(), &delimited].concat();
    survives(&vec!["blue".to_owned(), "black&brown".to_owned()], &lists);
    survives(&vec![1_i64, 2, 3], &lists);
    survives(&vec![7_i64], &lists);
    survives(&"12".to_owned(), &[(Style::DeepObject, true)]);
    survives(&vec![1_i64, 2], &[(Style::DeepObject, true)]);
    let objects = [all.as_slice(), &[(Style::DeepObject, true)]].concat();
    survives(&color(), &objects);
    survives(&BTreeMap::from([("x".to_owned(), 1_i64), ("y".to_owned(), 2)]), &objects);
}

#[test]
fn what_is_absent_is_not_invalid() {
    let form = Style::Form { explode: true };
    let tree = of_pairs("limit", &pairs("other=1", '&'), form, &["limit", "other"]);
    assert!(matches!(tree.decode::<i64>(), Decoded::Absent));
    let tree = of_pairs("limit", &pairs("limit=x", '&'), form, &[]);
    assert!(matches!(tree.decode::<i64>(), Decoded::Invalid));
    let tree = of_pairs("color", &pairs("other=1", '&'), form, &[]);
    assert!(matches!(tree.decode::<Color>(), Decoded::Absent));
}

#[test]
fn deep_and_wide_values_are_harmless() {
    let deep = format!("color{}=1", "[R]".repeat(100_000));
    let tree = of_pairs("color", &pairs(&deep, '&'), Style::DeepObject, &[]);
    assert_eq!(decoded::<Color>(&tree), None);
    let wide: String = (0..50_000).map(|index| format!("key{index}={index}")).collect::<Vec<_>>().join("&");
    let tree = of_pairs("color", &pairs(&wide, '&'), Style::Form { explode: true }, &["color"]);
    assert_eq!(decoded::<BTreeMap<String, i64>>(&tree).map(|map| map.len()), Some(50_000));
}

#[test]
fn templates_match_whole_paths_and_literals_come_first() {
    let values = |template: &'static str, path: &str, query: &str| Template::parse(template).matches(path, query);
    assert_eq!(values("/pets/{id}.json", "/pets/7.json", ""), Some(vec![("id", "7".to_owned())]));
    let both = Some(vec![("a", "x".to_owned()), ("b", "y-z".to_owned())]);
    assert_eq!(values("/{a}-{b}", "/x-y-z", ""), both);
    assert_eq!(values("/pets/{id}", "/pets/", ""), None);
    assert_eq!(values("/pets/{id}", "/pets/7/toys", ""), None);
    assert_eq!(values("/a%20b", "/a%20b", ""), Some(Vec::new()));
    assert_eq!(values("/rpc?action=list", "/rpc", "action=list&x=1"), Some(Vec::new()));
    assert_eq!(values("/rpc?action=list", "/rpc", "action=drop"), None);
    assert!(Template::parse("/pets/mine").order() < Template::parse("/pets/{id}").order());
}

/// Answers with what it received.
struct Echo;

/// What `authorize` learned.
#[derive(Clone)]
struct Caller(String);

impl Authorize for Echo {
    async fn authorize(&self, call: &mut Call, credentials: &Credentials) -> Result<(), Failure<()>> {
        assert_eq!(format!("{call:?}"), format!("Call {{ operation: {:?}, .. }}", call.operation_id()));
        if !call.needs_credentials() {
            return Ok(());
        }
        assert_eq!(format!("{credentials:?}"), "{\"api_key\"}");
        let key = credentials.get("api_key").expect("it is complete").expose().to_owned();
        if key != KEY || credentials.iter().count() != 1 {
            return Err(Failure::of_kind(TestKind::Unauthorized));
        }
        let caller = Caller(call.method().to_string());
        call.extensions_mut().insert(caller);
        Ok(())
    }
}

fn accepts_more(_: &serde_json::Value) -> Option<Vec<u8>> {
    None
}

const fn facts(operation: &'static Operation) -> Facts {
    const FAILURES: &[FailureFacts] = &[
        FailureFacts { statuses: 400..=400, media_type: "application/json", fit: server::fit::<serde_json::Value> },
        FailureFacts { statuses: 500..=599, media_type: "application/json", fit: accepts_more },
    ];
    Facts { operation, status: 200, media_type: None, query: &["limit"], failures: FAILURES }
}

static READ: Operation = operation("read", Method::PUT, "/read/{id}", false, &[&[0]]);
static READ_FACTS: Facts = facts(&READ);
static SEND: Operation = operation("send", Method::POST, "/send", false, &[]);
static SEND_FACTS: Facts = facts(&SEND);
static FAIL: Operation = operation("fail", Method::GET, "/fail/{how}", false, &[]);
static FAIL_FACTS: Facts = facts(&FAIL);

const SIMPLE: Style = Style::Simple { explode: false };
const FORM: Style = Style::Form { explode: true };

fn client(api: &'static Api, handlers: [Handler<Echo>; 3]) -> Client {
    let operations = [&READ_FACTS, &SEND_FACTS, &FAIL_FACTS];
    let routes = operations.into_iter().zip(handlers).map(|(facts, handler)| Route { facts, handler }).collect();
    let served = server::router(Echo, api, &["R", "name"], routes);
    let builder = ClientBuilder::new(api).base_url("https://other.example.com").max_retries(0).transport(served);
    let builder = if api.schemes.is_empty() { builder } else { builder.credential(0, KEY.into()) };
    builder.build().expect("the configuration is right")
}

fn api_client() -> Client {
    client(
        &API,
        [
            |api, input| Box::pin(read(api, input)),
            |api, input| Box::pin(send(api, input)),
            |api, input| Box::pin(std::future::ready(fail(&api, input))),
        ],
    )
}

async fn read(_: Arc<Echo>, mut input: Input) -> Reply {
    let id = input.path::<i64>("id", SIMPLE, true);
    let limit = input.query::<i64>("limit", FORM, false);
    input.check(Some("limit"), limit.as_ref(), |check, value| check.expect(*value < 10, || "below 10".to_owned()));
    let names = input.header::<Vec<String>>("x-names", SIMPLE, false);
    let crumb = input.cookie::<String>("crumb", FORM, false);
    let body = match input.media_type(&["application/json"]) {
        Some(_) => input.json::<Color>(true).await,
        None => None,
    };
    let (true, Some(id), Some(body)) = (input.is_valid(), id, body) else { return input.rejected() };
    let Caller(caller) = input.call.extensions().get().cloned().expect("`authorize` put it there");
    assert_eq!((input.call.path_template(), input.call.uri().path()), ("/read/{id}", format!("/read/{id}").as_str()));
    assert!(input.call.headers().contains_key("x-api-key"));
    let data = json!({ "id": id, "limit": limit, "names": names, "crumb": crumb, "body": body, "caller": caller });
    let header = (HeaderName::from_static("x-extra"), HeaderValue::from_static("1"));
    let success = Success::new(data).status(StatusCode::CREATED).message("done").header(header.0, header.1);
    assert_eq!(format!("{success:?}"), "Success { data: [redacted], status: Some(201), .. }");
    input.answer::<_, ()>(Ok(success), Content::data)
}

#[tokio::test]
async fn a_call_is_decoded_and_answered() {
    let client = api_client();
    let call = client.call(&READ).path("id", &7, SIMPLE).query("limit", &Some(9), FORM);
    let call = call.header("x-names", &["a", "b"], SIMPLE).cookie("crumb", &"c d", FORM);
    let answer = call.json("application/json", &color()).data::<serde_json::Value>().await.expect("it is served");
    let body = json!({ "R": 100, "name": "a,b & c+d=%" });
    let expected = json!({ "id": 7, "limit": 9, "names": ["a", "b"], "crumb": "c d", "body": body, "caller": "PUT" });
    assert_eq!(*answer, expected);
    assert_eq!((answer.meta().status(), answer.meta().message()), (StatusCode::CREATED, Some("done")));
    assert_eq!(answer.meta().headers()["x-extra"], "1");
}

#[tokio::test]
async fn everything_wrong_is_listed_without_values() {
    let client = api_client();
    let call = client.call(&READ).path("id", &"c4n4ry", SIMPLE).query("limit", &10, FORM);
    let call = call.json("application/json", &json!({ "R": "c4n4ry" }));
    let error = call.data::<serde_json::Value>().await.expect_err("it is invalid");
    let message = error.message().expect("it is the API's own error");
    let places = "parameter `id`: a value of the documented type; parameter `limit`: below 10; \
                  /R: a value of the documented type";
    assert_eq!(message, format!("the request is invalid: {places}"));
}

async fn send(_: Arc<Echo>, mut input: Input) -> Reply {
    let types =
        ["application/json", "application/x-www-form-urlencoded", "text/plain", "image/*", "multipart/form-data"];
    let chosen = input.media_type(&types);
    let deep: &[(&str, Style, bool)] = &[("R", Style::Form { explode: false }, false)];
    match chosen {
        Some(0) if !input.has_body() => input.answer::<_, ()>(Ok(Success::from(())), Content::empty),
        Some(1) => {
            let Some(form) = input.form::<Color>(true, deep).await else { return input.rejected() };
            input.answer::<_, ()>(Ok(form.into()), Content::json)
        }
        Some(2) => {
            let Some(text) = input.text().await else { return input.rejected() };
            input.answer::<_, ()>(Ok(text.into()), |text, with| Some(Content::text(text, with)?.with(202, None)))
        }
        Some(3) => {
            let media: MediaBody = input.media();
            assert_eq!(media.media_type(), "image/png");
            input.answer::<_, ()>(Ok(media.into_body().into()), Content::bytes)
        }
        Some(4) => {
            input.unsupported("multipart/form-data");
            input.rejected()
        }
        None => input.rejected(),
        Some(_) => {
            let body: Body = input.stream();
            drop(body);
            input.answer::<_, ()>(Ok(color().into()), Content::whole)
        }
    }
}

#[tokio::test]
async fn bodies_of_every_kind_arrive() {
    let client = client(
        &PLAIN,
        [
            |api, input| Box::pin(read(api, input)),
            |api, input| Box::pin(send(api, input)),
            |api, input| Box::pin(std::future::ready(fail(&api, input))),
        ],
    );
    client.call(&SEND).empty().await.expect("it has no body");
    let form = client.call(&SEND).form(&color(), &[]).json_response::<Color>().await.expect("it is a form");
    assert_eq!(*form, color());
    let text = client.call(&SEND).text("text/plain", "grüße").text_response().await.expect("it is text");
    assert_eq!((text.as_str(), text.meta().status()), ("grüße", StatusCode::ACCEPTED));
    let media = client.call(&SEND).media("image/*", ("image/png", "bytes")).text_response().await.expect("an image");
    assert_eq!(media.as_str(), "bytes");
    let whole = client.call(&SEND).json("application/json", &1).json_response::<Color>().await.expect("JSON");
    assert_eq!(*whole, color());
    for media_type in ["multipart/form-data", "video/mp4"] {
        let error = client.call(&SEND).bytes(media_type, "x").empty().await.expect_err("it is not read");
        assert_eq!(error.status(), Some(StatusCode::UNSUPPORTED_MEDIA_TYPE), "{media_type}");
    }
}

fn fail(_: &Echo, mut input: Input) -> Reply {
    let how = input.path::<String>("how", SIMPLE, true).unwrap_or_default();
    let failure: Failure<serde_json::Value> = match how.as_str() {
        "body" => Failure::new(StatusCode::BAD_REQUEST, json!({ "own": 1 })),
        "documented" => Failure::documented(404, json!(null)),
        "kind" => Failure::of_kind(TestKind::AlreadyExists),
        "undocumented-kind" => Failure::of_kind(TestKind::Other),
        "message" => Failure::message(StatusCode::BAD_REQUEST, "slow down").code("NOT_FOUND").retry_after(3),
        "problem" => Failure::message(StatusCode::SERVICE_UNAVAILABLE, "later")
            .header(HeaderName::from_static("x-extra"), HeaderValue::from_static("1")),
        _ => Failure::unimplemented(),
    };
    assert!(format!("{failure:?}").starts_with("Failure { status: "));
    input.answer::<(), _>(Err(failure), Content::empty)
}

#[tokio::test]
async fn failures_are_the_document_s_own_or_problem_details() {
    let client = api_client();
    let fail = async |how: &str| client.call(&FAIL).path("how", &how, SIMPLE).empty().await.expect_err("it fails");
    let json = |error: &crate::Error| serde_json::from_slice::<serde_json::Value>(error.body().unwrap_or(b"")).ok();
    assert_eq!(json(&fail("body").await), Some(json!({ "own": 1 })));
    let empty = fail("documented").await;
    assert_eq!((empty.status(), json(&empty)), (Some(StatusCode::NOT_FOUND), None));
    let kind = fail("kind").await;
    assert_eq!((kind.status(), kind.message()), (Some(StatusCode::BAD_REQUEST), Some("Refill request already exists")));
    assert_eq!(fail("undocumented-kind").await.status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
    let message = fail("message").await;
    assert_eq!((message.message(), message.code()), (Some("slow down"), Some("NOT_FOUND")));
    assert_eq!(message.retry_after().map(|wait| wait.as_secs()), Some(3));
    let problem = fail("problem").await;
    assert_eq!(json(&problem).expect("problem details")["detail"], "later");
    assert_eq!(problem.headers().expect("it has headers")["x-extra"], "1");
    assert_eq!(
        json(&fail("other").await).expect("problem details")["detail"],
        "the operation `fail` is not implemented"
    );
}
