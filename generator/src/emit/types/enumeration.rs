//! An enum, which is a closed or open set of values.
//!
//! ```text
//! pub enum Gender { Male, Female, Unrecognized(Unrecognized) }
//! impl Gender { pub fn as_str(&self) -> &str { … } }
//! ```
//!
//! An open enum keeps an unknown value and sends it back unchanged.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::ident::{ident, ident_of};
use super::super::krate::Crate;
use super::super::{attributes, docs, literal};
use crate::model::{Enum, EnumRepr, EnumValue, Openness, Show, TypeDef};

/// Returns the enum, its conversions and its `Debug`.
pub(super) fn items(cx: &Crate<'_>, def: &TypeDef, item: &Enum) -> TokenStream {
    let declaration = declaration(cx, def, item);
    let values = values(def, item);
    let conversions = match (item.repr, item.openness) {
        (EnumRepr::String, Openness::Open | Openness::Any) => open_string(def, item),
        (EnumRepr::String, Openness::Closed) => closed_string(def, item),
        (EnumRepr::Integer, Openness::Open | Openness::Any) => open_integer(def, item),
        (EnumRepr::Integer, Openness::Closed) => closed_integer(def, item),
    };
    let debug = debug(def, item);
    quote!(#declaration #values #conversions #debug)
}

fn declaration(cx: &Crate<'_>, def: &TypeDef, item: &Enum) -> TokenStream {
    let docs = docs::of_type(cx, def);
    let name = ident(&def.name);
    let copy = (item.openness == Openness::Closed).then(|| quote!(Copy,));
    let variants = item.variants.iter().map(|variant| {
        let docs = docs::item(cx, &variant.docs, &format!("The value {}.", docs::code(&wire(&variant.wire))));
        let rust = ident(&variant.rust);
        quote!(#docs #rust,)
    });
    let rest = item.rest.as_ref().map(|rest| {
        let rest = ident(rest);
        quote! {
            /// Any other string, which the API allows.
            #rest(String),
        }
    });
    let unrecognized = (item.openness == Openness::Open).then(|| {
        let payload = match item.repr {
            EnumRepr::String => quote!(Unrecognized),
            EnumRepr::Integer => quote!(UnrecognizedInteger),
        };
        quote! {
            /// A value that this version of the client doesn't know.
            Unrecognized(#payload),
        }
    });
    quote! {
        #docs
        #[derive(Clone, #copy PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #rest
            #unrecognized
        }
    }
}

fn wire(value: &EnumValue) -> String {
    match value {
        EnumValue::String(text) => text.clone(),
        EnumValue::Integer(number) => number.to_string(),
    }
}

/// The values on the wire as literals, and their variants.
fn pairs(item: &Enum) -> (Vec<TokenStream>, Vec<Ident>) {
    let literal = |value: &EnumValue| match value {
        EnumValue::String(text) => quote!(#text),
        EnumValue::Integer(number) => literal::integer(*number),
    };
    item.variants.iter().map(|variant| (literal(&variant.wire), ident(&variant.rust))).unzip()
}

/// The methods that return the value on the wire.
fn values(def: &TypeDef, item: &Enum) -> TokenStream {
    let name = ident(&def.name);
    let (wires, variants) = pairs(item);
    let is_open = item.openness != Openness::Closed;
    let long = attributes::long(wires.len());
    // A closed enum is `Copy` and passed by value.
    let this = if is_open { quote!(&self) } else { quote!(self) };
    let (method, ty, borrowed, about) = match item.repr {
        EnumRepr::String if is_open => {
            (quote!(as_str), quote!(str), quote!(&str), "Returns the value as it is on the wire.")
        }
        EnumRepr::String => {
            (quote!(as_str), quote!(str), quote!(&'static str), "Returns the value as it is on the wire.")
        }
        EnumRepr::Integer => (quote!(as_i64), quote!(i64), quote!(i64), "Returns the number on the wire."),
    };
    let about = docs::Text::ours(about).tokens();
    let inner = if item.repr == EnumRepr::String { quote!(as_str) } else { quote!(get) };
    let rest = item.rest.iter().map(ident);
    let unrecognized_arm = match item.openness {
        Openness::Open => Some(quote!(Self::Unrecognized(value) => value.#inner(),)),
        Openness::Any => Some(quote!(#(Self::#rest(value))|* => value,)),
        Openness::Closed => None,
    };
    let unrecognized = (item.openness == Openness::Open).then(|| {
        let option = if item.repr == EnumRepr::String { quote!(&#ty) } else { quote!(#ty) };
        quote! {
            /// Returns the value if this version of the client doesn't know it.
            #[must_use]
            pub fn unrecognized(&self) -> Option<#option> {
                match self {
                    Self::Unrecognized(value) => Some(value.#inner()),
                    _ => None,
                }
            }
        }
    });
    let constness = (!is_open).then(|| quote!(const));
    quote! {
        impl #name {
            #about
            #[must_use]
            #long
            pub #constness fn #method(#this) -> #borrowed {
                match self {
                    #(Self::#variants => #wires,)*
                    #unrecognized_arm
                }
            }
            #unrecognized
        }
    }
}

fn open_string(def: &TypeDef, item: &Enum) -> TokenStream {
    let name = ident(&def.name);
    let (wires, variants) = pairs(item);
    let long = attributes::long(wires.len());
    let otherwise = if let Some(rest) = item.rest.as_ref().map(ident) {
        quote!(Self::#rest(value.to_owned()))
    } else {
        let make = unrecognized(item);
        quote!(Self::Unrecognized(Unrecognized::#make(value)))
    };
    quote! {
        impl From<&str> for #name {
            #long
            fn from(value: &str) -> Self {
                match value {
                    #(#wires => Self::#variants,)*
                    _ => #otherwise,
                }
            }
        }

        impl From<String> for #name {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    }
}

fn closed_string(def: &TypeDef, item: &Enum) -> TokenStream {
    let name = ident(&def.name);
    let (wires, variants) = pairs(item);
    let long = attributes::long(wires.len());
    let what = def.name.as_str();
    quote! {
        impl FromStr for #name {
            type Err = ParseError;

            #long
            fn from_str(value: &str) -> Result<Self, ParseError> {
                match value {
                    #(#wires => Ok(Self::#variants),)*
                    _ => Err(ParseError::new(#what)),
                }
            }
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    }
}

/// The runtime's function for a value that isn't listed. The only value of an enum is a constant.
fn unrecognized(item: &Enum) -> Ident {
    ident_of(if item.variants.len() == 1 { "instead_of_constant" } else { "new" })
}

fn open_integer(def: &TypeDef, item: &Enum) -> TokenStream {
    let name = ident(&def.name);
    let (wires, variants) = pairs(item);
    let long = attributes::long(wires.len());
    let make = unrecognized(item);
    quote! {
        impl From<i64> for #name {
            #long
            fn from(value: i64) -> Self {
                match value {
                    #(#wires => Self::#variants,)*
                    _ => Self::Unrecognized(UnrecognizedInteger::#make(value)),
                }
            }
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }

        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                i64::deserialize(deserializer).map(Self::from)
            }
        }
    }
}

fn closed_integer(def: &TypeDef, item: &Enum) -> TokenStream {
    let name = ident(&def.name);
    let (wires, variants) = pairs(item);
    let long = attributes::long(wires.len());
    let what = def.name.as_str();
    quote! {
        impl TryFrom<i64> for #name {
            type Error = ParseError;

            #long
            fn try_from(value: i64) -> Result<Self, ParseError> {
                match value {
                    #(#wires => Ok(Self::#variants),)*
                    _ => Err(ParseError::new(#what)),
                }
            }
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }

        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::try_from(i64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    }
}

fn debug(def: &TypeDef, item: &Enum) -> TokenStream {
    let name = ident(&def.name);
    let text = def.name.as_str();
    if item.show != Show::Value {
        let redacted = format!("{text}([redacted])");
        return quote! {
            impl fmt::Debug for #name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(#redacted)
                }
            }
        };
    }
    let variants = item.variants.iter().map(|variant| ident(&variant.rust));
    let names = item.variants.iter().map(|variant| variant.rust.as_str());
    let long = attributes::long(item.variants.len());
    let unrecognized = (item.openness == Openness::Open).then(|| {
        let variant = ident_of("Unrecognized");
        quote!(Self::#variant(_) => "Unrecognized([redacted])",)
    });
    let rest = item.rest.as_ref().map(|rest| {
        let (variant, text) = (ident(rest), format!("{rest}([redacted])"));
        quote!(Self::#variant(_) => #text,)
    });
    quote! {
        impl fmt::Debug for #name {
            #long
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    #(Self::#variants => #names,)*
                    #rest
                    #unrecognized
                })
            }
        }
    }
}
