//! What changed in the text and is no other finding: words, examples, and whatever else nobody looked at.
//!
//! The marked trees of both documents are compared node by node, so that no change of a document stays unsaid.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Class, Finding, Side};
use crate::diagnostic::Pointer;
use crate::parse::{Node, Value, names_entries};
use crate::review::reading::Reading;

/// Keys whose values are for readers.
const PROSE: &[&str] = &[
    "$comment",
    "contact",
    "description",
    "externalDocs",
    "info",
    "license",
    "summary",
    "tags",
    "termsOfService",
    "title",
];

/// Keys whose values are examples.
const EXAMPLES: &[&str] = &["example", "examples"];

/// A node that differs.
struct Differs {
    pointer: Pointer,
    kind: What,
    in_old: bool,
    in_new: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Words,
    Examples,
    Foreign,
    Other,
}

/// Reports what changed beside the findings that there are.
#[must_use]
pub fn compare(old: &Reading<'_>, new: &Reading<'_>, findings: &[Finding]) -> Vec<Finding> {
    let mut differ = Vec::new();
    nodes(&old.document.root, &new.document.root, &Pointer::root(), false, What::Other, &mut differ);
    let mut covered: BTreeSet<String> = BTreeSet::new();
    for finding in findings {
        // Both where it is used and where it is written: a response may stand behind a reference.
        for (reading, pointer) in [(old, &finding.old), (new, &finding.new)] {
            covered.extend(pointer.iter().flat_map(|pointer| [unit(pointer), unit(&reading.written(pointer))]));
        }
    }
    let mut found: BTreeMap<(String, What), Finding> = BTreeMap::new();
    for node in differ {
        let unit = unit(&node.pointer);
        // A whole path that is gone is told by its operations.
        let inside =
            || covered.range(format!("{unit}/")..).next().is_some_and(|other| other.starts_with(&format!("{unit}/")));
        if node.kind == What::Other && (covered.contains(&unit) || inside()) {
            continue;
        }
        let name = name(&unit);
        let (code, words) = match node.kind {
            What::Words => ("words-changed", format!("the words of `{name}` changed")),
            What::Examples => ("examples-changed", format!("the examples of `{name}` changed")),
            What::Foreign => {
                ("foreign-extension", format!("an extension of `{name}` that this tool does not know changed"))
            }
            What::Other => ("other-change", format!("`{name}` changed in a way that no caller notices")),
        };
        let finding = Finding::new(code, Class::Documentation, Side::Request, &name, words);
        let finding = Finding {
            old: node.in_old.then(|| node.pointer.clone()),
            new: node.in_new.then(|| node.pointer.clone()),
            ..finding
        };
        found.entry((unit, node.kind)).or_insert(finding);
    }
    found.into_values().collect()
}

/// The part of the document that a pointer is in: a component, an operation, or what stands at the top.
fn unit(pointer: &Pointer) -> String {
    let steps = pointer.steps();
    let depth = match steps.first().map(AsRef::as_ref) {
        Some("components" | "paths") => 3,
        Some("webhooks") => 2,
        _ => 1,
    };
    steps.iter().take(depth).fold(Pointer::root(), |at, step| at.key(step)).to_string()
}

/// What to call a part.
fn name(unit: &str) -> String {
    let pointer = Pointer::from_reference(&format!("#{unit}")).unwrap_or_default();
    match pointer.steps().as_slice() {
        [first, path, method] if first == "paths" => format!("{} {path}", method.to_uppercase()),
        [] => "the document".to_owned(),
        steps => steps.last().map(ToString::to_string).unwrap_or_default(),
    }
}

fn nodes(old: &Node, new: &Node, at: &Pointer, is_name: bool, kind: What, differ: &mut Vec<Differs>) {
    let mut add = |pointer: Pointer, kind, in_old, in_new| differ.push(Differs { pointer, kind, in_old, in_new });
    match (&old.value, &new.value) {
        (Value::Object(was), Value::Object(is)) => {
            for entry in was {
                let kind = kind_of(&entry.key, is_name, kind);
                let pointer = at.key(&entry.key);
                match is.iter().find(|other| other.key == entry.key) {
                    Some(other) => {
                        let is_map = !is_name && names_entries(&entry.key);
                        nodes(&entry.value, &other.value, &pointer, is_map, kind, differ);
                    }
                    None => differ.push(Differs { pointer, kind, in_old: true, in_new: false }),
                }
            }
            for entry in is.iter().filter(|entry| !was.iter().any(|other| other.key == entry.key)) {
                let kind = kind_of(&entry.key, is_name, kind);
                differ.push(Differs { pointer: at.key(&entry.key), kind, in_old: false, in_new: true });
            }
        }
        (Value::Array(was), Value::Array(is)) => {
            // What was put in or taken out moves the items behind it, which did not change.
            let pairs = || was.iter().zip(is);
            let head = pairs().take_while(|(one, other)| is_alike(one, other)).count();
            let behind = was[head..].iter().rev().zip(is[head..].iter().rev());
            let tail = behind.take_while(|(one, other)| is_alike(one, other)).count();
            let (was, is) = (&was[head..was.len() - tail], &is[head..is.len() - tail]);
            if was.len() != is.len() {
                differ.push(Differs { pointer: at.clone(), kind, in_old: true, in_new: true });
                return;
            }
            for (index, (old, new)) in was.iter().zip(is).enumerate() {
                nodes(old, new, &at.index(head + index), false, kind, differ);
            }
        }
        (was, is) if is_same(was, is) => {}
        _ => add(at.clone(), kind, true, true),
    }
}

/// Whether two values are the same, wherever they stand.
fn is_alike(old: &Node, new: &Node) -> bool {
    match (&old.value, &new.value) {
        (Value::Array(was), Value::Array(is)) => {
            was.len() == is.len() && was.iter().zip(is).all(|(one, other)| is_alike(one, other))
        }
        (Value::Object(was), Value::Object(is)) => {
            let same = |(one, other): (&crate::parse::Entry, &crate::parse::Entry)| {
                one.key == other.key && is_alike(&one.value, &other.value)
            };
            was.len() == is.len() && was.iter().zip(is).all(same)
        }
        (was, is) => is_same(was, is),
    }
}

/// Values without parts.
fn is_same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Number(one), Value::Number(other)) | (Value::String(one), Value::String(other)) => one == other,
        _ => false,
    }
}

fn kind_of(key: &str, is_name: bool, above: What) -> What {
    if above != What::Other || is_name {
        return above;
    }
    match key {
        key if EXAMPLES.contains(&key) => What::Examples,
        key if PROSE.contains(&key) => What::Words,
        key if key.starts_with("x-") && !key.starts_with("x-client-") => What::Foreign,
        _ => What::Other,
    }
}
