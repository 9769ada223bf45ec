//! The media types that an operation's body may have, as an enum.
//!
//! ```text
//! pub enum AddPetContent<'a> { Json(&'a Pet), Form(&'a Pet), Xml(Body) }
//! impl<'a> From<&'a Pet> for AddPetContent<'a> { … }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::super::context::{Context, Passing, ident};
use super::super::{attributes, docs};
use crate::model::{BodyEnum, BodyKind, BodyVariant, Operation, Shape, Type};

/// Returns the enum, its `Debug`, and what converts to it.
pub(super) fn items(cx: &Context<'_>, op: &Operation, body: &BodyEnum) -> TokenStream {
    let name = ident(&body.name);
    let lifetime = lifetime(cx, body, &quote!('a));
    let text = docs::Text::ours(&format!("What [`Client::{}`] sends, by its media type.", op.rust));
    let text = if converted(cx, body).is_empty() {
        text.tokens()
    } else {
        text.paragraph("A value that converts to it is sent as the first of its media types.").tokens()
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
        if shows_itself(cx, &variant.kind) {
            quote!(Self::#rust(body) => f.debug_tuple(#label).field(body).finish(),)
        } else {
            quote!(Self::#rust(_) => f.debug_tuple(#label).field(&Redacted).finish(),)
        }
    });
    let anonymous = self::lifetime(cx, body, &quote!('_));
    let conversions = converted(cx, body).into_iter().map(|variant| {
        let rust = ident(&variant.rust);
        let ty = payload(cx, &variant.kind, &quote!('a));
        // A value that is not borrowed converts to the enum of any lifetime.
        let (declared, lifetime) =
            if borrows(cx, &variant.kind) { (&lifetime, &lifetime) } else { (&None, &anonymous) };
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

/// The enum as the type of an argument, with the lifetime of what it borrows.
pub(super) fn argument(cx: &Context<'_>, body: &BodyEnum, lifetime: &TokenStream) -> TokenStream {
    let name = ident(&body.name);
    let lifetime = self::lifetime(cx, body, lifetime);
    quote!(#name #lifetime)
}

/// The variants that something converts to: of those that hold the same, the first.
pub(super) fn converted<'m>(cx: &Context<'_>, body: &'m BodyEnum) -> Vec<&'m BodyVariant> {
    let mut taken: Vec<Option<Type>> = Vec::new();
    let mut found = Vec::new();
    for variant in &body.variants {
        let ty = variant.kind.ty().map(|ty| cx.resolved(&ty).clone());
        let is_first = match &ty {
            Some(Type::Named(id)) => !matches!(cx.def(*id).shape, Shape::Alias(_)) && !taken.contains(&ty),
            _ => false,
        };
        if is_first {
            found.push(variant);
            taken.push(ty);
        }
    }
    found
}

/// The lifetime in its brackets, where a variant borrows.
pub(super) fn lifetime(cx: &Context<'_>, body: &BodyEnum, lifetime: &TokenStream) -> Option<TokenStream> {
    body.variants.iter().any(|variant| borrows(cx, &variant.kind)).then(|| quote!(<#lifetime>))
}

fn borrows(cx: &Context<'_>, kind: &BodyKind) -> bool {
    match kind {
        BodyKind::Json { ty, .. } | BodyKind::Form { ty, .. } => cx.passing(ty) != Passing::Value,
        _ => false,
    }
}

/// The type that a variant holds.
fn payload(cx: &Context<'_>, kind: &BodyKind, lifetime: &TokenStream) -> TokenStream {
    match kind {
        BodyKind::Json { ty, .. } | BodyKind::Form { ty, .. } => cx.borrowed(ty, lifetime),
        BodyKind::Multipart { ty, .. } => cx.value(&Type::Named(*ty)),
        BodyKind::Text { .. } => quote!(String),
        BodyKind::Media { .. } => quote!(MediaBody),
        BodyKind::Bytes { .. } | BodyKind::Several(_) => quote!(Body),
    }
}

/// Whether the payload's own `Debug` hides what has to be hidden.
fn shows_itself(cx: &Context<'_>, kind: &BodyKind) -> bool {
    match kind {
        BodyKind::Text { .. } => false,
        kind => kind.ty().is_none_or(|ty| cx.hides_itself(&ty)),
    }
}
