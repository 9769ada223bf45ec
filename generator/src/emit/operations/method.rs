//! An operation as a method of the client: it fills in a request and sends it.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::ident::{ident, ident_of};
use super::super::krate::Crate;
use super::super::{attributes, docs};
use super::signature::{answer_type, argument_names, arguments};
use super::{call, example};
use crate::model::{Docs, Failure, Operation, Status};

/// Returns the method, and the one that takes the optional parameters as well.
pub(super) fn tokens(cx: &Crate<'_>, op: &Operation) -> TokenStream {
    let rust = ident(&op.rust);
    let deprecated = attributes::deprecated(op.deprecated);
    let docs = about(cx, op).tokens();
    let arguments = arguments(cx, op, &quote!('_));
    let answer = answer_type(cx, op);
    // A parameter takes up to five lines, and its rules as many again.
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

fn about(cx: &Crate<'_>, op: &Operation) -> docs::Text {
    let otherwise = format!("`{} {}`.", op.method, op.path.replace('`', ""));
    let mut text = docs::Text::of(cx, &op.docs, &otherwise);
    let described = op.required.iter().filter(|param| param.docs != Docs::default());
    let arguments: Vec<_> = described.map(|param| (format!("`{}`", param.rust), param.docs.clone())).collect();
    if !arguments.is_empty() {
        text = text.heading("Arguments").list(cx, arguments);
    }
    if op.optional.is_some() {
        text = text.paragraph(&format!("[`Client::{}`] also takes the optional parameters.", op.rust.with("_with")));
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

fn errors(cx: &Crate<'_>, op: &Operation, text: docs::Text) -> docs::Text {
    let text = text.heading("Errors");
    if op.failures.is_empty() {
        return text.paragraph("Returns an [`Error`].");
    }
    text.paragraph("Returns an [`Error`]. The API documents these failures:").list(cx, failures(cx, op))
}

/// The documented failures, as the entries of a list.
pub(in super::super) fn failures(cx: &Crate<'_>, op: &Operation) -> Vec<(String, Docs)> {
    let failures = op.failures.iter().map(|failure| match failure.shared {
        Some(index) => (super::super::failures::link(&cx.api.failures[index]), Docs::default()),
        None => (status(failure), failure.docs.clone()),
    });
    failures.collect()
}

fn status(failure: &Failure) -> String {
    match failure.status {
        Status::Code(code) => format!("`{code}`"),
        Status::Range(hundreds) => format!("`{hundreds}XX`"),
        Status::Default => "any other status".to_owned(),
    }
}
