//! The specification, read as plain JSON and without the generator.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Map, Value};

/// Returns the document.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/novamed.yaml");
        let text = std::fs::read_to_string(path).expect("the specification is there");
        serde_yaml::from_str(&text).expect("the specification is YAML")
    })
}

/// Returns a node, or the one that it refers to.
pub fn resolve(node: &'static Value) -> &'static Value {
    match node.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let pointer = reference.strip_prefix('#').expect("the reference stays in the document");
            resolve(document().pointer(pointer).expect("the reference has a target"))
        }
        None => node,
    }
}

/// Returns the members of the object at `key`, if it exists.
fn members(node: &'static Value, key: &str) -> impl Iterator<Item = (&'static String, &'static Value)> + use<> {
    node.get(key).and_then(Value::as_object).map(Map::iter).into_iter().flatten()
}

/// An operation of the API.
pub struct Operation {
    pub id: &'static str,
    pub node: &'static Value,
}

/// An example body in the document.
#[derive(Clone, Copy)]
pub struct Example {
    /// Its name in the document.
    pub name: &'static str,
    /// The component that describes it.
    pub schema: &'static str,
    pub value: &'static Value,
}

/// Returns the operations under `node`, which maps templates of paths to path items.
fn operations_in(node: &'static Value) -> Vec<Operation> {
    let items = node.as_object().expect("there are paths").values();
    let operations = items.flat_map(|item| item.as_object().expect("a path item").values());
    operations.filter_map(|node| Some(Operation { id: node.get("operationId")?.as_str()?, node })).collect()
}

/// Returns the operations that a client calls.
pub fn operations() -> Vec<Operation> {
    operations_in(&document()["paths"])
}

/// Returns the operation with this id.
pub fn operation(id: &str) -> Operation {
    operations().into_iter().find(|operation| operation.id == id).expect("the document has the operation")
}

/// Returns the operations of the callbacks: the deliveries of events.
pub fn callbacks() -> Vec<Operation> {
    operations()
        .iter()
        .flat_map(|operation| members(operation.node, "callbacks"))
        .flat_map(|(_, node)| operations_in(node))
        .collect()
}

/// Returns the JSON examples of a request body or of a response.
fn examples_of(body: &'static Value) -> Vec<Example> {
    let Some(media) = body.pointer("/content/application~1json") else { return Vec::new() };
    let reference = media["schema"]["$ref"].as_str().expect("each body is a named component");
    let schema = reference.rsplit('/').next().expect("a reference has a name");
    members(media, "examples").map(|(name, node)| Example { name, schema, value: &node["value"] }).collect()
}

impl Operation {
    /// Returns the examples of the request body, if there is one.
    pub fn requests(&self) -> Vec<Example> {
        self.node.get("requestBody").map(|body| examples_of(resolve(body))).unwrap_or_default()
    }

    /// Returns the example with this name.
    pub fn request(&self, name: &str) -> Example {
        self.requests().into_iter().find(|example| example.name == name).expect("the document has the example")
    }

    /// Returns the documented statuses and the examples of each.
    pub fn responses(&self) -> BTreeMap<&'static str, Vec<Example>> {
        members(self.node, "responses").map(|(status, node)| (status.as_str(), examples_of(resolve(node)))).collect()
    }
}

/// Returns the pointers at which two values differ. `2` equals `2.0`, as in JSON.
pub fn differences(one: &Value, other: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    compare(one, other, "", &mut pointers);
    pointers
}

fn compare(one: &Value, other: &Value, pointer: &str, pointers: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(ones), Value::Object(others)) => {
            for (key, one) in ones {
                let pointer = format!("{pointer}/{key}");
                match others.get(key) {
                    Some(other) => compare(one, other, &pointer, pointers),
                    None => pointers.push(format!("{pointer} (in the first alone)")),
                }
            }
            let added = others.keys().filter(|key| !ones.contains_key(*key));
            pointers.extend(added.map(|key| format!("{pointer}/{key} (in the second alone)")));
        }
        (Value::Array(ones), Value::Array(others)) if ones.len() == others.len() => {
            for (index, (one, other)) in ones.iter().zip(others).enumerate() {
                compare(one, other, &format!("{pointer}/{index}"), pointers);
            }
        }
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        _ if one == other => {}
        _ => pointers.push(format!("{pointer:?}")),
    }
}

#[test]
fn differences_are_found_and_named_without_values() {
    let one = serde_json::json!({"a": 2, "b": [1, {"c": "x"}], "d": null, "e": [1]});
    let other = serde_json::json!({"a": 2.0, "b": [1, {"c": "y"}], "f": null, "e": [1, 2]});
    let found = differences(&one, &other);
    assert_eq!(found, ["\"/b/1/c\"", "/d (in the first alone)", "\"/e\"", "/f (in the second alone)"]);
    assert_eq!(differences(&one, &one), [""; 0]);
}
