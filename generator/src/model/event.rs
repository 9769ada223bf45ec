//! What webhooks deliver.

use super::{Docs, Type};
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

/// Events about one thing, which are to be worked on in their order of arrival.
#[derive(Debug, Clone, PartialEq)]
pub struct EventGroup {
    /// The group's name.
    pub name: String,
    /// The payload's field that says which one of the group.
    pub field: Name,
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
    /// Those of the payload's fields that, with the name, identify the event where present.
    pub duplicate_key: Vec<Name>,
    /// What the event is about, where the order of such events matters.
    pub group: Option<EventGroup>,
    /// Where it stands in the document.
    pub pointer: Pointer,
}
