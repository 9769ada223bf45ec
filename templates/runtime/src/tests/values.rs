//! The types that generated types are made of.

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::runtime::value::base64::{Base64, Base64Url};
use crate::runtime::value::builder::Optional;
use crate::runtime::value::builder::{Set, required};
use crate::runtime::value::date::Date;
use crate::runtime::value::date_time::DateTime;
use crate::runtime::value::decimal::Decimal;
use crate::runtime::value::json::Json;
use crate::runtime::value::nullable::Nullable;
use crate::runtime::value::parse::{Unknown, Unrecognized};
use crate::runtime::value::union::{Choice, boolean_tag, integer_tag, tag, variant};
use crate::runtime::webhook::{EventError, event_name, event_payload};

#[track_caller]
fn round_trips<T: Serialize + DeserializeOwned>(json: &str) {
    let value: T = serde_json::from_str(json).expect("it decodes");
    assert_eq!(serde_json::to_string(&value).expect("it encodes"), json);
}

#[test]
fn a_null_is_json_that_an_optional_property_keeps() {
    #[derive(Serialize, Deserialize)]
    struct Pet {
        #[serde(
            default,
            deserialize_with = "crate::runtime::value::json::read_optional",
            skip_serializing_if = "Option::is_none"
        )]
        metadata: Option<Json>,
    }
    for json in ["{}", r#"{"metadata":null}"#, r#"{"metadata":{"a":[null]}}"#] {
        round_trips::<Pet>(json);
    }
}

#[test]
fn dates() {
    let date = Date::new(1985, 3, 15).expect("there is such a day");
    assert_eq!((date.to_string(), "1985-03-15".parse()), ("1985-03-15".into(), Ok(date)));
    assert_eq!((date.year(), date.month(), date.day()), (1985, 3, 15));
    round_trips::<Date>("\"0001-12-31\"");
    assert!(Date::new(2024, 2, 29).is_ok() && Date::new(2000, 2, 29).is_ok());
    for (year, month, day) in
        [(2023, 2, 29), (1900, 2, 29), (1, 0, 1), (1, 13, 1), (1, 1, 0), (1, 4, 31), (-1, 1, 1), (10_000, 1, 1)]
    {
        assert!(Date::new(year, month, day).is_err());
    }
    for text in ["", "1985-3-15", "1985-03-15T", "85-03-15", "+985-03-15", "1985-03-1ü", "1985/03/15"] {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
    let error = serde_json::from_str::<Date>("\"c4n4ry\"").expect_err("no date").to_string();
    assert!(error.starts_with("not a valid date"), "{error}");
}

#[test]
fn dates_with_times_keep_their_text() {
    for text in [
        "2025-07-13T18:30:00.000Z",
        "2025-07-13T18:30:00+05:30",
        "2025-07-13t18:30:00.123456789012z",
        "1969-12-31 23:59:59.5-00:00",
        "2016-12-31T23:59:60Z",
    ] {
        round_trips::<DateTime>(&format!("\"{text}\""));
    }
    let seconds = |text: &str| {
        let time: DateTime = text.parse().expect("it is RFC 3339");
        time.to_system_time().expect("the clock reaches it").duration_since(UNIX_EPOCH).expect("after 1970")
    };
    assert_eq!(seconds("2025-07-13T18:30:00.25+05:30"), Duration::from_millis(1_752_411_600_250));
    assert_eq!(seconds("1970-01-01T00:00:00Z"), Duration::ZERO);
    for text in [
        "",
        "2025-07-13",
        "2025-07-13T18:30:00",
        "2025-02-30T18:30:00Z",
        "2025-07-13T24:30:00Z",
        "2025-07-13T18:30:00.Z",
        "2025-07-13T18:30:00+5:30",
        "2025-07-13T18:30:00Zx",
        "2025-07-13T18:30:00+24:00",
        "ü025-07-13T18:30:00Z",
    ] {
        assert!(text.parse::<DateTime>().is_err(), "{text}");
    }
    for moment in
        [UNIX_EPOCH + Duration::new(951_782_400, 5_000), UNIX_EPOCH - Duration::from_millis(1_500), UNIX_EPOCH]
    {
        let time = DateTime::from_system_time(moment).expect("its year has four digits");
        assert_eq!(time.as_str().parse::<DateTime>().expect("it reads").to_system_time(), Some(moment));
    }
    let time = DateTime::from_system_time(UNIX_EPOCH - Duration::from_millis(1_500)).expect("1969");
    assert_eq!(time.to_string(), "1969-12-31T23:59:58.5Z");
    assert!(DateTime::from_system_time(UNIX_EPOCH + Duration::from_secs(400_000_000_000)).is_err());
    let (earlier, later): (DateTime, DateTime) =
        ("2025-01-01T00:30:00+01:00".parse().expect("ok"), "2025-01-01T00:00:00Z".parse().expect("ok"));
    assert!(earlier < later);
}

#[test]
fn decimals_are_exact() {
    let read = |json: &str| serde_json::from_str::<Decimal>(json).expect("a decimal");
    for (json, text) in [
        ("12.30", "12.3"),
        ("\"12.30\"", "12.30"),
        ("0.1", "0.1"),
        ("5", "5"),
        ("-7", "-7"),
        ("18446744073709551615", "18446744073709551615"),
        ("1e3", "1000"),
        ("1.5e-7", "0.00000015"),
        ("\"1e3\"", "1000"),
    ] {
        assert_eq!(read(json).to_string(), text, "{json}");
    }
    for json in ["12.3", "5", "-0.07", "18446744073709551615", "1234567.89"] {
        round_trips::<Decimal>(json);
    }
    assert_eq!(serde_json::to_string(&read("\"5.00\"")).expect("it encodes"), "5");
    assert_eq!(read("\"1.50\""), read("1.5"));
    let sum = read("0.1").checked_add(read("0.2"));
    assert_eq!(sum, "0.3".parse().ok());
    assert_eq!(Decimal::new(1230, 2).expect("two places").to_string(), "12.30");
    assert!(Decimal::new(1, 29).is_err() && Decimal::from(1).checked_div(Decimal::ZERO).is_none());
    for nonsense in ["true", "\"x\"", "1e300", "\"\"", "\"0.00000000000000000000000000001\""] {
        assert!(serde_json::from_str::<Decimal>(nonsense).is_err(), "{nonsense}");
    }
    // More digits than a JSON number's reader keeps: refused rather than rounded.
    let long: Decimal = "1234567890123456.789".parse().expect("a decimal");
    assert!(serde_json::to_string(&long).is_err());
}

#[test]
fn bytes_are_base64() {
    round_trips::<Base64>("\"AQID\"");
    assert_eq!(serde_json::from_str::<Base64>("\"AQI\"").expect("padding is optional").as_bytes(), [1, 2]);
    let error = serde_json::from_str::<Base64>("\"c4n4ry!\"").expect_err("no base64").to_string();
    assert!(error.starts_with("not base64 text"), "{error}");
    // RFC 4648, 5: `-` and `_` in place of `+` and `/`.
    let url = serde_json::from_str::<Base64Url>("\"-_8\"").expect("it is base64url");
    assert_eq!(url.as_bytes(), [0xfb, 0xff]);
    round_trips::<Base64Url>("\"-_8\"");
    assert_eq!(
        serde_json::from_str::<Base64Url>("\"-_8=\"").expect("padding is optional"),
        Base64Url::new([0xfb, 0xff])
    );
    serde_json::from_str::<Base64Url>("\"+/8\"").expect_err("another alphabet");
}

#[derive(Serialize, Deserialize, Default)]
struct Holder {
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    name: Nullable<String>,
}

#[test]
fn absent_null_and_present_are_three() {
    for json in ["{}", r#"{"name":null}"#, r#"{"name":"x"}"#] {
        round_trips::<Holder>(json);
    }
    let present: Nullable<String> = String::from("x").into();
    assert_eq!((present.as_deref(), present.get().is_some()), (Some("x"), true));
    assert!(Nullable::<u8>::from(None).is_absent() && Nullable::<u8>::Null.is_null());
    assert_eq!(Nullable::from(Some(1)).into_option(), Some(1));
}

#[test]
fn optional_setters_take_a_value_or_an_option() {
    fn provided<T: crate::runtime::value::builder::Provided>() {}
    fn text(value: impl Into<Optional<String>>) -> Option<String> {
        value.into().0
    }
    assert_eq!(text("a"), text(Some("a")));
    assert_eq!(text(String::from("a")), text(Some(String::from("a"))));
    assert_eq!(text(None::<String>), None);
    provided::<Set>();
    assert_eq!(required(Some(1)), 1);
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Reason {
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Wide {
    reason: String,
    extra: f64,
}

#[derive(Debug, PartialEq)]
enum Details {
    Reason(Reason),
    Wide(Wide),
    Many(Vec<u8>),
    Other(Json),
}

fn choose(value: Value) -> Details {
    Choice::read(value)
        .and_then(|choice| {
            choice
                .or(Details::Reason)
                .or(Details::Wide)
                .or(Details::Many)
                .finish(|value| Ok::<_, serde_json::Error>(Details::Other(Json::from(value))))
        })
        .expect("anything is taken")
}

#[test]
fn a_union_takes_the_variant_that_loses_nothing() {
    let wide = json!({"reason": "r", "extra": 2});
    assert!(matches!(choose(wide), Details::Wide(_)));
    assert!(matches!(choose(json!({"reason": "r"})), Details::Reason(_)));
    assert!(matches!(choose(json!({"reason": "r", "new": 1})), Details::Reason(_)));
    assert!(matches!(choose(json!([1, 2])), Details::Many(_)));
    assert!(matches!(choose(json!(null)), Details::Other(_)));
    assert_eq!(tag(&json!({"kind": "a"}), "kind"), Some("a"));
    assert_eq!(tag(&json!([]), "kind"), None);
    assert_eq!(integer_tag(&json!({"kind": 2}), "kind"), Some(2));
    assert_eq!(boolean_tag(&json!({"kind": true}), "kind"), Some(true));
    let tagged: Result<Details, serde_json::Error> = variant(&json!(["c4n4ry"]), Details::Many);
    assert!(!tagged.expect_err("no number").to_string().contains("c4n4ry"));
}

/// An alternative that is told from the others by a constant.
#[derive(Debug, Serialize, Deserialize)]
struct Zip {
    kind: Kind,
    path: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Jar {
    kind: Constant,
    path: String,
    color: Option<Kind>,
}

/// An open enum with the values `zip` and `zip64`.
#[derive(Debug)]
struct Kind(Result<&'static str, Unrecognized>);

/// An open enum with the value `jar` alone.
#[derive(Debug)]
struct Constant(Result<&'static str, Unrecognized>);

macro_rules! open_enum {
    ($name:ident, $make:ident: $($value:literal)|*) => {
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.as_ref().map_or_else(|unknown| unknown.as_str(), |known| *known))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Ok(Self(match text.as_str() {
                    $($value => Ok($value),)*
                    _ => Err(Unrecognized::$make(text)),
                }))
            }
        }
    };
}

open_enum!(Kind, new: "zip" | "zip64");
open_enum!(Constant, instead_of_constant: "jar");

#[derive(Debug)]
enum Source {
    Zip,
    Jar,
    Many(usize),
    Float(f32),
    Double(f64),
    Whole(i64),
    Unrecognized(Json),
}

fn source(value: Value) -> Source {
    Choice::read(value)
        .expect("JSON is read")
        .or(|_: Jar| Source::Jar)
        .or(|_: Zip| Source::Zip)
        .or(|many: Vec<Kind>| Source::Many(many.len()))
        .or(Source::Float)
        .or(Source::Double)
        .or(Source::Whole)
        .finish(|value| Ok::<_, serde_json::Error>(Source::Unrecognized(Json::unrecognized(value))))
        .expect("anything is taken")
}

#[test]
fn a_union_takes_the_variant_that_recognizes_the_value() {
    assert!(matches!(source(json!({"kind": "zip", "path": "p"})), Source::Zip));
    assert!(matches!(source(json!({"kind": "jar", "path": "p"})), Source::Jar));
    assert!(matches!(source(json!({"kind": "jar", "path": "p", "new": [1, 2]})), Source::Jar));
    assert!(matches!(source(json!({"kind": "zip", "path": "p", "new": [1, 2]})), Source::Zip));
    // An enum of several values keeps a new one. A constant has no other value.
    assert!(matches!(source(json!({"kind": "7z", "path": "p"})), Source::Zip));
    assert!(matches!(source(json!({"kind": "jar", "path": "p", "color": "red"})), Source::Jar));
    assert!(matches!(source(json!(["zip", "7z"])), Source::Many(2)));
    let unknown = json!({"kind": "zip"});
    assert!(matches!(source(unknown.clone()), Source::Unrecognized(kept) if *kept.get() == unknown));
}

#[derive(Debug, Serialize, Deserialize)]
struct Done {
    #[serde(deserialize_with = "crate::runtime::value::union::read_true")]
    ok: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Failed {
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::runtime::value::union::read_false"
    )]
    ok: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<i64>,
}

/// Returns which variant is chosen.
fn outcome(value: Value) -> &'static str {
    Choice::read(value)
        .expect("JSON is read")
        .or(|_: Done| "done")
        .or(|_: Failed| "failed")
        .or_any(|_: BTreeMap<String, Value>| "map")
        .finish(|_| Ok::<_, serde_json::Error>("none"))
        .expect("anything is taken")
}

#[test]
fn a_boolean_constant_excludes_a_variant() {
    assert_eq!(outcome(json!({"ok": true})), "done");
    assert_eq!(outcome(json!({"ok": false})), "failed");
    assert_eq!(outcome(json!({"ok": true, "code": 7})), "done");
}

#[test]
fn a_map_has_no_say_against_a_variant_that_knows_a_property() {
    assert_eq!(outcome(json!({"code": 7, "new": [1, 2, 3]})), "failed");
    assert_eq!(outcome(json!({"new": 1})), "map");
}

#[test]
fn numbers_keep_their_digits_in_a_union() {
    assert!(matches!(source(json!(0.1)), Source::Float(number) if number.to_string() == "0.1"));
    assert!(matches!(source(json!(0.123_456_789)), Source::Double(number) if number.to_string() == "0.123456789"));
    assert!(matches!(source(json!(9_007_199_254_740_993_i64)), Source::Whole(9_007_199_254_740_993)));
    assert!(matches!(source(json!(2)), Source::Float(_)));
}

#[test]
fn a_union_inside_of_another_counts_what_it_chose() {
    let before = Unknown::counted();
    source(json!({"kind": "zip", "path": "p"}));
    assert_eq!(Unknown::counted(), before);
    source(json!({"kind": "7z", "path": "p"}));
    assert_eq!(Unknown::counted().values, before.values + 1);
    source(json!({}));
    assert_eq!(Unknown::counted().values, before.values + 2);
    assert_eq!(Unknown::counted().constants, before.constants);
}

#[test]
fn events_are_read_by_their_name() {
    let body = br#"{"event_data": {"id": [1, 2]}, "event_name": "a:b", "more": {}}"#;
    assert_eq!(event_name(body, "event_name").as_deref(), Ok("a:b"));
    let payload: std::collections::BTreeMap<String, Vec<u8>> = event_payload(body, "event_data").expect("it decodes");
    assert_eq!(payload["id"], [1, 2]);
    assert_eq!(event_payload::<u8>(body, "event_data"), Err(EventError::Payload));
    assert_eq!(event_payload::<u8>(body, "other"), Err(EventError::Payload));
    assert_eq!(event_name(body, "more"), Err(EventError::NoName));
    assert_eq!(event_name(b"{}", "event_name"), Err(EventError::NoName));
    assert_eq!(event_name(b"[]", "event_name"), Err(EventError::NotJson));
    assert_eq!(event_name(b"", "event_name"), Err(EventError::NotJson));
}
