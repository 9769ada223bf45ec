//! `Debug`, by hand: a value prints only where the document marks it as safe.
//!
//! ```text
//! f.debug_struct("Address").field("city", &Redacted).field("country", &self.country).finish()
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::super::context::Context;
use crate::model::{Show, Type};

/// Whether `Debug` prints a value of the type, by the mark or because the value hides itself.
pub(in super::super) fn is_shown(cx: &Context<'_>, show: Show, ty: &Type) -> bool {
    match show {
        Show::Value => true,
        Show::Delegate => cx.hides_itself(ty),
        Show::Redacted => false,
    }
}

/// Returns what `Debug` is given for a value: the value, or what prints in its place.
pub(in super::super) fn debug_value(cx: &Context<'_>, show: Show, ty: &Type, value: TokenStream) -> TokenStream {
    if is_shown(cx, show, ty) { value } else { quote!(&Redacted) }
}
