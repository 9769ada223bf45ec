//! A union: one of several types.
//!
//! ```text
//! pub enum Pet { Cat(Cat), Dog(Box<Dog>), Unrecognized(Json) }
//! ```
//!
//! The discriminator's value chooses the variant. Without a discriminator, the runtime's `Choice` does.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::super::ident::ident;
use super::super::krate::Crate;
use super::super::{attributes, docs, literal};
use crate::model::{Openness, Presence, Scalar, Show, Tag, Type, TypeDef, Union, UnionVariant};

/// Returns the enum, its encoding and decoding, and its `Debug`.
pub(super) fn items(cx: &Crate<'_>, def: &TypeDef, item: &Union) -> TokenStream {
    let declaration = declaration(cx, def, item);
    let from = item.variants.iter().filter_map(|variant| from(cx, def, variant));
    let serialize = serialize(def, item);
    let deserialize = deserialize(cx, def, item);
    let debug = debug(def, item);
    quote!(#declaration #(#from)* #serialize #deserialize #debug)
}

fn declaration(cx: &Crate<'_>, def: &TypeDef, item: &Union) -> TokenStream {
    let docs = docs::of_type(cx, def);
    let name = ident(&def.name);
    let uneven = attributes::uneven(item.variants.len());
    let variants = item.variants.iter().map(|variant| {
        let docs = docs::item(cx, &variant.docs, &format!("Holds {}.", kind(cx, &variant.ty)));
        let rust = ident(&variant.rust);
        let ty = cx.boxed(&variant.ty, variant.boxed);
        quote!(#docs #rust(#ty),)
    });
    let unrecognized = (item.openness == Openness::Open).then(|| {
        quote! {
            /// A value that matches no other variant, as it was received.
            Unrecognized(Json),
        }
    });
    quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #uneven
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #unrecognized
        }
    }
}

/// A variant's value, in words.
fn kind(cx: &Crate<'_>, ty: &Type) -> String {
    match ty {
        Type::Named(id) => format!("[`{}`]", cx.def(*id).name),
        Type::Scalar(Scalar::Bool) => "true or false".to_owned(),
        Type::Scalar(Scalar::Int32 | Scalar::Int64 | Scalar::Uint32 | Scalar::Uint64) => "a whole number".to_owned(),
        Type::Scalar(Scalar::Float | Scalar::Double | Scalar::Decimal) => "a number".to_owned(),
        Type::Scalar(_) => "a string".to_owned(),
        Type::Array(_) => "a list".to_owned(),
        Type::Map(_) => "a map".to_owned(),
        Type::Nullable(item) => format!("{}, or null", kind(cx, item)),
        Type::Json => "any JSON".to_owned(),
    }
}

/// The conversion from a variant's type.
fn from(cx: &Crate<'_>, def: &TypeDef, variant: &UnionVariant) -> Option<TokenStream> {
    if !variant.converts {
        return None;
    }
    let name = ident(&def.name);
    let rust = ident(&variant.rust);
    let ty = cx.value(&variant.ty);
    let value = if variant.boxed { quote!(Box::new(value)) } else { quote!(value) };
    Some(quote! {
        impl From<#ty> for #name {
            fn from(value: #ty) -> Self {
                Self::#rust(#value)
            }
        }
    })
}

fn serialize(def: &TypeDef, item: &Union) -> TokenStream {
    let name = ident(&def.name);
    let tag_fields = || item.variants.iter().filter_map(|variant| Some((variant, variant.tag_field.as_ref()?)));
    let touches = attributes::touches_deprecated(tag_fields().any(|(_, field)| field.deprecated));
    let tagging = tag_fields().map(|(variant, field)| {
        let (rust, own) = (ident(&variant.rust), ident(&field.rust));
        let (property, tag) = (item.discriminator.as_ref(), variant.tags.first().map(tag));
        let is_nullable = field.presence == Presence::OptionalNullable;
        let is_absent = if is_nullable { quote!(is_absent) } else { quote!(is_none) };
        let write = quote!(union::write_tagged(serializer, #property, #tag, value));
        quote!(Self::#rust(value) if value.#own.#is_absent() => #write,)
    });
    // Variants with the same type share an arm.
    let mut arms: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for variant in &item.variants {
        arms.entry(variant.first_alike).or_default().push(ident(&variant.rust));
    }
    let arms = arms.values().map(|variants| quote!(#(Self::#variants(value))|* => value.serialize(serializer),));
    let long = attributes::long(item.variants.len());
    let unrecognized =
        (item.openness == Openness::Open).then(|| quote!(Self::Unrecognized(value) => value.serialize(serializer),));
    quote! {
        impl Serialize for #name {
            #touches
            #long
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#tagging)*
                    #(#arms)*
                    #unrecognized
                }
            }
        }
    }
}

fn deserialize(cx: &Crate<'_>, def: &TypeDef, item: &Union) -> TokenStream {
    let name = ident(&def.name);
    let long = attributes::long(item.variants.len());
    let body = if let Some(property) = item.discriminator.as_ref().filter(|_| item.is_tagged()) {
        let arms = item.variants.iter().filter(|variant| !variant.tags.is_empty()).map(|variant| {
            let rust = ident(&variant.rust);
            let tags = variant.tags.iter().map(tag);
            quote!(Some(#(#tags)|*) => union::variant(&value, Self::#rust),)
        });
        let otherwise = match item.openness {
            Openness::Open | Openness::Any => quote!(Ok(Self::Unrecognized(Json::unrecognized(value)))),
            Openness::Closed => quote!(Err(serde::de::Error::custom("the discriminator names no variant"))),
        };
        let read = match item.sample_tag() {
            Some(Tag::Integer(_)) => quote!(integer_tag),
            Some(Tag::Bool(_)) => quote!(boolean_tag),
            Some(Tag::String(_)) | None => quote!(tag),
        };
        quote! {
            let value = serde_json::Value::deserialize(deserializer)?;
            match union::#read(&value, #property) {
                #(#arms)*
                _ => #otherwise,
            }
        }
    } else {
        let variants = item.variants.iter().map(|variant| {
            let rust = ident(&variant.rust);
            let or =
                if matches!(cx.resolved(&variant.ty), Type::Map(_) | Type::Json) { quote!(or_any) } else { quote!(or) };
            quote!(.#or(Self::#rust))
        });
        let otherwise = match item.openness {
            Openness::Open | Openness::Any => quote!(|value| Ok(Self::Unrecognized(Json::unrecognized(value)))),
            Openness::Closed => quote!(|_| Err(serde::de::Error::custom("no variant fits"))),
        };
        quote!(union::Choice::read(deserializer)? #(#variants)* .finish(#otherwise))
    };
    quote! {
        impl<'de> Deserialize<'de> for #name {
            #long
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #body
            }
        }
    }
}

/// A tag as a literal.
fn tag(tag: &Tag) -> TokenStream {
    match tag {
        Tag::String(text) => quote!(#text),
        Tag::Integer(number) => literal::integer(*number),
        Tag::Bool(value) => quote!(#value),
    }
}

fn debug(def: &TypeDef, item: &Union) -> TokenStream {
    let name = ident(&def.name);
    let long = attributes::long(item.variants.len());
    let arms = item.variants.iter().map(|variant| {
        let rust = ident(&variant.rust);
        let label = variant.rust.as_str();
        if variant.show == Show::Redacted {
            quote!(Self::#rust(_) => f.debug_tuple(#label).field(&Redacted).finish(),)
        } else {
            quote!(Self::#rust(value) => f.debug_tuple(#label).field(value).finish(),)
        }
    });
    let unrecognized = (item.openness == Openness::Open)
        .then(|| quote!(Self::Unrecognized(_) => f.write_str("Unrecognized([redacted])"),));
    quote! {
        impl fmt::Debug for #name {
            #long
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    #(#arms)*
                    #unrecognized
                }
            }
        }
    }
}
