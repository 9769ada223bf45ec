//! Compares two JSON values.
//!
//! Numbers are compared by value, with all their digits: `1` equals `1.0`. Everything else is compared literally, including
//! times, because the client preserves the precision and offset of a time.

use serde_json::{Number, Value};

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
        (Value::Number(one), Value::Number(other)) if is_same_number(one, other) => None,
        _ if one == other => None,
        _ => Some(format!(": {one} became {other}")),
    }
}

fn is_same_number(one: &Number, other: &Number) -> bool {
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

/// Returns the number where it is an integer, however it is written.
fn whole(number: &Number) -> Option<i128> {
    // Beyond 2^96, an `f64` has no digits left that could be lost.
    let of_float = |float: f64| (float.fract() == 0.0 && float.abs() < 2_f64.powi(96)).then(|| format!("{float:.0}"));
    number.as_i128().or_else(|| of_float(number.as_f64()?)?.parse().ok())
}

#[test]
fn difference_is_named_by_its_pointer() {
    let one = serde_json::json!({"a": 2, "b": [1, {"c": "x"}], "d": null});
    assert_eq!(difference(&one, &serde_json::json!({"a": 2.0, "b": [1, {"c": "x"}], "d": null})), None);
    let exact = difference(&serde_json::json!(9_007_199_254_740_993_u64), &serde_json::json!(9_007_199_254_740_992.0));
    assert!(exact.is_some());
    for (other, expected) in [
        (serde_json::json!({"a": 2, "b": [1, {"c": "y"}], "d": null}), "/b/1/c: \"x\" became \"y\""),
        (serde_json::json!({"a": 2, "b": [1, {"c": "x"}]}), "/d is lost"),
        (serde_json::json!({"a": 2, "b": [1, {"c": "x"}], "d": null, "e": 1}), "/e is added"),
    ] {
        assert_eq!(difference(&one, &other).as_deref(), Some(expected));
    }
}
