//! `src/blocking/`: the operations as methods that block the thread until the call is done.
//!
//! ```text
//! pub fn get_pet(&self, pet_id: &PetId) -> Result<Response<Pet>, Error> { self.driver.run(self.client.get_pet(pet_id)) }
//! ```

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::super::file::File;
use super::super::ident::{ident, ident_of};
use super::super::krate::Crate;
use super::super::{attributes, docs, runtime};
use super::{answer, body, example, signature};
use crate::model::{Answer, AnswerBody, AnswerEnum, BodyKind, Group, Operation};

/// Names that mean something else here than in the table of imports: the blocking versions of async types.
const OWN: &[&str] = &["Client", "ByteStream", "EventStream", "JsonLines"];

/// Whether the client has operations.
pub(in super::super) fn is_needed(cx: &Crate<'_>) -> bool {
    cx.api.groups.iter().any(|group| !group.operations.is_empty())
}

/// Returns the files.
pub(in super::super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    if !is_needed(cx) {
        return Vec::new();
    }
    let groups = cx.api.groups.iter().map(|group| {
        File::importing(format!("src/blocking/{}.rs", group.module), OWN, move || {
            let about = docs::of_group(cx, group);
            let items = items(cx, group);
            quote!(#about #items)
        })
    });
    let root = File::tokens("src/blocking/mod.rs", || root(cx));
    std::iter::once(root).chain(groups).collect()
}

/// The module that users see.
fn root(cx: &Crate<'_>) -> TokenStream {
    let about = about(cx).inner_tokens();
    let modules = cx.api.groups.iter().map(|group| ident(&group.module));
    let runtime = runtime::exports(cx, runtime::Place::Blocking);
    let exports = cx.api.groups.iter().map(|group| {
        let module = ident(&group.module);
        let names = own_answers(group).map(|answer| ident(&answer.name));
        quote!(#(pub use #module::#names;)*)
    });
    let from_env = (!cx.api.environments().is_empty()).then(from_env);
    let error = from_env.is_some().then(|| {
        quote!(
            use crate::runtime::error::config::ConfigError;
        )
    });
    quote! {
        #about
        #(mod #modules;)*
        #runtime
        #(#exports)*
        #error
        #from_env
    }
}

fn about(cx: &Crate<'_>) -> docs::Text {
    let mut lines = vec!["```no_run".to_owned(), format!("# use {}::{{*, value::*}};", cx.name())];
    lines.push("# fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned());
    lines.extend(example::building(cx));
    lines.push("    .build_blocking()?;".to_owned());
    let operations = cx.api.groups.iter().flat_map(|group| &group.operations).filter(|op| !op.deprecated);
    let calls = operations.filter_map(|op| example::statements(cx, op, "?"));
    // The first of the shortest ones.
    lines.extend(calls.min_by_key(Vec::len).into_iter().flatten());
    lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    docs::Text::ours("The blocking client (feature `blocking`). Its methods block the thread until the call is done.")
        .verbatim(lines)
        .paragraph(
            "Each method returns what the async method with the same name returns, with the same retries, limits and \
             errors. You can call it inside an async runtime too, but it then blocks the other tasks of its thread.",
        )
}

fn from_env() -> TokenStream {
    let text = docs::Text::ours("Builds a client from environment variables, like [`crate::Client::from_env`].")
        .heading("Errors")
        .paragraph("Returns a [`ConfigError`] if a variable is missing or has an invalid value.")
        .tokens();
    quote! {
        impl Client {
            #text
            pub fn from_env() -> Result<Self, ConfigError> {
                Self::start(crate::Client::from_env()?)
            }
        }
    }
}

fn items(cx: &Crate<'_>, group: &Group) -> TokenStream {
    let methods = group.operations.iter().map(|op| methods(cx, op));
    let answers = group.operations.iter().filter_map(|op| match &op.answer {
        Answer::Several(several) if holds_stream(several) => Some(answer::items(cx, op, several)),
        _ => None,
    });
    let streams = streams(group);
    let streams = streams.iter().map(|stream| {
        let path = stream.path();
        quote!(use #path;)
    });
    quote! {
        use crate::runtime::blocking::Client;
        #(#streams)*

        #[allow(clippy::missing_errors_doc, reason = "the async methods document their errors")]
        impl Client {
            #(#methods)*
        }

        #(#answers)*
    }
}

/// The method, and the one that takes the optional parameters as well.
fn methods(cx: &Crate<'_>, op: &Operation) -> TokenStream {
    let arguments = signature::arguments(cx, op, &if names_lifetime(op) { quote!('body) } else { quote!('_) });
    let names = signature::argument_names(op);
    let plain = one(cx, op, op.rust.as_str(), &arguments, &quote!(#(#names),*));
    let with = op.optional.as_ref().map(|params| {
        let params = ident(&params.name);
        let mut arguments = arguments.clone();
        arguments.push(quote!(params: &#params));
        one(cx, op, &op.rust.with("_with"), &arguments, &quote!(#(#names,)* params))
    });
    quote!(#plain #with)
}

/// A method, which calls the async method with the same name.
fn one(cx: &Crate<'_>, op: &Operation, name: &str, arguments: &[TokenStream], values: &TokenStream) -> TokenStream {
    let text = docs::Text::ours(&format!("Blocking version of [`Client::{name}`](crate::Client::{name}).")).tokens();
    let name = ident_of(name);
    let deprecated = attributes::deprecated(op.deprecated);
    let touches = op.deprecated.then(|| quote!(#[expect(deprecated, reason = "both are deprecated together")]));
    let many = attributes::many_arguments(arguments.len() + 1);
    let borrowing = op.body_enum().filter(|_| names_lifetime(op));
    let lifetime = borrowing.and_then(|several| body::lifetime(several, &quote!('body)));
    let answer = signature::answer_type(cx, op);
    let run = quote!(self.driver.run(self.client.#name(#values)));
    let run = match &op.answer {
        Answer::One(body) if body.is_stream() => {
            let stream = Stream::of(body).map(|stream| ident_of(stream.name()));
            quote! {
                let (body, meta) = #run?.into_parts();
                Ok(Response::from_parts(#stream::new(body, &self.driver), meta))
            }
        }
        Answer::Several(several) if holds_stream(several) => {
            let arms = several.variants.iter().map(|variant| arm(several, &variant.rust, &variant.body));
            quote! {
                let (answer, meta) = #run?.into_parts();
                let answer = match answer {
                    #(#arms)*
                };
                Ok(Response::from_parts(answer, meta))
            }
        }
        _ => run,
    };
    quote! {
        #text
        #deprecated
        #touches
        #many
        pub fn #name #lifetime (&self, #(#arguments),*) -> Result<Response<#answer>, Error> {
            #run
        }
    }
}

/// Whether the lifetime of the body is named. Only an async function may leave it out of an `impl Into<…>`.
fn names_lifetime(op: &Operation) -> bool {
    op.body.as_ref().is_some_and(|body| body.required && matches!(body.kind, BodyKind::Several(_)))
}

/// Turns a variant of the async client's answer into one of this client's.
fn arm(several: &AnswerEnum, variant: &crate::names::Name, body: &AnswerBody) -> TokenStream {
    let (name, variant) = (ident(&several.name), ident(variant));
    let other = quote!(crate::operations::#name::#variant);
    match (body, Stream::of(body)) {
        (AnswerBody::Empty, _) => quote!(#other => #name::#variant,),
        (_, Some(stream)) => {
            let stream = ident_of(stream.name());
            quote!(#other(body) => #name::#variant(#stream::new(body, &self.driver)),)
        }
        _ => quote!(#other(body) => #name::#variant(body),),
    }
}

/// An answer that is read as it arrives. The blocking client has its own types for these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stream {
    Bytes,
    Events,
    Lines,
}

impl Stream {
    const fn of(body: &AnswerBody) -> Option<Self> {
        match body {
            AnswerBody::Bytes => Some(Self::Bytes),
            AnswerBody::Events(_) | AnswerBody::TextEvents => Some(Self::Events),
            AnswerBody::Lines(_) => Some(Self::Lines),
            AnswerBody::Data(_) | AnswerBody::Whole(_) | AnswerBody::Json(_) | AnswerBody::Text | AnswerBody::Empty => {
                None
            }
        }
    }

    /// The type's name, the same as in the async client.
    const fn name(self) -> &'static str {
        match self {
            Self::Bytes => "ByteStream",
            Self::Events => "EventStream",
            Self::Lines => "JsonLines",
        }
    }

    fn path(self) -> TokenStream {
        match self {
            Self::Bytes => quote!(crate::runtime::streams::blocking::ByteStream),
            Self::Events => quote!(crate::runtime::streams::blocking::EventStream),
            Self::Lines => quote!(crate::runtime::streams::blocking::JsonLines),
        }
    }
}

/// Whether the blocking client needs its own enum for the answer.
fn holds_stream(several: &AnswerEnum) -> bool {
    several.variants.iter().any(|variant| variant.body.is_stream())
}

fn own_answers(group: &Group) -> impl Iterator<Item = &AnswerEnum> {
    group.operations.iter().filter_map(|op| match &op.answer {
        Answer::Several(several) if holds_stream(several) => Some(several),
        _ => None,
    })
}

/// The streams that a group's methods return.
fn streams(group: &Group) -> BTreeSet<Stream> {
    group.operations.iter().flat_map(|op| op.answer.bodies()).filter_map(Stream::of).collect()
}
