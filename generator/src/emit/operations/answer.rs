//! An enum of the successful responses of an operation, if their bodies differ.
//!
//! ```text
//! pub enum UploadAnswer { Created(Upload), Accepted }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::super::ident::{ident, ident_of};
use super::super::krate::Crate;
use super::super::{attributes, docs};
use super::{facts, signature};
use crate::model::{AnswerBody, AnswerEnum, AnswerVariant, Operation, Show, Status, Type};

/// Returns the enum and its `Debug`.
pub(super) fn items(cx: &Crate<'_>, op: &Operation, answer: &AnswerEnum) -> TokenStream {
    let name = ident(&answer.name);
    let text = docs::Text::ours(&format!("The response of [`Client::{}`].", op.rust)).tokens();
    let uneven = attributes::uneven(answer.variants.len());
    let variants = answer.variants.iter().map(|item| variant(cx, item, &signature::body_value(cx, &item.body)));
    let debug = debug(answer.name.as_str(), &answer.variants);
    quote! {
        #text
        #uneven
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }

        #debug
    }
}

/// A variant's declaration.
pub(super) fn variant(cx: &Crate<'_>, variant: &AnswerVariant, ty: &TokenStream) -> TokenStream {
    let status = match variant.status {
        Status::Code(code) => format!("With status `{code}`."),
        Status::Range(hundreds) => format!("With a status from `{hundreds}00` to `{hundreds}99`."),
        Status::Default => "With any other status.".to_owned(),
    };
    let docs = docs::Text::of(cx, &variant.docs, &status);
    let docs = match &variant.media_type {
        Some(media_type) => docs.paragraph(&format!("As {}.", docs::code(media_type))).tokens(),
        None => docs.tokens(),
    };
    let rust = ident(&variant.rust);
    let payload = (variant.body != AnswerBody::Empty).then(|| quote!((#ty)));
    quote!(#docs #rust #payload,)
}

/// `Debug` for an enum of bodies. It prints a body only if the body's own `Debug` hides sensitive values.
pub(super) fn debug(name: &str, variants: &[AnswerVariant]) -> TokenStream {
    let ident_name = ident_of(name);
    let arms = variants.iter().map(|variant| {
        let rust = ident(&variant.rust);
        let label = variant.rust.as_str();
        match &variant.body {
            AnswerBody::Empty => quote!(Self::#rust => f.write_str(#label),),
            _ if variant.show == Show::Redacted => {
                quote!(Self::#rust(_) => f.debug_tuple(#label).field(&Redacted).finish(),)
            }
            body => {
                let value = ident_of(if body.is_stream() { "stream" } else { "body" });
                quote!(Self::#rust(#value) => f.debug_tuple(#label).field(#value).finish(),)
            }
        }
    });
    quote! {
        impl fmt::Debug for #ident_name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    #(#arms)*
                }
            }
        }
    }
}

/// Sends the call and reads the answer by its status and media type. The model says which variant reads an undocumented
/// success.
pub(super) fn read(cx: &Crate<'_>, call: &TokenStream, answer: &AnswerEnum) -> TokenStream {
    let last = &answer.variants[answer.last_resort];
    // An exact status takes precedence over a range (OpenAPI 3.0.3, Responses Object), and an exact media type over the
    // variant that reads any other.
    let mut others: Vec<&AnswerVariant> =
        answer.variants.iter().filter(|variant| !std::ptr::eq(*variant, last)).collect();
    others.sort_by_key(|variant| (variant.status.breadth(), variant.is_otherwise, is_range(variant)));
    let arms = others.iter().map(|variant| {
        let (pattern, guard) = chosen_by(answer, variant);
        let guard = guard.map(|guard| quote!(if #guard));
        let read = variant_read(cx, answer, variant);
        quote!(#pattern #guard => #read,)
    });
    let streams: Vec<&AnswerVariant> = others.iter().copied().filter(|variant| variant.body.is_stream()).collect();
    let is_streamed = is_streamed(answer, &streams, last);
    let last = variant_read(cx, answer, last);
    quote! {
        let answer = #call.several(#is_streamed).await?;
        match (answer.status().as_u16(), answer.media_type().as_str()) {
            #(#arms)*
            _ => #last,
        }
    }
}

pub(super) fn is_range(variant: &AnswerVariant) -> bool {
    variant.media_type.as_deref().is_some_and(|media_type| media_type.contains('*'))
}

/// The pattern of status and media type that chooses a variant, and its guard.
fn chosen_by(answer: &AnswerEnum, variant: &AnswerVariant) -> (TokenStream, Option<TokenStream>) {
    let status = facts::pattern(variant.status);
    match &variant.media_type {
        Some(media_type) if !variant.is_otherwise => match media_type.split_once('*') {
            None => (quote!((#status, #media_type)), None),
            Some((start, _)) => {
                // The variant that reads any other media type comes last, but its own media type is more specific.
                let of_status = answer.variants.iter().filter(|other| other.status == variant.status);
                let others = of_status.filter(|other| other.is_otherwise).filter_map(|other| other.media_type.as_ref());
                let others = others.filter(|other| other.starts_with(start)).map(|other| {
                    if let Some((start, _)) = other.split_once('*') {
                        quote!(!media_type.starts_with(#start))
                    } else {
                        quote!(media_type != #other)
                    }
                });
                let is_of_range = (!start.is_empty()).then(|| quote!(media_type.starts_with(#start)));
                let tests: Vec<_> = is_of_range.into_iter().chain(others).collect();
                (quote!((#status, media_type)), (!tests.is_empty()).then(|| quote!(#(#tests)&&*)))
            }
        },
        _ => (quote!((#status, _)), None),
    }
}

/// The closure that returns whether an answer is streamed. The variant that reads any other media type of a status is
/// streamed only if all variants of the status are.
fn is_streamed(answer: &AnswerEnum, streams: &[&AnswerVariant], last: &AnswerVariant) -> TokenStream {
    if last.body.is_stream() {
        let whole = answer.variants.iter().filter(|variant| !variant.body.is_stream());
        let tests = whole.map(|variant| {
            let (pattern, guard) = chosen_by(answer, variant);
            let guard = guard.map(|guard| quote!(if #guard));
            quote!(!matches!((status, media_type), #pattern #guard))
        });
        let tests: Vec<_> = tests.collect();
        return if tests.is_empty() { quote!(|_, _| true) } else { quote!(|status, media_type| #(#tests)&&*) };
    }
    if streams.is_empty() {
        return quote!(|_, _| false);
    }
    let tests = streams.iter().map(|variant| {
        let (pattern, guard) = chosen_by(answer, variant);
        let guard = guard.map(|guard| quote!(if #guard));
        quote!(matches!((status, media_type), #pattern #guard))
    });
    quote!(|status, media_type| #(#tests)||*)
}

fn variant_read(cx: &Crate<'_>, answer: &AnswerEnum, variant: &AnswerVariant) -> TokenStream {
    let name = ident(&answer.name);
    let rust = ident(&variant.rust);
    let read = match &variant.body {
        AnswerBody::Data(ty) => decoded(cx, &quote!(data), ty),
        AnswerBody::Whole(ty) => decoded(cx, &quote!(whole), ty),
        AnswerBody::Json(ty) => decoded(cx, &quote!(json), ty),
        AnswerBody::Text => quote!(text),
        AnswerBody::Bytes | AnswerBody::Events(_) | AnswerBody::TextEvents | AnswerBody::Lines(_) => {
            let read = stream(cx, &variant.body);
            return quote!(Ok(answer.#read.map(#name::#rust)));
        }
        AnswerBody::Empty => {
            return quote!(Ok(answer.empty()?.map(|()| #name::#rust)));
        }
    };
    quote!(Ok(answer.#read()?.map(#name::#rust)))
}

/// The call of the runtime's function that returns a stream.
pub(super) fn stream(cx: &Crate<'_>, body: &AnswerBody) -> TokenStream {
    match body {
        AnswerBody::Events(ty) => {
            let read = decoded(cx, &quote!(events), ty);
            quote!(#read(self))
        }
        AnswerBody::Lines(ty) => {
            let read = decoded(cx, &quote!(lines), ty);
            quote!(#read(self))
        }
        AnswerBody::TextEvents => quote!(text_events(self)),
        _ => quote!(bytes(self)),
    }
}

/// The runtime's function that decodes the type.
fn decoded(cx: &Crate<'_>, function: &TokenStream, ty: &Type) -> TokenStream {
    let ty = cx.value(ty);
    quote!(#function::<#ty>)
}
