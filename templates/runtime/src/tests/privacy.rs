//! Nothing that is printed holds a key, a URL, a parameter or a body.

use super::server::{answer, json, serve};
use super::{API, CREATE, KEY, LIST, builder, client};
use crate::runtime::call::style::Style;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::Error;
use crate::runtime::multipart::Part;
use crate::runtime::value::secret::Secret;
use crate::runtime::webhook::UnknownEvent;

const CANARY: &str = "c4n4ry";

/// Returns everything that an error prints.
fn printed(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text} {error} {error:?}");
        source = error.source();
    }
    text
}

#[test]
fn secrets_and_clients_print_no_key() {
    let builder = builder("http://localhost/c4n4ry");
    let secret = Secret::from(KEY);
    let header = secret.header_value("").expect("a key is a header");
    let text = format!("{secret:?} {builder:?} {header:?}");
    let text = format!("{text} {:?}", builder.build().expect("built"));
    assert!(!text.contains(CANARY), "{text}");
    assert!(text.contains("[redacted]") && header.is_sensitive());
    assert_eq!(secret.expose(), KEY);
}

#[tokio::test]
async fn errors_print_nothing_that_was_sent_or_received() {
    let canary = r#"{"success": false, "error": {"message": "c4n4ry", "code": "c4n4ry"}, "data": "c4n4ry"}"#;
    for bytes in [
        json("400 Bad Request", canary),
        json("500 Internal Server Error", canary),
        json("200 OK", canary),
        json("200 OK", r#"{"success": true, "data": "c4n4ry"}"#),
        answer("302 Found", "location: http://c4n4ry/\r\n", CANARY),
        answer("502 Bad Gateway", "x-c4n4ry: c4n4ry\r\n", CANARY),
        "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nc4n4ry".to_owned(),
        "c4n4ry\r\n\r\n".to_owned(),
        String::new(),
    ] {
        let server = serve(bytes).await;
        let client = client(&server.url);
        let call = client.call(&LIST);
        let error = call
            .path("carrierId", &CANARY, Style::Simple { explode: false })
            .query("patientId", &CANARY, Style::Form { explode: true })
            .json("application/json", &CANARY)
            .data::<u8>()
            .await
            .expect_err("it isn't a number");
        let text = printed(&error);
        assert!(!text.contains(CANARY) && !text.contains("127.0.0.1"), "{text}");
    }
}

#[tokio::test]
async fn the_servers_message_is_printed_only_where_no_patient_data_goes() {
    let body = "{\"success\": false, \"error\": {\"message\": \"two\\nlines\", \"code\": \"NOT_FOUND\"}}";
    let server = serve(json("404 Not Found", body)).await;
    let error_at = async |environment: usize, key: &'static str| {
        let client = ClientBuilder::new(&API)
            .environment_facts(&API.environments[environment])
            .base_url(&server.url)
            .credential(0, key.into())
            .build()
            .expect("built");
        client.call(&CREATE).empty().await.expect_err("404").to_string()
    };
    assert_eq!(
        error_at(1, KEY).await,
        "createRefill: the server answered with a failure, status 404, code NOT_FOUND: two lines; \
         the server refused the request"
    );
    assert!(!error_at(0, "prod_x").await.contains("two lines"));
    let unknown = client(&server.url).call(&CREATE).empty().await.expect_err("404");
    assert!(!unknown.to_string().contains("two lines"));
    assert_eq!(unknown.message(), Some("two\nlines"));
}

#[test]
fn values_and_parts_print_nothing() {
    let part = Part::new(CANARY).file_name(CANARY);
    let event = UnknownEvent::new(CANARY, CANARY.as_bytes());
    let json = crate::runtime::value::json::Json::from(CANARY);
    let unknown = crate::runtime::value::parse::Unrecognized::new(CANARY);
    let bytes = crate::runtime::value::base64::Base64::new(CANARY);
    let text = format!("{part:?} {event:?} {json:?} {unknown:?} {bytes:?}");
    assert!(!text.contains(CANARY), "{text}");
}

#[tokio::test]
async fn an_answer_prints_no_text() {
    let server = serve(answer("200 OK", "x-c4n4ry: c4n4ry\r\n", CANARY)).await;
    let read = client(&server.url).call(&CREATE).text_response().await.expect("it is text");
    assert!(!format!("{read:?} {:?}", read.meta()).contains(CANARY));
    assert_eq!(*read, CANARY);
}
