//! What is sent, and what each status and body means.

use std::time::Duration;

use http::Method;
use serde::Deserialize;
use serde_json::json as value;

use super::server::{answer, json, serve};
use super::{CREATE, KEY, LIST, OPEN, PLAIN_ENVELOPE, TestKind, client, operation, plain};
use crate::runtime::api::{Api, Operation, Scheme, SchemeKind};
use crate::runtime::call::style::Style;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::{Delivery, Error};
use crate::runtime::response::Response;

#[derive(Debug, PartialEq, Deserialize)]
struct Created {
    id: u8,
}

async fn create(bytes: impl Into<Vec<u8>>) -> Result<Response<Created>, Error> {
    let server = serve(bytes).await;
    client(&server.url).call(&CREATE).json("application/json", &()).data().await
}

#[tokio::test]
async fn a_request_holds_what_the_call_was_given() {
    let server = serve(json("200 OK", r#"{"success": true, "data": {"id": 1}}"#)).await;
    let form = Style::Form { explode: true };
    let simple = Style::Simple { explode: false };
    client(&server.url)
        .call(&LIST)
        .path("carrierId", &"a b/c", simple)
        .query("patientId", &"p&q", form)
        .query("none", &Option::<u8>::None, form)
        .query("many", &[1, 2], form)
        .query_reserved("where", &"a/b&c", form)
        .header("x-trace", &["a", "b"], simple)
        .cookie("c", &"d;e", form)
        .cookie("f", &[1, 2], form)
        .data::<Created>()
        .await
        .expect("the server answered well");
    let request = &server.requests()[0];
    assert!(
        request
            .starts_with("GET /carriers/a%20b%2Fc/services?patientId=p%26q&many=1&many=2&where=a/b%26c HTTP/1.1\r\n")
    );
    let version = env!("CARGO_PKG_VERSION");
    for line in [
        &format!("host: {}", &server.url["http://".len()..]),
        "x-api-key: dev_c4n4ry-key",
        "accept: application/json",
        "x-trace: a,b",
        "cookie: c=d%3Be; f=1; f=2",
        &format!("user-agent: testapi/{version}"),
    ] {
        assert!(request.lines().any(|it| it == line), "{line} in {request}");
    }
    assert!(!request.contains("content-length") && !request.contains("content-type"));
}

#[tokio::test]
async fn a_path_may_hold_a_value_twice() {
    static TWICE: Operation = operation("twice", Method::GET, "/things/{id}/copies/{id}", false, &[]);
    let server = serve(json("200 OK", "{}")).await;
    let client = client(&server.url);
    let call = client.call(&TWICE).path("id", &"{id}/é", Style::Simple { explode: false });
    call.empty().await.expect("the server answered well");
    assert!(server.requests()[0].starts_with("GET /things/%7Bid%7D%2F%C3%A9/copies/%7Bid%7D%2F%C3%A9 HTTP/1.1\r\n"));
}

#[tokio::test]
async fn a_body_is_sent_with_its_media_type_and_length() {
    let server = serve(json("200 OK", r#"{"success": true, "data": {"id": 7}, "message": "m"}"#)).await;
    let created = client(&server.url)
        .call(&CREATE)
        .json("application/json", &value!({"a": "ü"}))
        .data::<Created>()
        .await
        .expect("the server answered well");
    assert_eq!(created.id, 7);
    assert_eq!(created.meta().message(), Some("m"));
    let request = &server.requests()[0];
    assert!(request.contains("content-type: application/json\r\n"));
    assert!(request.contains("content-length: 10\r\n") && request.ends_with("{\"a\":\"ü\"}"));
}

#[tokio::test]
async fn what_cannot_be_written_is_not_sent() {
    let client = client("http://127.0.0.1:1");
    let simple = Style::Simple { explode: false };
    for segment in ["", ".", ".."] {
        let call = client.call(&LIST).path("carrierId", &segment, simple);
        let error = call.empty().await.expect_err("the segment leads elsewhere");
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert!(error.to_string().contains("`carrierId`"));
    }
    let call = client.call(&CREATE).header("x-a", &"a\r\nb: c", simple);
    let error = call.empty().await.expect_err("a header has one line");
    assert_eq!(error.delivery(), Delivery::NotSent);
    for parts in [&["a,b", "c"], &["a", " b"]] {
        let error = client.call(&CREATE).header("x-a", parts, simple).empty().await.expect_err("the list is another");
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert!(error.to_string().contains("separates parts"), "{error}");
    }
    let keys = std::collections::BTreeMap::from([((1, 2), 3)]);
    let call = client.call(&CREATE).json("application/json", &keys);
    let error = call.empty().await.expect_err("keys are texts");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(error.operation(), Some("createRefill"));
}

#[tokio::test]
async fn a_path_parameter_that_was_not_given_is_not_sent() {
    let error = client("http://127.0.0.1:1").call(&LIST).empty().await;
    assert_eq!(error.expect_err("the path has a hole").delivery(), Delivery::NotSent);
}

#[tokio::test]
async fn a_refusal_is_a_documented_4xx_with_the_apis_own_error() {
    let own = r#"{"success": false, "error": {"message": "m", "code": "NOT_FOUND"}}"#;
    let delivery = async |status: &str, body: &str| {
        let error = create(json(status, body)).await.expect_err("the status is a failure");
        assert_eq!(error.status().map(|it| it.as_u16()), status[..3].parse().ok());
        assert_eq!(error.body(), Some(body.as_bytes()));
        error.delivery()
    };
    assert_eq!(delivery("400 Bad Request", own).await, Delivery::Refused);
    assert_eq!(delivery("404 Not Found", own).await, Delivery::Refused);
    // Not documented for this operation, not a 4xx, or not the API's own words.
    assert_eq!(delivery("403 Forbidden", own).await, Delivery::Unknown);
    assert_eq!(delivery("500 Internal Server Error", own).await, Delivery::Unknown);
    assert_eq!(delivery("400 Bad Request", "<html>").await, Delivery::Unknown);
    assert_eq!(delivery("400 Bad Request", "").await, Delivery::Unknown);
    assert_eq!(delivery("502 Bad Gateway", "<html>").await, Delivery::Unknown);
    for foreign in [
        r#"{"message": "blocked"}"#,
        r#"{"success": false}"#,
        r#"{"success": false, "error": "x"}"#,
        r#"{"success": false, "error": {"code": "NOT_FOUND"}}"#,
        r#"{"success": true, "error": {"message": "m"}}"#,
        r#"{"error": {"message": "m"}}"#,
    ] {
        assert_eq!(delivery("400 Bad Request", foreign).await, Delivery::Unknown, "{foreign}");
    }
}

#[tokio::test]
async fn a_429_is_a_refusal_with_the_mark_alone() {
    let headers = "retry-after: 3\r\n";
    let body = |code: &str| {
        format!(r#"{{"success": false, "error": {{"message": "m", "code": "{code}", "retry_after": 5}}}}"#)
    };
    let marked = answer("429 Too Many Requests", headers, &body("RATE_LIMIT_EXCEEDED"));
    let error = create(marked).await.expect_err("the status is a failure");
    assert_eq!(error.delivery(), Delivery::Refused);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(5)));
    assert_eq!(error.code(), Some("RATE_LIMIT_EXCEEDED"));
    let other = answer("429 Too Many Requests", headers, &body("BUSY"));
    let error = create(other).await.expect_err("the status is a failure");
    assert_eq!(error.delivery(), Delivery::Unknown);
    let page = answer("429 Too Many Requests", headers, "slow down");
    let error = create(page).await.expect_err("the status is a failure");
    assert_eq!((error.delivery(), error.retry_after()), (Delivery::Unknown, Some(Duration::from_secs(3))));
}

#[tokio::test]
async fn without_an_envelope_a_refusal_is_json_under_a_documented_4xx() {
    let delivery = async |status: &str, body: &str| {
        let server = serve(json(status, body)).await;
        let sent = plain(&server.url).call(&OPEN).json_response::<Created>().await;
        sent.expect_err("the status is a failure").delivery()
    };
    assert_eq!(delivery("400 Bad Request", "{}").await, Delivery::Refused);
    assert_eq!(delivery("400 Bad Request", "[]").await, Delivery::Unknown);
    assert_eq!(delivery("418 I'm a teapot", "{}").await, Delivery::Unknown);
    assert_eq!(delivery("429 Too Many Requests", "{}").await, Delivery::Unknown);
    assert_eq!(delivery("500 Internal Server Error", "{}").await, Delivery::Unknown);
}

#[tokio::test]
async fn kinds_are_told_by_the_servers_words() {
    let body = r#"{"success": false, "error": {"message": "Refill request already exists"}}"#;
    let error = create(json("400 Bad Request", body)).await.expect_err("a failure");
    assert_eq!(error.kind_as(), Some(TestKind::AlreadyExists));
    assert_eq!(
        error.to_string(),
        "createRefill: the server answered with a failure, status 400: an open refill exists; \
         the server refused the request"
    );
    let body = r#"{"success": false, "error": {"message": "Unauthorized: revoked"}}"#;
    let error = create(json("401 Unauthorized", body)).await.expect_err("a failure");
    assert_eq!(error.kind_as(), Some(TestKind::Unauthorized));
    let error = create(json("404 Not Found", body)).await.expect_err("a failure");
    assert_eq!(error.kind_as::<TestKind>(), None);
}

#[tokio::test]
async fn success_false_under_2xx_proves_nothing() {
    for data in ["", r#", "data": {"id": 1}"#, r#", "data": {"odd": []}"#] {
        let body = format!(
            r#"{{"success": false{data}, "error": {{"message": "Refill request already exists", "code": "C"}}}}"#
        );
        let error = create(json("200 OK", &body)).await.expect_err("it says so");
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert_eq!(error.kind_as(), Some(TestKind::AlreadyExists));
        assert_eq!((error.code(), error.status().map(|it| it.as_u16())), (Some("C"), Some(200)));
    }
}

#[tokio::test]
async fn answers_of_success_that_cannot_be_read_keep_what_was_read() {
    for (body, text) in [
        ("", "the response is empty"),
        ("<html>", "the response is not JSON (line 1, column 1)"),
        (r#"{"success": tr"#, "the response is not JSON"),
        (r#"{"success": true}"#, "the response has no data"),
        (r#"{"success": true, "data": null}"#, "the response has no data"),
        (r#"{"success": true, "data": {"id": "x"}}"#, "another shape"),
        ("[]", "another shape"),
    ] {
        let error = create(answer("201 Created", "x-request: r\r\n", body)).await.expect_err("unread");
        assert!(error.to_string().contains(text), "{error}");
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert_eq!(error.status().map(|it| it.as_u16()), Some(201));
        assert_eq!(error.headers().expect("kept")["x-request"], "r");
        assert_eq!(error.body(), Some(body.as_bytes()));
    }
}

#[tokio::test]
async fn a_body_that_decodes_is_a_success_whatever_its_type() {
    let body = r#"{"success": true, "data": {"id": 1, "new": 2}, "newer": 3}"#;
    for headers in ["", "content-type: text/html\r\n"] {
        assert_eq!(create(answer("200 OK", headers, body)).await.expect("it decodes").id, 1);
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let target = serve(json("200 OK", r#"{"success": true, "data": {"id": 1}}"#)).await;
    let headers = format!("location: {}/refill\r\n", target.url);
    let error = create(answer("307 Temporary Redirect", &headers, "")).await.expect_err("3xx");
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(error.to_string().contains("redirect") && target.requests().is_empty());
    // A documented one is an answer.
    let server = serve(answer("307 Temporary Redirect", &headers, "")).await;
    let answer = client(&server.url).call(&CREATE).redirects(&[307..=307]).empty().await.expect("it is documented");
    let meta = answer.meta();
    assert_eq!(meta.status().as_u16(), 307);
    assert_eq!(meta.headers()["location"], format!("{}/refill", target.url));
    assert!(target.requests().is_empty());
}

#[tokio::test]
async fn answers_are_read_in_every_way() {
    let enveloped = json("200 OK", r#"{"success": true, "id": 3, "message": "m"}"#);
    let server = serve(enveloped).await;
    let whole = client(&server.url).call(&CREATE).whole::<Created>().await.expect("it decodes");
    assert_eq!((whole.id, whole.meta().message()), (3, Some("m")));
    client(&server.url).call(&CREATE).empty().await.expect("the body does not matter");

    let failed = serve(json("200 OK", r#"{"success": false, "id": 3}"#)).await;
    assert!(client(&failed.url).call(&CREATE).whole::<Created>().await.is_err());
    assert!(client(&failed.url).call(&CREATE).empty().await.is_err());

    let none = serve("HTTP/1.1 204 No Content\r\n\r\n").await;
    let empty = client(&none.url).call(&CREATE).empty().await.expect("204 is a success");
    assert_eq!(empty.meta().status().as_u16(), 204);

    let text = serve(answer("200 OK", "content-type: Text/CSV; charset=utf-8\r\n", "a,ü")).await;
    let read = plain(&text.url).call(&OPEN).accept("text/csv").text_response().await;
    assert_eq!(read.expect("it is text").into_data(), "a,ü");
    assert!(text.requests()[0].contains("accept: text/csv\r\n"));
    let client = plain(&text.url);
    let several = client.call(&OPEN).several(|_, media_type| media_type == "text/csv").await.expect("2xx");
    assert_eq!((several.status().as_u16(), &*several.media_type()), (200, "text/csv"));
    assert_eq!(several.bytes(&client).into_data().collect().await.expect("it comes"), "a,ü".as_bytes());
    let western = serve(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/csv; charset=ISO-8859-1\r\ncontent-length: 4\r\n\r\na,\xfc\x80"
            .to_vec(),
    );
    let read = plain(&western.await.url).call(&OPEN).text_response().await;
    assert_eq!(read.expect("it is text").into_data(), "a,ü€");
    let not_text = serve(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n\xff".to_vec()).await;
    assert!(plain(&not_text.url).call(&OPEN).text_response().await.is_err());
}

#[tokio::test]
async fn a_client_without_the_credential_sends_nothing() {
    let server = serve(json("200 OK", "{}")).await;
    let error = plain(&server.url).call(&CREATE).empty().await.expect_err("no key");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(server.requests().is_empty() && !KEY.is_empty());
}

#[test]
fn a_client_is_built_anywhere_and_a_call_without_a_runtime_is_an_error() {
    let client = client("http://127.0.0.1:1");
    let mut call = Box::pin(client.call(&CREATE).empty());
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    match call.as_mut().poll(&mut cx) {
        std::task::Poll::Ready(Err(error)) => assert_eq!(error.delivery(), Delivery::NotSent),
        other => panic!("{:?}", other.map(|it| it.is_ok())),
    }
}

static KEYED: Api = Api {
    name: "keyed",
    environments: &[],
    schemes: &[
        Scheme { name: "query", kind: SchemeKind::QueryKey("api key") },
        Scheme { name: "cookie", kind: SchemeKind::CookieKey("session") },
        Scheme { name: "basic", kind: SchemeKind::Basic },
        Scheme { name: "bearer", kind: SchemeKind::Bearer },
        Scheme { name: "shared", kind: SchemeKind::Http("SharedAccessKey") },
    ],
    credential_required: false,
    envelope: PLAIN_ENVELOPE,
    error_codes: &[],
};

#[tokio::test]
async fn credentials_go_the_way_that_the_scheme_says() {
    static ALL: Operation = operation("all", http::Method::GET, "/x?fixed=1", true, &[&[], &[3], &[4], &[0, 1, 2]]);
    let server = serve(json("200 OK", "{}")).await;
    let builder = || ClientBuilder::new(&KEYED).base_url(format!("{}/v1/", server.url));
    let all = builder()
        .credential(0, "a&b".into())
        .credential(1, "c;d".into())
        .basic_credential(2, "user", &"pass".into())
        .build()
        .expect("built");
    all.call(&ALL).empty().await.expect("it answers");
    let bearer = builder().credential(3, "token".into()).build().expect("built");
    bearer.call(&ALL).empty().await.expect("it answers");
    builder().build().expect("built").call(&ALL).empty().await.expect("a key is optional");
    let shared = builder().credential(4, "sig=a, se=1".into()).build().expect("built");
    shared.call(&ALL).empty().await.expect("it answers");
    let requests = server.requests();
    assert!(requests[0].starts_with("GET /v1/x?fixed=1&api%20key=a%26b HTTP/1.1\r\n"), "{}", requests[0]);
    assert!(requests[0].contains("cookie: session=c%3Bd\r\n"));
    assert!(requests[0].contains("authorization: Basic dXNlcjpwYXNz\r\n"));
    assert!(requests[3].contains("authorization: SharedAccessKey sig=a, se=1\r\n"));
    assert!(requests[1].contains("authorization: Bearer token\r\n") && requests[1].starts_with("GET /v1/x?fixed=1 "));
    assert!(!requests[2].contains("authorization"));
}
