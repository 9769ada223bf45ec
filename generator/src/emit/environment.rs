//! `src/environment.rs`: the API's environments; or `src/servers.rs`, if the servers have no names.
//!
//! ```text
//! pub enum Environment { Production, Development }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::file::File;
use super::ident::ident;
use super::krate::Crate;
use super::{docs, literal, server_choice};
use crate::model::{Environment, PatientData, Server, Template};

/// The servers that have a name.
pub(super) fn named<'a>(cx: &Crate<'a>) -> Vec<(&'a Server, &'a Environment)> {
    cx.api.environments()
}

/// The servers with absolute URLs, if none has a name.
pub(super) fn unnamed<'a>(cx: &Crate<'a>) -> Vec<&'a Server> {
    cx.api.base_urls()
}

/// The types for servers whose URLs have variables.
pub(super) fn templates<'a>(cx: &Crate<'a>) -> impl Iterator<Item = &'a Template> {
    cx.api.servers.iter().filter_map(|server| server.template.as_ref())
}

/// Whether the API's description has a base URL, or one to fill in.
pub(super) fn has_urls(cx: &Crate<'_>) -> bool {
    !unnamed(cx).is_empty() || templates(cx).next().is_some()
}

/// Returns the file, if the document has servers.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    let environments = named(cx);
    if !environments.is_empty() {
        return vec![File::importing("src/environment.rs", &[], move || {
            let about = docs::Text::ours("The environments of the API.").inner_tokens();
            let items = items(cx, &environments);
            quote!(#about #items)
        })];
    }
    let servers = unnamed(cx);
    if !has_urls(cx) {
        return Vec::new();
    }
    vec![File::importing("src/servers.rs", &[], move || {
        let about = docs::Text::ours("The servers of the API.").inner_tokens();
        let constants = (!servers.is_empty()).then(|| constants(cx, &servers));
        let templates = templates(cx).map(|template| server_choice::items(cx, template));
        quote!(#about #constants #(#templates)*)
    })]
}

fn constants(cx: &Crate<'_>, servers: &[&Server]) -> TokenStream {
    let listed = servers.iter().map(|server| (docs::code(&server.url), server.docs.clone()));
    let text = docs::Text::ours("The base URLs in the API's description, in its order. There is no default:")
        .list(cx, listed)
        .tokens();
    let urls = servers.iter().map(|server| &server.url);
    let count = proc_macro2::Literal::usize_unsuffixed(servers.len());
    quote! {
        #text
        pub const SERVERS: [&str; #count] = [#(#urls),*];
    }
}

fn items(cx: &Crate<'_>, environments: &[(&Server, &Environment)]) -> TokenStream {
    let variants = environments.iter().map(|(server, environment)| {
        let docs = docs::Text::of(cx, &server.docs, "An environment of the API.")
            .paragraph(&format!("Its base URL is {}.", docs::code(&server.url)))
            .tokens();
        let name = ident(&environment.name);
        quote!(#docs #name,)
    });
    let names: Vec<_> = environments.iter().map(|(_, environment)| ident(&environment.name)).collect();
    let indices = (0..names.len()).map(proc_macro2::Literal::usize_unsuffixed);
    quote! {
        /// An environment of the API. There is no default.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Environment {
            #(#variants)*
        }

        impl Environment {
            /// Returns the name that environment variables use.
            #[must_use]
            pub const fn name(self) -> &'static str {
                self.facts().name
            }

            /// Returns the base URL.
            #[must_use]
            pub const fn url(self) -> &'static str {
                self.facts().url
            }

            pub(crate) const fn facts(self) -> &'static api::Environment {
                match self {
                    #(Self::#names => &ENVIRONMENTS[#indices],)*
                }
            }
        }

        impl fmt::Display for Environment {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    }
    .into_iter()
    .chain(facts(environments))
    .collect()
}

fn facts(environments: &[(&Server, &Environment)]) -> TokenStream {
    let facts = environments.iter().map(|(server, environment)| {
        let name = &environment.wire;
        let url = &server.url;
        let key_prefix = if let Some(prefix) = &environment.key_prefix { quote!(Some(#prefix)) } else { quote!(None) };
        let rate_limit = if let Some(limit) = environment.rate_limit {
            let requests = literal::integer(i64::from(limit.requests));
            let seconds = literal::integer(i64::from(limit.seconds));
            quote!(Some((#requests, #seconds)))
        } else {
            quote!(None)
        };
        let patient_data = match environment.patient_data {
            PatientData::Allowed => quote!(api::PatientData::Allowed),
            PatientData::Forbidden => quote!(api::PatientData::Forbidden),
        };
        quote! {
            api::Environment {
                name: #name,
                url: #url,
                key_prefix: #key_prefix,
                rate_limit: #rate_limit,
                patient_data: #patient_data,
            }
        }
    });
    let count = proc_macro2::Literal::usize_unsuffixed(environments.len());
    quote! {
        pub(crate) static ENVIRONMENTS: [api::Environment; #count] = [#(#facts),*];
    }
}
