//! The body of an operation's method.
//!
//! ```text
//! self.call(&GET_PET).path("petId", &pet_id, Style::Simple { explode: false }).json_answer().await
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::context::{Context, Passing, ident};
use super::{answer, facts};
use crate::model::{Answer, AnswerBody, BodyKind, Location, Operation, Parameter, RequestBody, Style, Type};

/// Returns the statements of the method's body.
pub(super) fn statements(cx: &Context<'_>, op: &Operation) -> TokenStream {
    let name = facts::name(op);
    let required = op.required.iter().map(|param| required(cx, param));
    let optional = op.optional.iter().flat_map(|params| &params.parameters).map(optional);
    let filled = quote!(self.call(&#name) #(#required)* #(#optional)*);
    let optional_body = op.body.as_ref().filter(|body| !body.required).map(|item| {
        let rust = ident(&item.rust);
        let body = body(cx, item);
        quote! {
            let mut call = #filled;
            if let Some(#rust) = #rust {
                call = call #body;
            }
        }
    });
    let call = match (&op.body, &optional_body) {
        (_, Some(_)) => quote!(call),
        (Some(item), None) => {
            let body = body(cx, item);
            quote!(#filled #body)
        }
        (None, None) => filled,
    };
    let sent = match &op.answer {
        Answer::One(body) => {
            let send = send(body);
            quote!(#call.#send().await)
        }
        Answer::Several(several) => answer::read(cx, &call, several),
    };
    quote!(#optional_body #sent)
}

fn required(cx: &Context<'_>, param: &Parameter) -> TokenStream {
    let wire = &param.wire;
    let rust = ident(&param.rust);
    let value = match cx.passing(&param.ty) {
        Passing::Value | Passing::Unsized => quote!(&#rust),
        Passing::Reference => quote!(#rust),
    };
    let (method, style) = written(param);
    quote!(.#method(#wire, #value, #style))
}

fn optional(param: &Parameter) -> TokenStream {
    let wire = &param.wire;
    let rust = ident(&param.rust);
    let (method, style) = written(param);
    quote!(.#method(#wire, &params.#rust, #style))
}

/// The runtime's function that writes a parameter, and its style.
fn written(param: &Parameter) -> (TokenStream, TokenStream) {
    let (method, style) = match param.location {
        Location::Path(style) => (quote!(path), style),
        Location::Query { style, allow_reserved: false } => (quote!(query), style),
        Location::Query { style, allow_reserved: true } => (quote!(query_reserved), style),
        Location::Header(style) => (quote!(header), style),
        Location::Cookie(style) => (quote!(cookie), style),
    };
    (method, self::style(style))
}

fn style(style: Style) -> TokenStream {
    match style {
        Style::Simple { explode } => quote!(Style::Simple { explode: #explode }),
        Style::Label { explode } => quote!(Style::Label { explode: #explode }),
        Style::Matrix { explode } => quote!(Style::Matrix { explode: #explode }),
        Style::Form { explode } => quote!(Style::Form { explode: #explode }),
        Style::SpaceDelimited => quote!(Style::SpaceDelimited),
        Style::PipeDelimited => quote!(Style::PipeDelimited),
        Style::DeepObject => quote!(Style::DeepObject),
        Style::Json => quote!(Style::Json),
    }
}

fn body(cx: &Context<'_>, body: &RequestBody) -> TokenStream {
    let rust = ident(&body.rust);
    let value = |ty| match cx.passing(ty) {
        Passing::Value | Passing::Unsized => quote!(&#rust),
        Passing::Reference => quote!(#rust),
    };
    match &body.kind {
        BodyKind::Json { media_type, ty } => {
            let checked = checked(cx, ty, &rust);
            let value = value(ty);
            quote!(#checked .json(#media_type, #value))
        }
        BodyKind::Form { ty } => {
            let checked = checked(cx, ty, &rust);
            let value = value(ty);
            quote!(#checked .form(#value))
        }
        BodyKind::Multipart { ty } => {
            let checked = cx.is_checked(cx.def(*ty)).then(|| quote!(.checked(&#rust)));
            quote!(#checked .multipart(#rust.form()))
        }
        BodyKind::Text { media_type } => quote!(.text(#media_type, #rust)),
        BodyKind::Bytes { media_type } => quote!(.bytes(#media_type, #rust)),
    }
}

/// The check of a body by its type's rules, where it has any.
fn checked(cx: &Context<'_>, ty: &Type, rust: &Ident) -> Option<TokenStream> {
    let value = match cx.passing(ty) {
        Passing::Value => quote!(&#rust),
        Passing::Unsized | Passing::Reference => quote!(#rust),
    };
    cx.holds_checked(ty).then(|| quote!(.checked(#value)))
}

/// The runtime's function that sends the call and reads such a body.
pub(super) fn send(body: &AnswerBody) -> TokenStream {
    match body {
        AnswerBody::Data(_) => quote!(data),
        AnswerBody::Whole(_) => quote!(whole),
        AnswerBody::Json(_) => quote!(json_answer),
        AnswerBody::Text => quote!(text_answer),
        AnswerBody::Bytes => quote!(bytes_answer),
        AnswerBody::Empty => quote!(empty),
    }
}
