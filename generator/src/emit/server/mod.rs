//! `src/server/`: the server side of the API, behind the feature `server`.
//!
//! ```text
//! pub mod pets;
//! pub fn router<A: Authorize + pets::Operations>(api: A) -> axum::Router { … }
//! ```
//!
//! Each group of operations has a module with a trait, which the application implements, and a function per operation, which
//! decodes and checks the request before it calls the trait's method.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::file::File;
use super::ident::ident;
use super::krate::Crate;
use super::{docs, runtime};
use crate::model::Shape;

mod body;
mod response;
mod route;
mod traits;

/// Returns the files.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    if !cx.has_server() {
        return Vec::new();
    }
    let groups = cx.api.groups.iter().map(|group| {
        File::importing(format!("src/server/{}.rs", group.module), &[], move || {
            let about = docs::of_group(cx, group);
            let operations = traits::operations(cx, group);
            let routes = route::routes(group);
            let functions = group.operations.iter().map(|op| route::items(cx, group, op));
            let errors = group.operations.iter().filter_map(response::error_items);
            quote!(#about #operations #routes #(#functions)* #(#errors)*)
        })
    });
    let root = File::tokens("src/server/mod.rs", || root(cx));
    std::iter::once(root).chain(groups).collect()
}

/// The module that users see.
fn root(cx: &Crate<'_>) -> TokenStream {
    let about = about(cx).inner_tokens();
    let modules: Vec<_> = cx.api.groups.iter().map(|group| ident(&group.module)).collect();
    let exports = runtime::exports(cx, runtime::Place::Server);
    let properties = properties(cx);
    let kinds = (!cx.api.error_kinds.is_empty()).then(|| {
        quote! {
            /// An error of this kind, with the status and the message that the operation documents.
            impl<E> From<crate::ErrorKind> for Failure<E> {
                fn from(kind: crate::ErrorKind) -> Self {
                    Self::of_kind(kind)
                }
            }
        }
    });
    quote! {
        #about
        #(pub mod #modules;)*
        #exports

        /// The names of all properties of requests, sorted: what a pointer in a response may contain.
        static PROPERTIES: &[&str] = &[#(#properties),*];

        /// Returns a router that serves all operations at the paths of the API's description. Nest it if the server's
        /// URL has a path.
        pub fn router<A>(api: A) -> axum::Router
        where
            A: Authorize #(+ #modules::Operations)*,
        {
            let mut routes = Vec::new();
            #(routes.extend(#modules::routes());)*
            crate::runtime::server::router(api, &crate::client::API, PROPERTIES, routes)
        }

        #kinds
    }
}

fn about(cx: &Crate<'_>) -> docs::Text {
    let name = cx.name();
    let traits =
        cx.api.groups.iter().map(|group| format!("impl server::{}::Operations for Service {{}}", group.module));
    let lines = ["```".to_owned(), format!("use {name}::server::{{self, Authorize}};"), String::new()];
    let lines = lines.into_iter().chain(["struct Service;".to_owned(), String::new()]);
    let lines = lines.chain(["impl Authorize for Service {}".to_owned()]).chain(traits);
    let lines =
        lines.chain([String::new(), "let router = server::router(Service);".to_owned(), "# drop(router);".to_owned()]);
    docs::Text::ours("The server side of the API (feature `server`): traits to implement, and a router.")
        .paragraph(
            "Each module has a trait `Operations` with a method for each operation. The methods get decoded arguments \
             that satisfy the rules of the API's description. They return a success or a failure. A method that isn't \
             implemented responds with status 501 and the operation's name.",
        )
        .paragraph(
            "By default, every operation that needs a credential is refused. Implement [`Authorize`] to accept \
             credentials.",
        )
        .paragraph(
            "An invalid request gets the error that the API's description documents for status 422 or 400, if one of \
             them can hold a message, and problem details (RFC 9457) otherwise. Both name what is wrong by JSON pointer \
             and rule, and contain no values. Multipart bodies, and responses that are streamed, are a plain `Body`.",
        )
        .heading("Example")
        .verbatim(lines.chain(["```".to_owned()]).collect())
}

fn properties<'a>(cx: &Crate<'a>) -> BTreeSet<&'a str> {
    let structs = cx.api.types.iter().filter(|def| def.usage.request).filter_map(|def| match &def.shape {
        Shape::Struct(item) => Some(item),
        _ => None,
    });
    structs.flat_map(|item| &item.fields).filter(|field| !field.flattened).map(|field| field.wire.as_str()).collect()
}
