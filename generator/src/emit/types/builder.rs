//! The builder of a struct that is sent. Code that leaves out a required field doesn't compile.
//!
//! ```text
//! pub struct AddressBuilder<F0 = Missing<field::City>> { fields: AddressFields, state: PhantomData<(F0,)> }
//! pub fn city(mut self, city: impl Into<String>) -> AddressBuilder<Set> { … }
//! pub fn build(self) -> Address where F0: Provided { … }
//! ```
//!
//! The state has a part for each required field, in the struct's order.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::ident::{ident, ident_of};
use super::super::krate::Crate;
use super::super::value::{argument_of_optional, converts, stored_optional};
use super::super::{attributes, docs, field};
use crate::model::{Field, Presence, Struct, Type, TypeDef, ValueKind, Writing};

/// What the items of a builder share.
struct Builder<'a> {
    cx: &'a Crate<'a>,
    item: &'a Struct,
    name: Ident,
    full: Ident,
    stored: Ident,
    /// `F0`, `F1` …
    states: Vec<Ident>,
}

/// Returns the builder, and the struct's `builder` function.
pub(super) fn items(cx: &Crate<'_>, def: &TypeDef, item: &Struct) -> TokenStream {
    let required = item.fields.iter().filter(|field| field.is_required()).count();
    let builder = Builder {
        cx,
        item,
        name: ident(&def.name),
        full: ident_of(&format!("{}Builder", def.name)),
        stored: ident_of("Fields"),
        states: (0..required).map(|index| ident_of(&format!("F{index}"))).collect(),
    };
    let start = builder.start();
    let declaration = builder.declaration();
    let stored = builder.stored();
    let methods = builder.methods();
    let debug = builder.debug();
    quote! { #start #declaration #stored #methods #debug }
}

impl Builder<'_> {
    fn start(&self) -> TokenStream {
        let Self { name, full: builder, stored, .. } = self;
        let state = self.state();
        let text = docs::Text::ours(&format!("Returns a builder for [`{name}`].")).tokens();
        quote! {
            impl #name {
                #text
                pub fn builder() -> #builder {
                    #builder { fields: #stored::default(), #state }
                }
            }
        }
    }

    fn declaration(&self) -> TokenStream {
        let Self { name, full: builder, stored, states, .. } = self;
        let text = docs::Text::ours(&format!("A builder for [`{name}`]."));
        let text = if states.is_empty() {
            text
        } else {
            text.paragraph("`build` becomes available once every required field is set. Until then, a type parameter names the missing field.")
        };
        let text = text.tokens();
        let wide = attributes::wide_state(states.len());
        let markers = self.required().map(|field| field::marker(&field.rust));
        let generics = (!states.is_empty()).then(|| quote!(<#(#states = Missing<field::#markers>),*>));
        let state = (!states.is_empty()).then(|| quote!(state: PhantomData<(#(#states,)*)>,));
        let clone = (!self.holds_parts()).then(|| quote!(#[derive(Clone)]));
        quote! {
            #text
            #clone
            #[must_use]
            #wide
            pub struct #builder #generics {
                fields: #stored,
                #state
            }
        }
    }

    /// The struct with the fields that are set so far.
    fn stored(&self) -> TokenStream {
        let stored = &self.stored;
        let alike = attributes::alike(&self.item.fields.iter().map(|field| field.rust.as_str()));
        let fields = self.item.fields.iter().map(|field| {
            let rust = ident(&field.rust);
            let ty = match field.presence {
                Presence::OptionalNullable => self.cx.field(field.presence, &field.ty, field.boxed),
                _ => self.cx.field(Presence::Optional, &field.ty, field.boxed),
            };
            quote!(#rust: #ty)
        });
        let additional = self.item.additional.as_ref().map(|additional| {
            let rust = ident(&additional.rust);
            let ty = self.cx.value(&additional.ty);
            quote!(#rust: BTreeMap<String, #ty>)
        });
        let fields = fields.chain(additional);
        let clone = (!self.holds_parts()).then(|| quote!(Clone,));
        quote! {
            #[derive(#clone Default)]
            #alike
            struct #stored { #(#fields),* }
        }
    }

    fn methods(&self) -> TokenStream {
        let Self { full: builder, states, .. } = self;
        let wide = attributes::wide_state(states.len());
        let mut index = 0;
        let setters = self.item.fields.iter().filter(|field| field.is_settable()).map(|field| {
            if field.is_required() {
                index += 1;
                self.required_setter(field, index - 1)
            } else {
                self.optional_setter(field)
            }
        });
        let setters: Vec<_> = setters.collect();
        let additional = self.additional_setter();
        let build = self.build();
        let advance = self.advance();
        let generics = (!states.is_empty()).then(|| quote!(<#(#states),*>));
        quote! {
            #wide
            impl #generics #builder #generics {
                #(#setters)*
                #additional
                #build
                #advance
            }
        }
    }

    fn required_setter(&self, field: &Field, index: usize) -> TokenStream {
        let Self { full: builder, states, .. } = self;
        let docs = setter_docs(self.cx, field);
        let deprecated = attributes::deprecated(field.deprecated);
        let named = attributes::named(field.rust.as_str());
        let rust = ident(&field.rust);
        let (argument, store) = match field.presence {
            Presence::Required | Presence::Optional => {
                let (argument, value) = required_argument(self.cx, field, &rust);
                let value = if field.boxed { quote!(Box::new(#value)) } else { value };
                (argument, quote!(self.fields.#rust = Some(#value);))
            }
            Presence::RequiredNullable => {
                (argument_of_optional(self.cx, &field.ty, field.value), store_optional(self.cx, field, &rust))
            }
            // `None` is sent as null: what is required isn't left out.
            Presence::OptionalNullable => {
                let ty = self.cx.value(&field.ty);
                let option = stored_optional(field.value, &quote!(#rust));
                let boxed = field.boxed.then(|| quote!(.map(Box::new)));
                let store = quote! {
                    let #rust: Option<#ty> = #option;
                    self.fields.#rust = #rust #boxed.map_or(Nullable::Null, Nullable::Value);
                };
                (argument_of_optional(self.cx, &field.ty, field.value), store)
            }
        };
        let set = states.iter().enumerate().map(|(at, state)| if at == index { quote!(Set) } else { quote!(#state) });
        quote! {
            #docs
            #deprecated
            #named
            pub fn #rust(mut self, #rust: #argument) -> #builder<#(#set),*> {
                #store
                self.advance()
            }
        }
    }

    fn optional_setter(&self, field: &Field) -> TokenStream {
        let docs = setter_docs(self.cx, field);
        let deprecated = attributes::deprecated(field.deprecated);
        let named = attributes::named(field.rust.as_str());
        let rust = ident(&field.rust);
        let argument = argument_of_optional(self.cx, &field.ty, field.value);
        let is_nullable = field.presence == Presence::OptionalNullable;
        let store = store_optional(self.cx, field, &rust);
        let null = is_nullable.then(|| {
            let method = ident_of(&field.rust.with("_null"));
            let text = format!("Sets {} to null, which isn't the same as leaving it out.", docs::code(&field.wire));
            let text = docs::Text::ours(&text).tokens();
            quote! {
                #text
                #deprecated
                pub fn #method(mut self) -> Self {
                    self.fields.#rust = Nullable::Null;
                    self
                }
            }
        });
        quote! {
            #docs
            #deprecated
            #named
            pub fn #rust(mut self, #rust: #argument) -> Self {
                #store
                self
            }
            #null
        }
    }

    fn additional_setter(&self) -> Option<TokenStream> {
        let additional = self.item.additional.as_ref()?;
        let rust = ident(&additional.rust);
        let ty = self.cx.value(&additional.ty);
        Some(quote! {
            /// Sets the additional properties, by name.
            pub fn #rust(mut self, #rust: impl IntoIterator<Item = (impl Into<String>, #ty)>) -> Self {
                self.fields.#rust = #rust.into_iter().map(|(name, value)| (name.into(), value)).collect();
                self
            }
        })
    }

    fn build(&self) -> TokenStream {
        let Self { name, states, .. } = self;
        let values = self.item.fields.iter().map(|field| {
            let rust = ident(&field.rust);
            if field.presence == Presence::Required {
                quote!(#rust: builder::required(self.fields.#rust))
            } else {
                quote!(#rust: self.fields.#rust)
            }
        });
        let additional = self.item.additional.as_ref().map(|additional| {
            let rust = ident(&additional.rust);
            quote!(#rust: self.fields.#rust)
        });
        let values = values.chain(additional);
        let touches = attributes::touches_deprecated(self.item.fields.iter().any(|field| field.deprecated));
        let provided = (!states.is_empty()).then(|| quote!(where #(#states: Provided),*));
        let text = docs::Text::ours(&format!("Returns the [`{name}`].")).tokens();
        let long = attributes::long_by(self.item.fields.iter().map(|field| field.rust.as_str()));
        quote! {
            #text
            #[must_use]
            #touches
            #long
            pub fn build(self) -> #name #provided {
                #name { #(#values),* }
            }
        }
    }

    /// The method that changes the state.
    fn advance(&self) -> Option<TokenStream> {
        let Self { full: builder, states, .. } = self;
        let next: Vec<_> = (0..states.len()).map(|index| ident_of(&format!("G{index}"))).collect();
        (!states.is_empty()).then(|| {
            quote! {
                fn advance<#(#next),*>(self) -> #builder<#(#next),*> {
                    #builder { fields: self.fields, state: PhantomData }
                }
            }
        })
    }

    /// `Debug` hides all values of a builder.
    fn debug(&self) -> TokenStream {
        let Self { full: builder, states, .. } = self;
        let text = builder.to_string();
        let generics = (!states.is_empty()).then(|| quote!(<#(#states),*>));
        quote! {
            impl #generics fmt::Debug for #builder #generics {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(#text).finish_non_exhaustive()
                }
            }
        }
    }

    fn holds_parts(&self) -> bool {
        self.item.writing == Writing::Parts
    }

    fn required(&self) -> impl Iterator<Item = &Field> {
        self.item.fields.iter().filter(|field| field.is_required())
    }

    fn state(&self) -> Option<TokenStream> {
        (!self.states.is_empty()).then(|| quote!(state: PhantomData))
    }
}

fn setter_docs(cx: &Crate<'_>, field: &Field) -> TokenStream {
    docs::item(cx, &field.docs, &docs::of_field(field, "Sets the property"))
}

/// The type of a required setter's argument, and the value that is made from the argument.
fn required_argument(cx: &Crate<'_>, field: &Field, rust: &Ident) -> (TokenStream, TokenStream) {
    match (field.value, cx.resolved(&field.ty)) {
        (ValueKind::Text, _) => (quote!(impl Into<String>), quote!(#rust.into())),
        (ValueKind::Json, _) => (quote!(impl Into<Json>), quote!(#rust.into())),
        (ValueKind::Part, _) => (quote!(impl Into<Part>), quote!(#rust.into())),
        (ValueKind::Texts, _) => {
            (quote!(impl IntoIterator<Item = impl Into<String>>), quote!(#rust.into_iter().map(Into::into).collect()))
        }
        (_, Type::Array(item)) => {
            let item = cx.value(item);
            (quote!(impl IntoIterator<Item = #item>), quote!(#rust.into_iter().collect()))
        }
        (_, Type::Map(item)) => {
            let item = cx.value(item);
            (
                quote!(impl IntoIterator<Item = (impl Into<String>, #item)>),
                quote!(#rust.into_iter().map(|(name, value)| (name.into(), value)).collect()),
            )
        }
        _ => (cx.value(&field.ty), quote!(#rust)),
    }
}

/// The statements that store what an optional setter takes.
fn store_optional(cx: &Crate<'_>, field: &Field, rust: &Ident) -> TokenStream {
    let is_nullable = field.presence == Presence::OptionalNullable;
    let option = stored_optional(field.value, &quote!(#rust));
    if field.boxed {
        let ty = cx.value(&field.ty);
        let boxed = quote!(#rust.map(Box::new));
        let boxed = if is_nullable { quote!(Nullable::from_option(#boxed)) } else { boxed };
        return quote! {
            let #rust: Option<#ty> = #option;
            self.fields.#rust = #boxed;
        };
    }
    let value = match (is_nullable, converts(field.value)) {
        (false, _) => option,
        (true, true) => quote!(Nullable::from(#option)),
        (true, false) => quote!(Nullable::from_option(#rust)),
    };
    quote!(self.fields.#rust = #value;)
}
