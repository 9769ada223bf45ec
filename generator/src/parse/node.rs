//! The marked tree: the values of a document, each with the bytes that it was read from.
//!
//! `{"type": 1}` is `Object([Entry { key: "type", key_span: 1..7, value: Node { span: 9..10, value: Number("1") } }])`.
//! JSON and YAML give the same tree. It knows no OpenAPI.

use crate::diagnostic::{Pointer, Span};

/// A value with the place that it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The bytes of the value. What an alias stands for keeps the place where it is written out.
    pub span: Span,
    /// What was read.
    pub value: Value,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, or in YAML nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as text that is a JSON number.
    Number(Box<str>),
    /// A string, without quotes and escapes.
    String(Box<str>),
    /// The items of a list, in order.
    Array(Vec<Node>),
    /// The entries of an object, in order, no key twice.
    Object(Vec<Entry>),
}

/// A key of an object, with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key. A number in YAML (`200:`) is a string here.
    pub key: Box<str>,
    /// The bytes of the key, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// Where a pointer leads to.
#[derive(Debug, Clone, Copy)]
pub struct Found<'n> {
    /// The node, or the nearest existing one above it.
    pub node: &'n Node,
    /// The bytes of the key that leads to it; `None` for the root and for items of a list.
    pub key_span: Option<Span>,
    /// Whether `node` is the very node that the pointer names.
    pub exact: bool,
}

impl Node {
    /// Returns the node that `pointer` names.
    #[must_use]
    pub fn find(&self, pointer: &Pointer) -> Option<&Node> {
        let found = self.nearest(pointer);
        found.exact.then_some(found.node)
    }

    /// Returns the node that `pointer` names, or the nearest one above it that exists.
    #[must_use]
    pub fn nearest(&self, pointer: &Pointer) -> Found<'_> {
        let mut found = Found { node: self, key_span: None, exact: true };
        for step in pointer.steps() {
            let next = match &found.node.value {
                Value::Array(items) => {
                    step.parse().ok().and_then(|index: usize| items.get(index)).map(|node| (None, node))
                }
                Value::Object(_) => found.node.entry(&step).map(|entry| (Some(entry.key_span), &entry.value)),
                _ => None,
            };
            let Some((key_span, node)) = next else {
                found.exact = false;
                break;
            };
            found.node = node;
            // An item of a list has no key: the key of the list would mark too much.
            found.key_span = key_span;
        }
        found
    }

    /// Returns the value of `key`, where this is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Returns the entry of `key`, where this is an object that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| *entry.key == *key)
    }

    /// Returns the entries of an object; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Object(entries) => entries,
            _ => &[],
        }
    }

    /// Returns the string, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value without places. A number that no `f64` can hold becomes its text.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => serde_json::Value::Bool(*flag),
            Value::Number(text) => number(text),
            Value::String(text) => serde_json::Value::String(text.to_string()),
            Value::Array(items) => items.iter().map(Node::to_json).collect(),
            Value::Object(entries) => {
                let entries = entries.iter().map(|entry| (entry.key.to_string(), entry.value.to_json()));
                serde_json::Value::Object(entries.collect())
            }
        }
    }

    /// Returns what kind of value this is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        }
    }

    /// Returns how much memory the tree takes, about, in bytes.
    pub(super) fn weight(&self) -> usize {
        let inside = match &self.value {
            Value::Null | Value::Bool(_) => 0,
            Value::Number(text) | Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(Node::weight).sum(),
            Value::Object(entries) => entries
                .iter()
                .map(|entry| entry.key.len() + size_of::<Entry>() - size_of::<Node>() + entry.value.weight())
                .sum(),
        };
        inside + size_of::<Node>()
    }

    /// Returns how many levels of lists and objects there are.
    pub(super) fn depth(&self) -> usize {
        let inside = match &self.value {
            Value::Array(items) => items.iter().map(Node::depth).max(),
            Value::Object(entries) => entries.iter().map(|entry| entry.value.depth()).max(),
            _ => return 0,
        };
        1 + inside.unwrap_or(0)
    }
}

fn number(text: &str) -> serde_json::Value {
    serde_json::from_str::<serde_json::Number>(text)
        .map_or_else(|_| serde_json::Value::String(text.to_owned()), serde_json::Value::Number)
}

#[cfg(test)]
mod tests {
    use super::super::json;
    use super::super::problems::Problems;
    use super::*;

    fn tree(text: &str) -> Node {
        json::read(text, &mut Problems::default()).expect("the text is JSON")
    }

    #[test]
    fn a_pointer_leads_to_the_node_or_to_the_nearest_above() {
        let root = tree(r#"{"a": {"b/c": [1, {"d": 2}]}}"#);
        let list = Pointer::root().key("a").key("b/c");
        let found = root.nearest(&list);
        assert!(found.exact);
        assert_eq!(found.key_span, Some(Span { start: 7, end: 12 }));
        assert_eq!(found.node.span, Span { start: 14, end: 27 });

        let inner = root.nearest(&list.index(1).key("d"));
        assert_eq!(inner.node.span, Span { start: 24, end: 25 });

        let missing = root.nearest(&list.key("x").key("y"));
        assert!(!missing.exact);
        assert_eq!(missing.node.span, found.node.span);
        assert_eq!(root.find(&list.key("x")), None);
        assert!(!root.nearest(&list.index(0).key("z")).exact);
    }

    #[test]
    fn numbers_keep_their_kind() {
        let root = tree("{\"a\": [1, 18446744073709551615, 1.5, 1e400, -0]}");
        let expected = serde_json::json!([1, 18_446_744_073_709_551_615_u64, 1.5, "1e400", -0.0]);
        assert_eq!(root.get("a").map(Node::to_json), Some(expected));
    }

    #[test]
    fn depth_counts_lists_and_objects() {
        assert_eq!(tree("{}").depth(), 1);
        assert_eq!(tree(r#"{"a": [[1], {}]}"#).depth(), 3);
    }
}
