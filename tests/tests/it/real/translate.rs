//! A document of OpenAPI 3.0 or 3.1 as one of JSON Schema 2020-12, by which values are checked.
//!
//! ```text
//! {type: string, nullable: true}            {type: [string, "null"]}
//! {minimum: 0, exclusiveMinimum: true}      {exclusiveMinimum: 0}
//! {$ref: "#/…", description: …}             {$ref: "#/…"}
//! ```
//!
//! Paths stay as they are, so that a pointer means the same in both.

use serde_json::{Map, Value, json};

/// Keys whose members are named by the document, so that no member is a keyword.
const NAMED: &[&str] = &[
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "headers",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "webhooks",
];

/// Keys whose values are data and no schemas.
const DATA: &[&str] = &["const", "default", "enum", "example", "examples", "mapping", "required", "value"];

/// Returns the document with its schemas in the words of JSON Schema 2020-12.
pub fn translate(document: &Value, way: Way) -> Value {
    let is_30 = document["openapi"].as_str().is_some_and(|version| version.starts_with("3.0"));
    object_or_list(document, Rules { is_30, way }, false)
}

/// Which way the values travel that are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Either: every keyword counts.
    Any,
    /// In requests, which need not hold what is `readOnly`.
    Request,
}

/// What is written in another way.
#[derive(Debug, Clone, Copy)]
struct Rules {
    is_30: bool,
    way: Way,
}

fn object_or_list(node: &Value, rules: Rules, is_named: bool) -> Value {
    match node {
        Value::Object(members) => {
            let written = members.iter().map(|(key, value)| {
                let value = if !is_named && DATA.contains(&key.as_str()) {
                    value.clone()
                } else {
                    object_or_list(value, rules, !is_named && NAMED.contains(&key.as_str()))
                };
                (key.clone(), value)
            });
            let mut written: Map<String, Value> = written.collect();
            if rules.way == Way::Request && !is_named {
                relax(&mut written);
            }
            Value::Object(if rules.is_30 && !is_named { keywords(written) } else { written })
        }
        Value::Array(items) => items.iter().map(|item| object_or_list(item, rules, false)).collect(),
        other => other.clone(),
    }
}

/// Takes what only answers hold out of what is required (OpenAPI 3.0.3, Schema Object, `readOnly`).
fn relax(members: &mut Map<String, Value>) {
    let Some(properties) = members.get("properties").and_then(Value::as_object) else { return };
    let read_only = properties.iter().filter(|(_, property)| property["readOnly"] == true);
    let names: Vec<Value> = read_only.map(|(name, _)| json!(name)).collect();
    if let Some(required) = members.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !names.contains(name));
    }
}

/// Writes the keywords of 3.0 that JSON Schema has in another form.
fn keywords(mut members: Map<String, Value>) -> Map<String, Value> {
    if let Some(reference) = members.get("$ref").filter(|reference| reference.is_string()) {
        // OpenAPI 3.0.3, Reference Object: what stands beside a reference shall be ignored.
        return Map::from_iter([("$ref".to_owned(), reference.clone())]);
    }
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        match members.get(exclusive) {
            Some(Value::Bool(true)) => {
                members.remove(exclusive);
                if let Some(value) = members.remove(bound) {
                    members.insert(exclusive.to_owned(), value);
                }
            }
            Some(Value::Bool(false)) => {
                members.remove(exclusive);
            }
            _ => {}
        }
    }
    if members.remove("nullable") == Some(Value::Bool(true)) {
        return Map::from_iter([("anyOf".to_owned(), json!([Value::Object(members), {"type": "null"}]))]);
    }
    members
}

#[test]
fn schemas_of_3_0_become_json_schema() {
    let document = json!({"openapi": "3.0.3", "components": {"schemas": {
        "nullable": {"properties": {"example": {"type": "integer", "minimum": 0, "exclusiveMinimum": true}}},
        "Name": {"type": "string", "nullable": true, "example": {"nullable": true}},
        "Other": {"$ref": "#/components/schemas/Name", "description": "ignored"},
    }}});
    let expected = json!({"openapi": "3.0.3", "components": {"schemas": {
        "nullable": {"properties": {"example": {"type": "integer", "exclusiveMinimum": 0}}},
        "Name": {"anyOf": [{"type": "string", "example": {"nullable": true}}, {"type": "null"}]},
        "Other": {"$ref": "#/components/schemas/Name"},
    }}});
    assert_eq!(translate(&document, Way::Any), expected);
}

#[test]
fn requests_need_not_hold_what_is_read_only() {
    let schema = json!({"required": ["id", "name"], "properties": {"id": {"readOnly": true}, "name": {}}});
    let document = json!({"openapi": "3.1.0", "components": {"schemas": {"Pet": schema}}});
    assert_eq!(translate(&document, Way::Any), document);
    let required = &translate(&document, Way::Request)["components"]["schemas"]["Pet"]["required"];
    assert_eq!(*required, json!(["name"]));
}
