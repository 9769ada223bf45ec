//! Generates Rust clients from OpenAPI documents: a document in, files and diagnostics out.
//!
//! ```text
//! document
//!   parse    text -> parse::Document: every reference followed, the span of every node, nothing lost
//!   lower    parse::Document -> model::Api: names chosen, every decision made, unsupported parts reported
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

pub mod diagnostic;
pub mod emit;
pub mod lower;
pub mod model;
pub mod names;
pub mod parse;
pub mod render;
pub mod report;
pub mod source;
mod summary;

use diagnostic::Diagnostic;

pub use source::Source;
pub use summary::{Places, Summary, places};

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The client's name, and the files that it contains besides the generated ones.
#[derive(Debug, Clone)]
pub struct Config {
    /// The crate's name.
    pub name: String,
    /// Hand-written files by their paths in the crate. They replace generated files with the same path.
    pub includes: BTreeMap<String, String>,
    /// The manifest up to the features and dependencies: `[package]` and what belongs to it.
    pub manifest_head: Option<String>,
    /// The command that the header of each generated file names.
    pub command: String,
    /// What `Debug` does with values that carry no mark.
    pub unmarked: Unmarked,
    /// Whether the crate gets the server side of the API, too.
    pub server: bool,
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
            server: false,
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

/// Texts by their paths in the crate, with `/` between folders. Those of the runtime are borrowed from the generator.
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

/// Generates a client.
///
/// # Errors
///
/// Returns every problem, warnings included, if one of them is an error: the document can't be read, or one of our
/// extensions is misspelled, misplaced or malformed.
pub fn generate(source: &Source<'_>, config: &Config) -> Result<Generated, Vec<Diagnostic>> {
    let (document, problems) = parse::parse(source);
    let Some(document) = document else { return Err(problems) };
    let mut lowered = lower::lower(&document, config.unmarked);
    if config.server {
        lowered.api.add_server();
    }
    let warnings = report::in_order(&document, problems, lowered.diagnostics)?;
    let places = places(&document, &lowered.api, &warnings, &lowered.untyped);
    let summary = Summary::new(&lowered.api, &places);
    // The document takes as much memory as everything that follows.
    drop(document);
    let krate = emit::described(&lowered.api, config);
    let files = render::render(&emit::emit(&krate), &emit::table(&lowered.api), &config.command);
    Ok(Generated { files, warnings, summary, places })
}
