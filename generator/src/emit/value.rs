//! Values of fields and parameters: what their setters take, and what `Debug` prints for them.
//!
//! ```text
//! pub fn limit(mut self, limit: impl Into<Option<i64>>) -> Self { … }
//! f.debug_struct("Address").field("city", &Redacted).field("country", &self.country).finish()
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::krate::Crate;
use crate::model::{Show, Type, ValueKind};

/// Returns what `Debug` is given for a value: the value, or what prints in its place.
pub(super) fn debug_value(show: Show, value: TokenStream) -> TokenStream {
    if show == Show::Redacted { quote!(&Redacted) } else { value }
}

/// Whether the runtime's `Optional` converts the argument of an optional setter.
pub(super) const fn converts(kind: ValueKind) -> bool {
    matches!(kind, ValueKind::Text | ValueKind::Json) || kind.is_list()
}

/// The type of an optional setter's argument.
pub(super) fn argument_of_optional(cx: &Crate<'_>, ty: &Type, kind: ValueKind) -> TokenStream {
    let value = cx.value(ty);
    if converts(kind) { quote!(impl Into<Optional<#value>>) } else { quote!(impl Into<Option<#value>>) }
}

/// The `Option` that an optional setter's argument becomes.
pub(super) fn stored_optional(kind: ValueKind, argument: &TokenStream) -> TokenStream {
    if converts(kind) { quote!(#argument.into().0) } else { quote!(#argument.into()) }
}
