//! The function of an operation: it decodes and checks the request, calls the trait's method, and writes the response.
//!
//! ```text
//! async fn get_pet<A: Operations>(api: Arc<A>, mut input: server::Input) -> server::Reply {
//!     let pet_id_value = input.path::<PetId>("petId", Style::Simple { explode: false }, true);
//!     let (true, Some(pet_id_value)) = (input.is_valid(), pet_id_value) else { return input.rejected() };
//!     let result = <A as Operations>::get_pet(&api, &input.call, pet_id_value).await;
//!     input.answer(result, server::Content::json)
//! }
//! ```
//!
//! The locals end in `_value`, so that no parameter hides `api` or `input`.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::super::attributes;
use super::super::ident::{ident, ident_of};
use super::super::krate::Crate;
use super::super::operations::{call, facts};
use super::super::types::checks;
use super::{body, response};
use crate::model::{Group, Location, Operation, Parameter, SchemeKind};
use crate::names::Name;

/// Returns the function that lists the routes of a group.
pub(super) fn routes(group: &Group) -> TokenStream {
    let routes = group.operations.iter().map(|op| {
        let rust = ident(&op.rust);
        let facts = facts_name(op);
        quote!(server::Route { facts: &#facts, handler: |api, input| Box::pin(#rust(api, input)) })
    });
    let long = attributes::long(group.operations.len() * 4);
    quote! {
        /// The routes of the operations.
        #long
        pub(super) fn routes<A: Operations>() -> Vec<server::Route<A>> {
            Vec::from([#(#routes),*])
        }
    }
}

fn facts_name(op: &Operation) -> Ident {
    ident_of(&format!("{}_FACTS", facts::name(op)))
}

/// Returns the function of an operation, and the facts about it.
pub(super) fn items(cx: &Crate<'_>, group: &Group, op: &Operation) -> TokenStream {
    let rust = ident(&op.rust);
    let required = op.required.iter().map(|param| required(cx, param));
    let optional = op.optional.as_ref().map(|params| {
        let name = ident(&params.name);
        let values = params.parameters.iter().map(|param| optional(cx, param));
        quote! {
            let mut params = #name::new();
            #(#values)*
        }
    });
    let body_local = op.body.as_ref().map(|item| local(&item.rust));
    let body = op.body.iter().zip(&body_local).map(|(item, local)| body::decoding(cx, item, local));
    let mut demanded: Vec<Ident> = op.required.iter().map(|param| local(&param.rust)).collect();
    demanded.extend(body_local.clone().filter(|_| op.body.as_ref().is_some_and(|body| body.required)));
    let arguments = op.required.iter().map(|param| local(&param.rust));
    let params = op.optional.iter().map(|_| quote!(params));
    let writer = response::writer(op);
    let lines = op.parameters().map(|param| if param.rules.is_empty() { 5 } else { 10 });
    let long = attributes::long(lines.sum());
    let check = match demanded.as_slice() {
        [] if op.body.is_none() && op.optional.is_none() => None,
        [] => Some(quote! {
            if !input.is_valid() {
                return input.rejected();
            }
        }),
        demanded => Some(quote! {
            let (true, #(Some(#demanded)),*) = (input.is_valid(), #(#demanded),*) else {
                return input.rejected();
            };
        }),
    };
    let mutable = check.is_some().then(|| quote!(mut));
    let facts = facts(cx, group, op);
    quote! {
        #facts

        #long
        async fn #rust<A: Operations>(api: std::sync::Arc<A>, #mutable input: server::Input) -> server::Reply {
            #(#required)*
            #optional
            #(#body)*
            #check
            let result = <A as Operations>::#rust(&api, &input.call, #(#arguments,)* #(#params,)* #body_local).await;
            input.answer(result, #writer)
        }
    }
}

fn local(name: &Name) -> Ident {
    ident_of(&name.with("_value"))
}

fn required(cx: &Crate<'_>, param: &Parameter) -> TokenStream {
    let local = local(&param.rust);
    let decoded = decoded(cx, param, true);
    let check = check(cx, param, &quote!(#local.as_ref()));
    quote! {
        let #local = #decoded;
        #check
    }
}

fn optional(cx: &Crate<'_>, param: &Parameter) -> TokenStream {
    let rust = ident(&param.rust);
    let decoded = decoded(cx, param, false);
    let check = check(cx, param, &quote!(params.#rust.as_ref()));
    quote! {
        params.#rust = #decoded;
        #check
    }
}

/// The expression that decodes a parameter into an `Option`.
fn decoded(cx: &Crate<'_>, param: &Parameter, required: bool) -> TokenStream {
    let wire = &param.wire;
    let ty = cx.value(&param.ty);
    let (method, style) = match param.location {
        Location::Path(style) => (quote!(path), style),
        Location::Query { style, .. } => (quote!(query), style),
        Location::Header(style) => (quote!(header), style),
        Location::Cookie(style) => (quote!(cookie), style),
    };
    let style = call::style(style);
    quote!(input.#method::<#ty>(#wire, #style, #required))
}

fn check(cx: &Crate<'_>, param: &Parameter, value: &TokenStream) -> Option<TokenStream> {
    if param.rules.is_empty() {
        return None;
    }
    let wire = &param.wire;
    let closure = checks::closure(cx, &param.ty, &param.rules, &ident_of("value"));
    Some(quote!(input.check(Some(#wire), #value, #closure);))
}

fn facts(cx: &Crate<'_>, group: &Group, op: &Operation) -> TokenStream {
    let name = facts_name(op);
    let module = ident(&group.module);
    let operation = facts::name(op);
    let status = Literal::u16_unsuffixed(op.success.status);
    let media_type = if let Some(text) = &op.success.media_type { quote!(Some(#text)) } else { quote!(None) };
    let parameters = op.parameters().filter(|param| matches!(param.location, Location::Query { .. }));
    let keys = op.security.iter().flatten().filter_map(|index| match &cx.api.schemes[*index].kind {
        SchemeKind::QueryKey(name) => Some(name),
        _ => None,
    });
    let query = parameters.map(|param| &param.wire).chain(keys);
    let failures = response::failure_facts(cx, op);
    quote! {
        static #name: server::Facts = server::Facts {
            operation: &crate::operations::#module::#operation,
            status: #status,
            media_type: #media_type,
            query: &[#(#query),*],
            failures: &[#(#failures),*],
        };
    }
}
