//! A server whose URL has variables.
//!
//! ```text
//! pub struct Server { region: ServerRegion, port: String }
//! pub enum ServerRegion { Eu, Us }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::ident::ident;
use super::krate::Crate;
use crate::model::{Docs, EnumValue, ServerChoice, ServerVariable, Template, UrlPart};

/// Returns the type and the enums of its variables.
pub(super) fn items(cx: &Crate<'_>, template: &Template) -> TokenStream {
    let declaration = declaration(template);
    let methods = methods(cx, template);
    let choices = template.variables.iter().filter_map(|variable| variable.choice.as_ref()).map(|of| choice(cx, of));
    quote!(#declaration #methods #(#choices)*)
}

fn declaration(template: &Template) -> TokenStream {
    let name = ident(&template.name);
    let parts = template.url.iter().map(|part| match part {
        UrlPart::Text(text) => text.clone(),
        UrlPart::Variable(index) => format!("{{{}}}", template.variables[*index].wire),
    });
    let url: String = parts.collect();
    let mut text = docs::Text::ours(&format!("The server {}.", docs::code(&url)));
    if template.variables.iter().any(|variable| variable.default.is_some()) {
        text = text.paragraph("A variable that isn't set has the default from the API's description.");
    }
    if template.variables.iter().any(|variable| variable.is_origin) {
        text = text.paragraph(
            "The API's description has only a path. The origin is the scheme and the host, such as \
             `https://api.example.com`.",
        );
    }
    let about = text.tokens();
    let fields = template.variables.iter().map(|variable| {
        let (rust, ty) = (ident(&variable.rust), ty(variable));
        quote!(#rust: #ty)
    });
    quote! {
        #about
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct #name {
            #(#fields,)*
        }
    }
}

fn methods(cx: &Crate<'_>, template: &Template) -> TokenStream {
    let name = ident(&template.name);
    let (set, given): (Vec<_>, Vec<_>) = template.variables.iter().partition(|variable| variable.default.is_some());
    let fields = template.variables.iter().map(|variable| {
        let (rust, value) = (ident(&variable.rust), default(variable));
        quote!(#rust: #value)
    });
    let arguments = given.iter().map(|variable| {
        let rust = ident(&variable.rust);
        quote!(#rust: impl Into<String>)
    });
    let setters = set.iter().map(|variable| setter(cx, variable));
    let about = match (set.is_empty(), given.is_empty()) {
        (_, true) => "Returns the server with the default of each variable.",
        (true, false) => "Returns the server.",
        (false, false) => "Returns the server with the default of each other variable.",
    };
    let about = docs::Text::ours(about).tokens();
    let url = url(template);
    let by_default = given.is_empty().then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        impl #name {
            #about
            #[must_use]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#fields),* }
            }

            #(#setters)*

            /// Returns the base URL.
            #[must_use]
            pub fn url(&self) -> String {
                #url
            }
        }

        #by_default
    }
}

/// The expression that puts the URL together. A first variable may lack the scheme.
fn url(template: &Template) -> TokenStream {
    let parts = template.url.iter().map(|part| match part {
        UrlPart::Text(text) => text.replace('{', "{{").replace('}', "}}"),
        UrlPart::Variable(_) => "{}".to_owned(),
    });
    let format: String = parts.collect();
    let values = template.url.iter().enumerate().filter_map(|(place, part)| match part {
        UrlPart::Text(_) => None,
        UrlPart::Variable(index) => {
            let variable = &template.variables[*index];
            let rust = ident(&variable.rust);
            let as_str = quote!(self.#rust.as_str());
            Some(if place == 0 && variable.choice.is_none() { quote!(#as_str.trim_end_matches('/')) } else { as_str })
        }
    });
    let url = quote!(format!(#format, #(#values),*));
    if matches!(template.url.first(), Some(UrlPart::Text(_))) {
        return url;
    }
    quote! {
        let url = #url;
        if url.contains("://") { url } else { format!("https://{url}") }
    }
}

fn default(variable: &ServerVariable) -> TokenStream {
    let Some(default) = &variable.default else {
        let rust = ident(&variable.rust);
        return quote!(#rust.into());
    };
    let Some(choice) = &variable.choice else {
        return if default.is_empty() { quote!(String::new()) } else { quote!(#default.to_owned()) };
    };
    let (name, variant) = (ident(&choice.name), ident(&choice.variants[choice.default].rust));
    quote!(#name::#variant)
}

fn ty(variable: &ServerVariable) -> TokenStream {
    if let Some(choice) = &variable.choice {
        let name = ident(&choice.name);
        quote!(#name)
    } else {
        quote!(String)
    }
}

fn setter(cx: &Crate<'_>, variable: &ServerVariable) -> TokenStream {
    let rust = ident(&variable.rust);
    let docs = docs::item(cx, &variable.docs, &format!("Sets the variable {}.", docs::code(&variable.wire)));
    let (argument, value) = match &variable.choice {
        Some(_) => (ty(variable), quote!(#rust)),
        None => (quote!(impl Into<String>), quote!(#rust.into())),
    };
    quote! {
        #docs
        #[must_use]
        pub fn #rust(mut self, #rust: #argument) -> Self {
            self.#rust = #value;
            self
        }
    }
}

fn choice(cx: &Crate<'_>, choice: &ServerChoice) -> TokenStream {
    let name = ident(&choice.name);
    let wires = choice.variants.iter().map(|variant| match &variant.wire {
        EnumValue::String(text) => text.clone(),
        EnumValue::Integer(number) => number.to_string(),
    });
    let wires: Vec<String> = wires.collect();
    let names: Vec<_> = choice.variants.iter().map(|variant| ident(&variant.rust)).collect();
    let docs = wires.iter().map(|wire| docs::item(cx, &Docs::default(), &format!("The value {}.", docs::code(wire))));
    quote! {
        /// A value for a variable in the server's URL.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #names,)*
        }

        impl #name {
            /// Returns the value as it is in the URL.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    #(Self::#names => #wires,)*
                }
            }
        }
    }
}
