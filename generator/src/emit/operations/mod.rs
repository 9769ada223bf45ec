//! `src/operations/`: one file for each tag, with its operations as methods of the client.
//!
//! ```text
//! impl Client { pub async fn create_pet(&self, pet: &PetRequest) -> Result<Response<CreatedPet>, Error> { … } }
//! static CREATE_PET: Operation = Operation { id: "createPet", … };
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::file::File;
use super::ident::ident;
use super::krate::Crate;
use super::{docs, testing};
use crate::model::{Answer, Group};
use crate::names::Name;

mod answer;
pub(super) mod blocking;
pub(super) mod body;
pub(super) mod call;
pub(super) mod example;
pub(super) mod facts;
mod failure;
pub(super) mod method;
mod params;
pub(super) mod signature;

/// Returns the files of the operations.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    if cx.api.groups.is_empty() {
        return Vec::new();
    }
    let groups = cx.api.groups.iter().map(|group| {
        File::importing(format!("src/operations/{}.rs", group.module), &[], move || {
            let about = docs::of_group(cx, group);
            let items = items(cx, group);
            quote!(#about #items)
        })
    });
    let list = File::tokens("src/operations/mod.rs", || list(cx));
    std::iter::once(list).chain(groups).collect()
}

fn list(cx: &Crate<'_>) -> TokenStream {
    let modules = cx.api.groups.iter().map(|group| ident(&group.module));
    let visibility = cx.has_server().then(|| quote!(pub(crate)));
    let visibility = std::iter::repeat(&visibility);
    let exports = cx.api.groups.iter().map(|group| {
        let module = ident(&group.module);
        let names = names(group).map(ident);
        quote!(#(pub use #module::#names;)*)
    });
    let about = docs::Text::ours("The operations of the API, by tag.").inner_tokens();
    quote! {
        #about
        #(#visibility mod #modules;)*
        #(#exports)*
    }
}

/// Whether operations need types, such as the optional parameters.
pub(super) fn have_types(cx: &Crate<'_>) -> bool {
    cx.api.groups.iter().any(|group| names(group).next().is_some())
}

/// The types in the file of a group's operations.
fn names(group: &Group) -> impl Iterator<Item = &Name> {
    group.operations.iter().flat_map(|op| {
        let params = op.optional.as_ref().map(|params| &params.name);
        let answer = match &op.answer {
            Answer::Several(answer) => Some(&answer.name),
            Answer::One(_) => None,
        };
        let error = op.error_type.as_ref().map(|error| &error.name);
        let body = op.body_enum().map(|body| &body.name);
        params.into_iter().chain(body).chain(answer).chain(error)
    })
}

fn items(cx: &Crate<'_>, group: &Group) -> TokenStream {
    let methods = group.operations.iter().map(|op| method::tokens(cx, op));
    let types = group.operations.iter().map(|op| {
        let params = op.optional.as_ref().map(|params| params::items(cx, op, params));
        let answer = match &op.answer {
            Answer::Several(answer) => Some(answer::items(cx, op, answer)),
            Answer::One(_) => None,
        };
        let error = op.error_type.as_ref().map(|error| failure::items(cx, op, error));
        let body = op.body_enum().map(|body| body::items(cx, op, body));
        quote!(#params #body #answer #error)
    });
    let facts = group.operations.iter().map(|op| facts::item(cx, op));
    let testing = testing::operations(cx, group);
    quote! {
        impl Client {
            #(#methods)*
        }

        #(#types)*
        #(#facts)*
        #testing
    }
}
