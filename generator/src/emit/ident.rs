//! Identifiers as tokens.

use proc_macro2::{Ident, Span};

use crate::names::Name;

/// Returns the identifier of a name.
pub(super) fn ident(name: &Name) -> Ident {
    Ident::new(name.as_str(), Span::call_site())
}

/// Returns an identifier that is made of a unique name and a fixed part.
pub(super) fn ident_of(text: &str) -> Ident {
    Ident::new(text, Span::call_site())
}
