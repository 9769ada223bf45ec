//! `src/lib.rs`: the modules, and everything that users need at the root.

use proc_macro2::TokenStream;
use quote::quote;

use super::file::File;
use super::ident::ident_of;
use super::krate::Crate;
use super::{environment, error, field, operations, runtime};
use crate::model::{Capability, Operation, Shape, TypeDef};
use crate::names::Name;

/// Returns the file.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    vec![File::tokens("src/lib.rs", || tokens(cx))]
}

fn tokens(cx: &Crate<'_>) -> TokenStream {
    let modules = modules(cx);
    let exports = exports(cx);
    let scripts = has_other_scripts(cx).then(|| {
        let reason = "the names are those of the API's description";
        quote!(#![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints, reason = #reason)])
    });
    quote! {
        #![doc = include_str!("../README.md")]
        #![forbid(unsafe_code)]
        #scripts
        #modules
        #exports
    }
}

/// The modules, sorted by their names.
fn modules(cx: &Crate<'_>) -> TokenStream {
    let has_environments = !environment::named(cx).is_empty();
    let has_servers = environment::has_urls(cx);
    let private = quote!();
    let public = quote!(pub);
    let modules = [
        ("client", true, &private),
        ("environment", has_environments, &private),
        ("error", error::is_needed(cx), &private),
        ("failures", !cx.api.failures.is_empty(), &public),
        ("field", field::is_needed(cx), &public),
        ("operations", !cx.api.groups.is_empty(), &private),
        ("runtime", true, &private),
        ("servers", has_servers, &private),
        ("types", !cx.api.types.is_empty(), &private),
        ("webhooks", cx.api.events.is_some(), &public),
    ];
    let modules = modules.iter().filter(|(_, is_there, _)| *is_there).map(|(name, _, visibility)| {
        let unused =
            (*name == "runtime").then(|| quote!(#[allow(dead_code, reason = "an API may not need all of it")]));
        let name = ident_of(name);
        quote! {
            #[rustfmt::skip]
            #unused
            #visibility mod #name;
        }
    });
    // It comes first by its name as well.
    let blocking = operations::blocking::is_needed(cx).then(|| gated("blocking", "blocking"));
    let testing = gated("test-util", "testing");
    let server = cx.has_server().then(|| {
        quote! {
            #[cfg(feature = "server")]
            #[allow(deprecated, reason = "a server also serves what is deprecated")]
            #[rustfmt::skip]
            pub mod server;
        }
    });
    let included = included(cx).map(|name| {
        let name = ident_of(name);
        quote!(pub mod #name;)
    });
    let runtime_modules = runtime::modules(cx);
    quote! {
        #blocking
        #(#modules)*
        #server
        #testing
        #(#included)*
        #runtime_modules
    }
}

/// A public module behind a feature.
fn gated(feature: &str, module: &str) -> TokenStream {
    let module = ident_of(module);
    quote! {
        #[cfg(feature = #feature)]
        #[rustfmt::skip]
        pub mod #module;
    }
}

/// The items at the root, sorted by their paths.
fn exports(cx: &Crate<'_>) -> TokenStream {
    let has_environments = !environment::named(cx).is_empty();
    let has_servers = environment::has_urls(cx);
    let earlier = [
        (quote!(crate::environment::Environment), has_environments),
        (quote!(crate::error::ErrorKind), !cx.api.error_kinds.is_empty()),
        (quote!(crate::operations::*), operations::have_types(cx)),
    ];
    let later = [
        (quote!(crate::servers::*), has_servers),
        (quote!(crate::types::*), !cx.api.types.is_empty()),
        (quote!(crate::webhooks::Event), cx.api.events.is_some()),
        (quote!(uuid::Uuid), cx.api.capabilities.contains(&Capability::Uuid)),
    ];
    let used = |(path, is_there): (TokenStream, bool)| is_there.then(|| quote!(pub use #path;));
    let (earlier, later) = (earlier.into_iter().filter_map(used), later.into_iter().filter_map(used));
    let runtime_exports = runtime::exports(cx, runtime::Place::Root);
    quote! {
        #(#earlier)*
        #runtime_exports
        #(#later)*
    }
}

/// Modules among the files that were handed in: `src/tracking.rs` and `src/tracking/mod.rs`.
fn included<'a>(cx: &Crate<'a>) -> impl Iterator<Item = &'a str> {
    cx.config.includes.keys().filter_map(|path| {
        let path = path.strip_prefix("src/")?.strip_suffix(".rs")?;
        let name = path.strip_suffix("/mod").unwrap_or(path);
        (!name.contains('/') && name != "lib").then_some(name)
    })
}

/// Whether a name has letters beyond ASCII: rustc warns of some that look like others.
fn has_other_scripts(cx: &Crate<'_>) -> bool {
    let is_other = |name: &Name| !name.as_str().is_ascii();
    let in_type = |def: &TypeDef| {
        is_other(&def.name)
            || match &def.shape {
                Shape::Struct(item) => item.fields.iter().any(|field| is_other(&field.rust)),
                Shape::Enum(item) => item.variants.iter().any(|variant| is_other(&variant.rust)),
                Shape::Union(item) => item.variants.iter().any(|variant| is_other(&variant.rust)),
                Shape::Newtype(_) | Shape::Alias(_) => false,
            }
    };
    let in_operation = |op: &Operation| {
        let optional = op.optional.iter().flat_map(|params| &params.parameters);
        is_other(&op.rust) || op.required.iter().chain(optional).any(|parameter| is_other(&parameter.rust))
    };
    cx.api.types.iter().any(in_type) || cx.api.groups.iter().flat_map(|group| &group.operations).any(in_operation)
}
