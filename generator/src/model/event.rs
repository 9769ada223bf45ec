//! What webhooks deliver.

use super::{Docs, Presence, Show, Type};
use crate::diagnostic::Pointer;
use crate::names::Name;

/// The webhooks' deliveries.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    /// The property that names the event.
    pub name: String,
    /// The property that holds the payload.
    pub payload: String,
    /// The header that carries the receiver's secret, in lower case.
    pub header: Option<String>,
    /// In the document's order.
    pub events: Vec<Event>,
}

impl Events {
    /// Whether deliveries can be grouped: the client receives them, or the document names groups.
    #[must_use]
    pub fn have_groups(&self) -> bool {
        self.header.is_some() || self.events.iter().any(|event| event.group.is_some())
    }
}

/// Events about one thing, which are to be worked on in their order of arrival.
#[derive(Debug, Clone, PartialEq)]
pub struct EventGroup {
    /// The group's name.
    pub name: String,
    /// The payload's field that says which one of the group.
    pub field: KeyField,
}

/// A field of a payload that is part of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyField {
    /// The name in Rust.
    pub rust: Name,
    /// Whether it is always there.
    pub presence: Presence,
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The variant.
    pub rust: Name,
    /// The name on the wire.
    pub wire: String,
    /// Documentation, from the document.
    pub docs: Docs,
    /// The payload's type.
    pub ty: Type,
    /// What `Debug` does with the payload.
    pub show: Show,
    /// Those of the payload's fields that, with the name, identify the event where present.
    pub duplicate_key: Vec<KeyField>,
    /// What the event is about, where the order of such events matters.
    pub group: Option<EventGroup>,
    /// Where it is in the document.
    pub pointer: Pointer,
}
