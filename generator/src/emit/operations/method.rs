//! An operation as a method of the client: it fills in a request and sends it.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::context::{Context, ident, ident_of};
use super::super::{attributes, docs};
use super::{call, example};
use crate::model::{Answer, AnswerBody, BodyKind, Failure, Operation, RequestBody, Status, Type};

/// Returns the method, and the one beside it that takes the optional parameters.
pub(super) fn tokens(cx: &Context<'_>, op: &Operation) -> TokenStream {
    let rust = ident(&op.rust);
    let deprecated = attributes::deprecated(op.deprecated);
    let docs = about(cx, op).tokens();
    let arguments = arguments(cx, op, &quote!('_));
    let answer = answer_type(cx, op);
    // A parameter takes up to five lines, and its rules as many.
    let lines = op.parameters().map(|param| if param.rules.is_empty() { 5 } else { 10 });
    let long = attributes::long(lines.sum());
    let Some(params) = &op.optional else {
        let many = attributes::many_arguments(arguments.len() + 1);
        let body = call::statements(cx, op);
        return quote! {
            #docs
            #deprecated
            #many
            #long
            pub async fn #rust(&self, #(#arguments),*) -> Result<Response<#answer>, Error> {
                #body
            }
        };
    };
    let with = ident_of(&op.rust.with("_with"));
    let docs_with = about_with(op).tokens();
    let params = ident(&params.name);
    let names = argument_names(op);
    let body = call::statements(cx, op);
    let many = attributes::many_arguments(arguments.len() + 1);
    let many_with = attributes::many_arguments(arguments.len() + 2);
    let touches = op.deprecated.then(|| quote!(#[expect(deprecated, reason = "both are deprecated together")]));
    quote! {
        #docs
        #deprecated
        #touches
        #many
        pub async fn #rust(&self, #(#arguments),*) -> Result<Response<#answer>, Error> {
            let params = #params::new();
            self.#with(#(#names,)* &params).await
        }

        #docs_with
        #deprecated
        #many_with
        #long
        pub async fn #with(&self, #(#arguments,)* params: &#params) -> Result<Response<#answer>, Error> {
            #body
        }
    }
}

fn about(cx: &Context<'_>, op: &Operation) -> docs::Text {
    let otherwise = format!("`{} {}`.", op.method, op.path.replace('`', ""));
    let mut text = docs::Text::of(cx, &op.docs, &otherwise);
    let described = op.required.iter().filter(|param| param.docs != crate::model::Docs::default());
    let arguments: Vec<_> = described.map(|param| (format!("`{}`", param.rust), param.docs.clone())).collect();
    if !arguments.is_empty() {
        text = text.heading("Arguments").list(cx, arguments);
    }
    if op.optional.is_some() {
        text = text.paragraph(&format!("[`Client::{}`] takes the optional parameters as well.", op.rust.with("_with")));
    }
    text = errors(cx, op, text);
    match example::lines(cx, op) {
        Some(lines) => text.verbatim(lines),
        None => text,
    }
}

fn about_with(op: &Operation) -> docs::Text {
    docs::Text::ours(&format!("[`Client::{}`] with its optional parameters.", op.rust))
        .heading("Errors")
        .paragraph(&format!("See [`Client::{}`].", op.rust))
}

fn errors(cx: &Context<'_>, op: &Operation, text: docs::Text) -> docs::Text {
    let text = text.heading("Errors");
    if op.failures.is_empty() {
        return text.paragraph("See [`Error`].");
    }
    let failures = op.failures.iter().map(|failure| (status(failure), failure.docs.clone()));
    text.paragraph("See [`Error`]. The failures that the API documents:").list(cx, failures)
}

fn status(failure: &Failure) -> String {
    match failure.status {
        Status::Code(code) => format!("`{code}`"),
        Status::Range(hundreds) => format!("`{hundreds}XX`"),
        Status::Default => "any other status".to_owned(),
    }
}

/// The arguments with their types, `self` and the optional parameters left out. What a body's media type borrows is
/// borrowed for `lifetime`.
pub(super) fn arguments(cx: &Context<'_>, op: &Operation, lifetime: &TokenStream) -> Vec<TokenStream> {
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

pub(super) fn argument_names(op: &Operation) -> Vec<proc_macro2::Ident> {
    let body = op.body.iter().map(|body| &body.rust);
    op.required.iter().map(|param| &param.rust).chain(body).map(ident).collect()
}

fn body_type(cx: &Context<'_>, body: &RequestBody, lifetime: &TokenStream) -> TokenStream {
    let ty = match &body.kind {
        BodyKind::Json { ty, value, .. } | BodyKind::Form { ty, value, .. } => cx.argument(ty, *value),
        BodyKind::Multipart { ty, .. } => cx.value(&Type::Named(*ty)),
        BodyKind::Several(several) => {
            let ty = super::body::argument(several, lifetime);
            return if body.required { quote!(impl Into<#ty>) } else { quote!(Option<#ty>) };
        }
        // What converts is taken as it is only where it must be there: `None` has no type.
        BodyKind::Text { .. } if body.required => return quote!(impl Into<String>),
        BodyKind::Bytes { .. } if body.required => return quote!(impl Into<Body>),
        BodyKind::Media { .. } if body.required => return quote!(impl Into<MediaBody>),
        BodyKind::Text { .. } => quote!(String),
        BodyKind::Media { .. } => quote!(MediaBody),
        BodyKind::Bytes { .. } => quote!(Body),
    };
    if body.required { ty } else { quote!(Option<#ty>) }
}

/// The type of what the call gives back.
pub(super) fn answer_type(cx: &Context<'_>, op: &Operation) -> TokenStream {
    match &op.answer {
        Answer::One(body) => body_value(cx, body),
        Answer::Several(answer) => {
            let name = ident(&answer.name);
            quote!(#name)
        }
    }
}

/// The type of a success's body.
pub(super) fn body_value(cx: &Context<'_>, body: &AnswerBody) -> TokenStream {
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
