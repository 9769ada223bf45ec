//! `src/error.rs`: the named kinds of errors, and the typed body that all failures share.
//!
//! ```text
//! pub enum ErrorKind { NameTaken, … }
//! impl Error { pub fn kind(&self) -> Option<ErrorKind> { … } }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::file::File;
use super::ident::ident;
use super::krate::Crate;
use super::{attributes, docs};

/// Whether the document names kinds of errors or types their bodies.
pub(super) fn is_needed(cx: &Crate<'_>) -> bool {
    !cx.api.error_kinds.is_empty() || cx.api.error_body.is_some()
}

/// Returns the file, where the document names kinds of errors or types their bodies.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    if is_needed(cx) { vec![File::importing("src/error.rs", &[], || tokens(cx))] } else { Vec::new() }
}

fn tokens(cx: &Crate<'_>) -> TokenStream {
    let kinds = (!cx.api.error_kinds.is_empty()).then(|| kinds(cx));
    let methods = methods(cx);
    let about = docs::Text::ours("What the API's description says of its failures.").inner_tokens();
    quote!(#about #kinds #methods)
}

fn kinds(cx: &Crate<'_>) -> TokenStream {
    let variants = cx.api.error_kinds.iter().map(|kind| {
        let docs = docs::item(cx, &kind.docs, &format!("{}.", docs::phrase(cx, kind.text.trim_end_matches('.'))));
        let name = ident(&kind.name);
        quote!(#docs #name,)
    });
    let names: Vec<_> = cx.api.error_kinds.iter().map(|kind| ident(&kind.name)).collect();
    let texts = cx.api.error_kinds.iter().map(|kind| &kind.text);
    let long = attributes::long(names.len());
    quote! {
        /// A kind of error that the API's description names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            #(#variants)*
        }

        impl api::Kind for ErrorKind {}

        #[cfg(feature = "test-util")]
        impl<Q, A> crate::runtime::testing::expected::Expected<'_, Q, A> {
            /// Fails as the API's description says that this kind of error is told.
            ///
            /// # Panics
            ///
            /// If the operation documents no error of this kind.
            #[track_caller]
            pub fn fails(&self, kind: ErrorKind) -> &Self {
                self.fails_by_kind(&kind)
            }
        }

        impl fmt::Display for ErrorKind {
            #long
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    #(Self::#names => #texts,)*
                })
            }
        }
    }
}

/// What the client's error can tell beside what every client's can.
fn methods(cx: &Crate<'_>) -> Option<TokenStream> {
    let kind = (!cx.api.error_kinds.is_empty()).then(|| {
        quote! {
            /// Returns the kind of the error, if the API's description names one that fits.
            #[must_use]
            pub fn kind(&self) -> Option<ErrorKind> {
                self.kind_as()
            }
        }
    });
    let body = cx.api.error_body.as_ref().map(|ty| {
        let ty = cx.value(ty);
        quote! {
            /// Returns the body that came with the failure, if it can be read as the one that the
            /// API documents.
            #[must_use]
            pub fn api_error(&self) -> Option<#ty> {
                self.body_as()
            }
        }
    });
    (kind.is_some() || body.is_some()).then(|| quote!(impl Error { #kind #body }))
}
