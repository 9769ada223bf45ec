//! Two marked trees, node by node: where they differ, and what a difference there is about.
//!
//! The meaning of a key depends on its place: `description` is a word of a schema, the name of a property below
//! `properties`, and part of a value below `default`. [`Keys`] says which of these it is.

use std::collections::{BTreeMap, BTreeSet};

mod walk;

use walk::{Place, Walk};

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

/// A node that differs.
#[derive(Debug)]
pub struct Differs {
    /// The place of the node.
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
    fn keys_of(&self, keys: Keys, entries: &[Entry]) -> Keys {
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
                let keys = self.keys_of(keys, entries);
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

#[cfg(test)]
mod tests;
