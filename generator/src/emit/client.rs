//! `src/client.rs`: the client's constructors, and the facts about the API that all calls share.
//!
//! ```text
//! impl ClientBuilder { pub fn api_key(self, api_key: impl Into<Secret>) -> Self { … } }
//! ```

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs;
use super::file::File;
use super::ident::ident;
use super::krate::Crate;
use crate::model::{Envelope, Scheme, SchemeKind};

/// Returns the file.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    vec![File::importing("src/client.rs", &[], || tokens(cx))]
}

fn tokens(cx: &Crate<'_>) -> TokenStream {
    let about = docs::Text::ours("The constructors of the client.").inner_tokens();
    let client = client(cx);
    let builder = builder(cx);
    let facts = facts(cx);
    let fake = fake();
    quote!(#about #client #builder #fake #facts)
}

fn client(cx: &Crate<'_>) -> TokenStream {
    let from_env = (!cx.api.environments().is_empty()).then(|| from_env(cx));
    quote! {
        impl Client {
            /// Returns a builder. It has no environment and no credential yet.
            pub fn builder() -> ClientBuilder {
                ClientBuilder::new(&API)
            }

            #from_env
        }
    }
}

fn from_env(cx: &Crate<'_>) -> TokenStream {
    let prefix = cx.name().to_uppercase();
    let names = cx.api.environments().into_iter().map(|(_, named)| docs::code(&named.wire));
    let names = names.collect::<Vec<_>>().join(", ");
    let key = cx.api.schemes.first().map(|scheme| {
        let method = &scheme.rust;
        (format!("`{prefix}_API_KEY`"), format!("the argument of [`ClientBuilder::{method}`]"))
    });
    let listed = [(format!("`{prefix}_ENVIRONMENT`"), format!("one of {names}"))]
        .into_iter()
        .chain(key)
        .chain([(format!("`{prefix}_BASE_URL`"), "if set, replaces the environment's URL".to_owned())]);
    let listed: Vec<String> = listed.map(|(name, what)| format!("{name}: {what}.")).collect();
    let text = docs::Text::ours("Builds a client from environment variables:")
        .items(&listed)
        .heading("Errors")
        .paragraph("Returns a [`ConfigError`] if a variable is missing or has an invalid value.")
        .tokens();
    quote! {
        #text
        pub fn from_env() -> Result<Self, ConfigError> {
            ClientBuilder::from_variables(&API, #prefix)?.build()
        }
    }
}

fn builder(cx: &Crate<'_>) -> Option<TokenStream> {
    let environment = (!cx.api.environments().is_empty()).then(|| {
        quote! {
            /// Sets the environment, which determines the base URL.
            pub fn environment(self, environment: Environment) -> Self {
                self.environment_facts(environment.facts())
            }
        }
    });
    let credentials: Vec<_> =
        cx.api.schemes.iter().enumerate().map(|(index, scheme)| credential(cx, index, scheme)).collect();
    (environment.is_some() || !credentials.is_empty()).then(|| {
        quote! {
            impl ClientBuilder {
                #environment
                #(#credentials)*
            }
        }
    })
}

fn credential(cx: &Crate<'_>, index: usize, scheme: &Scheme) -> TokenStream {
    let index = Literal::usize_unsuffixed(index);
    let method = ident(&scheme.rust);
    let otherwise = match &scheme.kind {
        SchemeKind::HeaderKey(name) => format!("Sets the key that is sent in the header {}.", docs::code(name)),
        SchemeKind::QueryKey(name) => format!("Sets the key that is sent in the query parameter {}.", docs::code(name)),
        SchemeKind::CookieKey(name) => format!("Sets the key that is sent in the cookie {}.", docs::code(name)),
        SchemeKind::Basic => "Sets the user name and the password.".to_owned(),
        SchemeKind::Bearer => "Sets the bearer token.".to_owned(),
        SchemeKind::Http(scheme) => {
            let sent = docs::code(&format!("Authorization: {scheme} …"));
            format!("Sets the credentials that are sent as {sent}, without the scheme's name.")
        }
    };
    let text = docs::item(cx, &scheme.docs, &otherwise);
    if scheme.kind == SchemeKind::Basic {
        quote! {
            #text
            pub fn #method(self, user: impl AsRef<str>, password: impl Into<Secret>) -> Self {
                self.basic_credential(#index, user.as_ref(), &password.into())
            }
        }
    } else {
        quote! {
            #text
            pub fn #method(self, #method: impl Into<Secret>) -> Self {
                self.credential(#index, #method.into())
            }
        }
    }
}

/// The constructors of the fake server for tests.
fn fake() -> TokenStream {
    quote! {
        #[cfg(feature = "test-util")]
        impl crate::runtime::testing::Fake {
            /// Returns a fake without any answers.
            #[must_use]
            pub fn new() -> Self {
                Self::of(&API)
            }
        }

        #[cfg(feature = "test-util")]
        impl Default for crate::runtime::testing::Fake {
            fn default() -> Self {
                Self::new()
            }
        }
    }
}

fn facts(cx: &Crate<'_>) -> TokenStream {
    let name = &cx.config.name;
    let environments =
        if cx.api.environments().is_empty() { quote!(&[]) } else { quote!(&crate::environment::ENVIRONMENTS) };
    let schemes = cx.api.schemes.iter().map(|scheme| {
        let wire = &scheme.wire;
        let kind = match &scheme.kind {
            SchemeKind::HeaderKey(name) => quote!(api::SchemeKind::HeaderKey(#name)),
            SchemeKind::QueryKey(name) => quote!(api::SchemeKind::QueryKey(#name)),
            SchemeKind::CookieKey(name) => quote!(api::SchemeKind::CookieKey(#name)),
            SchemeKind::Basic => quote!(api::SchemeKind::Basic),
            SchemeKind::Bearer => quote!(api::SchemeKind::Bearer),
            SchemeKind::Http(scheme) => quote!(api::SchemeKind::Http(#scheme)),
        };
        quote!(api::Scheme { name: #wire, kind: #kind })
    });
    let credential_required = cx.api.credential_required;
    let envelope = envelope(cx.api.envelope.as_ref());
    let codes = &cx.api.error_codes;
    let visibility = cx.has_server().then(|| quote!(pub(crate)));
    quote! {
        #visibility static API: api::Api = api::Api {
            name: #name,
            environments: #environments,
            schemes: &[#(#schemes),*],
            credential_required: #credential_required,
            envelope: #envelope,
            error_codes: &[#(#codes),*],
        };
    }
}

fn envelope(envelope: Option<&Envelope>) -> TokenStream {
    let option = |text: Option<&String>| if let Some(text) = text { quote!(Some(#text)) } else { quote!(None) };
    let error = envelope.and_then(|envelope| envelope.error.as_ref());
    let success = option(envelope.and_then(|envelope| envelope.success.as_ref()));
    let data = option(envelope.map(|envelope| &envelope.data));
    let message = option(envelope.and_then(|envelope| envelope.message.as_ref()));
    let object = option(error.map(|error| &error.property));
    let error_message = option(error.and_then(|error| error.message.as_ref()));
    let error_code = option(error.and_then(|error| error.code.as_ref()));
    let error_retry_after = option(error.and_then(|error| error.retry_after.as_ref()));
    quote! {
        api::Envelope {
            success: #success,
            data: #data,
            message: #message,
            error: #object,
            error_message: #error_message,
            error_code: #error_code,
            error_retry_after: #error_retry_after,
        }
    }
}
