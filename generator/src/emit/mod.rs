//! The model in, the files of the client out. Each generated file has a module here.
//!
//! Nothing here makes decisions, and nothing can fail: names, presences and styles are in the model as they appear in
//! the output. A `quote!` block shows a whole item, such as `pub struct PetRequest { pub first_name: String }`, and
//! `FILES` lists which module writes which file. `render` formats the files; nothing here knows OpenAPI's document types.

use std::collections::BTreeMap;

mod attributes;
mod client;
mod docs;
mod environment;
mod error;
mod failures;
mod field;
mod file;
mod ident;
mod imports;
mod krate;
mod literal;
mod manifest;
mod operations;
mod readme;
mod root;
mod runtime;
mod rust_type;
mod sample;
mod server;
mod server_choice;
mod testing;
mod types;
mod value;
mod webhooks;

#[cfg(test)]
mod tests;

use crate::Config;
use crate::model::Api;

pub use docs::LINE_END;
pub use file::{Content, File, Imported};
pub use imports::{Imports, Table, table};
pub use krate::Crate;
use operations::blocking;

/// Writes one file, or the files of one folder.
type Emitter = for<'c> fn(&'c Crate<'_>) -> Vec<File<'c>>;

/// The modules, and which part of the crate each writes.
const FILES: &[Emitter] = &[
    manifest::files,    // Cargo.toml, clippy.toml
    readme::files,      // README.md
    root::files,        // src/lib.rs
    client::files,      // src/client.rs
    environment::files, // src/environment.rs or src/servers.rs
    error::files,       // src/error.rs
    failures::files,    // src/failures.rs
    field::files,       // src/field.rs
    types::files,       // src/types/
    operations::files,  // src/operations/
    blocking::files,    // src/blocking/
    webhooks::files,    // src/webhooks/
    testing::files,     // src/testing/
    server::files,      // src/server/
    runtime::files,     // src/runtime/
];

/// Returns the crate that is made from a model.
#[must_use]
pub fn described<'a>(api: &'a Api, config: &'a Config) -> Crate<'a> {
    Crate { api, config, proper_names: docs::proper_names(&api.title) }
}

/// Returns the files of the client, sorted by path. Included files replace generated ones.
#[must_use]
pub fn emit<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    let generated = FILES.iter().flat_map(|files| files(cx));
    let included = cx.config.includes.iter().map(|(path, text)| File::text(path, text.clone()));
    let by_path: BTreeMap<String, File<'_>> = generated.chain(included).map(|file| (file.path.clone(), file)).collect();
    by_path.into_values().collect()
}
