//! The problems that lowering finds.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Pointer, codes};
use crate::names::Given;

/// Problems in the order in which they were found, and places that became untyped.
#[derive(Debug, Default)]
pub struct Reports {
    diagnostics: Vec<Diagnostic>,
    /// The problems that were reported, by what identifies them.
    known: BTreeSet<String>,
    /// Places that fell back to untyped JSON although the document says more.
    untyped: Vec<Pointer>,
}

impl Reports {
    /// Adds a problem, once for each place.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        let key = format!("{} {} {}", diagnostic.code, diagnostic.pointer, diagnostic.message);
        if self.known.insert(key) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds a place that became untyped JSON although the document says more.
    pub fn add_untyped(&mut self, pointer: &Pointer) {
        self.untyped.push(pointer.clone());
    }

    /// Reports that a name clashes with an earlier one, if it does.
    pub fn collision(&mut self, given: &Given, wire: &str, pointer: &Pointer) {
        let Some(other) = &given.collides_with else { return };
        let message = format!("`{wire}` clashes with an existing name; renamed to `{}`", given.name);
        self.add(
            codes::NAME_COLLISION
                .at(pointer, message)
                .at_key()
                .label(other, "this has the name")
                .help("choose a name with `x-client-name`"),
        );
    }

    /// Returns the problems and the places that became untyped.
    pub fn into_parts(self) -> (Vec<Diagnostic>, Vec<Pointer>) {
        (self.diagnostics, self.untyped)
    }
}
