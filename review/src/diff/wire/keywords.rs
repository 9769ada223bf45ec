//! Keywords that parse leaves out of its schemas, and those that nobody knows: what they do is not looked into, so that
//! a change of one is taken for the worst that it can be.

use std::collections::BTreeMap;

use super::super::finding::{Class, Finding};
use super::merged::MergedSchema;
use super::{Walk, Way};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::Node;

/// Keywords that can only take values away from those that the schema allows without them.
const ASSERTIONS: &[&str] = &[
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// What the keywords that count the other keywords begin with.
const UNEVALUATED: &str = "unevaluated";

/// An unread keyword of a value: its value in each schema that applies, and the place of the first one.
struct Said<'a> {
    nodes: Vec<&'a Node>,
    pointer: Pointer,
}

impl<'a> Walk<'a> {
    /// Compares the unread keywords of two values.
    pub(super) fn keywords(&mut self, old: &MergedSchema<'_>, new: &MergedSchema<'_>, subject: &str, way: Way) {
        if self.unread.iter().all(BTreeMap::is_empty) {
            return;
        }
        let was = self.said(self.old, &self.unread[0], old);
        let is = self.said(self.new, &self.unread[1], new);
        // `unevaluatedProperties: false` takes what another keyword looked at, so that one more of these may allow more.
        let counts = |key: &str| key.starts_with(UNEVALUATED);
        let is_beside = was.keys().chain(is.keys()).any(|key| counts(key));
        let is_assertion = |key: &str| ASSERTIONS.contains(&key) && (!is_beside || counts(key));
        for (key, before) in &was {
            let Some(after) = is.get(key) else {
                if says_otherwise(key, &before.nodes, new) {
                    self.equivalent.push(before.pointer.clone());
                } else {
                    let class = if is_assertion(key) { way.widened() } else { Class::Breaking };
                    self.keyword((key, class, "is gone"), [&before.pointer, &new.pointer], subject, way);
                }
                continue;
            };
            let is_same = before.nodes.len() == after.nodes.len()
                && before.nodes.iter().zip(&after.nodes).all(|(one, other)| self.keys.says_the_same(key, one, other));
            if !is_same {
                let words = "is another one";
                self.keyword((key, Class::Breaking, words), [&before.pointer, &after.pointer], subject, way);
            }
        }
        for (key, after) in is.iter().filter(|(key, _)| !was.contains_key(*key)) {
            if says_otherwise(key, &after.nodes, old) {
                self.equivalent.push(after.pointer.clone());
            } else {
                let class = if is_assertion(key) { way.narrowed() } else { Class::Breaking };
                self.keyword((key, class, "is new"), [&old.pointer, &after.pointer], subject, way);
            }
        }
    }

    fn keyword(
        &mut self,
        (key, class, words): (&str, Class, &str),
        [old, new]: [&Pointer; 2],
        subject: &str,
        way: Way,
    ) {
        let message = format!("`{subject}`: `{key}` {words}, and what it does to values is not looked into");
        let finding = Finding::new(super::KEYWORD, class, way.side(), subject, message);
        self.add(finding.detail(key).old(old).new_at(new));
    }

    fn said(
        &self,
        reading: &'a Reading<'a>,
        unread: &BTreeMap<String, &'a Node>,
        view: &MergedSchema<'_>,
    ) -> BTreeMap<&'a str, Said<'a>> {
        let mut all: BTreeMap<&str, Said<'a>> = BTreeMap::new();
        for part in view.layers() {
            let Some(node) = unread.get(&reading.written(&part.schema.pointer).to_string()) else { continue };
            for entry in self.keys.unread_of(node) {
                let pointer = part.schema.pointer.key(&entry.key);
                let of_key = || Said { nodes: Vec::new(), pointer };
                all.entry(&entry.key).or_insert_with(of_key).nodes.push(&entry.value);
            }
        }
        all
    }
}

/// Whether the other state says by `format`, as 3.0 does, what this one says by a keyword of 3.1.
fn says_otherwise(key: &str, nodes: &[&Node], other: &MergedSchema<'_>) -> bool {
    let format = other.format();
    match (key, format.as_deref()) {
        ("contentEncoding", Some("byte")) => nodes.iter().all(|node| node.as_str() == Some("base64")),
        ("contentMediaType", Some("binary" | "byte")) => true,
        _ => false,
    }
}
