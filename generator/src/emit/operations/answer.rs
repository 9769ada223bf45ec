//! The successes of an operation whose bodies differ, as an enum.
//!
//! ```text
//! pub enum UploadAnswer { Created(Upload), Accepted }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::super::context::{Context, ident};
use super::super::{attributes, docs};
use super::{facts, method};
use crate::model::{AnswerBody, AnswerEnum, AnswerVariant, Operation, Status, Type};

/// Returns the enum and its `Debug`.
pub(super) fn items(cx: &Context<'_>, op: &Operation, answer: &AnswerEnum) -> TokenStream {
    let name = ident(&answer.name);
    let text = docs::Text::ours(&format!("What [`Client::{}`] gives back.", op.rust)).tokens();
    let uneven = attributes::uneven(answer.variants.len());
    let variants = answer.variants.iter().map(|item| variant(cx, item, &method::body_value(cx, &item.body)));
    let debug = debug(cx, answer.name.as_str(), &answer.variants);
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
pub(super) fn variant(cx: &Context<'_>, variant: &AnswerVariant, ty: &TokenStream) -> TokenStream {
    let status = match variant.status {
        Status::Code(code) => format!("With status `{code}`."),
        Status::Range(hundreds) => format!("With a status from `{hundreds}00` to `{hundreds}99`."),
        Status::Default => "With any other status.".to_owned(),
    };
    let docs = docs::item(cx, &variant.docs, &status);
    let rust = ident(&variant.rust);
    let payload = (variant.body != AnswerBody::Empty).then(|| quote!((#ty)));
    quote!(#docs #rust #payload,)
}

/// `Debug` for an enum of bodies: a body prints where its own `Debug` hides what has to be hidden.
pub(super) fn debug(cx: &Context<'_>, name: &str, variants: &[AnswerVariant]) -> TokenStream {
    let ident_name = super::super::context::ident_of(name);
    let arms = variants.iter().map(|variant| {
        let rust = ident(&variant.rust);
        let label = variant.rust.as_str();
        match &variant.body {
            AnswerBody::Empty => quote!(Self::#rust => f.write_str(#label),),
            AnswerBody::Data(ty) | AnswerBody::Whole(ty) | AnswerBody::Json(ty) if cx.hides_itself(ty) => {
                quote!(Self::#rust(body) => f.debug_tuple(#label).field(body).finish(),)
            }
            _ => quote!(Self::#rust(_) => f.debug_tuple(#label).field(&Redacted).finish(),),
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

/// Sends the call and reads the answer by its status and media type. A success that is not
/// documented is read as the last resort: as `default`, or as the first that is documented.
pub(super) fn read(cx: &Context<'_>, call: &TokenStream, answer: &AnswerEnum) -> TokenStream {
    let is_default = |variant: &AnswerVariant| variant.status == Status::Default && variant.media_type.is_none();
    let is_range = |variant: &AnswerVariant| matches!(variant.status, Status::Range(_));
    let position = |is: &dyn Fn(&AnswerVariant) -> bool| answer.variants.iter().position(is);
    let last = position(&is_default).or_else(|| position(&is_range)).unwrap_or(0);
    // A status of its own says more than a range that holds it (OpenAPI 3.0.3, Responses Object).
    let mut others: Vec<_> = answer.variants.iter().enumerate().filter(|(index, _)| *index != last).collect();
    others.sort_by_key(|(_, variant)| is_range(variant));
    let arms = others.into_iter().map(|(_, variant)| {
        let (first, last) = facts::statuses(variant.status);
        let status = match variant.status {
            Status::Code(_) => quote!(#first),
            Status::Range(_) => quote!(#first..=#last),
            Status::Default => quote!(_),
        };
        let media_type = if let Some(media_type) = &variant.media_type { quote!(#media_type) } else { quote!(_) };
        let read = variant_read(cx, answer, variant);
        quote!((#status, #media_type) => #read,)
    });
    let last = variant_read(cx, answer, &answer.variants[last]);
    quote! {
        let answer = #call.several().await?;
        match (answer.status().as_u16(), answer.media_type().as_str()) {
            #(#arms)*
            _ => #last,
        }
    }
}

fn variant_read(cx: &Context<'_>, answer: &AnswerEnum, variant: &AnswerVariant) -> TokenStream {
    let name = ident(&answer.name);
    let rust = ident(&variant.rust);
    let read = match &variant.body {
        AnswerBody::Data(ty) => decoded(cx, &quote!(data), ty),
        AnswerBody::Whole(ty) => decoded(cx, &quote!(whole), ty),
        AnswerBody::Json(ty) => decoded(cx, &quote!(json), ty),
        AnswerBody::Text => quote!(text),
        AnswerBody::Bytes => return quote!(Ok(answer.bytes().map(#name::#rust))),
        AnswerBody::Empty => {
            return quote!(Ok(answer.empty()?.map(|()| #name::#rust)));
        }
    };
    quote!(Ok(answer.#read()?.map(#name::#rust)))
}

/// The runtime's function that decodes the type.
fn decoded(cx: &Context<'_>, function: &TokenStream, ty: &Type) -> TokenStream {
    let ty = cx.value(ty);
    quote!(#function::<#ty>)
}
