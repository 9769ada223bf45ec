//! Creates values that match a schema, from the schema alone.
//!
//! A scalar is the schema's own example if that matches, and otherwise the first of a few candidates that does. An object
//! has its required properties, or all of them. Of several alternatives, the first match is used. If none of this works,
//! the result is `None`.

use serde_json::{Map, Value, json};

use super::document::{Document, escaped};
use super::pattern;

/// The maximum depth of a value: optional parts at a greater depth are left out.
const DEPTH: usize = 7;

/// The maximum depth if all optional parts are left out.
const DEPTH_OF_REQUIRED: usize = 16;

/// Strings for schemas with more than a type; the first match is used.
const TEXTS: &[&str] = &[
    "text",
    "5f0c6a3e-8a3b-4b1d-9a55-0d2f6e1c7b90",
    "2026-01-15",
    "2026-01-31T12:00:00Z",
    "12:00:00Z",
    "person@example.org",
    "https://example.org/path",
    "example.org",
    "192.0.2.1",
    "2001:db8::1",
    "dGV4dA==",
    "1",
    "12",
    "1234",
    "12345678",
    "10.00",
    "1.0.0",
    "a",
    "A",
    "ab",
    "US",
    "USD",
    "en",
    "en-US",
    "P1D",
    "*",
    "/text",
    "text1234",
    "0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
];

/// Which properties an object gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The required properties.
    Least,
    /// All properties that a request has.
    Most,
}

/// Returns a value that matches the schema at `pointer` in a request, if one is found. If a value with all properties
/// doesn't match, one with only the required properties may, and vice versa.
pub fn make(document: &Document, pointer: &str, extent: Extent) -> Option<Value> {
    let made = |extent| {
        let depth = if extent == Extent::Least { DEPTH_OF_REQUIRED } else { DEPTH };
        let made = Maker { document, extent }.value(pointer, &[], depth);
        made.filter(|value| document.in_requests.is_valid(pointer, value))
    };
    let other = if extent == Extent::Least { Extent::Most } else { Extent::Least };
    let example = || Maker { document, extent }.example(&document.resolve(pointer)?);
    made(extent).or_else(|| made(other)).or_else(example)
}

struct Maker<'a> {
    document: &'a Document,
    extent: Extent,
}

impl Maker<'_> {
    /// Creates a value of the schema. `required` are properties that an enclosing schema requires.
    fn value(&self, pointer: &str, required: &[Value], depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        let pointer = self.document.resolve(pointer)?;
        let node = self.document.root.pointer(&pointer)?;
        if let Some(value) = node.get("const") {
            return Some(value.clone());
        }
        if let Some(values) = node.get("enum").and_then(Value::as_array) {
            return values.iter().find(|value| !value.is_null()).cloned();
        }
        for alternatives in ["oneOf", "anyOf"] {
            if let Some(branches) = node.get(alternatives).and_then(Value::as_array) {
                let mut made = (0..branches.len()).filter_map(|index| {
                    let branch = format!("{pointer}/{alternatives}/{index}");
                    let value = self.tagged(node, &branch, self.value(&branch, required, depth)?);
                    Some(merged(value, self.plain(&pointer, node, required, depth)))
                });
                return made.find(|value| self.document.in_requests.is_valid(&pointer, value));
            }
        }
        self.plain(&pointer, node, required, depth).or_else(|| self.example(&pointer))
    }

    /// The schema's own example, if it matches.
    fn example(&self, pointer: &str) -> Option<Value> {
        let examples = self.document.schema_examples(pointer);
        let mut values = examples.iter().filter_map(|example| self.document.root.pointer(example));
        values.find(|value| self.document.in_requests.is_valid(pointer, value)).cloned()
    }

    /// Adds the discriminator's property to the value of a branch.
    fn tagged(&self, node: &Value, branch: &str, mut value: Value) -> Value {
        let Some(property) = node.pointer("/discriminator/propertyName").and_then(Value::as_str) else { return value };
        let Some(reference) = self.document.root.pointer(branch).and_then(|branch| branch["$ref"].as_str()) else {
            return value;
        };
        let mapping = node.pointer("/discriminator/mapping").and_then(Value::as_object).into_iter().flatten();
        let mapped = mapping.filter(|(_, target)| *target == reference).map(|(tag, _)| tag.as_str()).next();
        let tag = mapped.or_else(|| reference.rsplit('/').next());
        if let (Some(members), Some(tag)) = (value.as_object_mut(), tag) {
            members.insert(property.to_owned(), json!(tag));
        }
        value
    }

    /// The value without alternatives: of the parts of `allOf`, and of the schema's own keywords.
    fn plain(&self, pointer: &str, node: &Value, required: &[Value], depth: usize) -> Option<Value> {
        let own = node["required"].as_array().into_iter().flatten();
        let required: &[Value] = &required.iter().chain(own).cloned().collect::<Vec<_>>();
        let parts = node.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        let mut value = None;
        for index in 0..parts {
            let part = self.value(&format!("{pointer}/allOf/{index}"), required, depth)?;
            value = Some(value.map_or_else(|| part.clone(), |value| merged(value, Some(part.clone()))));
        }
        let is_empty = !["type", "properties", "items"].iter().any(|key| node.get(key).is_some());
        if is_empty && (value.is_some() || node.get("oneOf").is_some() || node.get("anyOf").is_some()) {
            return value;
        }
        let own = self.own(pointer, node, required, depth)?;
        Some(value.map_or_else(|| own.clone(), |value| merged(value, Some(own.clone()))))
    }

    fn own(&self, pointer: &str, node: &Value, required: &[Value], depth: usize) -> Option<Value> {
        let list = || node["type"].as_array()?.iter().filter_map(Value::as_str).find(|ty| *ty != "null");
        let ty = node["type"].as_str().or_else(list);
        match ty {
            Some("object") => self.object(pointer, node, required, depth),
            None if node.get("properties").is_some() || node["additionalProperties"].is_object() => {
                self.object(pointer, node, required, depth)
            }
            Some("array") => self.array(pointer, node, depth),
            None if node.get("items").is_some() => self.array(pointer, node, depth),
            Some("boolean") => Some(json!(true)),
            Some("integer" | "number") => self.example(pointer).or_else(|| self.number(pointer, node)),
            Some("null") => Some(Value::Null),
            _ => self.example(pointer).or_else(|| self.text(pointer, node)),
        }
    }

    fn object(&self, pointer: &str, node: &Value, required: &[Value], depth: usize) -> Option<Value> {
        let mut members = Map::new();
        let is_required = |name: &str| required.iter().any(|required| required == name);
        for (name, property) in node["properties"].as_object().into_iter().flatten() {
            let at = format!("{pointer}/properties/{}", escaped(name));
            let is_read_only = property["readOnly"] == true || self.document.node(&at)["readOnly"] == true;
            if is_read_only || (self.extent == Extent::Least && !is_required(name)) {
                continue;
            }
            match self.value(&at, &[], depth).filter(|value| self.document.in_requests.is_valid(&at, value)) {
                Some(value) => {
                    members.insert(name.clone(), value);
                }
                None if is_required(name) => return None,
                None => {}
            }
        }
        let is_wanted = self.extent == Extent::Most || node.get("minProperties").is_some();
        if is_wanted && node["additionalProperties"].is_object() {
            members.extend(
                self.value(&format!("{pointer}/additionalProperties"), &[], depth)
                    .map(|value| ("key".to_owned(), value)),
            );
        }
        Some(Value::Object(members))
    }

    fn array(&self, pointer: &str, node: &Value, depth: usize) -> Option<Value> {
        let count = node["minItems"].as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(1).max(1);
        let item = if node.get("items").is_some() {
            self.value(&format!("{pointer}/items"), &[], depth)?
        } else {
            json!("text")
        };
        Some(Value::Array(vec![item; count]))
    }

    fn number(&self, pointer: &str, node: &Value) -> Option<Value> {
        let bounds = ["minimum", "maximum", "multipleOf"].iter().filter_map(|bound| node.get(*bound)).cloned();
        let candidates = [json!(1)].into_iter().chain(bounds).chain([json!(0), json!(10), json!(100)]);
        self.first(pointer, candidates)
    }

    fn text(&self, pointer: &str, node: &Value) -> Option<Value> {
        let length = |key: &str| node[key].as_u64().and_then(|length| usize::try_from(length).ok());
        let long = length("minLength").map(|length| json!("text".repeat(length.div_ceil(4))));
        let short = length("maxLength").map(|length| json!("text".chars().take(length).collect::<String>()));
        let candidates = TEXTS.iter().map(|text| json!(text));
        let pattern = node["pattern"].as_str().and_then(pattern::text).map(Value::String);
        self.first(pointer, candidates.chain(long).chain(short).chain(pattern))
    }

    fn first(&self, pointer: &str, mut candidates: impl Iterator<Item = Value>) -> Option<Value> {
        candidates.find(|value| self.document.in_requests.is_valid(pointer, value))
    }
}

/// Merges two objects. If they aren't objects, returns the second.
fn merged(value: Value, other: Option<Value>) -> Value {
    match (value, other) {
        (Value::Object(mut members), Some(Value::Object(others))) => {
            for (name, other) in others {
                let value = members.remove(&name);
                members.insert(name, value.map_or_else(|| other.clone(), |value| merged(value, Some(other.clone()))));
            }
            Value::Object(members)
        }
        (value, None) | (value @ Value::Object(_), Some(_)) => value,
        (_, Some(other)) => other,
    }
}
