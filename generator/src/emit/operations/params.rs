//! The optional parameters of an operation.
//!
//! ```text
//! client.list_pets_with(&ListPetsParams::new().limit(10)).await?
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::super::ident::ident;
use super::super::krate::Crate;
use super::super::value::{argument_of_optional, debug_value, stored_optional};
use super::super::{attributes, docs};
use crate::model::{Operation, Parameter, Params};

/// Returns the struct, its setters and its `Debug`.
pub(super) fn items(cx: &Crate<'_>, op: &Operation, params: &Params) -> TokenStream {
    let name = ident(&params.name);
    let label = params.name.as_str();
    let text = docs::Text::ours(&format!("The optional parameters of [`Client::{}`].", op.rust.with("_with"))).tokens();
    let fields = params.parameters.iter().map(|param| {
        let rust = ident(&param.rust);
        let ty = cx.value(&param.ty);
        // A server reads what a client sets.
        let public = cx.has_server().then(|| {
            let docs = docs::item(cx, &param.docs, &format!("The parameter {}.", docs::code(&param.wire)));
            quote!(#docs pub)
        });
        quote!(#public #rust: Option<#ty>)
    });
    let open = cx.has_server().then(|| quote!(#[non_exhaustive]));
    let long = attributes::long_by(params.parameters.iter().map(|param| param.rust.as_str()));
    let setters = params.parameters.iter().map(|param| setter(cx, param));
    let shown = params.parameters.iter().map(|param| {
        let key = param.rust.as_str();
        let rust = ident(&param.rust);
        let value = debug_value(param.show, quote!(&self.#rust));
        quote!(.field(#key, #value))
    });
    quote! {
        #text
        #[derive(Clone, Default, PartialEq)]
        #[must_use]
        #open
        pub struct #name { #(#fields),* }

        impl #name {
            /// Returns the parameters with none set.
            pub fn new() -> Self {
                Self::default()
            }

            #(#setters)*
        }

        impl fmt::Debug for #name {
            #long
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(#label) #(#shown)* .finish()
            }
        }
    }
}

fn setter(cx: &Crate<'_>, param: &Parameter) -> TokenStream {
    let docs = docs::item(cx, &param.docs, &format!("The parameter {}.", docs::code(&param.wire)));
    let deprecated = attributes::deprecated(param.deprecated);
    let named = attributes::named(param.rust.as_str());
    let rust = ident(&param.rust);
    let argument = argument_of_optional(cx, &param.ty, param.value);
    let value = stored_optional(param.value, &quote!(#rust));
    quote! {
        #docs
        #deprecated
        #named
        pub fn #rust(mut self, #rust: #argument) -> Self {
            self.#rust = #value;
            self
        }
    }
}
