//! An OpenAPI document in, the files of a Rust client and diagnostics out.
//!
//! ```text
//! document
//!   parse    text -> openapiv3::OpenAPI and the span of every node, nothing lost on the way
//!   lower    openapiv3 -> model::Api: references resolved, names settled, the unsupported reported
//!   emit     model::Api -> one TokenStream per generated file; cannot fail, decides nothing
//!   render   TokenStream -> text
//! files
//! ```
//!
//! No I/O, no global state, and the same input gives the same bytes.
//!
//! ```
//! let text = "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths: {}\n";
//! let source = generator::Source::alone("pets.yaml", text);
//! let generated = generator::generate(&source, &generator::Config::new("pets")).unwrap();
//! assert!(generated.files.contains_key("src/lib.rs"));
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::thread;

pub mod diagnostic;
pub mod emit;
mod left;
pub mod lower;
pub mod model;
pub mod names;
pub mod parse;
pub mod render;
pub mod report;
pub mod source;

use diagnostic::{Diagnostic, Pointer};

pub use left::places;
pub use source::Source;

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// What the client is to be called, and what goes into it beside the generated files.
#[derive(Debug, Clone)]
pub struct Config {
    /// The crate's name.
    pub name: String,
    /// Hand-written files, by their path in the crate; each wins over a generated file of that path.
    pub includes: BTreeMap<String, String>,
    /// The manifest up to the features and dependencies: `[package]` and what belongs to it.
    pub manifest_head: Option<String>,
    /// The command that the head of each generated file names.
    pub command: String,
    /// What `Debug` does with values that carry no mark.
    pub unmarked: Unmarked,
}

impl Config {
    /// A stand-alone crate of this name: nothing included, unmarked values redacted.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            includes: BTreeMap::new(),
            manifest_head: None,
            command: "cargo xtask codegen".to_owned(),
            unmarked: Unmarked::Redacted,
        }
    }
}

/// What `Debug` does with values that the document marks neither as safe nor as sensitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unmarked {
    /// Prints `[redacted]`.
    #[default]
    Redacted,
    /// Prints them: for an API without personal data.
    Shown,
}

/// Texts by their path in the crate, with `/` between folders. Those of the runtime are the generator's own.
pub type Texts = BTreeMap<String, Cow<'static, str>>;

/// The files of a client.
#[derive(Debug)]
pub struct Generated {
    /// The texts.
    pub files: Texts,
    /// Parts of the document that had to be left out or read another way.
    pub warnings: Vec<Diagnostic>,
    /// What was generated, in numbers.
    pub summary: Summary,
    /// The places behind the numbers.
    pub places: Places,
}

/// Where the client says less than the document: pointers, in the document's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Operations that have no method, and path items that could not be read.
    pub left_out_operations: Vec<Pointer>,
    /// Schemas under `components.schemas` that could not be read.
    pub left_out_schemas: Vec<Pointer>,
    /// Schemas under `components.schemas` that nothing refers to, so that there is no type for them.
    pub unused_schemas: Vec<Pointer>,
    /// Values that fell back to untyped JSON although the document says more.
    pub untyped: Vec<Pointer>,
}

/// A client in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Methods of the client.
    pub operations: usize,
    /// Types for schemas.
    pub types: usize,
    /// Webhook events.
    pub events: usize,
    /// Operations of the document that have no method.
    pub left_out_operations: usize,
    /// Schemas of the document that could not be read.
    pub left_out_schemas: usize,
    /// Schemas of the document that nothing refers to, so that there is no type for them.
    pub unused_schemas: usize,
    /// Places that fell back to untyped JSON although the document says more.
    pub untyped: usize,
}

/// Generates a client.
///
/// # Errors
///
/// Returns every problem, warnings included, when one of them is an error: the document cannot be
/// read, or one of our extensions is misspelt, misplaced or malformed.
pub fn generate(source: &Source<'_>, config: &Config) -> Result<Generated, Vec<Diagnostic>> {
    let (document, mut diagnostics) = thread::scope(|scope| {
        scope.spawn(emit::prepare);
        parse::parse(source)
    });
    let Some(document) = document else { return Err(diagnostics) };
    let mut lowered = lower::lower(&document, config.unmarked);
    lowered.diagnostics.iter_mut().for_each(|diagnostic| document.settle(diagnostic));
    diagnostics.extend(lowered.diagnostics);
    diagnostics.sort_by_key(|diagnostic| report::start(diagnostic, &document.root));
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(diagnostics);
    }
    let api = lowered.api;
    let places = left::places(&document, &api, &diagnostics, &lowered.untyped);
    let summary = Summary {
        operations: api.groups.iter().map(|group| group.operations.len()).sum(),
        types: api.types.len(),
        events: api.events.as_ref().map_or(0, |events| events.events.len()),
        left_out_operations: places.left_out_operations.len(),
        left_out_schemas: places.left_out_schemas.len(),
        unused_schemas: places.unused_schemas.len(),
        untyped: places.untyped.len(),
    };
    // The document is as large as all that is still to be made.
    drop(document);
    let files = render::render(&emit::emit(&emit::Context::new(&api, config)), &config.command);
    Ok(Generated { files, warnings: diagnostics, summary, places })
}
