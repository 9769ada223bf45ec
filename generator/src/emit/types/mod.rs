//! `src/types/`: one file for each type, and the list of them.
//!
//! `types/address.rs` holds `Address`, its builder and its `Debug`; `types/mod.rs` says
//! `mod address; pub use address::{Address, AddressBuilder};`.

use proc_macro2::TokenStream;
use quote::quote;

use super::context::{Context, ident, ident_of};
use super::{File, docs};
use crate::model::{Construction, Shape, Type, TypeDef, Writing};

mod builder;
mod checks;
mod enumeration;
mod multipart;
mod newtype;
mod show;
mod structure;
mod union;

pub(super) use checks::{closure, methods};
pub(super) use enumeration::integer;
pub(super) use show::debug_value;
pub(super) use structure::{argument_of_optional, is_into_option, stored_optional};

/// Returns the files of the types.
pub(super) fn files<'c>(cx: &'c Context<'_>) -> Vec<File<'c>> {
    if cx.api.types.is_empty() {
        return Vec::new();
    }
    let types = cx
        .api
        .types
        .iter()
        .map(|def| File::importing(format!("src/types/{}.rs", def.module), cx, &[], move || items(cx, def)));
    let list = File::tokens("src/types/mod.rs", || list(cx));
    std::iter::once(list).chain(types).collect()
}

fn list(cx: &Context<'_>) -> TokenStream {
    let modules = cx.api.types.iter().map(|def| ident(&def.module));
    let exports = cx.api.types.iter().map(|def| {
        let module = ident(&def.module);
        let name = ident(&def.name);
        if matches!(&def.shape, Shape::Struct(item) if item.construction == Construction::Builder) {
            let builder = ident_of(&format!("{name}Builder"));
            quote!(pub use #module::{#name, #builder};)
        } else {
            quote!(pub use #module::#name;)
        }
    });
    let about = docs::Text::ours("The types of the API, in the order of its description.").inner_tokens();
    quote! {
        #about
        #(mod #modules;)*
        #(#exports)*
    }
}

/// The items of a type's file.
fn items(cx: &Context<'_>, def: &TypeDef) -> TokenStream {
    let own = own_items(cx, def);
    let check = checks::items(cx, def);
    quote!(#own #check)
}

fn own_items(cx: &Context<'_>, def: &TypeDef) -> TokenStream {
    match &def.shape {
        Shape::Struct(item) => {
            let structure = structure::items(cx, def, item);
            let builder = (item.construction == Construction::Builder).then(|| builder::items(cx, def, item));
            let form = (item.writing != Writing::Serde).then(|| multipart::items(def, item));
            quote!(#structure #builder #form)
        }
        Shape::Enum(item) => enumeration::items(cx, def, item),
        Shape::Newtype(item) => newtype::items(cx, def, item),
        Shape::Union(item) => union::items(cx, def, item),
        Shape::Alias(target) => alias(cx, def, target),
    }
}

fn alias(cx: &Context<'_>, def: &TypeDef, target: &Type) -> TokenStream {
    let docs = about(cx, def);
    let name = ident(&def.name);
    let target = cx.value(target);
    quote! {
        #docs
        pub type #name = #target;
    }
}

/// The documentation of a type.
fn about(cx: &Context<'_>, def: &TypeDef) -> TokenStream {
    let otherwise = format!("The API's `{}`.", def.name);
    let text = docs::Text::of(cx, &def.docs, &otherwise);
    // The attribute would warn wherever the client itself names the type.
    let text = if def.deprecated { text.paragraph("Deprecated by the API's description.") } else { text };
    text.tokens()
}
