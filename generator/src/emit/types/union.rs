//! One of several types.
//!
//! ```text
//! pub enum Pet { Cat(Cat), Dog(Box<Dog>), Unrecognized(Json) }
//! ```
//!
//! A discriminator's value chooses the variant; without one the runtime's `Choice` does.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::context::{Context, ident};
use super::super::{attributes, docs};
use super::{about, debug_value};
use crate::model::{Field, Openness, Presence, Scalar, Type, TypeDef, Union, UnionVariant};

/// Whether a property's value chooses the variant.
pub(in super::super) fn is_tagged(item: &Union) -> bool {
    item.discriminator.is_some() && item.variants.iter().any(|variant| !variant.tags.is_empty())
}

/// Returns the enum, its encoding and decoding, and its `Debug`.
pub(super) fn items(cx: &Context<'_>, def: &TypeDef, item: &Union) -> TokenStream {
    let declaration = declaration(cx, def, item);
    let from = item.variants.iter().filter_map(|variant| from(cx, def, item, variant));
    let serialize = serialize(cx, def, item);
    let deserialize = deserialize(def, item);
    let debug = debug(cx, def, item);
    quote!(#declaration #(#from)* #serialize #deserialize #debug)
}

/// The field of a tagged variant that may lack the tag, and the tag that is written then.
pub(in super::super) fn tag_field<'a>(
    cx: &Context<'a>,
    item: &'a Union,
    variant: &'a UnionVariant,
) -> Option<(&'a Field, &'a str)> {
    let property = item.discriminator.as_ref()?;
    let tag = variant.tags.first()?;
    let Type::Named(id) = cx.resolved(&variant.ty) else { return None };
    let field = cx.structure(*id)?.fields.iter().find(|field| field.wire == *property)?;
    let may_lack = matches!(field.presence, Presence::Optional | Presence::OptionalNullable);
    may_lack.then_some((field, tag))
}

fn declaration(cx: &Context<'_>, def: &TypeDef, item: &Union) -> TokenStream {
    let docs = about(cx, def);
    let name = ident(&def.name);
    let uneven = attributes::uneven(item.variants.len());
    let variants = item.variants.iter().map(|variant| {
        let docs = docs::item(cx, &variant.docs, &format!("It is {}.", kind(cx, &variant.ty)));
        let rust = ident(&variant.rust);
        let ty = cx.boxed(&variant.ty, variant.boxed);
        quote!(#docs #rust(#ty),)
    });
    let unrecognized = (item.openness == Openness::Open).then(|| {
        quote! {
            /// What fits none of the others, as it came.
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

/// What a variant holds, in words.
fn kind(cx: &Context<'_>, ty: &Type) -> String {
    match ty {
        Type::Named(id) => format!("[`{}`]", cx.def(*id).name),
        Type::Scalar(Scalar::Bool) => "true or false".to_owned(),
        Type::Scalar(Scalar::Int32 | Scalar::Int64) => "a whole number".to_owned(),
        Type::Scalar(Scalar::Float | Scalar::Double | Scalar::Decimal) => "a number".to_owned(),
        Type::Scalar(_) => "a text".to_owned(),
        Type::Array(_) => "a list".to_owned(),
        Type::Map(_) => "a map".to_owned(),
        Type::Nullable(item) => format!("{}, or null", kind(cx, item)),
        Type::Json => "any JSON".to_owned(),
    }
}

/// The conversion from a variant's type, where no other variant has the same.
fn from(cx: &Context<'_>, def: &TypeDef, item: &Union, variant: &UnionVariant) -> Option<TokenStream> {
    let own = cx.resolved(&variant.ty);
    let is_sole = item.variants.iter().filter(|other| cx.resolved(&other.ty) == own).count() == 1;
    let is_itself = matches!(own, Type::Named(id) if cx.def(*id).name == def.name);
    if !is_sole || is_itself || !matches!(own, Type::Named(_)) {
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

fn serialize(cx: &Context<'_>, def: &TypeDef, item: &Union) -> TokenStream {
    let name = ident(&def.name);
    let tag_fields = item.variants.iter().filter_map(|variant| tag_field(cx, item, variant));
    let touches = attributes::touches_deprecated(tag_fields.into_iter().any(|(field, _)| field.deprecated));
    let tagging = item.variants.iter().filter_map(|variant| {
        let (field, tag) = tag_field(cx, item, variant)?;
        let (rust, own, property) = (ident(&variant.rust), ident(&field.rust), &field.wire);
        let is_nullable = field.presence == Presence::OptionalNullable;
        let is_absent = if is_nullable { quote!(is_absent) } else { quote!(is_none) };
        let write = quote!(tagging::write(serializer, #property, #tag, value));
        Some(quote!(Self::#rust(value) if value.#own.#is_absent() => #write,))
    });
    // Variants of one type have one arm.
    let mut arms: Vec<(&Type, bool, Vec<_>)> = Vec::new();
    for variant in &item.variants {
        let rust = ident(&variant.rust);
        let own = cx.resolved(&variant.ty);
        match arms.iter_mut().find(|(ty, boxed, _)| (*ty, *boxed) == (own, variant.boxed)) {
            Some((_, _, variants)) => variants.push(rust),
            None => arms.push((own, variant.boxed, vec![rust])),
        }
    }
    let arms = arms.iter().map(|(_, _, variants)| quote!(#(Self::#variants(value))|* => value.serialize(serializer),));
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

fn deserialize(def: &TypeDef, item: &Union) -> TokenStream {
    let name = ident(&def.name);
    let long = attributes::long(item.variants.len());
    let body = if let Some(property) = item.discriminator.as_ref().filter(|_| is_tagged(item)) {
        let arms = item.variants.iter().filter(|variant| !variant.tags.is_empty()).map(|variant| {
            let rust = ident(&variant.rust);
            let tags = &variant.tags;
            quote!(Some(#(#tags)|*) => tagged::variant(&value, Self::#rust),)
        });
        let otherwise = match item.openness {
            Openness::Open => quote!(Ok(Self::Unrecognized(Json::from(value)))),
            Openness::Closed => quote!(Err(serde::de::Error::custom("the discriminator names no variant"))),
        };
        quote! {
            let value = serde_json::Value::deserialize(deserializer)?;
            match tagged::tag(&value, #property) {
                #(#arms)*
                _ => #otherwise,
            }
        }
    } else {
        let variants = item.variants.iter().map(|variant| ident(&variant.rust));
        let otherwise = match item.openness {
            Openness::Open => quote!(|value| Ok(Self::Unrecognized(Json::from(value)))),
            Openness::Closed => quote!(|_| Err(serde::de::Error::custom("no variant fits"))),
        };
        quote!(union::Choice::read(deserializer)? #(.or(Self::#variants))* .finish(#otherwise))
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

fn debug(cx: &Context<'_>, def: &TypeDef, item: &Union) -> TokenStream {
    let name = ident(&def.name);
    let long = attributes::long(item.variants.len());
    let arms = item.variants.iter().map(|variant| {
        let rust = ident(&variant.rust);
        let label = variant.rust.as_str();
        if super::is_shown(cx, variant.show, &variant.ty) {
            let value = debug_value(cx, variant.show, &variant.ty, quote!(value));
            quote!(Self::#rust(value) => f.debug_tuple(#label).field(#value).finish(),)
        } else {
            quote!(Self::#rust(_) => f.debug_tuple(#label).field(&Redacted).finish(),)
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
