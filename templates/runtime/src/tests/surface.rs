//! Functions that only applications and generated code call: each does what its documentation says.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::server::serve;
use super::{API, CREATE, TestKind, builder, client};
use crate::runtime::api::{KindMatch, KindRule};
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::config::ConfigError;
use crate::runtime::error::problem::RawResponse;
use crate::runtime::receiver::Receiver;
use crate::runtime::response::{Meta, Response, envelope, failure};
use crate::runtime::value::base64::{Base64, Base64Url};
use crate::runtime::value::decimal::Decimal;
use crate::runtime::value::json::Json;
use crate::runtime::value::objects;
use crate::runtime::value::parse::{Unrecognized, UnrecognizedInteger};
use crate::runtime::value::union;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Pet {
    name: String,
}

#[test]
fn values_convert_to_what_they_hold() {
    assert_eq!(Base64::new([1, 2]).into_bytes(), [1, 2]);
    assert_eq!(Base64Url::new([1, 2]).into_bytes(), [1, 2]);
    let json = Json::of(&Pet { name: "Rex".to_owned() }).expect("a pet is JSON");
    assert_eq!(json.decode::<Pet>().expect("it is a pet").name, "Rex");
    assert!(json.decode::<u8>().is_err());
    assert_eq!(json.into_value(), json!({"name": "Rex"}));
    assert_eq!(Unrecognized::new("new").as_str(), "new");
    assert_eq!(UnrecognizedInteger::instead_of_constant(8).get(), 8);
    let integer = UnrecognizedInteger::new(7);
    assert_eq!((integer.get(), format!("{integer:?}").as_str()), (7, "[redacted]"));
}

#[test]
fn decimals_are_computed_exactly() {
    let decimal = |text: &str| text.parse::<Decimal>().expect("it is a decimal");
    assert_eq!(decimal("1.5").checked_sub(decimal("2")), Some(decimal("-0.5")));
    assert_eq!(decimal("1.5").checked_mul(decimal("2")), Some(decimal("3")));
    assert_eq!(decimal("1.5").checked_div(decimal("0")), None);
    assert!(decimal("-0.5").is_negative() && !decimal("-0").is_negative());
    assert!(decimal("0.00").is_zero());
}

#[test]
fn additional_properties_are_read_from_objects_alone() {
    let read = |json: Value| objects::read_map::<Pet, _>(json);
    let pets = read(json!({"a": {"name": "Rex"}})).expect("it is a map of pets");
    assert_eq!(pets, BTreeMap::from([("a".to_owned(), Pet { name: "Rex".to_owned() })]));
    assert!(read(json!({"a": ["Rex"]})).is_err());
}

#[test]
fn a_tag_is_written_in_front_of_its_variant() {
    let pet = Pet { name: "Rex".to_owned() };
    let written = union::write_tagged(serde_json::value::Serializer, "petType", "dog", &pet);
    assert_eq!(written.expect("a pet is JSON"), json!({"petType": "dog", "name": "Rex"}));
}

#[test]
fn a_kind_is_recognized_by_its_code() {
    static RULES: [KindRule; 1] = [KindRule { kind: &TestKind::Other, matches: KindMatch::Code("OTHER") }];
    let said = |code: &str| {
        let body = json!({"success": false, "error": {"message": "no", "code": code}}).to_string();
        let response = RawResponse { status: StatusCode::CONFLICT, headers: HeaderMap::new(), body: Bytes::from(body) };
        let read = envelope::head(&API.envelope, &response.body);
        failure::said(&response, read, RULES.iter()).kind.and_then(KindRule::kind::<TestKind>)
    };
    assert_eq!((said("OTHER"), said("ELSE")), (Some(&TestKind::Other), None));
}

#[test]
fn a_client_and_a_receiver_need_their_variables() {
    let missing = |name: &str| ConfigError::MissingVariable(name.to_owned());
    let client = ClientBuilder::from_variables(&API, "RUNTIME_UNSET").map(drop);
    assert_eq!(client, Err(missing("RUNTIME_UNSET_ENVIRONMENT")));
    assert_eq!(Receiver::from_env().map(drop), Err(missing("STANDIN_WEBHOOK_SECRET")));
    assert_eq!(ConfigError::InvalidTransport.to_string(), "the transport cannot be built");
}

#[test]
fn a_response_keeps_its_metadata_with_other_data() {
    let response = Response::from_parts(7, Meta::new(StatusCode::ACCEPTED, HeaderMap::new(), None));
    let response = response.map(|number| number.to_string());
    assert_eq!((response.meta().status(), response.into_data()), (StatusCode::ACCEPTED, "7".to_owned()));
}

#[tokio::test]
async fn limits_are_set_for_a_client_and_for_a_call() {
    let server = serve(super::server::json("200 OK", "12345678")).await;
    let short = builder(&server.url).max_answer_bytes(4).check(false).build().expect("the configuration is right");
    let error = short.call(&CREATE).json_response::<u32>().await.expect_err("it is too long");
    assert!(error.to_string().contains("longer than the limit"), "{error}");
    let quick = client(&server.url).with_options(|options| options.retry_delay(Duration::ZERO));
    assert_eq!(quick.call(&CREATE).json_response::<u32>().await.expect("it is short enough").into_data(), 12_345_678);
}

#[cfg(feature = "test-util")]
#[test]
fn a_delivery_is_written_with_its_name_and_payload() {
    let body = crate::runtime::webhook::delivery("name", "paid", "data", &7);
    assert_eq!(body, br#"{"name":"paid","data":7}"#);
}

#[cfg(feature = "axum")]
#[test]
fn deliveries_are_a_part_of_an_app() {
    use crate::runtime::receiver::inbox::{Hook, Verdict};
    let hook = Hook::new(|_| async { Verdict::Taken });
    let deliveries = Receiver::new("secret").expect("it is a secret").deliver_to(hook);
    let router: axum::Router = deliveries.into_router("/webhooks");
    assert!(router.has_routes());
}
