//! The model's types as tokens.
//!
//! `Type::Array(Scalar::Uuid)` is `Vec<Uuid>` as a field and `&[Uuid]` as an argument.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident::ident;
use super::krate::Crate;
use crate::model::{Presence, Scalar, Type, ValueKind};

impl Crate<'_> {
    /// The type of a plain value.
    pub(super) fn value(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Scalar(scalar) => scalar_type(*scalar),
            Type::Named(id) => {
                let name = ident(&self.def(*id).name);
                quote!(#name)
            }
            Type::Array(item) => {
                let item = self.value(item);
                quote!(Vec<#item>)
            }
            Type::Map(item) => {
                let item = self.value(item);
                quote!(BTreeMap<String, #item>)
            }
            Type::Nullable(item) => {
                let item = self.value(item);
                quote!(Option<#item>)
            }
            Type::Json => quote!(Json),
        }
    }

    /// The type of a plain value, in the box that breaks a cycle where it needs one.
    pub(super) fn boxed(&self, ty: &Type, boxed: bool) -> TokenStream {
        let value = self.value(ty);
        if boxed { quote!(Box<#value>) } else { value }
    }

    /// The type of a struct's field.
    pub(super) fn field(&self, presence: Presence, ty: &Type, boxed: bool) -> TokenStream {
        let value = self.boxed(ty, boxed);
        match presence {
            Presence::Required => value,
            Presence::RequiredNullable | Presence::Optional => quote!(Option<#value>),
            Presence::OptionalNullable => quote!(Nullable<#value>),
        }
    }

    /// The type of an operation's argument.
    pub(super) fn argument(&self, ty: &Type, kind: ValueKind) -> TokenStream {
        self.borrowed(ty, kind, &TokenStream::new())
    }

    /// The same with a lifetime, which a type in a declaration needs.
    pub(super) fn borrowed(&self, ty: &Type, kind: ValueKind, lifetime: &TokenStream) -> TokenStream {
        match self.resolved(ty) {
            Type::Array(item) => {
                let item = self.value(item);
                quote!(& #lifetime [#item])
            }
            _ if kind == ValueKind::Text => quote!(& #lifetime str),
            _ => {
                let value = self.value(ty);
                if kind.is_copy() { value } else { quote!(& #lifetime #value) }
            }
        }
    }
}

fn scalar_type(scalar: Scalar) -> TokenStream {
    match scalar {
        Scalar::Bool => quote!(bool),
        Scalar::Int32 => quote!(i32),
        Scalar::Int64 => quote!(i64),
        Scalar::Uint32 => quote!(u32),
        Scalar::Uint64 => quote!(u64),
        Scalar::Float => quote!(f32),
        Scalar::Double => quote!(f64),
        Scalar::Decimal => quote!(Decimal),
        Scalar::String => quote!(String),
        Scalar::Date => quote!(Date),
        Scalar::DateTime => quote!(DateTime),
        Scalar::Uuid => quote!(Uuid),
        Scalar::Base64 => quote!(Base64),
        Scalar::Base64Url => quote!(Base64Url),
        Scalar::Binary => quote!(Part),
    }
}
