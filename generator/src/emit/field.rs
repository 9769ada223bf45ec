//! `src/field.rs`: a type for each name of a required field, which the compiler shows where the
//! field is missing: ``a required field was not set: `Missing<field::FirstName>` ``.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::context::{Context, ident_of};
use super::{File, docs};
use crate::model::{Construction, Field, Shape};
use crate::names::Name;

/// Returns the type that stands for a field's name: `first_name` gives `FirstName`.
pub(super) fn marker(field: &Name) -> Ident {
    let mut text = String::new();
    for word in field.as_str().split('_') {
        let mut chars = word.chars();
        text.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        text.push_str(chars.as_str());
    }
    // A field that is called `self_` needs more than its capitals.
    if text == "Self" { ident_of("Self_") } else { ident_of(&text) }
}

/// The required fields of all builders.
fn required<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a Field> + use<'a> {
    let structs = cx.api.types.iter().filter_map(|def| match &def.shape {
        Shape::Struct(item) if item.construction == Construction::Builder => Some(item),
        _ => None,
    });
    structs.flat_map(|item| &item.fields).filter(|field| field.is_required())
}

/// Whether a builder has a required field.
pub(super) fn is_needed(cx: &Context<'_>) -> bool {
    required(cx).next().is_some()
}

/// Returns the file, where a builder has a required field.
pub(super) fn files<'c>(cx: &'c Context<'_>) -> Vec<File<'c>> {
    if is_needed(cx) { vec![File::tokens("src/field.rs", || tokens(cx))] } else { Vec::new() }
}

fn tokens(cx: &Context<'_>) -> TokenStream {
    let fields: BTreeSet<_> = required(cx).map(|field| (marker(&field.rust), field.rust.as_str())).collect();
    let mut seen = BTreeSet::new();
    let markers = fields.into_iter().filter(|(marker, _)| seen.insert(marker.clone())).map(|(marker, field)| {
        let text = docs::Text::ours(&format!("The field `{field}`.")).tokens();
        quote! {
            #text
            #[derive(Debug, Clone, Copy)]
            pub enum #marker {}
        }
    });
    let about =
        docs::Text::ours("The names of required fields, as types: the compiler shows one where a field is missing.")
            .inner_tokens();
    quote!(#about #(#markers)*)
}
