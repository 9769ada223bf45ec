//! What of a value its schema names.
//!
//! A schema without `additionalProperties` allows properties that it does not name, and a type has no field for them: a
//! client reads over what it does not know. Where a schema says `additionalProperties`, nothing is taken out.

use std::collections::BTreeSet;

use serde_json::Value;

use super::document::{Document, escaped};

/// Returns the value without the properties that its schema does not name, whose names go into `unnamed`.
pub fn named(document: &Document, schema: &str, value: &Value, unnamed: &mut BTreeSet<String>) -> Value {
    project(document, &[schema.to_owned()], value, unnamed)
}

fn project(document: &Document, schemas: &[String], value: &Value, unnamed: &mut BTreeSet<String>) -> Value {
    let mut parts = BTreeSet::new();
    for schema in schemas {
        add_parts(document, schema, &mut parts);
    }
    let has =
        |part: &String, step: &str| document.root.pointer(&format!("{part}/{step}")).is_some_and(|node| *node != false);
    let below = |step: &str| -> Vec<String> {
        parts.iter().filter(|part| has(part, step)).map(|part| format!("{part}/{step}")).collect()
    };
    match value {
        Value::Object(members) => {
            let is_closed = !below("properties").is_empty() && below("additionalProperties").is_empty();
            let mut kept = serde_json::Map::new();
            for (name, value) in members {
                let schemas = below(&format!("properties/{}", escaped(name)));
                if !schemas.is_empty() {
                    kept.insert(name.clone(), project(document, &schemas, value, unnamed));
                } else if is_closed {
                    unnamed.insert(name.clone());
                } else {
                    kept.insert(name.clone(), value.clone());
                }
            }
            Value::Object(kept)
        }
        Value::Array(items) => {
            let schemas = below("items");
            items.iter().map(|item| project(document, &schemas, item, unnamed)).collect()
        }
        other => other.clone(),
    }
}

/// Adds the pointers of a schema and of the schemas that it is composed of.
fn add_parts(document: &Document, schema: &str, parts: &mut BTreeSet<String>) {
    let Some(schema) = document.resolve(schema) else { return };
    if !parts.insert(schema.clone()) {
        return;
    }
    for composition in ["allOf", "anyOf", "oneOf"] {
        let list = format!("{schema}/{composition}");
        let count = document.root.pointer(&list).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..count {
            add_parts(document, &format!("{list}/{index}"), parts);
        }
    }
}
