//! `Debug`, by hand: a value prints only where the document marks it as safe.
//!
//! ```text
//! f.debug_struct("Address").field("city", &Redacted).field("country", &self.country).finish()
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Show;

/// Returns what `Debug` is given for a value: the value, or what prints in its place.
pub(in super::super) fn debug_value(show: Show, value: TokenStream) -> TokenStream {
    if show == Show::Redacted { quote!(&Redacted) } else { value }
}
