//! The signature of an operation's method: its arguments and what it returns.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::ident::ident;
use super::super::krate::Crate;
use super::body;
use crate::model::{Answer, AnswerBody, BodyKind, Operation, RequestBody, Type};

/// The arguments with their types, without `self` and the optional parameters. A body with several media types borrows for
/// `lifetime`.
pub(super) fn arguments(cx: &Crate<'_>, op: &Operation, lifetime: &TokenStream) -> Vec<TokenStream> {
    let required = op.required.iter().map(|param| {
        let rust = ident(&param.rust);
        let ty = cx.argument(&param.ty, param.value);
        quote!(#rust: #ty)
    });
    let body = op.body.iter().map(|body| {
        let rust = ident(&body.rust);
        let ty = body_type(cx, body, lifetime);
        quote!(#rust: #ty)
    });
    required.chain(body).collect()
}

pub(super) fn argument_names(op: &Operation) -> Vec<Ident> {
    let body = op.body.iter().map(|body| &body.rust);
    op.required.iter().map(|param| &param.rust).chain(body).map(ident).collect()
}

fn body_type(cx: &Crate<'_>, body: &RequestBody, lifetime: &TokenStream) -> TokenStream {
    let ty = match &body.kind {
        BodyKind::Json { ty, value, .. } | BodyKind::Form { ty, value, .. } => cx.argument(ty, *value),
        BodyKind::Multipart { ty, .. } => cx.value(&Type::Named(*ty)),
        BodyKind::Several(several) => {
            let ty = body::argument(several, lifetime);
            return if body.required { quote!(impl Into<#ty>) } else { quote!(Option<#ty>) };
        }
        // An optional body can't be generic, because the type of `None` couldn't be inferred.
        BodyKind::Text { .. } if body.required => return quote!(impl Into<String>),
        BodyKind::Bytes { .. } if body.required => return quote!(impl Into<Body>),
        BodyKind::Media { .. } if body.required => return quote!(impl Into<MediaBody>),
        BodyKind::Text { .. } => quote!(String),
        BodyKind::Media { .. } => quote!(MediaBody),
        BodyKind::Bytes { .. } => quote!(Body),
    };
    if body.required { ty } else { quote!(Option<#ty>) }
}

/// The type that the call returns.
pub(in super::super) fn answer_type(cx: &Crate<'_>, op: &Operation) -> TokenStream {
    match &op.answer {
        Answer::One(body) => body_value(cx, body),
        Answer::Several(answer) => {
            let name = ident(&answer.name);
            quote!(#name)
        }
    }
}

/// The type of a successful response's body.
pub(super) fn body_value(cx: &Crate<'_>, body: &AnswerBody) -> TokenStream {
    match body {
        AnswerBody::Data(ty) | AnswerBody::Whole(ty) | AnswerBody::Json(ty) => cx.value(ty),
        AnswerBody::Text => quote!(String),
        AnswerBody::Bytes => quote!(ByteStream),
        AnswerBody::Events(ty) => {
            let ty = cx.value(ty);
            quote!(EventStream<#ty>)
        }
        AnswerBody::TextEvents => quote!(EventStream<String>),
        AnswerBody::Lines(ty) => {
            let ty = cx.value(ty);
            quote!(JsonLines<#ty>)
        }
        AnswerBody::Empty => quote!(()),
    }
}
