//! The model as the emitters ask for it: types as tokens, and what a type can do.
//!
//! `Type::Array(Scalar::Uuid)` is `Vec<Uuid>` as a field and `&[Uuid]` as an argument.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::imports;
use super::runtime::{self, Module};
use crate::Config;
use crate::model::{Api, NewtypeInner, Openness, Presence, Scalar, Shape, Struct, Type, TypeDef, TypeId};
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
    /// The names of the types that are checked before they are sent.
    checked: BTreeSet<&'a Name>,
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

/// How a value comes in through an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passing {
    /// By value: it is `Copy`.
    Value,
    /// As a reference to a type of known size.
    Reference,
    /// As `&str` or as a slice.
    Unsized,
}

impl<'a> Context<'a> {
    /// Computes what the emitters ask for more than once.
    #[must_use]
    pub fn new(api: &'a Api, config: &'a Config) -> Self {
        let proper_names = super::docs::proper_names(&api.title);
        let imports = imports::table(api);
        let mut cx = Self { api, config, imports, runtime: Vec::new(), proper_names, checked: BTreeSet::new() };
        let sent = cx.sent();
        // What holds a checked type is found in the next round, through a cycle as well.
        loop {
            let found: Vec<&Name> = sent
                .iter()
                .filter(|def| !cx.is_checked(def) && super::types::has_rule(&cx, def))
                .map(|def| &def.name)
                .collect();
            if found.is_empty() {
                break;
            }
            cx.checked.extend(found);
        }
        cx.runtime = runtime::used(&cx);
        cx
    }

    /// The types that an operation's body or parameters hold.
    fn sent(&self) -> Vec<&'a TypeDef> {
        let mut open: Vec<TypeId> = Vec::new();
        for op in self.api.groups.iter().flat_map(|group| &group.operations) {
            let params = op.required.iter().chain(op.optional.iter().flat_map(|params| &params.parameters));
            open.extend(params.filter_map(|param| named(&param.ty)));
            open.extend(op.body.iter().flat_map(|body| body.kind.each()).filter_map(|kind| named(&kind.ty()?)));
        }
        let mut sent = BTreeSet::new();
        while let Some(id) = open.pop() {
            if sent.insert(id) {
                open.extend(held(self.def(id)));
            }
        }
        sent.into_iter().map(|id| self.def(id)).collect()
    }

    /// Whether a type is checked before it is sent.
    pub(super) fn is_checked(&self, def: &TypeDef) -> bool {
        self.checked.contains(&def.name)
    }

    /// Whether a value is of a type that is checked, or holds such values.
    pub(super) fn holds_checked(&self, ty: &Type) -> bool {
        match self.resolved(ty) {
            Type::Named(id) => self.is_checked(self.def(*id)),
            Type::Array(item) | Type::Map(item) | Type::Nullable(item) => self.holds_checked(item),
            Type::Scalar(_) | Type::Json => false,
        }
    }

    /// The crate's name as Rust code says it.
    pub(super) fn crate_name(&self) -> String {
        self.config.name.replace('-', "_")
    }

    pub(super) fn def(&self, id: TypeId) -> &'a TypeDef {
        &self.api.types[id.0]
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
        let mut ty = ty;
        while let Type::Named(id) = ty
            && let Shape::Alias(target) = &self.def(*id).shape
        {
            ty = target;
        }
        ty
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
    pub(super) fn argument(&self, ty: &Type) -> TokenStream {
        self.borrowed(ty, &TokenStream::new())
    }

    /// The same with a lifetime, which a type in a declaration needs.
    pub(super) fn borrowed(&self, ty: &Type, lifetime: &TokenStream) -> TokenStream {
        match (self.passing(ty), self.resolved(ty)) {
            (Passing::Value, _) => self.value(ty),
            (Passing::Unsized, Type::Array(item)) => {
                let item = self.value(item);
                quote!(& #lifetime [#item])
            }
            (Passing::Unsized, _) => quote!(& #lifetime str),
            (Passing::Reference, _) => {
                let value = self.value(ty);
                quote!(& #lifetime #value)
            }
        }
    }

    pub(super) fn passing(&self, ty: &Type) -> Passing {
        match self.resolved(ty) {
            Type::Scalar(Scalar::String) | Type::Array(_) => Passing::Unsized,
            _ if self.is_copy(ty) => Passing::Value,
            _ => Passing::Reference,
        }
    }

    /// Whether the type is `Copy`.
    pub(super) fn is_copy(&self, ty: &Type) -> bool {
        match self.resolved(ty) {
            Type::Scalar(scalar) => is_copy(*scalar),
            Type::Nullable(item) => self.is_copy(item),
            Type::Named(id) => match &self.def(*id).shape {
                Shape::Newtype(newtype) => matches!(&newtype.inner, NewtypeInner::Scalar(inner) if is_copy(*inner)),
                Shape::Enum(item) => item.openness == Openness::Closed,
                _ => false,
            },
            Type::Array(_) | Type::Map(_) | Type::Json => false,
        }
    }

    /// Whether the type's own `Debug` hides what has to be hidden.
    pub(super) fn hides_itself(&self, ty: &Type) -> bool {
        match self.resolved(ty) {
            Type::Named(_) | Type::Json | Type::Scalar(Scalar::Base64 | Scalar::Binary) => true,
            Type::Array(item) | Type::Nullable(item) => self.hides_itself(item),
            Type::Scalar(_) | Type::Map(_) => false,
        }
    }
}

/// The type that a value is made of: arrays and maps of it, or null, as well.
fn named(ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Named(id) => Some(*id),
        Type::Array(item) | Type::Map(item) | Type::Nullable(item) => named(item),
        Type::Scalar(_) | Type::Json => None,
    }
}

/// The types that a type names.
fn held(def: &TypeDef) -> Vec<TypeId> {
    match &def.shape {
        Shape::Struct(item) => {
            let fields = item.fields.iter().map(|field| &field.ty);
            fields.chain(item.additional.iter().map(|additional| &additional.ty)).filter_map(named).collect()
        }
        Shape::Newtype(item) => match &item.inner {
            NewtypeInner::Scalar(_) => Vec::new(),
            NewtypeInner::Other(ty) => named(ty).into_iter().collect(),
        },
        Shape::Union(item) => item.variants.iter().filter_map(|variant| named(&variant.ty)).collect(),
        Shape::Alias(ty) => named(ty).into_iter().collect(),
        Shape::Enum(_) => Vec::new(),
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

pub(super) fn is_copy(scalar: Scalar) -> bool {
    match scalar {
        Scalar::Bool
        | Scalar::Int32
        | Scalar::Int64
        | Scalar::Float
        | Scalar::Double
        | Scalar::Decimal
        | Scalar::Date
        | Scalar::Uuid => true,
        Scalar::String | Scalar::DateTime | Scalar::Base64 | Scalar::Binary => false,
    }
}
