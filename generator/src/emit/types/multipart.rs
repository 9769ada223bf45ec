//! A struct that is sent as `multipart/form-data`: its fields are the parts.
//!
//! ```text
//! impl Upload { pub(crate) fn form(self, form: Form) -> Form { form = form.part("file", self.file); … } }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::super::context::{Context, ident};
use crate::model::{BodyKind, Field, Presence, Scalar, Struct, Type, TypeDef};

/// Whether the type holds raw bytes, which are sent once and can be neither copied nor compared.
pub(super) fn holds_parts(cx: &Context<'_>, item: &Struct) -> bool {
    item.fields.iter().any(|field| kind(cx, field) != Kind::Value)
}

/// Whether the type is sent as a form.
pub(super) fn is_form(cx: &Context<'_>, def: &TypeDef) -> bool {
    let operations = cx.api.groups.iter().flat_map(|group| &group.operations);
    operations
        .filter_map(|op| op.body.as_ref())
        .flat_map(|body| body.kind.each())
        .any(|kind| matches!(kind, BodyKind::Multipart { ty, .. } if cx.def(*ty).name == def.name))
}

/// Returns the struct's form.
pub(super) fn items(cx: &Context<'_>, def: &TypeDef, item: &Struct) -> TokenStream {
    let name = ident(&def.name);
    let parts = item.fields.iter().map(|field| part(cx, field));
    quote! {
        impl #name {
            pub(crate) fn form(self, form: Form) -> Form {
                let mut form = form;
                #(#parts)*
                form
            }
        }
    }
}

/// What a field is sent as.
#[derive(PartialEq)]
enum Kind {
    Value,
    Part,
    Parts,
}

fn kind(cx: &Context<'_>, field: &Field) -> Kind {
    match cx.resolved(&field.ty) {
        Type::Scalar(Scalar::Binary) => Kind::Part,
        Type::Array(item) if *cx.resolved(item) == Type::Scalar(Scalar::Binary) => Kind::Parts,
        _ => Kind::Value,
    }
}

fn part(cx: &Context<'_>, field: &Field) -> TokenStream {
    let wire = &field.wire;
    let rust = ident(&field.rust);
    match (kind(cx, field), field.presence) {
        (Kind::Value, _) => quote!(form = form.value(#wire, &self.#rust);),
        (Kind::Part, Presence::Required) => quote!(form = form.part(#wire, self.#rust);),
        (Kind::Parts, Presence::Required) => quote! {
            for part in self.#rust {
                form = form.part(#wire, part);
            }
        },
        (Kind::Part, Presence::OptionalNullable) => quote! {
            if let Some(part) = self.#rust.into_option() {
                form = form.part(#wire, part);
            }
        },
        (Kind::Part, _) => quote! {
            if let Some(part) = self.#rust {
                form = form.part(#wire, part);
            }
        },
        (Kind::Parts, Presence::OptionalNullable) => quote! {
            for part in self.#rust.into_option().into_iter().flatten() {
                form = form.part(#wire, part);
            }
        },
        (Kind::Parts, _) => quote! {
            for part in self.#rust.into_iter().flatten() {
                form = form.part(#wire, part);
            }
        },
    }
}
