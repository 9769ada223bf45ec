//! `src/webhooks.rs`: what the API's webhooks deliver, as one enum.
//!
//! ```text
//! pub enum Event { OrderShipped(OrderShipped), Unknown(UnknownEvent) }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::context::{Context, ident};
use super::{File, attributes, docs};
use crate::model::{Event, Events, Presence, Type};
use crate::names::Name;

/// Returns the file, where the document has events.
pub(super) fn files<'c>(cx: &'c Context<'_>) -> Vec<File<'c>> {
    let Some(events) = &cx.api.events else { return Vec::new() };
    vec![File::importing("src/webhooks.rs", cx, &["DuplicateKey", "EventError", "UnknownEvent"], || tokens(cx, events))]
}

fn tokens(cx: &Context<'_>, events: &Events) -> TokenStream {
    let mut about = docs::Text::ours("The events that the API's webhooks deliver.");
    if let Some(header) = &events.header {
        about = about.paragraph(&format!(
            "A delivery carries the receiver's secret in the header {}: compare it before anything is parsed.",
            docs::code(header)
        ));
    }
    let about = about.inner_tokens();
    let items = items(cx, events);
    quote! {
        #about
        pub use crate::runtime::{DuplicateKey, EventError, UnknownEvent};
        #items
    }
}

fn items(cx: &Context<'_>, events: &Events) -> TokenStream {
    let uneven = attributes::uneven(events.events.len());
    let variants = events.events.iter().map(|event| {
        let docs = docs::Text::of(cx, &event.docs, &format!("The event {}.", docs::code(&event.wire))).tokens();
        let rust = ident(&event.rust);
        let ty = cx.value(&event.ty);
        quote!(#docs #rust(#ty),)
    });
    let methods = methods(cx, events);
    let debug = debug(cx, events);
    quote! {
        /// What a webhook delivers.
        #[derive(Clone, PartialEq)]
        #uneven
        #[non_exhaustive]
        pub enum Event {
            #(#variants)*
            /// An event that this version of the client does not know, as it came.
            Unknown(UnknownEvent),
        }

        #methods
        #debug
    }
}

fn methods(cx: &Context<'_>, events: &Events) -> TokenStream {
    let name = &events.name;
    let payload = &events.payload;
    let wires: Vec<_> = events.events.iter().map(|event| &event.wire).collect();
    let names: Vec<_> = events.events.iter().map(|event| ident(&event.rust)).collect();
    let long = attributes::long(names.len());
    let keys =
        events.events.iter().filter(|event| !event.duplicate_key.is_empty()).map(|event| duplicate_key(cx, event));
    let without = events.events.iter().filter(|event| event.duplicate_key.is_empty()).map(|event| ident(&event.rust));
    quote! {
        impl Event {
            /// Reads a delivery's body. An event that is not known is no error.
            ///
            /// # Errors
            ///
            /// The body is no JSON, names no event, or has a payload that its event cannot have.
            #long
            pub fn parse(body: &[u8]) -> Result<Self, EventError> {
                match webhook::event_name(body, #name)?.as_str() {
                    #(#wires => webhook::event_payload(body, #payload).map(Self::#names),)*
                    name => Ok(Self::Unknown(UnknownEvent::new(name, body))),
                }
            }

            /// Returns the event's name, as it is on the wire.
            #[must_use]
            #long
            pub fn name(&self) -> &str {
                match self {
                    #(Self::#names(_) => #wires,)*
                    Self::Unknown(event) => event.name(),
                }
            }

            /// Returns the body of a delivery of this event, for tests of a receiver.
            ///
            /// # Panics
            ///
            /// If the payload cannot be written as JSON.
            #[cfg(feature = "test-util")]
            #[must_use]
            #long
            pub fn to_delivery(&self) -> Vec<u8> {
                match self {
                    #(Self::#names(event) => crate::runtime::delivery::delivery(#name, self.name(), #payload, event),)*
                    Self::Unknown(event) => event.body().to_vec(),
                }
            }

            /// Returns what is the same for two deliveries of one event, and for no other event;
            /// nothing where the API does not say what identifies the event.
            #[must_use]
            #long
            pub fn duplicate_key(&self) -> Option<DuplicateKey> {
                match self {
                    #(#keys)*
                    #(Self::#without(_) |)* Self::Unknown(_) => None,
                }
            }
        }
    }
}

fn duplicate_key(cx: &Context<'_>, event: &Event) -> TokenStream {
    let rust = ident(&event.rust);
    let parts = event.duplicate_key.iter().map(|field| {
        let name = ident(field);
        match presence(cx, event, field) {
            Some(Presence::OptionalNullable) => quote!(.with(event.#name.get())),
            Some(Presence::Required) | None => quote!(.with(Some(&event.#name))),
            Some(Presence::Optional | Presence::RequiredNullable) => quote!(.with(event.#name.as_ref())),
        }
    });
    quote!(Self::#rust(event) => DuplicateKey::start(self.name()) #(#parts)* .finish(),)
}

fn presence(cx: &Context<'_>, event: &Event, field: &Name) -> Option<Presence> {
    let Type::Named(id) = cx.resolved(&event.ty) else { return None };
    let fields = &cx.structure(*id)?.fields;
    fields.iter().find(|candidate| candidate.rust == *field).map(|field| field.presence)
}

fn debug(cx: &Context<'_>, events: &Events) -> TokenStream {
    let arms = events.events.iter().map(|event| {
        let rust = ident(&event.rust);
        let label = event.rust.as_str();
        if cx.hides_itself(&event.ty) {
            quote!(Self::#rust(event) => f.debug_tuple(#label).field(event).finish(),)
        } else {
            quote!(Self::#rust(_) => f.debug_tuple(#label).field(&Redacted).finish(),)
        }
    });
    let long = attributes::long(events.events.len());
    quote! {
        impl fmt::Debug for Event {
            #long
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    #(#arms)*
                    Self::Unknown(event) => f.debug_tuple("Unknown").field(event).finish(),
                }
            }
        }
    }
}
