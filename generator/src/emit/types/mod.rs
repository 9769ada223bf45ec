//! `src/types/`: one file for each type, and the list of them.
//!
//! `types/address.rs` has `Address`, its builder and its `Debug`. `types/mod.rs` has
//! `mod address; pub use address::{Address, AddressBuilder};`.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::file::File;
use super::ident::{ident, ident_of};
use super::krate::Crate;
use crate::model::{Construction, Shape, Type, TypeDef, Writing};

mod builder;
pub(super) mod checks;
mod enumeration;
mod multipart;
mod newtype;
mod structure;
mod union;

/// Returns the files of the types.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    if cx.api.types.is_empty() {
        return Vec::new();
    }
    let types = cx
        .api
        .types
        .iter()
        .map(|def| File::importing(format!("src/types/{}.rs", def.module), &[], move || items(cx, def)));
    let list = File::tokens("src/types/mod.rs", || list(cx));
    std::iter::once(list).chain(types).collect()
}

fn list(cx: &Crate<'_>) -> TokenStream {
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
fn items(cx: &Crate<'_>, def: &TypeDef) -> TokenStream {
    let own = own_items(cx, def);
    let check = checks::items(cx, def);
    quote!(#own #check)
}

fn own_items(cx: &Crate<'_>, def: &TypeDef) -> TokenStream {
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

fn alias(cx: &Crate<'_>, def: &TypeDef, target: &Type) -> TokenStream {
    let docs = docs::of_type(cx, def);
    let name = ident(&def.name);
    let target = cx.value(target);
    quote! {
        #docs
        pub type #name = #target;
    }
}
