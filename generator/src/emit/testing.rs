//! `src/testing/`: the items of the feature `test-util`, and builders for types that only responses and events have.
//!
//! ```text
//! pub use crate::runtime::testing::{Fake, FakeTransport};
//! crate::runtime::testing::builders::builders! { created_pet: CreatedPet { id: PetId, } { name: Option<String>, } }
//! ```
//!
//! Only types that are sent have builders that check for required fields at compile time. Here, the runtime's macro makes a
//! simpler builder from a line for each field.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::file::File;
use super::ident::{ident, ident_of};
use super::krate::Crate;
use super::operations::facts;
use super::runtime;
use crate::model::{Answer, AnswerBody, BodyKind, Construction, Group, Operation, Shape, Struct, TypeDef};

/// The page about testing an application, if the included files have one.
const PAGE: &str = "guide/testing.md";

/// Methods of the runtime's fake, which an operation's method must not hide.
const OWN: &[&str] =
    &["calls", "client", "client_builder", "default", "drop", "of", "operation", "problems", "transport", "verify"];

/// Returns the files.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    let has_answers = answers(cx).next().is_some();
    let list = File::tokens("src/testing/mod.rs", move || list(cx, has_answers));
    let answers = has_answers.then(|| File::importing("src/testing/answers.rs", &[], || builders(cx)));
    std::iter::once(list).chain(answers).collect()
}

fn list(cx: &Crate<'_>, has_answers: bool) -> TokenStream {
    let module = has_answers.then(|| {
        quote!(
            pub mod answers;
        )
    });
    let about = if cx.config.includes.contains_key(PAGE) {
        let path = format!("../../{PAGE}");
        quote!(#![doc = include_str!(#path)])
    } else {
        about(cx).inner_tokens()
    };
    let exports = runtime::exports(cx, runtime::Place::Testing);
    quote! {
        #about
        #module
        #exports
    }
}

fn about(cx: &Crate<'_>) -> docs::Text {
    let text = docs::Text::ours(
        "For testing an application: a fake transport, builders for responses, and an assertion.",
    )
    .paragraph(
        "[`Fake`] answers the calls of its client in the order that the test sets up, and records the requests. It \
             has a method for each operation. A call without an answer fails the test, and so does an answer that no \
             call asked for. The message names the operation. [`assert_same`] reports where two values differ, \
             without showing either value.",
    );
    let name = cx.name();
    text.heading("Example").verbatim(vec![
        "```".to_owned(),
        format!("use {name}::testing::Fake;"),
        String::new(),
        "let fake = Fake::new();".to_owned(),
        "let client = fake.client();".to_owned(),
        "// Pass `client` to the code under test.".to_owned(),
        "assert!(fake.calls().is_empty());".to_owned(),
        "```".to_owned(),
    ])
}

/// The structs that only the server sends.
pub(super) fn answers<'a>(cx: &Crate<'a>) -> impl Iterator<Item = (&'a TypeDef, &'a Struct)> + use<'a> {
    cx.api.types.iter().filter_map(|def| match &def.shape {
        Shape::Struct(item) if item.construction == Construction::InTests => Some((def, item)),
        _ => None,
    })
}

/// `src/testing/answers.rs`.
fn builders(cx: &Crate<'_>) -> TokenStream {
    let lines = answers(cx).map(|(def, item)| builder(cx, def, item));
    let about = docs::Text::ours("Builders for types that only responses and events have, for tests.")
        .paragraph("Each type has a `builder` function. `build` panics if a required field isn't set.")
        .inner_tokens();
    quote! {
        #about
        crate::runtime::testing::builders::builders! { #(#lines)* }
    }
}

fn builder(cx: &Crate<'_>, def: &TypeDef, item: &Struct) -> TokenStream {
    let module = ident(&def.module);
    let name = ident(&def.name);
    let (required, optional): (Vec<_>, Vec<_>) = item.fields.iter().partition(|field| field.is_required());
    let tokens = |field: &&crate::model::Field| {
        let rust = ident(&field.rust);
        let ty = cx.field(field.presence, &field.ty, field.boxed);
        quote!(#rust: #ty,)
    };
    let required = required.iter().map(tokens);
    let optional = optional.iter().map(tokens);
    let additional = item.additional.as_ref().map(|additional| {
        let rust = ident(&additional.rust);
        let ty = cx.value(&additional.ty);
        quote!(#rust: BTreeMap<String, #ty>,)
    });
    quote!(#module: #name { #(#required)* } { #(#optional)* #additional })
}

/// The fake's methods for a group's operations, in the same file as the operations.
pub(super) fn operations(cx: &Crate<'_>, group: &Group) -> TokenStream {
    let lines = group.operations.iter().map(|op| {
        let method = ident_of(&method(op));
        let facts = facts::name(op);
        let body = body(cx, op);
        let answer = answer(cx, op);
        quote!(#method: #facts(#body) -> #answer;)
    });
    quote! {
        #[cfg(feature = "test-util")]
        crate::runtime::testing::expected::operations! { #(#lines)* }
    }
}

/// The name of the fake's method for an operation: the same as the client's, unless the fake has one with that name.
fn method(op: &Operation) -> String {
    if OWN.contains(&op.rust.as_str()) { op.rust.with("_operation") } else { op.rust.to_string() }
}

/// The type that an operation's body is decoded into, if it is JSON.
fn body(cx: &Crate<'_>, op: &Operation) -> Option<TokenStream> {
    let body = op.body.as_ref()?;
    let BodyKind::Json { ty, value, .. } = &body.kind else { return None };
    // The method doesn't name the type of what it borrows as a slice, so that only the feature would import it.
    let ty = if value.is_unsized() { cx.value(cx.resolved(ty)) } else { cx.value(ty) };
    Some(if body.required { ty } else { quote!(Option<#ty>) })
}

/// How an operation's answer is written, and the type of its data. It's spelled with a path, since the document may have
/// types with the same names.
fn answer(cx: &Crate<'_>, op: &Operation) -> TokenStream {
    match &op.answer {
        Answer::Several(_) => quote!(expected::Several),
        Answer::One(AnswerBody::Empty) => quote!(expected::Empty),
        Answer::One(AnswerBody::Data(ty)) => {
            let ty = cx.value(ty);
            quote!(expected::Data<#ty>)
        }
        Answer::One(AnswerBody::Whole(ty)) => {
            let ty = cx.value(ty);
            quote!(expected::Whole<#ty>)
        }
        Answer::One(AnswerBody::Json(ty)) => {
            let ty = cx.value(ty);
            quote!(expected::Plain<#ty>)
        }
        // The raw bytes that text or a stream is read from.
        Answer::One(_) => quote!(expected::Raw),
    }
}
