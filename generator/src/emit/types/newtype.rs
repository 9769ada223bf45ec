//! A newtype: a scalar with a name, such as an id.
//!
//! ```text
//! #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
//! #[serde(transparent)]
//! pub struct PetId(Uuid);
//! ```
//!
//! Newtypes don't convert into each other.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::docs;
use super::super::ident::ident;
use super::super::krate::Crate;
use super::super::value::debug_value;
use crate::model::{Newtype, NewtypeInner, Scalar, Show, Type, TypeDef};

/// Returns the newtype, its conversions and its `Debug`.
pub(super) fn items(cx: &Crate<'_>, def: &TypeDef, item: &Newtype) -> TokenStream {
    let name = ident(&def.name);
    let docs = docs::of_type(cx, def);
    let ty = item.inner.ty();
    let inner = cx.value(&ty);
    let derives = derives(&item.inner);
    let conversions = match item.inner {
        NewtypeInner::Scalar(Scalar::String) => text(def),
        NewtypeInner::Scalar(scalar) if scalar.is_copy() => copied(cx, def, scalar),
        _ => wrapped(cx, def, &ty),
    };
    let shown = debug_value(item.show, quote!(&self.0));
    let label = def.name.as_str();
    let display = display(def, item);
    quote! {
        #docs
        #[derive(#derives)]
        #[serde(transparent)]
        pub struct #name(#inner);

        #conversions
        #display

        impl fmt::Debug for #name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(#label).field(#shown).finish()
            }
        }
    }
}

fn derives(inner: &NewtypeInner) -> TokenStream {
    match inner {
        NewtypeInner::Scalar(Scalar::Float | Scalar::Double) => {
            quote!(Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)
        }
        NewtypeInner::Scalar(scalar) if scalar.is_copy() => {
            quote!(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)
        }
        NewtypeInner::Scalar(Scalar::String | Scalar::DateTime | Scalar::Base64 | Scalar::Base64Url) => {
            quote!(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)
        }
        _ => quote!(Clone, PartialEq, Serialize, Deserialize),
    }
}

fn text(def: &TypeDef) -> TokenStream {
    let name = ident(&def.name);
    quote! {
        impl #name {
            /// Wraps a string.
            #[must_use]
            pub fn new(value: impl Into<String>) -> Self {
                Self(value.into())
            }

            /// Returns the string.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                Self::new(value)
            }
        }

        impl From<String> for #name {
            fn from(value: String) -> Self {
                Self(value)
            }
        }

        impl From<#name> for String {
            fn from(value: #name) -> Self {
                value.0
            }
        }

        impl AsRef<str> for #name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    }
}

fn copied(cx: &Crate<'_>, def: &TypeDef, scalar: Scalar) -> TokenStream {
    let name = ident(&def.name);
    let inner = cx.value(&Type::Scalar(scalar));
    let what = def.name.as_str();
    quote! {
        impl #name {
            /// Wraps the value.
            #[must_use]
            pub const fn new(value: #inner) -> Self {
                Self(value)
            }

            /// Returns the value.
            #[must_use]
            pub const fn get(self) -> #inner {
                self.0
            }
        }

        impl From<#inner> for #name {
            fn from(value: #inner) -> Self {
                Self(value)
            }
        }

        impl From<#name> for #inner {
            fn from(value: #name) -> Self {
                value.0
            }
        }

        impl FromStr for #name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                text.parse().map(Self).map_err(|_| ParseError::new(#what))
            }
        }
    }
}

fn wrapped(cx: &Crate<'_>, def: &TypeDef, ty: &Type) -> TokenStream {
    let name = ident(&def.name);
    let inner = cx.value(ty);
    let about = docs::Text::ours("Returns what is wrapped.").tokens();
    quote! {
        impl #name {
            /// Wraps the value.
            #[must_use]
            pub fn new(value: #inner) -> Self {
                Self(value)
            }

            #about
            #[must_use]
            pub fn get(&self) -> &#inner {
                &self.0
            }

            /// Unwraps the value.
            #[must_use]
            pub fn into_inner(self) -> #inner {
                self.0
            }
        }

        impl From<#inner> for #name {
            fn from(value: #inner) -> Self {
                Self(value)
            }
        }
    }
}

/// `Display`, for values that are safe to print.
fn display(def: &TypeDef, item: &Newtype) -> Option<TokenStream> {
    let name = ident(&def.name);
    let is_printed = matches!(item.inner, NewtypeInner::Scalar(scalar) if !matches!(scalar, Scalar::Base64 | Scalar::Base64Url | Scalar::Binary));
    (is_printed && item.show == Show::Value).then(|| {
        quote! {
            impl fmt::Display for #name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(&self.0, f)
                }
            }
        }
    })
}
