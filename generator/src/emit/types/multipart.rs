//! A struct that is sent as `multipart/form-data`. Its fields are the parts.
//!
//! ```text
//! impl Upload { pub(crate) fn form(self, form: Form) -> Form { form = form.part("file", self.file); … } }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::super::ident::ident;
use crate::model::{Field, Presence, Struct, TypeDef, ValueKind};

/// Returns the method that turns the struct into a form.
pub(super) fn items(def: &TypeDef, item: &Struct) -> TokenStream {
    let name = ident(&def.name);
    let parts = item.fields.iter().map(part);
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

fn part(field: &Field) -> TokenStream {
    let wire = &field.wire;
    let rust = ident(&field.rust);
    match (field.value, field.presence) {
        (ValueKind::Part, Presence::Required) => quote!(form = form.part(#wire, self.#rust);),
        (ValueKind::Parts, Presence::Required) => quote! {
            for part in self.#rust {
                form = form.part(#wire, part);
            }
        },
        (ValueKind::Part, Presence::OptionalNullable) => quote! {
            if let Some(part) = self.#rust.into_option() {
                form = form.part(#wire, part);
            }
        },
        (ValueKind::Part, _) => quote! {
            if let Some(part) = self.#rust {
                form = form.part(#wire, part);
            }
        },
        (ValueKind::Parts, Presence::OptionalNullable) => quote! {
            for part in self.#rust.into_option().into_iter().flatten() {
                form = form.part(#wire, part);
            }
        },
        (ValueKind::Parts, _) => quote! {
            for part in self.#rust.into_iter().flatten() {
                form = form.part(#wire, part);
            }
        },
        _ if field.flattened => quote!(form = form.values(&self.#rust);),
        _ => quote!(form = form.value(#wire, &self.#rust);),
    }
}
