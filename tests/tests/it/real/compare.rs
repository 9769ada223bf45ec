//! Compares two JSON values.
//!
//! Numbers are compared as numbers: `1` equals `1.0`. Everything else is compared literally, including times, because the
//! client preserves the precision and offset of a time.

use serde_json::Value;

/// Returns the first pointer at which the values differ, or `None` if they are equal.
pub fn difference(one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(ones), Value::Object(others)) => {
            let mut keys = ones.keys().chain(others.keys().filter(|key| !ones.contains_key(*key)));
            keys.find_map(|key| match (ones.get(key), others.get(key)) {
                (Some(one), Some(other)) => difference(one, other).map(|rest| format!("/{key}{rest}")),
                (Some(_), None) => Some(format!("/{key} is lost")),
                _ => Some(format!("/{key} is added")),
            })
        }
        (Value::Array(ones), Value::Array(others)) if ones.len() == others.len() => {
            let mut pairs = ones.iter().zip(others).enumerate();
            pairs.find_map(|(index, (one, other))| difference(one, other).map(|rest| format!("/{index}{rest}")))
        }
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => None,
        _ if one == other => None,
        _ => Some(format!(": {one} became {other}")),
    }
}

#[test]
fn difference_is_named_by_its_pointer() {
    let one = serde_json::json!({"a": 2, "b": [1, {"c": "x"}], "d": null});
    assert_eq!(difference(&one, &serde_json::json!({"a": 2.0, "b": [1, {"c": "x"}], "d": null})), None);
    for (other, expected) in [
        (serde_json::json!({"a": 2, "b": [1, {"c": "y"}], "d": null}), "/b/1/c: \"x\" became \"y\""),
        (serde_json::json!({"a": 2, "b": [1, {"c": "x"}]}), "/d is lost"),
        (serde_json::json!({"a": 2, "b": [1, {"c": "x"}], "d": null, "e": 1}), "/e is added"),
    ] {
        assert_eq!(difference(&one, &other).as_deref(), Some(expected));
    }
}
