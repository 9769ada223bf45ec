//! A document's constraints are checked before anything is sent, wherever they are: on parameters, on bodies that aren't
//! objects, on each media type of a body, on forms and parts. Uses the client of `tests/wire/api.yaml`.

use std::collections::BTreeMap;

use wire::body::Part;
use wire::{Client, Code, Delivery, Error, PutRuledContent, Response, Ruled, RuledFilter, RuledParams, RuledUpload};

use crate::client::server::{Reply, Server};

/// A value that must not be printed.
const CANARY: &str = "c4n4ry VALUE";

async fn server() -> Server {
    Server::start(Reply::whole(204, &[], b"")).await
}

fn client(server: &Server) -> Client {
    Client::builder().base_url(&server.url).max_retries(0).build().expect("the configuration is right")
}

/// Makes the call with checks, which refuse it, and without checks, which sends it. Returns the violations: the
/// parameter, the pointer and the rule.
async fn refused(call: impl AsyncFn(&Client) -> Result<Response<()>, Error>) -> Vec<(Option<String>, String, String)> {
    let server = server().await;
    let client = client(&server);
    let error = call(&client).await.expect_err("rules are broken");
    assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 0));
    assert!(server.seen().is_empty(), "something was sent");
    let text = format!("{error} {error:?} {error:#?}");
    assert!(!text.contains("c4n4ry") && !text.contains("VALUE"), "{text}");
    call(&client.with_options(|it| it.check(false))).await.expect("it is sent without checks");
    assert_eq!(server.seen().len(), 1);
    let violation = |it: &wire::checks::Violation| {
        (it.parameter().map(str::to_owned), it.pointer().to_owned(), it.rule().to_owned())
    };
    error.violations().iter().map(violation).collect()
}

fn found(violations: &[(Option<String>, String, String)]) -> Vec<(Option<&str>, &str, &str)> {
    violations.iter().map(|(name, pointer, rule)| (name.as_deref(), pointer.as_str(), rule.as_str())).collect()
}

#[tokio::test]
async fn every_rule_of_a_parameter_is_in_one_error() {
    let params = RuledParams::new()
        .tags(vec!["a".to_owned(), CANARY.to_owned(), "b".to_owned()])
        .session("s")
        .filter(RuledFilter::builder().name(CANARY).build());
    let all = refused(async |client| client.ruled_with(&Code::new("x"), 0, "W", &params).await).await;
    let expected = [
        (Some("code"), "", "at least 2 characters"),
        (Some("page"), "", "at least 1"),
        (Some("X-Word"), "", "matches `^[a-z]+$`"),
        (Some("tags"), "", "at most 2 items"),
        (Some("tags"), "/0", "at least 2 characters"),
        (Some("tags"), "/2", "at least 2 characters"),
        (Some("session"), "", "at least 3 characters"),
        (Some("filter"), "/name", "at most 5 characters"),
    ];
    assert_eq!(found(&all), expected);
}

#[tokio::test]
async fn parameters_that_keep_their_rules_are_sent() {
    let server = server().await;
    let params = RuledParams::new().tags(vec!["aa".to_owned()]).session("sss");
    client(&server).ruled_with(&Code::new("xy"), 1, "w", &params).await.expect("it is sent");
    client(&server).ruled(&Code::new("xy"), 1, "w").await.expect("it is sent");
    assert_eq!(server.seen()[0].line, "GET /rules/xy?page=1&tags=aa HTTP/1.1");
}

#[tokio::test]
async fn parameters_and_body_are_refused_together() {
    let list = ["ok".to_owned(), CANARY.to_owned()];
    let all = refused(async |client| client.put_ruled(&Code::new("x"), PutRuledContent::Json(&list)).await).await;
    assert_eq!(found(&all), [(Some("code"), "", "at least 2 characters"), (None, "/1", "at most 3 characters")]);
    let server = server().await;
    let error = client(&server).put_ruled(&Code::new("x"), PutRuledContent::Json(&[])).await.expect_err("two rules");
    let expected = "putRuled: the request breaks 2 rules: parameter `code`: at least 2 characters; \
                    the body: at least 1 item; nothing was sent";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn each_media_type_of_a_body_is_checked() {
    let code = Code::new("xy");
    let ruled = Ruled::builder().name("n").scores(BTreeMap::from([(CANARY.to_owned(), 10)])).build();
    let all = refused(async |client| client.put_ruled(&code, &ruled).await).await;
    assert_eq!(found(&all), [(None, "/name", "at least 2 characters"), (None, "/scores/*", "at most 9")]);
    let upload = || RuledUpload::builder().title("t").files(Vec::<Part>::new()).build();
    let all = refused(async |client| client.put_ruled(&code, upload()).await).await;
    assert_eq!(found(&all), [(None, "/title", "at least 2 characters"), (None, "/files", "at least 1 item")]);
    let text = || PutRuledContent::Text("t".to_owned());
    let all = refused(async |client| client.put_ruled(&code, text()).await).await;
    assert_eq!(found(&all), [(None, "", "at least 2 characters")]);
}

#[tokio::test]
async fn bodies_that_are_not_objects_are_checked() {
    let all = refused(async |client| client.put_count(Some(10)).await).await;
    assert_eq!(found(&all), [(None, "", "at most 9")]);
    let all = refused(async |client| client.put_note(CANARY).await).await;
    assert_eq!(found(&all), [(None, "", "at most 5 characters")]);
    let server = server().await;
    client(&server).put_count(Some(9)).await.expect("it is sent");
    client(&server).put_count(None).await.expect("it is sent");
    client(&server).put_note("short").await.expect("it is sent");
    let bodies: Vec<_> = server.seen().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies, [b"9".to_vec(), Vec::new(), b"short".to_vec()]);
}
