//! The trait of a group's operations.
//!
//! ```text
//! pub trait Operations: Send + Sync + 'static {
//!     fn get_pet(&self, call: &server::Call, pet_id: PetId)
//!         -> impl Future<Output = Result<server::Success<Pet>, server::Failure<ErrorBody>>> + Send { … }
//! }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::super::ident::ident;
use super::super::krate::Crate;
use super::super::operations::method;
use super::super::{attributes, docs};
use super::{body, response};
use crate::model::{Group, Operation};

/// Returns the trait.
pub(super) fn operations(cx: &Crate<'_>, group: &Group) -> TokenStream {
    let methods = group.operations.iter().map(|op| operation(cx, op));
    quote! {
        /// The operations. Implement their methods as `async fn`.
        pub trait Operations: Send + Sync + 'static {
            #(#methods)*
        }
    }
}

fn operation(cx: &Crate<'_>, op: &Operation) -> TokenStream {
    let docs = about(cx, op).tokens();
    let rust = ident(&op.rust);
    let required: Vec<_> = op.required.iter().map(|param| ident(&param.rust)).collect();
    let types = op.required.iter().map(|param| cx.value(&param.ty));
    let params = op.optional.iter().map(|params| {
        let name = ident(&params.name);
        quote!(params: #name)
    });
    let params_name = op.optional.iter().map(|_| quote!(params));
    let body = op.body.iter().map(|item| {
        let rust = ident(&item.rust);
        let ty = body::argument(cx, item);
        quote!(#rust: #ty)
    });
    let body_name = op.body.iter().map(|item| ident(&item.rust));
    let many = attributes::many_arguments(op.required.len() + 4);
    let result = response::result(cx, op);
    quote! {
        #docs
        #many
        fn #rust(
            &self,
            call: &server::Call,
            #(#required: #types,)*
            #(#params,)*
            #(#body,)*
        ) -> impl std::future::Future<Output = #result> + Send {
            let _ = (call, #(#required,)* #(#params_name,)* #(#body_name,)*);
            std::future::ready(Err(server::Failure::unimplemented()))
        }
    }
}

fn about(cx: &Crate<'_>, op: &Operation) -> docs::Text {
    let request = format!("`{} {}`", op.method, op.path.replace('`', ""));
    let text = docs::Text::of(cx, &op.docs, &format!("{request}."));
    let text =
        text.paragraph(&format!("Serves {request}, which [`Client::{}`](crate::Client::{}) sends.", op.rust, op.rust));
    if op.failures.is_empty() {
        return text;
    }
    text.heading("Failures").list(cx, method::failures(cx, op))
}
