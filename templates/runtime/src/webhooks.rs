//! In this crate, takes the place of the module `webhooks` that is generated for a document with events:
//! the one thing that the runtime takes from the generated side.

use crate::runtime::webhook::keys::DuplicateKey;
use crate::runtime::webhook::keys::GroupKey;
use crate::runtime::webhook::{EventError, UnknownEvent, event_name, event_payload};

pub(crate) const KEY_HEADER: &str = "x-hook-key";
pub(crate) const NAME_PROPERTY: &str = "name";
pub(crate) const VARIABLES: &str = "STANDIN";

/// What a webhook delivers.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The event `paid`, whose payload is a number.
    Paid(u64),
    /// Any other.
    Unknown(UnknownEvent),
}

impl Event {
    pub(crate) fn parse(body: &[u8]) -> Result<Self, EventError> {
        match event_name(body, NAME_PROPERTY)?.as_str() {
            "paid" => event_payload(body, "data").map(Self::Paid),
            name => Ok(Self::Unknown(UnknownEvent::new(name, body))),
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Paid(_) => "paid",
            Self::Unknown(event) => event.name(),
        }
    }

    pub(crate) fn duplicate_key(&self) -> Option<DuplicateKey> {
        match self {
            Self::Paid(id) => DuplicateKey::start("paid").with(Some(id)).finish(),
            Self::Unknown(_) => None,
        }
    }

    pub(crate) fn group_key(&self) -> Option<GroupKey> {
        match self {
            Self::Paid(id) => GroupKey::of("order", Some(id)),
            Self::Unknown(_) => None,
        }
    }
}
