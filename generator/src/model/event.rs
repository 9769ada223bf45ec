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
    /// The header that carries the receiver's secret.
    pub header: Option<String>,
    /// In the document's order.
    pub events: Vec<Event>,
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
    /// Where it stands in the document.
    pub pointer: Pointer,
}
