//! An array isn't an object, wherever the runtime decodes.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::server::{json as answered, serve};
use super::{API, CREATE, OPEN, client, plain};
use crate::runtime::error::{Delivery, Error};
use crate::runtime::response::envelope::{head, read};
use crate::runtime::value::decimal::Decimal;
use crate::runtime::value::json::Json;
use crate::runtime::value::nullable::Nullable;
use crate::runtime::value::objects::Objects;
use crate::runtime::value::union::Choice;
use crate::runtime::value::union::variant;
use crate::runtime::webhook::{EventError, event_payload};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Pet {
    name: String,
}

#[derive(Serialize, Deserialize)]
struct Owner {
    pet: Pet,
}

/// Every property may be absent: an empty array would do.
#[derive(Serialize, Deserialize)]
struct Sparse {
    #[serde(default)]
    pet: Nullable<Pet>,
}

#[derive(Serialize, Deserialize)]
struct Newtype(Pet);

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Transparent {
    pets: Vec<Pet>,
}

#[derive(Serialize, Deserialize)]
enum Kind {
    Named { name: String },
    Held(Pet),
    Pair(Pet, u8),
}

#[derive(Serialize, Deserialize)]
struct Open {
    pet: Pet,
    #[serde(flatten)]
    additional: BTreeMap<String, Json>,
}

/// A union whose variants hold it again.
enum Tree {
    Branch(Box<Branch>),
    Other,
}

#[derive(Serialize, Deserialize)]
struct Branch {
    pet: Pet,
    next: Option<Tree>,
}

impl Serialize for Tree {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Branch(branch) => branch.serialize(serializer),
            Self::Other => serializer.serialize_unit(),
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Choice::read(deserializer)?.or(|branch| Self::Branch(Box::new(branch))).finish(|_| Ok(Self::Other))
    }
}

/// Returns what the text and the value say, which has to be the same.
#[track_caller]
fn decoded<T: DeserializeOwned + Serialize>(value: &Value) -> Option<Value> {
    let text = value.to_string();
    let [of_text, of_value] = [serde_json::from_str::<Objects<T>>(&text), Objects::deserialize(value)]
        .map(|read| read.ok().map(|Objects(read)| serde_json::to_value(read).expect("it is JSON")));
    assert_eq!(of_text, of_value, "{text}");
    of_text
}

/// Checks that the value is read, and is not where its pet is an array, which plain serde reads.
#[track_caller]
fn refuses<T: DeserializeOwned + Serialize>(value: impl Fn(Value) -> Value) {
    let (right, wrong) = (value(json!({"name": "Rex"})), value(json!(["Rex"])));
    assert_eq!(decoded::<T>(&right), Some(right.clone()), "{right}");
    assert!(serde_json::from_str::<T>(&wrong.to_string()).is_ok(), "serde reads {wrong}");
    assert_eq!(decoded::<T>(&wrong), None, "{wrong}");
}

#[test]
fn integers_are_numbers_without_a_fraction() {
    type Read = (i64, i32, Vec<i32>, BTreeMap<String, u64>, Option<u32>);
    let read = |text: &str| serde_json::from_str(text).map(|Objects(read): Objects<Read>| read);
    let found = read(r#"[5.0, -0, [1e2, -3.0], {"a": 1.8e19}, 4294967295.0]"#).expect("all are integers");
    let map = BTreeMap::from([("a".to_owned(), 18_000_000_000_000_000_000)]);
    assert_eq!(found, (5, 0, vec![100, -3], map, Some(4_294_967_295)));
    for wrong in ["[5.5, 0, [], {}, 1]", "[0, 3e9, [], {}, 1]", "[1e19, 0, [], {}, 1]", "[0, 0, [], {\"a\": -1.0}, 1]"]
    {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn an_array_is_no_object_at_any_depth() {
    refuses::<Pet>(|pet| pet);
    refuses::<Owner>(|pet| json!({"pet": pet}));
    refuses::<Box<Pet>>(|pet| pet);
    refuses::<Option<Pet>>(|pet| pet);
    refuses::<Nullable<Pet>>(|pet| pet);
    refuses::<Sparse>(|pet| json!({"pet": pet}));
    refuses::<Newtype>(|pet| pet);
    refuses::<Transparent>(|pet| json!([{"name": "Tom"}, pet]));
    refuses::<Vec<Vec<Pet>>>(|pet| json!([[], [pet]]));
    refuses::<BTreeMap<String, Owner>>(|pet| json!({"a": {"pet": pet}}));
    refuses::<(u8, Pet)>(|pet| json!([1, pet]));
    refuses::<Kind>(|pet| json!({"Named": pet}));
    refuses::<Kind>(|pet| json!({"Held": pet}));
    refuses::<Kind>(|pet| json!({"Pair": [pet, 1]}));
    refuses::<Open>(|pet| json!({"pet": pet, "more": [1]}));
    assert!(decoded::<Sparse>(&json!([])).is_none() && decoded::<Sparse>(&json!({})).is_some());
    assert!(decoded::<Vec<Owner>>(&json!([[{"name": "Rex"}]])).is_none());
}

#[test]
fn all_else_is_read_as_ever() {
    #[track_caller]
    fn reads<T: DeserializeOwned + Serialize>(value: &Value) {
        assert_eq!(decoded::<T>(value).as_ref(), Some(value), "{value}");
    }
    reads::<(bool, char, i8, i16, i32, i64)>(&json!([true, "a", -1, -2, -3, -4]));
    reads::<(u8, u16, u32, u64, f32, f64)>(&json!([1, 2, 3, u64::MAX, 0.5, 1.5]));
    reads::<(i128, u128, (), Option<u8>)>(&json!([-1, 1, null, null]));
    reads::<Vec<Decimal>>(&json!([1.25, 3.5]));
    reads::<uuid::Uuid>(&json!("00000000-0000-4000-8000-000000000001"));
    reads::<BTreeMap<u8, Vec<String>>>(&json!({"1": ["a"]}));
    reads::<Json>(&json!({"a": [{"b": null}, [1.5, "c"]]}));
    reads::<[u8; 2]>(&json!([1, 2]));
    assert!(serde_json::from_str::<Objects<IgnoredAny>>(r#"[{"a": [1]}]"#).is_ok());
    let Objects(borrowed) = serde_json::from_str::<Objects<Vec<&str>>>(r#"["a"]"#).expect("it borrows");
    assert_eq!(borrowed, ["a"]);
}

#[test]
fn the_error_holds_no_value_and_has_a_place() {
    let error = serde_json::from_str::<Objects<Owner>>("{\n\"pet\": [\"c4n4ry\"]}").map(|_| ()).expect_err("an array");
    assert!(error.is_data() && error.line() == 2, "{error}");
    assert!(!format!("{error} {error:?}").contains("c4n4ry"));
}

/// One level takes more frames than without the wrappers: serde's own limit has to come first, on
/// the stack of a thread, without optimization.
#[test]
fn deep_answers_end_at_the_limit_of_depth() {
    #[derive(Deserialize)]
    struct Nested {
        next: Option<Vec<Nested>>,
    }
    fn depth(nested: &Nested) -> usize {
        nested.next.as_ref().map_or(0, |next| 1 + next.first().map_or(0, depth))
    }
    let text = |levels: usize| format!("{}{{}}{}", "{\"next\":[".repeat(levels), "]}".repeat(levels));
    let Objects(nested) = serde_json::from_str::<Objects<Nested>>(&text(63)).expect("it is not too deep");
    assert_eq!(depth(&nested), 63);
    assert!(serde_json::from_str::<Objects<Nested>>(&text(10_000)).is_err());
}

#[test]
fn envelopes_and_events_refuse_arrays() {
    for (data, is_pet) in [(r#"{"name": "Rex"}"#, true), (r#"["Rex"]"#, false)] {
        let body = format!(r#"{{"success": true, "data": {data}}}"#);
        assert_eq!(read::<Pet>(&API.envelope, body.as_bytes()).is_ok(), is_pet);
        assert!(head(&API.envelope, body.as_bytes()).is_some_and(|head| head.data.is_some()), "data is skipped");
        let event = event_payload::<Pet>(body.as_bytes(), "data");
        assert_eq!(event.map(|_| ()), if is_pet { Ok(()) } else { Err(EventError::Payload) });
    }
    assert!(read::<Pet>(&API.envelope, br#"{"data": null}"#).expect("it is an envelope").data.is_none());
}

#[test]
fn unions_refuse_arrays_within_their_variants() {
    let pet = json!({"name": "Rex"});
    let leaf = |pet: &Value| json!({"pet": pet, "next": null});
    let tree = |value| json!({"pet": pet, "next": {"pet": value, "next": null}});
    assert_eq!(decoded::<Tree>(&tree(pet.clone())), Some(tree(pet.clone())));
    assert_eq!(decoded::<Tree>(&tree(json!(["Rex"]))), Some(leaf(&pet)), "the inner one fits no variant");
    let tagged = |value: &Value| variant::<Branch, _, serde_json::Error>(value, |_| ()).map_err(|it| it.to_string());
    assert_eq!(tagged(&leaf(&pet)), Ok(()));
    for value in [leaf(&json!(["c4n4ry"])), json!([pet, null])] {
        assert_eq!(decoded::<Tree>(&value), Some(Value::Null), "it fits no variant");
        assert!(!tagged(&value).expect_err("an array").contains("c4n4ry"));
    }
}

#[tokio::test]
async fn answers_refuse_arrays() {
    #[track_caller]
    fn is_unreadable(error: &Error) {
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(error.to_string().contains("another shape than documented"), "{error}");
        assert!(!format!("{error} {error:?}").contains("c4n4ry"));
    }
    let server = serve(answered("200 OK", r#"["c4n4ry"]"#)).await;
    is_unreadable(&plain(&server.url).call(&OPEN).json_response::<Pet>().await.expect_err("an array"));
    is_unreadable(&client(&server.url).call(&CREATE).whole::<Pet>().await.expect_err("an array"));
    let server = serve(answered("200 OK", r#"{"success": true, "data": ["c4n4ry"]}"#)).await;
    is_unreadable(&client(&server.url).call(&CREATE).data::<Pet>().await.expect_err("an array"));
}
