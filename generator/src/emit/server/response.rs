//! What an operation's method returns, and how it's written.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::super::ident::ident;
use super::super::krate::Crate;
use super::super::operations::{facts, signature};
use crate::model::{Answer, AnswerBody, AnswerEnum, AnswerVariant, ErrorType, Operation, Status};

/// Returns the type of a method's result.
pub(super) fn result(cx: &Crate<'_>, op: &Operation) -> TokenStream {
    let success = match &op.answer {
        Answer::One(body) if body.is_stream() => quote!(crate::body::Body),
        Answer::Several(answer) if holds_stream(answer) => quote!(crate::body::Body),
        _ => signature::answer_type(cx, op),
    };
    let failure = match (&op.error_type, &cx.api.error_body) {
        (Some(error), _) => {
            let name = ident(&error.name);
            quote!(#name)
        }
        (None, Some(shared)) => cx.value(shared),
        (None, None) => quote!(()),
    };
    quote!(Result<server::Success<#success>, server::Failure<#failure>>)
}

/// Whether one of the responses is streamed, so that the implementation writes all of them.
fn holds_stream(answer: &AnswerEnum) -> bool {
    answer.variants.iter().any(|variant| variant.body.is_stream())
}

/// Returns the function that writes a success.
pub(super) fn writer(op: &Operation) -> TokenStream {
    match &op.answer {
        Answer::One(body) => write(body),
        Answer::Several(answer) if holds_stream(answer) => quote!(server::Content::bytes),
        Answer::Several(answer) => {
            let arms = answer.variants.iter().map(|variant| arm(answer, variant));
            quote!(|answer, with| match answer { #(#arms)* })
        }
    }
}

fn arm(answer: &AnswerEnum, variant: &AnswerVariant) -> TokenStream {
    let name = ident(&answer.name);
    let rust = ident(&variant.rust);
    let write = write(&variant.body);
    let status = Literal::u16_unsuffixed(status(variant.status, 200));
    let media_type = if let Some(text) = &variant.media_type { quote!(Some(#text)) } else { quote!(None) };
    let (pattern, value) =
        if variant.body == AnswerBody::Empty { (None, quote!(())) } else { (Some(quote!((body))), quote!(body)) };
    quote!(#name::#rust #pattern => Some(#write(#value, with)?.with(#status, #media_type)),)
}

fn write(body: &AnswerBody) -> TokenStream {
    match body {
        AnswerBody::Data(_) => quote!(server::Content::data),
        AnswerBody::Whole(_) => quote!(server::Content::whole),
        AnswerBody::Json(_) => quote!(server::Content::json),
        AnswerBody::Text => quote!(server::Content::text),
        AnswerBody::Bytes | AnswerBody::Events(_) | AnswerBody::TextEvents | AnswerBody::Lines(_) => {
            quote!(server::Content::bytes)
        }
        AnswerBody::Empty => quote!(server::Content::empty),
    }
}

/// The status that is sent for a response's key.
fn status(status: Status, default: u16) -> u16 {
    match status {
        Status::Code(code) => code,
        Status::Range(hundreds) => u16::from(hundreds) * 100,
        Status::Default => default,
    }
}

/// Returns how the enum of an operation's failures is written, and its conversion into a failure.
pub(super) fn error_items(op: &Operation) -> Option<TokenStream> {
    let ErrorType { name, variants } = op.error_type.as_ref()?;
    let name = ident(name);
    let written = variants.iter().map(|variant| {
        let rust = ident(&variant.rust);
        quote!(Self::#rust(body) => body.serialize(serializer),)
    });
    let statuses = variants.iter().map(|variant| {
        let rust = ident(&variant.rust);
        let status = Literal::u16_unsuffixed(status(variant.status, 500));
        quote!(#name::#rust(_) => #status,)
    });
    Some(quote! {
        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#written)*
                }
            }
        }

        /// The failure with the variant's status. For a range it's the first, and for any other status 500.
        impl From<#name> for server::Failure<#name> {
            fn from(body: #name) -> Self {
                let status = match &body {
                    #(#statuses)*
                };
                Self::documented(status, body)
            }
        }
    })
}

/// Returns the documented bodies of failures.
pub(super) fn failure_facts(cx: &Crate<'_>, op: &Operation) -> Vec<TokenStream> {
    let failures = op.failures.iter().filter_map(|failure| {
        let found = failure.bodies.first()?;
        let ty = cx.value(found.body.ty()?);
        let statuses = facts::statuses(failure.status);
        let media_type = &found.written;
        Some(quote! {
            server::FailureFacts { statuses: #statuses, media_type: #media_type, fit: server::fit::<#ty> }
        })
    });
    failures.collect()
}
