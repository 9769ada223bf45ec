//! The model in, the files of the client out: one module here for each generated file.
//!
//! Nothing is decided here and nothing can fail: a name, a presence, a style stands in the model as
//! it will stand in the output. A `quote!` block shows a whole item, such as
//! `pub struct PetRequest { pub first_name: String }`; `FILES` lists who writes what.
//! Formatting is `render`'s; nothing here knows `OpenAPI`'s document types.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;

use crate::Config;
use crate::model::Api;

mod attributes;
mod client;
mod context;
mod docs;
mod environment;
mod error;
mod field;
mod imports;
mod manifest;
mod operations;
mod readme;
mod root;
mod runtime;
mod sample;
mod testing;
mod types;
mod webhooks;

#[cfg(test)]
mod tests;

use context::Context;
use operations::blocking;

/// A file of the generated crate.
#[derive(Debug, Clone)]
pub struct File {
    /// The path inside of the crate, with forward slashes.
    pub path: String,
    /// What stands in it.
    pub content: Content,
}

/// What a file is written from.
#[derive(Debug, Clone)]
pub enum Content {
    /// Rust, to be formatted.
    Tokens(TokenStream),
    /// Written as it is.
    Text(String),
}

impl File {
    fn tokens(path: impl Into<String>, tokens: TokenStream) -> Self {
        Self { path: path.into(), content: Content::Tokens(tokens) }
    }

    fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), content: Content::Text(text.into()) }
    }
}

/// Writes one file, or the files of one folder.
type Emitter = fn(&Context<'_>) -> Vec<File>;

/// Who writes which part of the crate.
const FILES: &[Emitter] = &[
    manifest::files,    // Cargo.toml, clippy.toml
    readme::files,      // README.md
    root::files,        // src/lib.rs
    client::files,      // src/client.rs
    environment::files, // src/environment.rs or src/servers.rs
    error::files,       // src/error.rs
    field::files,       // src/field.rs
    types::files,       // src/types/
    operations::files,  // src/operations/
    blocking::files,    // src/blocking/
    webhooks::files,    // src/webhooks.rs
    testing::files,     // src/testing/
    runtime::files,     // src/runtime/
];

/// Returns the files of the client, sorted by path; the included files win over generated ones.
#[must_use]
pub fn emit(api: &Api, config: &Config) -> Vec<File> {
    let cx = Context::new(api, config);
    let generated = FILES.iter().flat_map(|files| files(&cx));
    let included = config.includes.iter().map(|(path, text)| File::text(path, text));
    let by_path: BTreeMap<String, File> = generated.chain(included).map(|file| (file.path.clone(), file)).collect();
    by_path.into_values().collect()
}
