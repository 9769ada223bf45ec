//! The model as the emitters ask for it: types as tokens, and what a type can do.
//!
//! `Type::Array(Scalar::Uuid)` is `Vec<Uuid>` as a field and `&[Uuid]` as an argument.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::imports;
use super::runtime::{self, Module};
use crate::Config;
use crate::model::{Api, Presence, Scalar, Shape, Struct, Type, TypeDef, TypeId, ValueKind};
use crate::names::Name;

/// The model, the configuration, and what is computed from them once.
pub struct Context<'a> {
    pub(super) api: &'a Api,
    pub(super) config: &'a Config,
    /// Where each name that emitted code uses without a path comes from.
    pub(super) imports: imports::Table,
    /// The modules of the runtime that the client needs, sorted by name.
    pub(super) runtime: Vec<&'static Module>,
    /// Words of the title that look like identifiers and are none.
    pub(super) proper_names: BTreeSet<String>,
}

/// Returns the identifier of a name.
pub(super) fn ident(name: &Name) -> Ident {
    Ident::new(name.as_str(), Span::call_site())
}

/// Returns an identifier that is made of a unique name and a fixed part.
pub(super) fn ident_of(text: &str) -> Ident {
    Ident::new(text, Span::call_site())
}

/// Returns the names of `F0`, `F1` …, one for each required field of a builder.
pub(super) fn state_names(count: usize) -> Vec<Ident> {
    (0..count).map(|index| ident_of(&format!("F{index}"))).collect()
}

impl<'a> Context<'a> {
    /// Computes what the emitters ask for more than once.
    #[must_use]
    pub fn new(api: &'a Api, config: &'a Config) -> Self {
        let proper_names = super::docs::proper_names(&api.title);
        let imports = imports::table(api);
        let mut cx = Self { api, config, imports, runtime: Vec::new(), proper_names };
        cx.runtime = runtime::used(&cx);
        cx
    }

    /// The crate's name as Rust code says it.
    pub(super) fn crate_name(&self) -> String {
        self.config.name.replace('-', "_")
    }

    pub(super) fn def(&self, id: TypeId) -> &'a TypeDef {
        self.api.def(id)
    }

    /// The struct of this id, if it is one.
    pub(super) fn structure(&self, id: TypeId) -> Option<&'a Struct> {
        match &self.def(id).shape {
            Shape::Struct(structure) => Some(structure),
            _ => None,
        }
    }

    /// The type behind an alias, or the type itself.
    pub(super) fn resolved<'t>(&'t self, ty: &'t Type) -> &'t Type {
        self.api.resolved(ty)
    }

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
        Scalar::Float => quote!(f32),
        Scalar::Double => quote!(f64),
        Scalar::Decimal => quote!(Decimal),
        Scalar::String => quote!(String),
        Scalar::Date => quote!(Date),
        Scalar::DateTime => quote!(DateTime),
        Scalar::Uuid => quote!(Uuid),
        Scalar::Base64 => quote!(Base64),
        Scalar::Binary => quote!(Part),
    }
}
