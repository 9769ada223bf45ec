//! Realistic answers, good and bad: how the client interprets each, and what it prints.

use std::time::Duration;

use novamed::{Delivery, Error, ErrorKind};
use serde_json::json;

use super::requests::patient;
use super::server::{Reply, Server};
use super::{DEV_KEY, PROD_KEY, Sight, assert_keeps, client, failed};

/// A proxy's error page. It repeats the request.
const PAGE: &[u8] = b"<html><body>pageMARKER /api/external/patient Jamie</body></html>";

/// The id in the server's answer.
const PATIENT: &str = "00000000-0000-4000-8000-00000000b001";

/// What a failing answer to `createPatient` should become.
struct Expected<'e> {
    status: u16,
    delivery: Delivery,
    kind: Option<ErrorKind>,
    message: Option<&'e str>,
    retry_after: Option<u64>,
    /// `Display` where the server's message may be printed, and where it may not.
    shown: &'e str,
    withheld: &'e str,
}

/// Fails if an answer is interpreted differently, or if the error prints something secret.
async fn assert_failure(name: &str, reply: Reply, expected: Expected<'_>) {
    let server = Server::start(reply).await;
    for sight in Sight::ALL {
        let error = failed(sight.client(&server.url).create_patient(&patient("person")).await);
        assert_eq!(error.status().expect("there was an answer").as_u16(), expected.status, "{name}");
        assert_eq!(error.delivery(), expected.delivery, "{name}");
        assert_eq!(error.kind(), expected.kind, "{name}");
        assert!(error.message() == expected.message, "{name}: another message");
        assert_eq!(error.retry_after(), expected.retry_after.map(Duration::from_secs), "{name}");
        assert!(error.headers().is_some() && error.body().is_some(), "{name}");
        assert!(!error.is_timeout() && !error.is_connect(), "{name}");
        assert_eq!(error.is_safe_to_repeat(), expected.delivery == Delivery::Refused, "{name}");
        let display = if sight == Sight::Development { expected.shown } else { expected.withheld };
        assert!(error.to_string() == display, "{name} as {sight:?}: it does not print {display:?}");
        assert_prints_nothing_else(&error, &server, sight);
    }
}

/// Fails if an error prints the key, the URL, the request, or anything from the answer's body.
fn assert_prints_nothing_else(error: &Error, server: &Server, sight: Sight) {
    let request = ["Sam", "Quincy", "Sample", "Exampleville", "1990", "70.5", "Examplecillin", "/api/external"];
    assert_keeps(error, &request);
    assert_keeps(error, &[DEV_KEY, PROD_KEY, "KEYMARKER", &server.host, &server.url, "pageMARKER", "detailMARKER"]);
    assert_keeps(error, &["codeMARKER"]);
    if sight != Sight::Development {
        assert_keeps(error, &["textMARKER"]);
    }
}

fn html(status: u16) -> Reply {
    Reply::whole(status, &[("content-type", "text/html; charset=utf-8")], PAGE)
}

#[tokio::test]
async fn unknown_fields_are_no_failure() {
    let body = json!({
        "success": true, "message": "done", "trace": {"id": 1},
        "data": {"patient_id": PATIENT, "status": "new", "links": [1, {"a": null}]},
    });
    let server = Server::start(Reply::json(200, &body)).await;
    let created = client(&server.url).create_patient(&patient("required")).await.expect("it is a success");
    assert_eq!(created.patient_id.get().to_string(), PATIENT);
    assert_eq!(created.meta().message(), Some("done"));
    assert_eq!(created.meta().rate_limit(), None);
}

#[tokio::test]
async fn a_400_with_the_api_s_own_object_is_a_refusal() {
    let error = json!({
        "message": "textMARKER is no name", "code": "VALIDATION_ERROR",
        "details": [{"field": "first_name", "message": "detailMARKER"}],
    });
    let expected = Expected {
        status: 400,
        delivery: Delivery::Refused,
        kind: None,
        message: Some("textMARKER is no name"),
        retry_after: None,
        shown: "createPatient: the server answered with a failure, status 400, code VALIDATION_ERROR: \
                textMARKER is no name; the server refused the request",
        withheld: "createPatient: the server answered with a failure, status 400, code VALIDATION_ERROR; \
                   the server refused the request",
    };
    assert_failure("400 JSON", Reply::json(400, &json!({"success": false, "error": error})), expected).await;
}

#[tokio::test]
async fn an_unknown_code_is_kept_and_not_printed() {
    let body = json!({"success": false, "error": {"message": "textMARKER", "code": "codeMARKER"}});
    let server = Server::start(Reply::json(400, &body)).await;
    let error = failed(client(&server.url).create_patient(&patient("required")).await);
    assert_eq!(error.code(), Some("codeMARKER"));
    let expected = Expected {
        status: 400,
        delivery: Delivery::Refused,
        kind: None,
        message: Some("textMARKER"),
        retry_after: None,
        shown: "createPatient: the server answered with a failure, status 400: textMARKER; \
                the server refused the request",
        withheld: "createPatient: the server answered with a failure, status 400; the server refused the request",
    };
    assert_failure("unknown code", Reply::json(400, &body), expected).await;
}

#[tokio::test]
async fn a_401_has_a_kind_whose_own_text_is_printed_everywhere() {
    let text = "createPatient: the server answered with a failure, status 401: Unauthorized; \
                the server refused the request";
    for message in ["Unauthorized", "Unauthorized: textMARKER"] {
        let expected = Expected {
            status: 401,
            delivery: Delivery::Refused,
            kind: Some(ErrorKind::Unauthorized),
            message: Some(message),
            retry_after: None,
            shown: text,
            withheld: text,
        };
        let body = json!({"success": false, "error": {"message": message}});
        assert_failure("401 JSON", Reply::json(401, &body), expected).await;
    }
}

#[tokio::test]
async fn a_429_proves_nothing_without_the_mark() {
    let with = |code: Option<&str>, header: &str, seconds: Option<u64>| {
        let error = match code {
            Some(code) => json!({"message": "Slow down", "code": code, "retry_after": seconds}),
            None => json!({"message": "Slow down", "retry_after": seconds}),
        };
        let body = json!({"success": false, "error": error}).to_string();
        Reply::whole(429, &[("content-type", "application/json"), ("Retry-After", header)], body.as_bytes())
    };
    let start = "createPatient: the server answered with a failure, status 429";
    // The longer of the times in the header and the body counts.
    for (code, header, seconds, longest, delivery) in [
        (None, "7", None, 7, Delivery::Unknown),
        (Some("FORBIDDEN"), "7", Some(5), 7, Delivery::Unknown),
        (Some("RATE_LIMIT_EXCEEDED"), "7", None, 7, Delivery::Refused),
        (Some("RATE_LIMIT_EXCEEDED"), "7", Some(30), 30, Delivery::Refused),
        (Some("RATE_LIMIT_EXCEEDED"), "soon", Some(3), 3, Delivery::Refused),
    ] {
        let code_shown = code.map_or(String::new(), |code| format!(", code {code}"));
        let expected = Expected {
            status: 429,
            delivery,
            kind: None,
            message: Some("Slow down"),
            retry_after: Some(longest),
            shown: &format!("{start}{code_shown}: Slow down; {delivery}"),
            withheld: &format!("{start}{code_shown}; {delivery}"),
        };
        assert_failure("429 JSON", with(code, header, seconds), expected).await;
    }
}

#[tokio::test]
async fn a_500_may_have_acted() {
    let body = json!({"success": false, "error": {"message": "textMARKER", "code": "INTERNAL_ERROR"}});
    let expected = Expected {
        status: 500,
        delivery: Delivery::Unknown,
        kind: None,
        message: Some("textMARKER"),
        retry_after: None,
        shown: "createPatient: the server answered with a failure, status 500, code INTERNAL_ERROR: textMARKER; \
                the server may have acted",
        withheld: "createPatient: the server answered with a failure, status 500, code INTERNAL_ERROR; \
                   the server may have acted",
    };
    assert_failure("500 JSON", Reply::json(500, &body), expected).await;
}

#[tokio::test]
async fn a_page_of_a_proxy_proves_nothing_whatever_its_status() {
    for (status, text) in [
        (502, "createPatient: the server answered with a failure, status 502; the server may have acted"),
        (400, "createPatient: the server answered with a failure, status 400; the server may have acted"),
        (404, "createPatient: the server answered with a failure, status 404; the server may have acted"),
        (200, "createPatient: the response is not JSON (line 1, column 1), status 200; the server may have acted"),
    ] {
        let expected = Expected {
            status,
            delivery: Delivery::Unknown,
            kind: None,
            message: None,
            retry_after: None,
            shown: text,
            withheld: text,
        };
        assert_failure("HTML", html(status), expected).await;
        let server = Server::start(html(status)).await;
        let error = failed(client(&server.url).create_patient(&patient("required")).await);
        assert_eq!(error.body(), Some(PAGE));
        assert_eq!(error.headers().expect("they are kept")["content-type"], "text/html; charset=utf-8");
        assert!(error.api_error().is_none());
    }
}

#[tokio::test]
async fn json_that_is_not_the_api_s_own_proves_nothing() {
    for body in [
        json!({"error": "Bad Request"}),
        json!({"success": false}),
        json!({"success": true, "error": {"message": "textMARKER"}}),
        json!({"error": {"message": "textMARKER"}}),
        json!({"success": false, "error": {"code": "NOT_FOUND"}}),
        json!([]),
        json!("Clinic not found"),
    ] {
        let server = Server::start(Reply::json(404, &body)).await;
        let error = failed(client(&server.url).create_patient(&patient("required")).await);
        assert_eq!(error.delivery(), Delivery::Unknown);
    }
}

#[tokio::test]
async fn an_undocumented_status_proves_nothing() {
    let body = json!({"success": false, "error": {"message": "textMARKER"}});
    for status in [402, 409, 418, 422, 451] {
        let server = Server::start(Reply::json(status, &body)).await;
        let error = failed(client(&server.url).create_patient(&patient("required")).await);
        assert_eq!((error.delivery(), error.kind()), (Delivery::Unknown, None), "{status}");
        assert_eq!(error.message(), Some("textMARKER"), "{status}");
    }
}

#[tokio::test]
async fn a_body_that_decodes_is_a_success_whatever_its_content_type() {
    let body = json!({"success": true, "data": {"patient_id": PATIENT}}).to_string();
    for headers in [&[][..], &[("content-type", "text/html")], &[("content-type", "nonsense")]] {
        let server = Server::start(Reply::whole(200, headers, body.as_bytes())).await;
        let created = client(&server.url).create_patient(&patient("required")).await.expect("it is a success");
        assert_eq!(created.patient_id.get().to_string(), PATIENT);
        assert_eq!(created.meta().message(), None);
    }
}

#[tokio::test]
async fn success_false_is_a_failure_whatever_the_status() {
    let start = "createPatient: the server answered with a status of success and says that the call failed";
    let error = json!({"message": "textMARKER", "code": "VALIDATION_ERROR", "details": {"reason": "detailMARKER"}});
    for body in [
        json!({"success": false, "error": error}),
        json!({"success": false, "error": error, "data": {"patient_id": PATIENT}}),
        json!({"success": false, "error": error, "data": "of another shape"}),
    ] {
        let expected = Expected {
            status: 200,
            delivery: Delivery::Unknown,
            kind: None,
            message: Some("textMARKER"),
            retry_after: None,
            shown: &format!("{start}, status 200, code VALIDATION_ERROR: textMARKER; the server may have acted"),
            withheld: &format!("{start}, status 200, code VALIDATION_ERROR; the server may have acted"),
        };
        assert_failure("200 success false", Reply::json(200, &body), expected).await;
    }
}

#[tokio::test]
async fn an_array_is_not_an_object() {
    let server = Server::start(Reply::json(200, &json!({"success": true, "data": [PATIENT]}))).await;
    let error = failed(client(&server.url).create_patient(&patient("required")).await);
    assert_eq!(error.delivery(), Delivery::Unknown);
}
