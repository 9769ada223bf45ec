//! A struct with its fields and its `Debug`.
//!
//! ```text
//! #[derive(Clone, PartialEq, Serialize, Deserialize)]
//! #[non_exhaustive]
//! pub struct PetRequest { pub first_name: String, pub middle_name: Nullable<String> }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::super::ident::ident;
use super::super::krate::Crate;
use super::super::value::debug_value;
use super::super::{attributes, docs};
use crate::model::{Access, Construction, Field, Presence, Show, Struct, TypeDef, ValueKind, Writing};

/// Returns the struct and its `Debug`.
pub(super) fn items(cx: &Crate<'_>, def: &TypeDef, item: &Struct) -> TokenStream {
    let name = ident(&def.name);
    let docs = docs::of_type(cx, def);
    let is_form = item.writing == Writing::Parts;
    let derives = if is_form { None } else { Some(quote!(#[derive(Clone, PartialEq, Serialize, Deserialize)])) };
    let bools =
        item.fields.iter().filter(|field| field.presence == Presence::Required && field.value == ValueKind::Bool);
    let bools = attributes::many_bools(bools.count());
    let fields = item.fields.iter().map(|item| field(cx, item, is_form));
    let additional = item.additional.as_ref().map(|additional| {
        let rust = ident(&additional.rust);
        let ty = cx.value(&additional.ty);
        let flatten = match (is_form, additional.holds_named) {
            (true, _) => None,
            (false, true) => {
                Some(quote!(#[serde(flatten, deserialize_with = "crate::runtime::value::objects::read_map")]))
            }
            (false, false) => Some(quote!(#[serde(flatten)])),
        };
        quote! {
            /// Additional properties, by name.
            #flatten
            pub #rust: BTreeMap<String, #ty>,
        }
    });
    let debug = debug(def, item);
    let new = (item.construction == Construction::New).then(|| {
        quote! {
            impl #name {
                /// Returns the value, which has no fields to set.
                #[must_use]
                pub const fn new() -> Self {
                    Self {}
                }
            }

            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        #docs
        #derives
        #bools
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            #additional
        }

        #new
        #debug
    }
}

/// A field. A form's fields have no serde attributes.
fn field(cx: &Crate<'_>, field: &Field, is_form: bool) -> TokenStream {
    let text = docs::Text::of(cx, &field.docs, &docs::of_field(field, "The property"));
    let text = match field.access {
        Access::Both => text,
        Access::ReadOnly => text.paragraph("Only in responses."),
        Access::WriteOnly | Access::RequiredInRequests => text.paragraph("Only in requests."),
    };
    let docs = text.tokens();
    let deprecated = attributes::deprecated(field.deprecated);
    let rust = ident(&field.rust);
    let ty = cx.field(field.presence, &field.ty, field.boxed);
    let serde = if is_form { None } else { serde(field) };
    quote! {
        #docs
        #deprecated
        #serde
        pub #rust: #ty,
    }
}

fn serde(field: &Field) -> Option<TokenStream> {
    if field.flattened {
        return Some(quote!(#[serde(flatten)]));
    }
    let wire = &field.wire;
    let rename = (wire != field.rust.as_str()).then(|| quote!(rename = #wire));
    let presence = match field.presence {
        Presence::Required | Presence::RequiredNullable => None,
        Presence::Optional if field.is_optional_json() => Some(quote!(
            default,
            deserialize_with = "crate::runtime::value::json::read_optional",
            skip_serializing_if = "Option::is_none"
        )),
        Presence::Optional => Some(quote!(default, skip_serializing_if = "Option::is_none")),
        Presence::OptionalNullable => Some(quote!(default, skip_serializing_if = "Nullable::is_absent")),
    };
    let constant = field.constant.map(|only| {
        let read = format!("crate::runtime::value::union::read_{only}");
        quote!(deserialize_with = #read)
    });
    let presence = match (presence, constant) {
        (Some(presence), Some(constant)) => Some(quote!(#presence, #constant)),
        (presence, constant) => presence.or(constant),
    };
    match (rename, presence) {
        (None, None) => None,
        (Some(rename), Some(presence)) => Some(quote!(#[serde(#rename, #presence)])),
        (one, other) => Some(quote!(#[serde(#one #other)])),
    }
}

fn debug(def: &TypeDef, item: &Struct) -> TokenStream {
    let name = ident(&def.name);
    let text = def.name.as_str();
    let touches = item.fields.iter().any(|field| field.deprecated && field.show != Show::Redacted);
    let touches = attributes::touches_deprecated(touches);
    let long = attributes::long_by(item.fields.iter().map(|field| field.rust.as_str()));
    let fields = item.fields.iter().map(|field| {
        let key = field.rust.as_str();
        let rust = ident(&field.rust);
        let value = debug_value(field.show, quote!(&self.#rust));
        quote!(.field(#key, #value))
    });
    let additional = item.additional.as_ref().map(|additional| {
        // The names of additional properties are the sender's data, and never shown.
        let key = additional.rust.as_str();
        quote!(.field(#key, &Redacted))
    });
    quote! {
        impl fmt::Debug for #name {
            #touches
            #long
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(#text) #(#fields)* #additional .finish()
            }
        }
    }
}
