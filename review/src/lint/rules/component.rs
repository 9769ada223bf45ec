//! Rules about named parts of a document.

use std::collections::{BTreeMap, BTreeSet};

use super::View;
use crate::lint::codes;
use generator::diagnostic::{Diagnostic, Pointer};
use generator::parse::{Node, Value};

/// Reports the places that fell back to any JSON, unless a stage has said why already.
pub fn untyped(places: Vec<Pointer>, reported: &[Diagnostic]) -> Vec<Diagnostic> {
    let reported: BTreeSet<String> = reported
        .iter()
        .flat_map(|diagnostic| [Some(&diagnostic.pointer), diagnostic.pointer.parent()])
        .flatten()
        .map(ToString::to_string)
        .collect();
    let unsaid = places.into_iter().filter(|pointer| !reported.contains(&pointer.to_string()));
    let diagnostics = unsaid.map(|pointer| {
        codes::UNTYPED_VALUE
            .at(&pointer, "this is any JSON in the client, although its schema says more")
            .at_key()
            .help("say it with an object, an enum, or a `oneOf` of named schemas")
    });
    diagnostics.collect()
}

/// A component: the kind and the name.
type Key = (String, String);

pub fn unused_component(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let root = &view.document.root;
    let (mut uses, mut open) = (BTreeMap::new(), Vec::new());
    for entry in root.entries() {
        if &*entry.key == "components" {
            for kind in entry.value.entries() {
                for component in kind.value.entries() {
                    uses.insert((kind.key.to_string(), component.key.to_string()), targets(&component.value));
                }
            }
        } else {
            open.extend(targets(&entry.value));
        }
    }
    open.extend(schemes(view));
    let heirs = heirs(&uses, root);
    let mut reached: BTreeSet<Key> = BTreeSet::new();
    while let Some(key) = open.pop() {
        if !reached.contains(&key) {
            open.extend(uses.get(&key).into_iter().flatten().cloned());
            open.extend(heirs.get(&key).into_iter().flatten().cloned());
            reached.insert(key);
        }
    }
    let components = Pointer::root().key("components");
    for (kind, name) in uses.keys().filter(|key| !reached.contains(key) && !key.0.starts_with("x-")) {
        found.push(
            codes::UNUSED_COMPONENT
                .at(&components.key(kind).key(name), format!("nothing uses `{name}`, and it does not reach the client"))
                .at_key()
                .help("remove it, or refer to it"),
        );
    }
}

/// Returns the components that a part of the document refers to, by `$ref` or by the mapping of a discriminator.
fn targets(part: &Node) -> Vec<Key> {
    let (mut found, mut open) = (Vec::new(), vec![part]);
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Array(items) => open.extend(items),
            Value::Object(entries) => {
                for entry in entries {
                    match (&*entry.key, entry.value.as_str()) {
                        ("$ref", Some(reference)) => found.extend(component(reference)),
                        ("mapping", None) => {
                            open.push(&entry.value);
                            let values = entry.value.entries().iter().filter_map(|entry| entry.value.as_str());
                            found.extend(values.filter_map(|name| {
                                component(name).or_else(|| Some(("schemas".to_owned(), name.to_owned())))
                            }));
                        }
                        _ => open.push(&entry.value),
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// Returns the component that a reference leads to, or into.
fn component(reference: &str) -> Option<Key> {
    let pointer = Pointer::from_reference(reference)?;
    let steps = pointer.steps();
    let [first, kind, name, ..] = steps.as_slice() else { return None };
    (first == "components").then(|| (kind.to_string(), name.to_string()))
}

/// Returns the security schemes that are required anywhere.
fn schemes(view: &View<'_>) -> Vec<Key> {
    let own = view.calls.iter().chain(&view.deliveries).filter_map(|site| site.object.security.as_ref());
    let required = view.document.openapi.security.iter().chain(own).flatten();
    required
        .flat_map(|alternative| alternative.keys())
        .map(|name| ("securitySchemes".to_owned(), name.clone()))
        .collect()
}

/// Returns the schemas that build on one with a discriminator by `allOf`: who uses that one may get any of them.
fn heirs(uses: &BTreeMap<Key, Vec<Key>>, root: &Node) -> BTreeMap<Key, Vec<Key>> {
    let schemas = root.get("components").and_then(|components| components.get("schemas"));
    let schema = |key: &Key| if key.0 == "schemas" { schemas?.get(&key.1) } else { None };
    let mut heirs: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
    for key in uses.keys() {
        for base in schema(key).and_then(|schema| schema.get("allOf")).map(targets).unwrap_or_default() {
            if schema(&base).is_some_and(|base| base.get("discriminator").is_some()) {
                heirs.entry(base).or_default().push(key.clone());
            }
        }
    }
    heirs
}
