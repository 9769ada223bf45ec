//! Two trees, walked together.

use std::collections::BTreeSet;

use super::{Differs, Keys, Kind, Known};
use generator::diagnostic::Pointer;
use generator::parse::{Entry, Node, Value};

/// The number of references that are followed in a row, if one document has a component and the other has it inline.
const JUMPS: usize = 4;

/// In longer lists, items are compared by index only.
const LISTED: usize = 200;

/// The place of a node, and what it is about.
pub(super) struct Place<'k> {
    pub pointer: Pointer,
    pub keys: Keys,
    pub kind: Kind,
    pub key: &'k str,
}

impl Place<'_> {
    fn differs(&self, in_old: bool, in_new: bool) -> Differs {
        let (pointer, key) = (self.pointer.clone(), self.key.to_owned());
        Differs { pointer, kind: self.kind, key, in_old, in_new, references: None }
    }
}

/// A comparison under way.
pub(super) struct Walk<'w> {
    pub known: &'w Known,
    /// Both documents, where references are followed.
    pub roots: Option<[&'w Node; 2]>,
    /// How many references were followed on the way.
    pub jumps: usize,
    pub differ: Vec<Differs>,
}

impl<'w> Walk<'w> {
    /// The place of an entry of an object.
    fn below<'e>(&self, at: &Place<'e>, entry: &'e Entry) -> Place<'e> {
        let kind = self.known.kind(at.keys, &entry.key, at.kind);
        let key = if kind == at.kind { at.key } else { &entry.key };
        Place { pointer: at.pointer.key(&entry.key), keys: self.known.behind(at.keys, &entry.key), kind, key }
    }

    pub fn nodes<'e>(&mut self, old: &'e Node, new: &'e Node, at: &Place<'e>) {
        match (&old.value, &new.value) {
            (Value::Object(_), Value::Object(_)) if self.moved(old, new, at) => {}
            (Value::Object(was), Value::Object(is)) => self.entries(was, is, at),
            (Value::Array(was), Value::Array(is)) => self.items(was, is, at),
            (was, is) if is_same(was, is) => {}
            (Value::String(was), Value::String(is)) if at.pointer.last().is_some_and(|key| key == "$ref") => {
                let references = Some([was.to_string(), is.to_string()]);
                self.differ.push(Differs { references, ..at.differs(true, true) });
            }
            _ => self.differ.push(at.differs(true, true)),
        }
    }

    /// Compares what one document says in place with the component by which the other says it. Returns whether it did.
    fn moved(&mut self, old: &Node, new: &Node, at: &Place<'_>) -> bool {
        let reference =
            |node: &Node| (at.keys == Keys::OpenApi).then(|| node.get("$ref")?.as_str().map(str::to_owned))?;
        let Some(roots) = self.roots.filter(|_| self.jumps < JUMPS) else { return false };
        let behind = |root: &'w Node, reference: &str| root.find(&Pointer::from_reference(reference)?);
        let (old, new) = match (reference(old), reference(new)) {
            (Some(was), None) => (behind(roots[0], &was), Some(new)),
            (None, Some(is)) => (Some(old), behind(roots[1], &is)),
            _ => return false,
        };
        let Some((old, new)) = old.zip(new) else { return false };
        self.differ.push(at.differs(true, true));
        self.jumps += 1;
        self.nodes(old, new, at);
        self.jumps -= 1;
        true
    }

    fn entries<'e>(&mut self, was: &'e [Entry], is: &'e [Entry], at: &Place<'e>) {
        let at = &Place { pointer: at.pointer.clone(), keys: self.known.keys_of(at.keys, was), ..*at };
        for (index, entry) in was.iter().enumerate() {
            match same_key(is, entry, index) {
                Some(other) if is_alike(&entry.value, &other.value) => {}
                Some(other) => {
                    let mut below = self.below(at, entry);
                    // The name of a scope travels; what is said of it does not.
                    if at.keys == Keys::Texts {
                        below.kind = Kind::Words;
                    }
                    self.nodes(&entry.value, &other.value, &below);
                }
                None => self.differ.push(self.below(at, entry).differs(true, false)),
            }
        }
        for (index, entry) in is.iter().enumerate() {
            if same_key(was, entry, index).is_none() {
                self.differ.push(self.below(at, entry).differs(false, true));
            }
        }
    }

    fn items<'e>(&mut self, was: &'e [Node], is: &'e [Node], at: &Place<'e>) {
        // What was put in or taken out moves the items behind it, which did not change.
        let head = was.iter().zip(is).take_while(|(one, other)| is_alike(one, other)).count();
        let behind = was[head..].iter().rev().zip(is[head..].iter().rev());
        let tail = behind.take_while(|(one, other)| is_alike(one, other)).count();
        let (was, is) = (&was[head..was.len() - tail], &is[head..is.len() - tail]);
        if was.len() != is.len() {
            self.differ.push(at.differs(true, true));
            return;
        }
        let order = order(was, is);
        if order.iter().enumerate().any(|(index, place)| index != *place) {
            self.differ.push(at.differs(true, true));
        }
        for (new, index) in is.iter().zip(order) {
            let item = Place { pointer: at.pointer.index(head + index), keys: at.keys.of_items(), ..*at };
            self.nodes(&was[index], new, &item);
        }
    }
}

/// Returns what identifies an item of a list at any position: its reference, or its name and its `in`.
fn identity(node: &Node) -> Option<[&str; 2]> {
    let text = |key: &str| node.get(key).and_then(Node::as_str);
    text("$ref").map(|reference| ["", reference]).or_else(|| Some([text("in").unwrap_or_default(), text("name")?]))
}

/// For each item of a list, which item of the older list it was. What has no counterpart is what stood at its place.
fn order(was: &[Node], is: &[Node]) -> Vec<usize> {
    // Each is looked for among all: long lists are values, whose order says something.
    if is.len() > LISTED {
        return (0..is.len()).collect();
    }
    let is_same = |old: &Node, new: &Node| {
        is_alike(old, new) || identity(new).is_some_and(|identity| self::identity(old) == Some(identity))
    };
    let mut left: BTreeSet<usize> = (0..was.len()).collect();
    let found: Vec<Option<usize>> = is
        .iter()
        .map(|new| {
            let index = left.iter().copied().find(|index| is_same(&was[*index], new))?;
            left.remove(&index).then_some(index)
        })
        .collect();
    found.into_iter().map(|index| index.or_else(|| left.pop_first()).unwrap_or_default()).collect()
}

/// Returns the entry with the key of `entry`, which is usually at the same index.
fn same_key<'n>(entries: &'n [Entry], entry: &Entry, index: usize) -> Option<&'n Entry> {
    let near = entries.get(index).filter(|other| other.key == entry.key);
    near.or_else(|| entries.iter().find(|other| other.key == entry.key))
}

/// Returns whether two values are the same, ignoring their positions in the text.
fn is_alike(old: &Node, new: &Node) -> bool {
    match (&old.value, &new.value) {
        (Value::Array(was), Value::Array(is)) => {
            was.len() == is.len() && was.iter().zip(is).all(|(one, other)| is_alike(one, other))
        }
        (Value::Object(was), Value::Object(is)) => {
            let same = |(one, other): (&Entry, &Entry)| one.key == other.key && is_alike(&one.value, &other.value);
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
