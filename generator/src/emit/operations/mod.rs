//! `src/operations/`: one file for each tag, with its operations as methods of the client.
//!
//! ```text
//! impl Client { pub async fn create_pet(&self, pet: &PetRequest) -> Result<Response<CreatedPet>, Error> { … } }
//! static CREATE_PET: Operation = Operation { id: "createPet", … };
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::context::{Context, ident};
use super::{File, docs, testing};
use crate::model::{Answer, BodyEnum, BodyKind, Docs, Group, Operation};
use crate::names::Name;

mod answer;
pub(super) mod blocking;
mod body;
mod call;
mod example;
mod facts;
mod failure;
mod method;
mod params;

pub(super) use example::first_call;
pub(super) use facts::name as facts_name;

/// Returns the files of the operations.
pub(super) fn files<'c>(cx: &'c Context<'_>) -> Vec<File<'c>> {
    if cx.api.groups.is_empty() {
        return Vec::new();
    }
    let groups = cx.api.groups.iter().map(|group| {
        File::importing(format!("src/operations/{}.rs", group.module), cx, &[], move || {
            let about = about(cx, group).inner_tokens();
            let items = items(cx, group);
            quote!(#about #items)
        })
    });
    let list = File::tokens("src/operations/mod.rs", || list(cx));
    std::iter::once(list).chain(groups).collect()
}

fn about(cx: &Context<'_>, group: &Group) -> docs::Text {
    let tag = &group.docs.summary;
    let text = if tag.is_empty() {
        docs::Text::ours("Operations without a tag.")
    } else {
        docs::Text::ours(&format!("Operations of the tag {}.", docs::code(tag)))
    };
    text.document(cx, &Docs { summary: String::new(), description: group.docs.description.clone() })
}

fn list(cx: &Context<'_>) -> TokenStream {
    let modules = cx.api.groups.iter().map(|group| ident(&group.module));
    let exports = cx.api.groups.iter().map(|group| {
        let module = ident(&group.module);
        let names = names(group).map(ident);
        quote!(#(pub use #module::#names;)*)
    });
    let about = docs::Text::ours("The operations of the API, by tag.").inner_tokens();
    quote! {
        #about
        #(mod #modules;)*
        #(#exports)*
    }
}

/// Whether the operations bring types of their own.
pub(super) fn have_types(cx: &Context<'_>) -> bool {
    cx.api.groups.iter().any(|group| names(group).next().is_some())
}

/// The types that stand beside a group's operations.
fn names(group: &Group) -> impl Iterator<Item = &Name> {
    group.operations.iter().flat_map(|op| {
        let params = op.optional.as_ref().map(|params| &params.name);
        let answer = match &op.answer {
            Answer::Several(answer) => Some(&answer.name),
            Answer::One(_) => None,
        };
        let error = op.error_type.as_ref().map(|error| &error.name);
        let body = several(op).map(|body| &body.name);
        params.into_iter().chain(body).chain(answer).chain(error)
    })
}

/// The media types of a body, where there are several.
fn several(op: &Operation) -> Option<&BodyEnum> {
    match &op.body.as_ref()?.kind {
        BodyKind::Several(several) => Some(several),
        _ => None,
    }
}

fn items(cx: &Context<'_>, group: &Group) -> TokenStream {
    let methods = group.operations.iter().map(|op| method::tokens(cx, op));
    let types = group.operations.iter().map(|op| {
        let params = op.optional.as_ref().map(|params| params::items(cx, op, params));
        let answer = match &op.answer {
            Answer::Several(answer) => Some(answer::items(cx, op, answer)),
            Answer::One(_) => None,
        };
        let error = op.error_type.as_ref().map(|error| failure::items(cx, op, error));
        let body = several(op).map(|body| body::items(cx, op, body));
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
