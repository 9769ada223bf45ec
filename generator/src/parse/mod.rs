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

use indexmap::IndexMap;
use openapiv3::{PathItem, ReferenceOr};

use crate::Source;
use crate::diagnostic::{Diagnostic, codes};

use self::problems::Problems;
use self::reader::Reader;

mod body;
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
mod operation;
mod parameter;
mod path_item;
mod problems;
mod reader;
mod resolved;
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

pub use self::files::{KEY as FILES, MAX_BYTES, MAX_FILES, elsewhere, load, of_file, written};
pub use self::naming::names_entries;
pub use self::node::{Entry, Found, Node, Value};
pub use self::resolved::{
    Component, Document, Method, NamedSchema, OperationAt, Part, Placed, SchemaAt, SchemaId, SchemaRef, SchemaUse,
    Version, operations_of,
};
pub use self::shape::{keys, nearest};

/// How deep lists and objects may be nested: a converter recurses once per level.
const MAX_DEPTH: usize = 128;

/// Path items by the names of events (OpenAPI 3.1).
pub type Webhooks = IndexMap<String, ReferenceOr<PathItem>>;

/// Reads a document: JSON if it begins with `{` and a quotation mark, YAML otherwise.
///
/// Returns the problems in the order of the document. The document is `None` if it can't be read at
/// all. A document that comes with errors contains whatever could be read.
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
    let (problems, kept) = reader.into_found();
    let diagnostics = problems.into_diagnostics();
    let version = if is_31 { Version::V3_1 } else { Version::V3_0 };
    let document = converted.map(|converted| Document::new(version, converted, distant, root, kept));
    (document, diagnostics)
}

/// Reads only the marked tree, to find places in a document whose problems are known.
#[must_use]
pub fn tree(source: &Source<'_>) -> Option<Node> {
    let mut problems = Problems::default();
    let mut root = read(source.text, &mut problems)?;
    files::join(&mut root, source, &mut problems);
    Some(root)
}

fn read(text: &str, problems: &mut Problems) -> Option<Node> {
    if is_json(text) { json::read(text, problems) } else { yaml::read(text, problems) }
}

/// Whether a text begins like a JSON object. YAML may begin with a bracket too, and then with a word.
fn is_json(text: &str) -> bool {
    let rest = text.trim_start_matches('\u{feff}').trim_start().strip_prefix('{').map(str::trim_start);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['"', '}', '/']))
}
