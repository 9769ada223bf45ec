//! The model in, the files of the client out: one module here for each generated file.
//!
//! Nothing is decided here and nothing can fail: a name, a presence, a style stands in the model as
//! it will stand in the output. A `quote!` block shows a whole item, such as
//! `pub struct PetRequest { pub first_name: String }`; `FILES` lists who writes what.
//! Formatting is `render`'s; nothing here knows `OpenAPI`'s document types.

use std::borrow::Cow;
use std::collections::BTreeMap;

use proc_macro2::TokenStream;

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
mod server;
mod testing;
mod types;
mod webhooks;

#[cfg(test)]
mod tests;

pub use context::Context;
pub use docs::LINE_END;
pub use imports::Imports;
use operations::blocking;

/// A file of the generated crate.
pub struct File<'c> {
    /// The path inside of the crate, with forward slashes.
    pub path: String,
    /// What stands in it.
    pub content: Content<'c>,
}

/// What a file is written from.
pub enum Content<'c> {
    /// Rust that is to be formatted. A file's tokens are many times as large as its text, so that they are made where
    /// they are written, and one file's are gone before the next file's come; they are the same each time.
    Tokens {
        /// Makes them.
        make: Box<dyn Fn() -> TokenStream + Send + Sync + 'c>,
        /// What stands in front of them; nothing where they say each name with its path.
        imports: Option<Imports<'c>>,
    },
    /// Written as it is.
    Text(Cow<'static, str>),
}

impl<'c> File<'c> {
    fn tokens(path: impl Into<String>, tokens: impl Fn() -> TokenStream + Send + Sync + 'c) -> Self {
        Self { path: path.into(), content: Content::Tokens { make: Box::new(tokens), imports: None } }
    }

    /// The same for tokens that say names without their paths, but for their `own`, which are there by `pub use`.
    fn importing(
        path: impl Into<String>,
        cx: &'c Context<'_>,
        own: &'static [&'static str],
        tokens: impl Fn() -> TokenStream + Send + Sync + 'c,
    ) -> Self {
        let imports = Some(Imports::new(&cx.imports, own));
        Self { path: path.into(), content: Content::Tokens { make: Box::new(tokens), imports } }
    }

    fn text(path: impl Into<String>, text: impl Into<Cow<'static, str>>) -> Self {
        Self { path: path.into(), content: Content::Text(text.into()) }
    }
}

/// Writes one file, or the files of one folder.
type Emitter = for<'c> fn(&'c Context<'_>) -> Vec<File<'c>>;

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
    webhooks::files,    // src/webhooks/
    testing::files,     // src/testing/
    runtime::files,     // src/runtime/
];

/// Does what takes no document, so that it can be done while one is read.
pub fn prepare() {
    runtime::prepare();
}

/// Returns the files of the client, sorted by path; the included files win over generated ones.
#[must_use]
pub fn emit<'c>(cx: &'c Context<'_>) -> Vec<File<'c>> {
    let generated = FILES.iter().flat_map(|files| files(cx));
    let included = cx.config.includes.iter().map(|(path, text)| File::text(path, text.clone()));
    let by_path: BTreeMap<String, File<'_>> = generated.chain(included).map(|file| (file.path.clone(), file)).collect();
    by_path.into_values().collect()
}
