//! Reading envelopes, waiting times and rate limits.

use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue, StatusCode};

use super::API;
use crate::runtime::response::Meta;
use crate::runtime::response::envelope::{head, read};
use crate::runtime::response::failure;
use crate::runtime::value::calendar::http_date;

#[test]
fn an_envelope_is_read_in_any_order_and_with_anything_beside_it() {
    let body = br#"{"x": [1, {}], "data": [1, 2], "message": "m", "error": null, "success": true}"#;
    let read = read::<Vec<u8>>(&API.envelope, body).expect("it is an envelope");
    assert_eq!(read.success, Some(true));
    assert_eq!(read.message.as_deref(), Some("m"));
    assert_eq!(read.data, Some(vec![1, 2]));
    assert!(read.error.is_none());
}

#[test]
fn what_has_another_type_counts_as_not_there() {
    let body = br#"{"success": "yes", "message": {"a": 1}, "data": null, "error": ["x", [1]]}"#;
    let read = head(&API.envelope, body).expect("it is an object");
    assert_eq!(read.success, Some(false));
    assert!(read.message.is_none() && read.data.is_none() && read.error.is_none());
    for error in ["1", "-1", "1.5", "true", "\"text\"", "null"] {
        let body = format!("{{\"error\": {error}}}");
        let read = head(&API.envelope, body.as_bytes()).expect("it is an object");
        assert!(read.error.is_none() && read.success.is_none());
    }
    assert!(head(&API.envelope, b"[]").is_none());
    assert!(head(&API.envelope, b"{} x").is_none());
    assert!(head(&API.envelope, b"").is_none());
}

#[test]
fn seconds_to_wait_come_as_numbers_or_text() {
    let seconds = |value: &str| {
        let body = format!(r#"{{"error": {{"retry_after": {value}}}}}"#);
        let read = head(&API.envelope, body.as_bytes()).expect("it is an object");
        read.error.expect("it has an error").retry_after
    };
    assert_eq!(seconds("7"), Some(7));
    assert_eq!(seconds("7.2"), Some(8));
    assert_eq!(seconds("\"9\""), Some(9));
    assert_eq!(seconds("18446744073709551615"), Some(u64::from(u32::MAX)));
    for nonsense in ["-1", "1e300", "null", "[]", "\"soon\"", "\"nan\"", "true"] {
        assert_eq!(seconds(nonsense), None, "{nonsense}");
    }
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now = UNIX_EPOCH + Duration::from_secs(784_111_770);
    let wait = |text: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static(text));
        failure::retry_after(&headers, now)
    };
    assert_eq!(wait("120"), Some(Duration::from_secs(120)));
    for date in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
        assert_eq!(wait(date), Some(Duration::from_secs(7)), "{date}");
    }
    assert_eq!(wait("Sun, 06 Nov 1994 08:49:00 GMT"), Some(Duration::ZERO));
    assert_eq!(wait("99999999999999999999999"), Some(Duration::from_secs(u64::MAX)));
    for nonsense in ["", "-1", "1.5", "soon", "Sun, 31 Feb 1994 08:49:37 GMT", "a b c d e"] {
        assert_eq!(wait(nonsense), None, "{nonsense}");
    }
    assert!(http_date("Sun, 06 Nov 1994 24:49:37 GMT").is_none());
}

#[test]
fn rate_limits_are_read_as_far_as_they_are_there() {
    let mut headers = HeaderMap::new();
    let meta = |headers: &HeaderMap| Meta::new(StatusCode::OK, headers.clone(), None);
    assert!(meta(&headers).rate_limit().is_none());
    headers.insert("x-ratelimit-remaining", HeaderValue::from_static("4"));
    headers.insert("x-ratelimit-limit", HeaderValue::from_static("many"));
    headers.insert("x-ratelimit-reset", HeaderValue::from_static("1700000000"));
    let limit = meta(&headers).rate_limit().expect("there is one");
    assert_eq!((limit.remaining(), limit.limit()), (Some(4), None));
    assert_eq!(limit.reset(), Some(UNIX_EPOCH + Duration::from_secs(1_700_000_000)));
    headers.insert("x-ratelimit-reset", HeaderValue::from_static("18446744073709551615"));
    assert_eq!(meta(&headers).rate_limit().expect("there is one").reset(), None);
}
