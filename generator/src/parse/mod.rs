//! Text to `openapiv3` types, with the place of every node, and nothing lost on the way.
//!
//! ```yaml
//! openapi: 3.1.0
//! info: {title: Pets, version: "1"}
//! components:
//!   schemas:
//!     Name: {type: [string, "null"], lenght: 3}
//! ```
//! becomes an [`openapiv3::OpenAPI`] in which `Name` is a nullable `string`, and one warning:
//! `lenght` is not a key of a schema.
//!
//! 1. A reader for JSON or YAML makes the marked tree ([`Node`]): values with their places, no key twice.
//! 2. A converter per object of OpenAPI takes its keys one by one and reports every key that it did not take. What is
//!    malformed costs the smallest part that can be left out, never the document.
//! 3. What only 3.1 writes is written as 3.0 on the way, by construct and not by the version that the document says.
//!    Every schema becomes `SchemaKind::Any`, so that `lower` reads one shape.
//!
//! Of extensions only those that begin with `x-client-` are kept; one that is unknown or misplaced is an error. Left out
//! without a word, because no client needs them: foreign extensions, `xml`, `$schema`, `$id`, `$comment`, `$anchor`,
//! `contentSchema`, all but the first of a schema's `examples`, `jsonSchemaDialect`, the `identifier` of a licence, the
//! `explode` of a header.
//!
//! This stage knows no Rust: it does not interpret what it reads, and resolves references only where `openapiv3` has no
//! room for them (path items, and callbacks of an operation).

use std::collections::BTreeMap;

use indexmap::IndexMap;
use openapiv3::{OpenAPI, PathItem, ReferenceOr};

use crate::Source;
use crate::diagnostic::{Diagnostic, Pointer};

use self::problems::Problems;
use self::reader::Reader;

mod body;
pub mod codes;
mod components;
mod distant;
mod document;
mod entries;
mod files;
mod info;
mod json;
mod link;
mod naming;
mod node;
mod object;
mod offsets;
mod operation;
mod parameter;
mod path_item;
mod problems;
mod reader;
mod response;
mod scalar;
mod schema;
mod security;
mod server;
mod shape;
#[cfg(test)]
mod tests;
mod trail;
mod yaml;

pub use self::codes::CODES;
pub use self::distant::Distant;
pub use self::files::{KEY as FILES, MAX_BYTES, MAX_FILES, elsewhere, load, of_file, written};
pub use self::naming::names_entries;
pub use self::node::{Entry, Found, Node, Value};
pub use self::shape::{keys, nearest};

/// So many levels of lists and objects are read; a converter recurses once per level.
const MAX_DEPTH: usize = 128;

/// Path items by the names of events (OpenAPI 3.1).
pub type Webhooks = IndexMap<String, ReferenceOr<PathItem>>;

/// A document that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The document, written as OpenAPI 3.0.
    pub openapi: OpenAPI,
    /// What OpenAPI 3.1 has and `openapiv3` has not.
    pub webhooks: Webhooks,
    /// Schemas that are referred to and are no components.
    pub distant: Distant,
    /// The marked tree, which turns a pointer into a place.
    pub root: Node,
    /// Lists of which items were left out, by their pointers: where each item that is there was written.
    left: BTreeMap<String, Vec<usize>>,
}

impl Document {
    /// Returns the pointer by which the text has what `pointer` names in the document that was read from it: items that
    /// were left out count again, and what stood behind a reference is found there.
    #[must_use]
    pub fn written(&self, pointer: &Pointer) -> Pointer {
        let (mut node, mut at) = (&self.root, Pointer::root());
        let mut jumps = 0;
        let steps = pointer.steps();
        for (depth, step) in steps.iter().enumerate() {
            // What stands behind a reference was put in place of it.
            while node.entry(step).is_none()
                && jumps < MAX_DEPTH
                && let Some(target) = node.get("$ref").and_then(Node::as_str).and_then(Pointer::from_reference)
                && let Some(found) = self.root.find(&target)
            {
                (node, at) = (found, target);
                jumps += 1;
            }
            let next = match &node.value {
                Value::Array(items) => {
                    let written = |index: usize| self.left.get(&at.to_string())?.get(index).copied();
                    let index = step.parse().ok().map(|index| written(index).unwrap_or(index));
                    index.and_then(|index| Some((at.index(index), items.get(index)?)))
                }
                _ => node.get(step).map(|found| (at.key(step), found)),
            };
            let Some(next) = next else { return steps[depth..].iter().fold(at, |at, step| at.key(step)) };
            (at, node) = next;
        }
        at
    }

    /// Returns the byte at which what `pointer` names starts.
    #[must_use]
    pub fn start(&self, pointer: &Pointer) -> usize {
        self.root.nearest(&self.written(pointer)).node.span.start
    }

    /// Gives a problem of lowering the pointers by which the text has its places.
    pub fn settle(&self, diagnostic: &mut Diagnostic) {
        diagnostic.pointer = self.written(&diagnostic.pointer);
        for label in &mut diagnostic.labels {
            label.pointer = self.written(&label.pointer);
        }
    }
}

/// Reads a document: JSON where the first character is `{`, YAML otherwise.
///
/// Returns the problems in the order of the document. There is no document when one of them says that it cannot be
/// read at all; a document beside errors is as good as the errors let it be.
#[must_use]
pub fn parse(source: &Source<'_>) -> (Option<Document>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let mut root = read(source.text, &mut problems);
    if let Some(root) = &mut root {
        files::join(root, source, &mut problems);
    }
    let known = root.and_then(|root| document::is_31(&root, &mut problems).map(|is_31| (root, is_31)));
    let Some((root, is_31)) = known else {
        return (None, problems.into_diagnostics());
    };
    let reader = Reader::new(&root, source.texts().map(|text| text.text.len()).sum(), is_31, problems);
    let converted = document::openapi(&reader, &root);
    let distant = distant::read(&reader, &root);
    let (problems, left) = reader.into_found();
    let diagnostics = problems.into_diagnostics();
    let document = converted.map(|(openapi, webhooks)| Document { openapi, webhooks, distant, root, left });
    (document, diagnostics)
}

/// Reads the marked tree alone, which tells the places of a document whose problems are known.
#[must_use]
pub fn tree(source: &Source<'_>) -> Option<Node> {
    let mut problems = Problems::default();
    let mut root = read(source.text, &mut problems)?;
    files::join(&mut root, source, &mut problems);
    Some(root)
}

fn read(text: &str, problems: &mut Problems) -> Option<Node> {
    let first = text.trim_start_matches('\u{feff}').trim_start();
    if first.starts_with('{') { json::read(text, problems) } else { yaml::read(text, problems) }
}
