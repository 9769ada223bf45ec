//! Which responses are answers, and how the server's choice of status and media type decides what they become: the client
//! of `tests/wire/api.yaml` with a server.

use serde_json::{Value, json};
use wire::{Client, Color, GetOneAnswer, RefusedError, WhereToAnswer};

use crate::client::server::{Reply, Server};

/// Starts a server that gives one response, and a client for it.
async fn served(status: u16, headers: &[(&str, &str)], body: &[u8]) -> (Server, Client) {
    let server = Server::start(Reply::whole(status, headers, body)).await;
    let client = Client::builder().base_url(&server.url).max_retries(0).build().expect("the configuration is right");
    (server, client)
}

#[tokio::test]
async fn a_success_without_a_body_is_none_where_the_document_allows_it() {
    let (_server, client) = served(200, &[("content-type", "application/json")], br#"{"name":"Rex"}"#).await;
    let pet = client.any_success().await.expect("it is a success").into_data().expect("there is a body");
    assert_eq!(pet.name, "Rex");
    for status in [204, 205] {
        let (_server, client) = served(status, &[], b"").await;
        assert!(client.any_success().await.expect("it is a success").into_data().is_none(), "{status}");
    }
    // A 200 without a body is cut off or wrong.
    let (_server, client) = served(200, &[("content-type", "application/json")], b"").await;
    client.any_success().await.expect_err("the document promises a body");
}

#[tokio::test]
async fn a_documented_redirect_is_an_answer() {
    let (_server, client) = served(303, &[("location", "/pets/7")], b"").await;
    let answer = client.where_to().await.expect("it is documented");
    assert_eq!(answer.meta().headers()["location"], "/pets/7");
    assert!(matches!(answer.into_data(), WhereToAnswer::SeeOther));
    let (_server, client) = served(304, &[], b"").await;
    assert!(matches!(client.where_to().await.expect("it is documented").into_data(), WhereToAnswer::NotModified));
    let (_server, client) = served(307, &[("location", "/pets/7")], b"").await;
    let error = client.where_to().await.expect_err("it is not documented");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(307));
}

#[tokio::test]
async fn the_media_type_says_whether_a_string_is_json() {
    for (media_type, body) in
        [("text/plain", "a \"b\""), ("application/json", r#""a \"b\"""#), ("text/html", "a \"b\"")]
    {
        let (server, client) = served(200, &[("content-type", media_type)], body.as_bytes()).await;
        assert_eq!(client.get_text().await.expect("it is a string").into_data(), "a \"b\"", "{media_type}");
        let asked = server.only().headers.into_iter().find(|(name, _)| name == "accept");
        assert_eq!(asked.map(|(_, value)| value).as_deref(), Some("*/*"));
    }
    // Latin letters in ISO 8859-1.
    let (_server, client) = served(200, &[("content-type", "text/plain; charset=ISO-8859-1")], b"caf\xe9").await;
    assert_eq!(client.get_text().await.expect("it is text").into_data(), "caf\u{e9}");
}

#[tokio::test]
async fn bytes_and_lines_of_any_kind_are_kept() {
    let bytes = [0xff, 0x00, b'a', b';', 0xfe];
    let (_server, client) = served(200, &[("content-type", "application/zip")], &bytes).await;
    assert_eq!(client.get_raw().await.expect("it is a success").into_data().collect().await.expect("it comes"), bytes);
    let (_server, client) = served(200, &[("content-type", "text/csv")], &bytes).await;
    assert_eq!(client.get_rows().await.expect("it is a success").into_data().collect().await.expect("it comes"), bytes);
    let (_server, client) = served(200, &[("content-type", "application/jsonl")], b"{\"a\":1}\n[2]\n").await;
    let lines = client.get_lines().await.expect("it is a success").into_data();
    assert_eq!(lines.collect().await.expect("it comes"), b"{\"a\":1}\n[2]\n");
}

#[tokio::test]
async fn the_caller_chooses_the_media_type_of_a_body_of_any() {
    let (server, client) = served(204, &[], b"").await;
    client.put_anything(("text/markdown", "# Rex")).await.expect("it is sent");
    let sent = server.only();
    assert!(sent.headers.iter().any(|(name, value)| name == "content-type" && value == "text/markdown"));
    assert_eq!(sent.body, b"# Rex");
}

#[tokio::test]
async fn the_media_type_of_a_failure_chooses_its_body() {
    let refused = async |media_type: &str, body: Value| {
        let (_server, client) = served(400, &[("content-type", media_type)], body.to_string().as_bytes()).await;
        RefusedError::of(&client.refused().await.expect_err("it is a failure"))
    };
    let color = refused("application/json", json!({"R": 1, "G": 2, "B": 3})).await;
    assert_eq!(color, Some(RefusedError::BadRequestJson(Color::builder().r(1).g(2).b(3).build())));
    assert!(matches!(refused("application/a+json", json!("code")).await, Some(RefusedError::BadRequestAny(_))));
    assert!(matches!(refused("text/json", json!({"name": "Rex"})).await, Some(RefusedError::BadRequestAny2(_))));
}

#[tokio::test]
async fn an_exact_media_type_comes_before_a_range() {
    let one = async |media_type: &str, body: &[u8]| {
        let (_server, client) = served(200, &[("content-type", media_type)], body).await;
        client.get_one().await.expect("it is documented").into_data()
    };
    let color = one("application/json; charset=utf-8", br#"{"R":1,"G":2,"B":3}"#).await;
    assert!(matches!(color, GetOneAnswer::Json(color) if color.g == 2));
    assert!(
        matches!(one("application/a+json", br#"{"name":"Rex"}"#).await, GetOneAnswer::Any(pet) if pet.name == "Rex")
    );
    let GetOneAnswer::Any2(bytes) = one("image/png", b"\xff").await else { panic!("it is of any other media type") };
    assert_eq!(bytes.collect().await.expect("it comes"), b"\xff");
}
