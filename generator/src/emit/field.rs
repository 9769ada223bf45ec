//! `src/field.rs`: a type for the name of each required field. The compiler shows it if the field is missing:
//! ``a required field was not set: `Missing<field::FirstName>` ``.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs;
use super::file::File;
use super::ident::ident_of;
use super::krate::Crate;
use crate::model::{Construction, Field, Shape};
use crate::names::Name;

/// Returns the type for a field's name: `FirstName` for `first_name`.
pub(super) fn marker(field: &Name) -> Ident {
    let mut text = String::new();
    for word in field.as_str().split('_') {
        let mut chars = word.chars();
        text.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        text.push_str(chars.as_str());
    }
    // `Self` is a keyword, so that `self_` needs another name.
    if text == "Self" { ident_of("Self_") } else { ident_of(&text) }
}

/// The required fields of all builders.
fn required<'a>(cx: &Crate<'a>) -> impl Iterator<Item = &'a Field> + use<'a> {
    let structs = cx.api.types.iter().filter_map(|def| match &def.shape {
        Shape::Struct(item) if item.construction == Construction::Builder => Some(item),
        _ => None,
    });
    structs.flat_map(|item| &item.fields).filter(|field| field.is_required())
}

/// Whether a builder has a required field.
pub(super) fn is_needed(cx: &Crate<'_>) -> bool {
    required(cx).next().is_some()
}

/// Returns the file, if a builder has a required field.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    if is_needed(cx) { vec![File::tokens("src/field.rs", || tokens(cx))] } else { Vec::new() }
}

fn tokens(cx: &Crate<'_>) -> TokenStream {
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
        docs::Text::ours("The names of required fields, as types. The compiler shows one if its field is missing.")
            .inner_tokens();
    quote!(#about #(#markers)*)
}
