//! What comes from outside, made at random: nothing panics, every call ends, and nothing prints what came.
//!
//! A short run is part of the suite. `PROPTEST_CASES=20000` makes it a long one.

use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

use super::memory::{FINE, own};
use super::server::{json, serve};
use super::{API, CREATE, KEY, builder, client};
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::Delivery;
use crate::runtime::error::config::ConfigError;
use crate::runtime::response::envelope;
use crate::runtime::transport::url::BaseUrl;
use crate::runtime::value::calendar::http_date;
use crate::runtime::value::json::Json;

/// Tests with many values, of which failures are kept nowhere.
fn check<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> TestCaseResult)
where
    S::Value: Debug,
{
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(strategy, test).unwrap_or_else(|error| panic!("{error}"));
}

/// Bytes of an answer with some of them changed, or any bytes.
fn bytes(valid: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
    let changes = vec((any::<Index>(), any::<u8>(), any::<bool>()), 0..4);
    let parts = (proptest::sample::select(valid), changes, any::<Index>(), any::<bool>());
    let spoilt = parts.prop_map(|(valid, changes, end, is_cut)| {
        let mut bytes = valid.into_bytes();
        for (at, byte, is_new) in changes {
            let at = at.index(bytes.len());
            if is_new {
                bytes.insert(at, byte);
            } else {
                bytes[at] = byte;
            }
        }
        if is_cut {
            bytes.truncate(end.index(bytes.len()));
        }
        bytes
    });
    prop_oneof![4 => spoilt, 1 => vec(any::<u8>(), 0..300)]
}

#[test]
fn any_bytes_on_a_connection_are_an_answer_or_an_error() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let chunked =
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{FINE}\r\n0\r\n\r\n", FINE.len());
    let valid = vec![json("200 OK", FINE), json("404 Not Found", &own("c4n4ry")), chunked];
    check(&bytes(valid), |bytes| {
        runtime.block_on(async {
            let server = serve(bytes).await;
            let call = client(&server.url);
            if let Err(error) = call.call(&CREATE).data::<u8>().await {
                prop_assert!(error.delivery() != Delivery::NotSent && !error.is_timeout());
                let text = format!("{error}{error:?}{error:#?}");
                prop_assert!(!text.contains("c4n4ry") && !text.contains("127.0.0.1"), "what came is printed");
            }
            Ok(())
        })
    });
}

#[test]
fn any_body_is_an_envelope_or_none() {
    let valid = vec![FINE.to_owned(), own("c4n4ry"), r#"{"data":{"a":[1,{"b":null}]},"message":"m"}"#.to_owned()];
    check(&bytes(valid), |bytes| {
        let head = envelope::head(&API.envelope, &bytes);
        let whole = envelope::read::<Json>(&API.envelope, &bytes);
        // What can be decoded is an envelope; one whose data is skipped may still hold a number that is too large.
        prop_assert!(head.is_some() || whole.is_err());
        Ok(())
    });
}

#[test]
fn any_text_is_a_date_or_none() {
    let dates = "(Sunday|Sun)?,? ?([0-9]{1,9}|Nov)?[ -](Nov|[0-9]{1,2})[ -][0-9]{1,6} [0-9]{1,3}:[0-9]{1,3}(:[0-9]{1,4})?( GMT)?";
    check(&prop_oneof!["\\PC{0,40}", dates], |text| {
        let _date = http_date(&text);
        Ok(())
    });
}

#[test]
fn any_url_and_any_key_is_taken_or_refused_and_kept() {
    let urls = prop_oneof![
        "\\PC{0,40}",
        "(https?|ftp)://([a-z0-9:]{0,9}@)?[a-z0-9.\\[\\]:-]{0,20}(:[0-9]{0,7})?[/?#a-z%]{0,9}",
        "http://(127\\.[0-9]{1,4}\\.0\\.1|localhost|\\[::1\\])(:[0-9]{0,6})?/\\PC{0,9}",
    ];
    check(&(urls, "\\PC{0,30}"), |(url, key)| {
        if let Ok(base) = BaseUrl::parse(&url) {
            prop_assert!(base.host_header().is_some() && base.join("/a?b=c").is_some(), "a URL is taken and not used");
        }
        let built = |builder: ClientBuilder| {
            let text = format!("{builder:?}{builder:#?}");
            match builder.build() {
                Ok(client) => format!("{text}{client:?}"),
                Err(error) => format!("{text}{error}{error:?}"),
            }
        };
        let marked = format!("c4n4ry{key}");
        let based = ClientBuilder::new(&API).base_url(&*url).credential(0, marked.as_str().into());
        let proxied = builder("http://localhost").proxy(format!("http://u:c4n4ry@{url}"));
        for text in [built(based), built(proxied)] {
            prop_assert!(!text.contains("c4n4ry") && !text.contains(KEY), "a key is printed");
        }
        let keyed = builder("http://localhost").credential(0, marked.as_str().into()).build();
        let is_unfit = key.contains(|c: char| c.is_whitespace() || c.is_control());
        prop_assert!(!is_unfit || matches!(keyed, Err(ConfigError::InvalidCredential("api_key"))));
        Ok(())
    });
}
