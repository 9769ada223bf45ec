//! An enum of the bodies of an operation's failures. The status chooses the variant.
//!
//! ```text
//! pub enum CreatePetError { NotFound(BasicError), Invalid(ValidationError) }
//! impl CreatePetError { pub fn of(error: &Error) -> Option<Self> { … } }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::super::ident::ident;
use super::super::krate::Crate;
use super::super::{attributes, docs};
use super::{answer, facts, signature};
use crate::model::{AnswerBody, AnswerVariant, ErrorType, Operation, Status};

/// Returns the enum, how it is read, and its `Debug`.
pub(super) fn items(cx: &Crate<'_>, op: &Operation, error: &ErrorType) -> TokenStream {
    let name = ident(&error.name);
    let text = docs::Text::ours(&format!("The body of a failure of [`Client::{}`].", op.rust)).tokens();
    let uneven = attributes::uneven(error.variants.len());
    let variants = error.variants.iter().map(|item| {
        // A failure's body has been read to its end.
        let ty = match &item.body {
            body if body.is_stream() => quote!(Vec<u8>),
            body => signature::body_value(cx, body),
        };
        answer::variant(cx, item, &ty)
    });
    let debug = answer::debug(error.name.as_str(), &error.variants);
    let read = chosen(error);
    quote! {
        #text
        #[derive(Clone, PartialEq)]
        #uneven
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }

        impl #name {
            /// Returns the body of the failure, if the API documents it and it can be decoded.
            #[must_use]
            pub fn of(error: &Error) -> Option<Self> {
                #read
            }
        }

        #debug
    }
}

/// Returns the expression that chooses a variant and reads the body.
fn chosen(error: &ErrorType) -> TokenStream {
    let has_media_types = error.variants.iter().any(|variant| !variant.is_otherwise);
    // A status's variant for any media type comes last.
    let mut ordered: Vec<&AnswerVariant> = error.variants.iter().collect();
    ordered.sort_by_key(|variant| (variant.status.breadth(), variant.is_otherwise, answer::is_range(variant)));
    let arms = ordered.iter().map(|variant| {
        let status = facts::pattern(variant.status);
        let read = read(variant);
        match variant.media_type.as_ref().filter(|_| !variant.is_otherwise) {
            Some(media_type) => {
                if let Some((start, _)) = media_type.split_once('*') {
                    quote!((#status, media_type) if media_type.starts_with(#start) => #read,)
                } else {
                    quote!((#status, #media_type) => #read,)
                }
            }
            None if has_media_types => quote!((#status, _) => #read,),
            None => quote!(#status => #read,),
        }
    });
    let subject = if has_media_types {
        quote!((error.status()?.as_u16(), crate::runtime::response::undecoded::media_type(error.headers()?).as_str()))
    } else {
        quote!(error.status()?.as_u16())
    };
    let has_default = error.variants.iter().any(|variant| variant.status == Status::Default);
    let otherwise = (!has_default).then(|| quote!(_ => None,));
    match error.variants.as_slice() {
        [only] if has_default => read(only),
        _ => quote! {
            match #subject {
                #(#arms)*
                #otherwise
            }
        },
    }
}

/// The expression that reads the body of a variant.
fn read(variant: &AnswerVariant) -> TokenStream {
    let rust = ident(&variant.rust);
    match &variant.body {
        AnswerBody::Data(_) | AnswerBody::Whole(_) | AnswerBody::Json(_) => quote!(error.body_as().map(Self::#rust)),
        AnswerBody::Text => quote!(Some(Self::#rust(String::from_utf8_lossy(error.body()?).into_owned()))),
        AnswerBody::Bytes | AnswerBody::Events(_) | AnswerBody::TextEvents | AnswerBody::Lines(_) => {
            quote!(Some(Self::#rust(error.body()?.to_vec())))
        }
        AnswerBody::Empty => quote!(Some(Self::#rust)),
    }
}
