//! An enum of the media types that an operation's body may have.
//!
//! ```text
//! pub enum AddPetContent<'a> { Json(&'a Pet), Form(&'a Pet), Xml(Body) }
//! impl<'a> From<&'a Pet> for AddPetContent<'a> { … }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::super::ident::ident;
use super::super::krate::Crate;
use super::super::{attributes, docs};
use crate::model::{BodyEnum, BodyKind, BodyVariant, Operation, Show, Type};

/// Returns the enum, its `Debug`, and its conversions.
pub(super) fn items(cx: &Crate<'_>, op: &Operation, body: &BodyEnum) -> TokenStream {
    let name = ident(&body.name);
    let lifetime = lifetime(body, &quote!('a));
    let text = docs::Text::ours(&format!("The body of [`Client::{}`], by media type.", op.rust));
    let text = if converted(body).next().is_none() {
        text.tokens()
    } else {
        text.paragraph("A value that converts into this enum is sent with the first media type that takes it.").tokens()
    };
    let uneven = attributes::uneven(body.variants.len());
    let variants = body.variants.iter().map(|variant| {
        let docs = docs::Text::ours(&format!("As {}.", docs::code(&variant.media_type))).tokens();
        let rust = ident(&variant.rust);
        let ty = payload(cx, &variant.kind, &quote!('a));
        quote!(#docs #rust(#ty),)
    });
    let arms = body.variants.iter().map(|variant| {
        let rust = ident(&variant.rust);
        let label = variant.rust.as_str();
        if variant.show == Show::Redacted {
            quote!(Self::#rust(_) => f.debug_tuple(#label).field(&Redacted).finish(),)
        } else {
            quote!(Self::#rust(body) => f.debug_tuple(#label).field(body).finish(),)
        }
    });
    let anonymous = self::lifetime(body, &quote!('_));
    let conversions = converted(body).map(|variant| {
        let rust = ident(&variant.rust);
        let ty = payload(cx, &variant.kind, &quote!('a));
        // A value that isn't borrowed converts into the enum with any lifetime.
        let (declared, lifetime) = if borrows(&variant.kind) { (&lifetime, &lifetime) } else { (&None, &anonymous) };
        quote! {
            impl #declared From<#ty> for #name #lifetime {
                fn from(body: #ty) -> Self {
                    Self::#rust(body)
                }
            }
        }
    });
    quote! {
        #text
        #uneven
        #[non_exhaustive]
        pub enum #name #lifetime {
            #(#variants)*
        }

        impl fmt::Debug for #name #anonymous {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    #(#arms)*
                }
            }
        }

        #(#conversions)*
    }
}

/// The enum as the type of an argument, with the lifetime of the values that it borrows.
pub(in super::super) fn argument(body: &BodyEnum, lifetime: &TokenStream) -> TokenStream {
    let name = ident(&body.name);
    let lifetime = self::lifetime(body, lifetime);
    quote!(#name #lifetime)
}

/// The variants with conversions.
pub(super) fn converted(body: &BodyEnum) -> impl Iterator<Item = &BodyVariant> {
    body.variants.iter().filter(|variant| variant.converts)
}

/// The lifetime in brackets, if a variant borrows.
pub(super) fn lifetime(body: &BodyEnum, lifetime: &TokenStream) -> Option<TokenStream> {
    body.variants.iter().any(|variant| borrows(&variant.kind)).then(|| quote!(<#lifetime>))
}

fn borrows(kind: &BodyKind) -> bool {
    matches!(kind, BodyKind::Json { value, .. } | BodyKind::Form { value, .. } if !value.is_copy())
}

/// The type that a variant holds.
fn payload(cx: &Crate<'_>, kind: &BodyKind, lifetime: &TokenStream) -> TokenStream {
    match kind {
        BodyKind::Json { ty, value, .. } | BodyKind::Form { ty, value, .. } => cx.borrowed(ty, *value, lifetime),
        BodyKind::Multipart { ty, .. } => cx.value(&Type::Named(*ty)),
        BodyKind::Text { .. } => quote!(String),
        BodyKind::Media { .. } => quote!(MediaBody),
        BodyKind::Bytes { .. } | BodyKind::Several(_) => quote!(Body),
    }
}
