//! What of a document did not reach the client: the operations and schemas of the text beside those of the model.

use std::collections::BTreeSet;

use crate::Places;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::Api;
use crate::parse::{Document, codes};

/// The methods of OpenAPI, and that of 3.2, which has none in the client.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Returns the places, each once and in the order of the document.
pub(crate) fn places(document: &Document, api: &Api, diagnostics: &[Diagnostic], untyped: &[Pointer]) -> Places {
    let mut untyped: Vec<Pointer> = untyped.iter().map(|pointer| document.written(pointer)).collect();
    // What stands at each place of a list, or behind each of several patterns, is carried as any value.
    let lists = diagnostics.iter().filter(|diagnostic| diagnostic.code == codes::NOT_CARRIED);
    let lists = lists.map(|diagnostic| &diagnostic.pointer);
    let keys = ["prefixItems", "items", "patternProperties"];
    untyped.extend(lists.filter(|pointer| pointer.last().is_some_and(|key| keys.contains(&&*key))).cloned());
    let types = diagnostics.iter().filter(|diagnostic| diagnostic.code == codes::UNKNOWN_TYPE);
    untyped.extend(types.filter_map(|diagnostic| without_type(document, &diagnostic.pointer)));
    untyped.sort_by_cached_key(|pointer| (document.start(pointer), pointer.to_string()));
    untyped.dedup();
    Places { left_out_operations: operations(document, api), left_out_schemas: schemas(document), untyped }
}

/// Returns the schema whose unknown type was all that it says of its values.
fn without_type(document: &Document, pointer: &Pointer) -> Option<Pointer> {
    const TELLING: &[&str] =
        &["properties", "items", "enum", "const", "allOf", "oneOf", "anyOf", "additionalProperties"];
    let schema = pointer.parent().filter(|_| pointer.last().is_some_and(|key| key == "type"))?;
    let node = document.root.find(schema)?;
    let is_upload = node.get("type").and_then(crate::parse::Node::as_str) == Some("file");
    (!is_upload && !TELLING.iter().any(|key| node.get(key).is_some())).then(|| schema.clone())
}

fn operations(document: &Document, api: &Api) -> Vec<Pointer> {
    let delivered = api.groups.iter().flat_map(|group| &group.operations);
    let delivered: BTreeSet<String> = delivered.map(|operation| operation.pointer.to_string()).collect();
    let mut left = Vec::new();
    let pointer = Pointer::root().key("paths");
    let paths = document.root.get("paths").map(crate::parse::Node::entries).unwrap_or_default();
    for entry in paths.iter().filter(|entry| !entry.key.starts_with("x-")) {
        let pointer = pointer.key(&entry.key);
        let mut found = false;
        for method in METHODS {
            let operation = pointer.key(method);
            if delivered.contains(&operation.to_string()) {
                found = true;
            } else if document.root.find(&document.written(&operation)).is_some() {
                found = true;
                left.push(operation);
            }
        }
        let is_lost = entry.value.entries().is_empty() && !matches!(entry.value.value, crate::parse::Value::Object(_));
        if !found && (is_lost || entry.value.get("$ref").is_some()) {
            left.push(pointer);
        }
    }
    left
}

fn schemas(document: &Document) -> Vec<Pointer> {
    let read = document.openapi.components.as_ref().map(|components| &components.schemas);
    let pointer = Pointer::root().key("components").key("schemas");
    let Some(written) = document.root.find(&pointer) else { return Vec::new() };
    let lost = written.entries().iter().filter(|entry| read.is_none_or(|read| !read.contains_key(&*entry.key)));
    lost.map(|entry| pointer.key(&entry.key)).collect()
}
