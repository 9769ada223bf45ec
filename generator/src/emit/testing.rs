//! `src/testing/`: what the feature `test-util` is for, in one place, and the builders of the types
//! that only answers and events carry.
//!
//! ```text
//! pub use crate::runtime::fake::{Fake, FakeTransport};
//! crate::runtime::given::builders! { created_pet: CreatedPet { id: PetId, } { name: Option<String>, } }
//! ```
//!
//! A builder with a state in its type is left to what is sent: here a line for each type is enough,
//! and the runtime's macro makes the rest of it.

use proc_macro2::TokenStream;
use quote::quote;

use super::context::{Context, ident};
use super::{File, docs};
use crate::model::{Answer, AnswerBody, BodyKind, Construction, Group, Operation, Shape, Struct, TypeDef};

/// The page that tells how an application is tested, where one was handed in.
const PAGE: &str = "guide/testing.md";

/// What the runtime's fake has of its own, which an operation's method must not hide.
const OWN: &[&str] =
    &["calls", "client", "client_builder", "default", "drop", "of", "operation", "problems", "transport", "verify"];

/// Returns the files.
pub(super) fn files<'c>(cx: &'c Context<'_>) -> Vec<File<'c>> {
    let has_answers = answers(cx).next().is_some();
    let list = File::tokens("src/testing/mod.rs", move || list(cx, has_answers));
    let answers = has_answers.then(|| File::importing("src/testing/answers.rs", cx, &[], || builders(cx)));
    std::iter::once(list).chain(answers).collect()
}

fn list(cx: &Context<'_>, has_answers: bool) -> TokenStream {
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
    quote! {
        #about
        #module
        pub use crate::runtime::difference::{Difference, DifferenceKind, assert_same, differences};
        pub use crate::runtime::expected::{Data, Empty, Expected, Plain, Raw, Several, Whole};
        pub use crate::runtime::fake::{Fake, FakeTransport};
        pub use crate::runtime::given::Given;
        pub use crate::runtime::recorded::{Any, Recorded};
    }
}

fn about(cx: &Context<'_>) -> docs::Text {
    let text = docs::Text::ours(
        "For tests of an application: a fake transport, builders of answers, and an assertion.",
    )
    .paragraph(
        "[`Fake`] answers the calls of its client in the order that the test says, and keeps what they asked. It \
             has a method for each operation. A call that it has no answer for fails the test, and so does an answer \
             that was not asked for; the message names the operation. [`assert_same`] tells where two values differ \
             without showing either.",
    );
    let name = cx.crate_name();
    text.heading("Example").verbatim(vec![
        "```".to_owned(),
        format!("use {name}::testing::Fake;"),
        String::new(),
        "let fake = Fake::new();".to_owned(),
        "let client = fake.client();".to_owned(),
        "// What is tested makes its calls by `client`.".to_owned(),
        "assert!(fake.calls().is_empty());".to_owned(),
        "```".to_owned(),
    ])
}

/// The structs that an application only reads.
pub(super) fn answers<'a>(cx: &Context<'a>) -> impl Iterator<Item = (&'a TypeDef, &'a Struct)> + use<'a> {
    cx.api.types.iter().filter_map(|def| match &def.shape {
        Shape::Struct(item) if item.construction == Construction::InTests => Some((def, item)),
        _ => None,
    })
}

/// `src/testing/answers.rs`.
fn builders(cx: &Context<'_>) -> TokenStream {
    let lines = answers(cx).map(|(def, item)| builder(cx, def, item));
    let about = docs::Text::ours("Builders of the types that only answers and events carry, for tests.")
        .paragraph("Each type has a `builder` function. `build` panics where a required field was not set.")
        .inner_tokens();
    quote! {
        #about
        crate::runtime::given::builders! { #(#lines)* }
    }
}

fn builder(cx: &Context<'_>, def: &TypeDef, item: &Struct) -> TokenStream {
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

/// The methods of the fake for a group's operations, which stand beside them.
pub(super) fn operations(cx: &Context<'_>, group: &Group) -> TokenStream {
    let lines = group.operations.iter().map(|op| {
        let method = super::context::ident_of(&method(op));
        let facts = super::operations::facts_name(op);
        let body = body(cx, op);
        let answer = answer(cx, op);
        quote!(#method: #facts(#body) -> #answer;)
    });
    quote! {
        #[cfg(feature = "test-util")]
        crate::runtime::expected::operations! { #(#lines)* }
    }
}

/// The name of the fake's method for an operation: the client's, unless the fake has it already.
fn method(op: &Operation) -> String {
    if OWN.contains(&op.rust.as_str()) { op.rust.with("_operation") } else { op.rust.to_string() }
}

/// The type that an operation's body is decoded into; none where it is no JSON.
fn body(cx: &Context<'_>, op: &Operation) -> Option<TokenStream> {
    let body = op.body.as_ref()?;
    let BodyKind::Json { ty, value, .. } = &body.kind else { return None };
    // What the method borrows without its name is not imported but for the feature.
    let ty = if value.is_unsized() { cx.value(cx.resolved(ty)) } else { cx.value(ty) };
    Some(if body.required { ty } else { quote!(Option<#ty>) })
}

/// How an operation's answer is written, and the type of its data. Behind a path, since the document may have types of
/// such names.
fn answer(cx: &Context<'_>, op: &Operation) -> TokenStream {
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
        // The answer's own bytes: what a text or a stream is read from.
        Answer::One(_) => quote!(expected::Raw),
    }
}
