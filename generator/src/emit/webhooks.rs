//! `src/webhooks/`: the events that webhooks deliver, as one enum, and the parts of the runtime that receive them.
//!
//! ```text
//! pub enum Event { OrderShipped(OrderShipped), Unknown(UnknownEvent) }
//! ```

use proc_macro2::TokenStream;
use quote::quote;

use super::file::File;
use super::ident::ident;
use super::krate::Crate;
use super::{attributes, docs, runtime};
use crate::model::{Event, Events, KeyField, Presence, Show, Type};

const WITHOUT_RECEIVER: &str = "\
The events that the API's webhooks deliver.

The API's description doesn't name a header with a key, so this crate can't verify who sent a delivery.
Your app has to verify the sender before it calls [`Event::parse`].
";

const WITH_RECEIVER: &str = "\
The events that the API's webhooks deliver, and a service that receives them.

Each delivery has the receiver's secret in the header {header}. A [`Receiver`] checks the secret in
constant time before it reads the body, and passes the delivery to an [`Inbox`]. The inbox stores the
delivery before the sender gets a response. In an axum app (feature `axum`), this takes two lines:

```
use {krate}::webhooks::{Inbox, Receiver};

# #[cfg(feature = \"axum\")]
fn app(inbox: impl Inbox) -> Result<axum::Router, {krate}::ConfigError> {
    let deliveries = Receiver::from_env()?.deliver_to(inbox);
    Ok(axum::Router::new().merge(deliveries.into_router(\"/webhooks\")))
}
```

`{prefix}_WEBHOOK_SECRET` holds the secret. While you replace a secret,
`{prefix}_WEBHOOK_SECRET_PREVIOUS` holds the old one, which is accepted too. Without axum,
[`Deliveries`] is a `tower` service with `http` types. You can use a [`Hook`] instead of an inbox, and
[`Receiver::receive`] takes headers and bytes from any server.
";

/// Returns the files, if the document has events. The events are in a separate file, because a payload's type may have the
/// same name as one of the items that receive deliveries.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    let Some(events) = &cx.api.events else { return Vec::new() };
    let event = File::importing("src/webhooks/event.rs", &[], move || {
        let about = docs::Text::ours("The events that the API's webhooks deliver, as one enum.").inner_tokens();
        let items = items(cx, events);
        quote!(#about #items)
    });
    vec![File::tokens("src/webhooks/mod.rs", || module(cx, events)), event]
}

/// The public module.
fn module(cx: &Crate<'_>, events: &Events) -> TokenStream {
    let about = about(cx, events);
    let exports = runtime::exports(cx, runtime::Place::Webhooks);
    let facts = events.header.as_ref().map(|header| facts(cx, events, header));
    quote! {
        #about
        mod event;

        #exports
        pub use event::Event;
        #facts
    }
}

fn about(cx: &Crate<'_>, events: &Events) -> TokenStream {
    let krate = cx.name();
    let prefix = krate.to_uppercase();
    let text = match &events.header {
        None => WITHOUT_RECEIVER.to_owned(),
        Some(header) => WITH_RECEIVER
            .replace("{header}", &docs::code(header))
            .replace("{krate}", &krate)
            .replace("{prefix}", &prefix),
    };
    docs::Text::default().verbatim(text.lines().map(str::to_owned).collect()).inner_tokens()
}

/// Facts about deliveries for the runtime.
fn facts(cx: &Crate<'_>, events: &Events, header: &str) -> TokenStream {
    let name = &events.name;
    let prefix = cx.name().to_uppercase();
    quote! {
        /// The header with the receiver's secret.
        pub const KEY_HEADER: &str = #header;

        /// The property that names the event.
        pub(crate) const NAME_PROPERTY: &str = #name;

        /// The prefix of environment variables.
        pub(crate) const VARIABLES: &str = #prefix;
    }
}

fn items(cx: &Crate<'_>, events: &Events) -> TokenStream {
    let uneven = attributes::uneven(events.events.len());
    let variants = events.events.iter().map(|event| {
        let docs = docs::Text::of(cx, &event.docs, &format!("The event {}.", docs::code(&event.wire))).tokens();
        let rust = ident(&event.rust);
        let ty = cx.value(&event.ty);
        quote!(#docs #rust(#ty),)
    });
    let methods = methods(events);
    let debug = debug(events);
    quote! {
        /// An event that a webhook delivers.
        #[derive(Clone, PartialEq)]
        #uneven
        #[non_exhaustive]
        pub enum Event {
            #(#variants)*
            /// An event that this version of the client doesn't know, as it was received.
            Unknown(UnknownEvent),
        }

        #methods
        #debug
    }
}

fn methods(events: &Events) -> TokenStream {
    let name = &events.name;
    let payload = &events.payload;
    let wires: Vec<_> = events.events.iter().map(|event| &event.wire).collect();
    let names: Vec<_> = events.events.iter().map(|event| ident(&event.rust)).collect();
    let long = attributes::long(names.len());
    let delivery = delivery_method(events);
    let key = key_method(events);
    let group = events.have_groups().then(|| group_method(events));
    quote! {
        impl Event {
            /// Parses the body of a delivery. An unknown event isn't an error.
            ///
            /// # Errors
            ///
            /// Returns an error if the body isn't JSON, doesn't name an event, or has a payload that doesn't match the
            /// event's type.
            #long
            pub fn parse(body: &[u8]) -> Result<Self, EventError> {
                match webhook::event_name(body, #name)?.as_str() {
                    #(#wires => webhook::event_payload(body, #payload).map(Self::#names),)*
                    name => Ok(Self::Unknown(UnknownEvent::new(name, body))),
                }
            }

            /// Returns the name of the event, as it is on the wire.
            #[must_use]
            #long
            pub fn name(&self) -> &str {
                match self {
                    #(Self::#names(_) => #wires,)*
                    Self::Unknown(event) => event.name(),
                }
            }

            #delivery
            #key
            #group
        }
    }
}

fn delivery_method(events: &Events) -> TokenStream {
    let (name, payload) = (&events.name, &events.payload);
    // Events with the same type share an arm; clippy asks for that.
    let mut by_type: Vec<(&Type, Vec<proc_macro2::Ident>)> = Vec::new();
    for event in &events.events {
        match by_type.iter_mut().find(|(ty, _)| **ty == event.ty) {
            Some((_, names)) => names.push(ident(&event.rust)),
            None => by_type.push((&event.ty, vec![ident(&event.rust)])),
        }
    }
    let arms = by_type.iter().map(|(_, names)| {
        quote!(#(Self::#names(event))|* => crate::runtime::webhook::delivery(#name, self.name(), #payload, event),)
    });
    let long = attributes::long(events.events.len());
    quote! {
        /// Returns the body of a delivery of this event, for testing a receiver.
        ///
        /// # Panics
        ///
        /// Panics if the payload can't be serialized as JSON.
        #[cfg(feature = "test-util")]
        #[must_use]
        #long
        pub fn to_delivery(&self) -> Vec<u8> {
            match self {
                #(#arms)*
                Self::Unknown(event) => event.body().to_vec(),
            }
        }
    }
}

fn key_method(events: &Events) -> TokenStream {
    let arms = arms(events, |event| {
        let parts: Vec<_> = event.duplicate_key.iter().map(present).collect();
        (!parts.is_empty()).then(|| quote!(DuplicateKey::start(self.name()) #(.with(#parts))* .finish()))
    });
    let long = attributes::long(events.events.len());
    quote! {
        /// Returns a key that is the same for all deliveries of one event, and different for other events.
        ///
        /// Returns `None` if the API doesn't say what identifies the event.
        #[must_use]
        #long
        pub fn duplicate_key(&self) -> Option<DuplicateKey> {
            match self { #arms }
        }
    }
}

fn group_method(events: &Events) -> TokenStream {
    let arms = arms(events, |event| {
        let group = event.group.as_ref()?;
        let (name, field) = (&group.name, present(&group.field));
        Some(quote!(GroupKey::of(#name, #field)))
    });
    let long = attributes::long(events.events.len());
    quote! {
        /// Returns a key that is the same for events that must be handled one after the other, in the
        /// order of their arrival.
        ///
        /// Returns `None` if the order doesn't matter, or if the event doesn't name its subject.
        #[must_use]
        #long
        pub fn group_key(&self) -> Option<GroupKey> {
            match self { #arms }
        }
    }
}

/// The arms of a match over the events, some of which have a key. Events with the same type and the same key expression
/// share an arm; clippy asks for that.
fn arms(events: &Events, key: impl Fn(&Event) -> Option<TokenStream>) -> TokenStream {
    let mut with: Vec<(&Type, String, TokenStream, Vec<proc_macro2::Ident>)> = Vec::new();
    let mut without = Vec::new();
    for event in &events.events {
        let rust = ident(&event.rust);
        let Some(key) = key(event) else {
            without.push(rust);
            continue;
        };
        let text = key.to_string();
        match with.iter_mut().find(|(ty, other, ..)| **ty == event.ty && *other == text) {
            Some((.., names)) => names.push(rust),
            None => with.push((&event.ty, text, key, vec![rust])),
        }
    }
    let with = with.iter().map(|(_, _, key, names)| quote!(#(Self::#names(event))|* => #key,));
    quote! {
        #(#with)*
        #(Self::#without(_) |)* Self::Unknown(_) => None,
    }
}

/// Reads a field of the payload `event` as an option.
fn present(field: &KeyField) -> TokenStream {
    let name = ident(&field.rust);
    match field.presence {
        Presence::OptionalNullable => quote!(event.#name.get()),
        Presence::Required => quote!(Some(&event.#name)),
        Presence::Optional | Presence::RequiredNullable => quote!(event.#name.as_ref()),
    }
}

fn debug(events: &Events) -> TokenStream {
    let arms = events.events.iter().map(|event| {
        let rust = ident(&event.rust);
        let label = event.rust.as_str();
        if event.show == Show::Redacted {
            quote!(Self::#rust(_) => f.debug_tuple(#label).field(&Redacted).finish(),)
        } else {
            quote!(Self::#rust(event) => f.debug_tuple(#label).field(event).finish(),)
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
