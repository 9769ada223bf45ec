//! Two marked trees, node by node: where they differ, and what a difference there is about.
//!
//! A key means something by where it stands: `description` is a word of a schema, the name of a property below
//! `properties`, and part of a value below `default`. [`Keys`] says which of these it is.

use std::collections::{BTreeMap, BTreeSet};

use generator::diagnostic::Pointer;
use generator::parse::{self, Entry, Node, Value, names_entries};

/// Keys whose values are for readers.
const PROSE: &[&str] =
    &["$comment", "contact", "description", "externalDocs", "info", "license", "summary", "termsOfService", "title"];

/// Keys whose values are examples.
const EXAMPLES: &[&str] = &["example", "examples"];

/// Keys whose values are values of the document's own, and lists of its names.
const DATA: &[&str] = &["const", "default", "dependentRequired", "enum", "required", "security", "xml"];

/// Keys of schemas, and one for all of them, that the comparison of values does not look into.
pub const UNREAD: &[&str] = &[
    "additionalItems",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "$dynamicRef",
    "else",
    "if",
    "jsonSchemaDialect",
    "maxContains",
    "minContains",
    "not",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "$schema",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "xml",
];

/// The keys of OpenAPI that the comparison of values looks into.
#[derive(Debug)]
pub struct Known(BTreeSet<&'static str>);

/// So many references are followed in each other, where one document has a component and the other has it in place.
const JUMPS: usize = 4;

/// Of so many items at most the order is looked at.
const LISTED: usize = 200;

/// A node that differs.
#[derive(Debug)]
pub struct Differs {
    /// Where it stands.
    pub pointer: Pointer,
    /// What it is about.
    pub kind: Kind,
    /// The key of OpenAPI that makes it so; empty where none does.
    pub key: String,
    /// Whether the older document has it.
    pub in_old: bool,
    /// Whether the newer document has it.
    pub in_new: bool,
    /// What it refers to in each document, where it is a reference in both.
    pub references: Option<[String; 2]>,
}

/// What a part of a document is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Words for readers.
    Words,
    /// Examples.
    Examples,
    /// What says nothing of a call: extensions of others, and links.
    Foreign,
    /// A key that nobody here knows, or that the comparison of values does not look into.
    Unread,
    /// All that the comparison reads.
    Read,
}

/// What the keys of an object are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Those of OpenAPI.
    OpenApi,
    /// Names of the document's own, of things that have keys of OpenAPI.
    Names,
    /// Names of the document's own, of things with names: a callback has expressions.
    NamesOfNames,
    /// Names of the document's own, and words for each: the scopes of OAuth.
    Texts,
    /// Parts of a value.
    Data,
    /// The names of files beside the document.
    Files,
    /// Those of a file beside the document, which may hold one thing of OpenAPI or many with names.
    File,
}

impl Keys {
    /// What the keys of the items of a list are: `parameters` has names under `components`, and a list elsewhere.
    const fn of_items(self) -> Self {
        if matches!(self, Self::Data) { self } else { Self::OpenApi }
    }
}

impl Known {
    /// Returns those that parse reads, without [`UNREAD`].
    #[must_use]
    pub fn new() -> Self {
        Self(parse::keys().filter(|key| !UNREAD.contains(key)).collect())
    }

    /// What the keys of an object are, where a file does not say: it has some of OpenAPI, or names.
    fn settled(&self, keys: Keys, entries: &[Entry]) -> Keys {
        let is_open_api = || entries.iter().any(|entry| self.0.contains(&*entry.key));
        if keys == Keys::File && is_open_api() { Keys::OpenApi } else { keys }
    }

    fn is_unread(&self, key: &str) -> bool {
        !self.0.contains(key) && !key.starts_with("x-")
    }

    /// What the keys of the object behind a key are.
    fn behind(&self, keys: Keys, key: &str) -> Keys {
        match keys {
            Keys::Data | Keys::Texts => Keys::Data,
            Keys::NamesOfNames => Keys::Names,
            Keys::Names => Keys::OpenApi,
            Keys::Files | Keys::File => Keys::File,
            Keys::OpenApi => match key {
                "callbacks" => Keys::NamesOfNames,
                parse::FILES => Keys::Files,
                "scopes" => Keys::Texts,
                _ if names_entries(key) => Keys::Names,
                _ if DATA.contains(&key) || key.starts_with("x-") => Keys::Data,
                _ if self.is_unread(key) && !UNREAD.contains(&key) => Keys::Data,
                _ => Keys::OpenApi,
            },
        }
    }

    /// What an entry of an object is about, by its key and by what the object is about.
    fn kind(&self, keys: Keys, key: &str, above: Kind) -> Kind {
        if keys != Keys::OpenApi || !matches!(above, Kind::Read | Kind::Unread) {
            return above;
        }
        match key {
            _ if EXAMPLES.contains(&key) => Kind::Examples,
            _ if PROSE.contains(&key) => Kind::Words,
            "links" => Kind::Foreign,
            _ if key.starts_with("x-") && !key.starts_with("x-client-") => Kind::Foreign,
            _ if self.is_unread(key) => Kind::Unread,
            _ => above,
        }
    }

    /// Returns the nodes that differ between two documents.
    #[must_use]
    pub fn differences(&self, old: &Node, new: &Node) -> Vec<Differs> {
        let at = Place { pointer: Pointer::root(), keys: Keys::OpenApi, kind: Kind::Read, key: "" };
        let mut walk = Walk { known: self, roots: Some([old, new]), jumps: 0, differ: Vec::new() };
        walk.nodes(old, new, &at);
        walk.differ
    }

    /// Returns the nodes that differ between two things with keys of OpenAPI, which one document has at `pointer`.
    #[must_use]
    pub fn differences_at(&self, old: &Node, new: &Node, pointer: &Pointer) -> Vec<Differs> {
        let at = Place { pointer: pointer.clone(), keys: Keys::OpenApi, kind: Kind::Read, key: "" };
        let mut walk = Walk { known: self, roots: None, jumps: 0, differ: Vec::new() };
        walk.nodes(old, new, &at);
        walk.differ
    }

    /// Whether two values of an unread key say the same, whatever their words are.
    #[must_use]
    pub fn says_the_same(&self, key: &str, old: &Node, new: &Node) -> bool {
        let at = Place { pointer: Pointer::root(), keys: self.behind(Keys::OpenApi, key), kind: Kind::Unread, key };
        let mut walk = Walk { known: self, roots: None, jumps: 0, differ: Vec::new() };
        walk.nodes(old, new, &at);
        walk.differ.iter().all(|node| !matches!(node.kind, Kind::Unread | Kind::Read))
    }

    /// Returns the objects that have an unread key, by their pointers.
    #[must_use]
    pub fn unread<'n>(&self, root: &'n Node) -> BTreeMap<String, &'n Node> {
        let mut found = BTreeMap::new();
        self.collect(root, &Pointer::root(), Keys::OpenApi, &mut found);
        found
    }

    /// The unread keys of an object, with their values.
    pub fn unread_of<'n>(&self, node: &'n Node) -> impl Iterator<Item = &'n Entry> {
        node.entries().iter().filter(|entry| self.kind(Keys::OpenApi, &entry.key, Kind::Read) == Kind::Unread)
    }

    fn collect<'n>(&self, node: &'n Node, at: &Pointer, keys: Keys, found: &mut BTreeMap<String, &'n Node>) {
        match &node.value {
            Value::Object(entries) => {
                let keys = self.settled(keys, entries);
                if keys == Keys::OpenApi && self.unread_of(node).next().is_some() {
                    found.insert(at.to_string(), node);
                }
                for entry in entries.iter().filter(|entry| has_parts(&entry.value)) {
                    let behind = self.behind(keys, &entry.key);
                    let kind = self.kind(keys, &entry.key, Kind::Read);
                    if behind != Keys::Data && matches!(kind, Kind::Read | Kind::Unread) {
                        self.collect(&entry.value, &at.key(&entry.key), behind, found);
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().filter(|(_, item)| has_parts(item)) {
                    self.collect(item, &at.index(index), keys.of_items(), found);
                }
            }
            _ => {}
        }
    }
}

fn has_parts(node: &Node) -> bool {
    matches!(node.value, Value::Object(_) | Value::Array(_))
}

/// Where a node stands, and what it is about.
struct Place<'k> {
    pointer: Pointer,
    keys: Keys,
    kind: Kind,
    key: &'k str,
}

impl Place<'_> {
    fn differs(&self, in_old: bool, in_new: bool) -> Differs {
        let (pointer, key) = (self.pointer.clone(), self.key.to_owned());
        Differs { pointer, kind: self.kind, key, in_old, in_new, references: None }
    }
}

/// A comparison under way.
struct Walk<'w> {
    known: &'w Known,
    /// Both documents, where references are followed.
    roots: Option<[&'w Node; 2]>,
    /// How many references were followed on the way.
    jumps: usize,
    differ: Vec<Differs>,
}

impl<'w> Walk<'w> {
    /// The place of an entry of an object.
    fn below<'e>(&self, at: &Place<'e>, entry: &'e Entry) -> Place<'e> {
        let kind = self.known.kind(at.keys, &entry.key, at.kind);
        let key = if kind == at.kind { at.key } else { &entry.key };
        Place { pointer: at.pointer.key(&entry.key), keys: self.known.behind(at.keys, &entry.key), kind, key }
    }

    fn nodes<'e>(&mut self, old: &'e Node, new: &'e Node, at: &Place<'e>) {
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
        let at = &Place { pointer: at.pointer.clone(), keys: self.known.settled(at.keys, was), ..*at };
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

/// What tells an item of a list from the others, wherever it stands: what it refers to, or its name and its place.
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

/// The entry with the key of `entry`; most stand at the same place.
fn same_key<'n>(entries: &'n [Entry], entry: &Entry, index: usize) -> Option<&'n Entry> {
    let near = entries.get(index).filter(|other| other.key == entry.key);
    near.or_else(|| entries.iter().find(|other| other.key == entry.key))
}

/// Whether two values are the same, wherever they stand.
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

#[cfg(test)]
mod tests;
