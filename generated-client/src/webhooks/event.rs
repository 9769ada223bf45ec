// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The events that the API's webhooks deliver, as one enum.

use std::fmt;

use crate::runtime::webhook::{self, EventError, UnknownEvent};
use crate::runtime::webhook::keys::{DuplicateKey, GroupKey};
use crate::types::{
    MedicationOrderAcknowledged, MedicationOrderFilled, MedicationOrderSubmitted,
    MedicationOrderVerified, PractitionerActivated, ShipmentCancelled, ShipmentCreated,
};

/// An event that a webhook delivers.
#[derive(Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a value is read once and rarely moved")]
#[non_exhaustive]
pub enum Event {
    /// A medication order was verified. This is the first event of an order in the published list.
    /// No source guarantees that events arrive in that order.
    MedicationOrderVerified(MedicationOrderVerified),
    /// A medication order was submitted. In the published list this event follows
    /// `medication_order:verified`. No source guarantees that events arrive in that order.
    MedicationOrderSubmitted(MedicationOrderSubmitted),
    /// A medication order was acknowledged. In the published list this event follows
    /// `medication_order:submitted`. No source guarantees that events arrive in that order.
    MedicationOrderAcknowledged(MedicationOrderAcknowledged),
    /// A medication order was filled. In the published list this event is followed by
    /// `shipment:created`. No source guarantees that events arrive in that order.
    MedicationOrderFilled(MedicationOrderFilled),
    /// A shipment was created for a medication order. The payload contains the carrier and a link
    /// for tracking the parcel. An order can have more than one shipment, so the shipment's id is
    /// part of the duplicate key.
    ShipmentCreated(ShipmentCreated),
    /// A shipment was canceled. The payload is not published, so all its fields are optional. The
    /// id of the shipment, if present, links it to its `shipment:created` event.
    ShipmentCancelled(ShipmentCancelled),
    /// A practitioner became active.
    ///
    /// A practitioner is now active. The payload identifies the practitioner.
    PractitionerActivated(PractitionerActivated),
    /// An event that this version of the client doesn't know, as it was received.
    Unknown(UnknownEvent),
}

impl Event {
    /// Parses the body of a delivery. An unknown event isn't an error.
    ///
    /// # Errors
    ///
    /// Returns an error if the body isn't JSON, doesn't name an event, or has a payload that doesn't match the
    /// event's type.
    pub fn parse(body: &[u8]) -> Result<Self, EventError> {
        match webhook::event_name(body, "event_name")?.as_str() {
            "medication_order:verified" => {
                webhook::event_payload(body, "event_data")
                    .map(Self::MedicationOrderVerified)
            }
            "medication_order:submitted" => {
                webhook::event_payload(body, "event_data")
                    .map(Self::MedicationOrderSubmitted)
            }
            "medication_order:acknowledged" => {
                webhook::event_payload(body, "event_data")
                    .map(Self::MedicationOrderAcknowledged)
            }
            "medication_order:filled" => {
                webhook::event_payload(body, "event_data")
                    .map(Self::MedicationOrderFilled)
            }
            "shipment:created" => {
                webhook::event_payload(body, "event_data").map(Self::ShipmentCreated)
            }
            "shipment:cancelled" => {
                webhook::event_payload(body, "event_data").map(Self::ShipmentCancelled)
            }
            "practitioner:activated" => {
                webhook::event_payload(body, "event_data")
                    .map(Self::PractitionerActivated)
            }
            name => Ok(Self::Unknown(UnknownEvent::new(name, body))),
        }
    }

    /// Returns the name of the event, as it is on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::MedicationOrderVerified(_) => "medication_order:verified",
            Self::MedicationOrderSubmitted(_) => "medication_order:submitted",
            Self::MedicationOrderAcknowledged(_) => "medication_order:acknowledged",
            Self::MedicationOrderFilled(_) => "medication_order:filled",
            Self::ShipmentCreated(_) => "shipment:created",
            Self::ShipmentCancelled(_) => "shipment:cancelled",
            Self::PractitionerActivated(_) => "practitioner:activated",
            Self::Unknown(event) => event.name(),
        }
    }

    /// Returns the body of a delivery of this event, for testing a receiver.
    ///
    /// # Panics
    ///
    /// Panics if the payload can't be serialized as JSON.
    #[cfg(feature = "test-util")]
    #[must_use]
    pub fn to_delivery(&self) -> Vec<u8> {
        match self {
            Self::MedicationOrderVerified(event) => {
                crate::runtime::webhook::delivery(
                    "event_name",
                    self.name(),
                    "event_data",
                    event,
                )
            }
            Self::MedicationOrderSubmitted(event) => {
                crate::runtime::webhook::delivery(
                    "event_name",
                    self.name(),
                    "event_data",
                    event,
                )
            }
            Self::MedicationOrderAcknowledged(event) => {
                crate::runtime::webhook::delivery(
                    "event_name",
                    self.name(),
                    "event_data",
                    event,
                )
            }
            Self::MedicationOrderFilled(event) => {
                crate::runtime::webhook::delivery(
                    "event_name",
                    self.name(),
                    "event_data",
                    event,
                )
            }
            Self::ShipmentCreated(event) => {
                crate::runtime::webhook::delivery(
                    "event_name",
                    self.name(),
                    "event_data",
                    event,
                )
            }
            Self::ShipmentCancelled(event) => {
                crate::runtime::webhook::delivery(
                    "event_name",
                    self.name(),
                    "event_data",
                    event,
                )
            }
            Self::PractitionerActivated(event) => {
                crate::runtime::webhook::delivery(
                    "event_name",
                    self.name(),
                    "event_data",
                    event,
                )
            }
            Self::Unknown(event) => event.body().to_vec(),
        }
    }

    /// Returns a key that is the same for all deliveries of one event, and different for other events.
    ///
    /// Returns `None` if the API doesn't say what identifies the event.
    #[must_use]
    pub fn duplicate_key(&self) -> Option<DuplicateKey> {
        match self {
            Self::MedicationOrderVerified(event) => {
                DuplicateKey::start(self.name()).with(Some(&event.id)).finish()
            }
            Self::MedicationOrderSubmitted(event) => {
                DuplicateKey::start(self.name()).with(Some(&event.id)).finish()
            }
            Self::MedicationOrderAcknowledged(event) => {
                DuplicateKey::start(self.name()).with(Some(&event.id)).finish()
            }
            Self::MedicationOrderFilled(event) => {
                DuplicateKey::start(self.name()).with(Some(&event.id)).finish()
            }
            Self::ShipmentCreated(event) => {
                DuplicateKey::start(self.name())
                    .with(Some(&event.shipment_id))
                    .with(Some(&event.id))
                    .finish()
            }
            Self::ShipmentCancelled(event) => {
                DuplicateKey::start(self.name())
                    .with(event.shipment_id.as_ref())
                    .finish()
            }
            Self::PractitionerActivated(event) => {
                DuplicateKey::start(self.name())
                    .with(Some(&event.practitioner_id))
                    .finish()
            }
            Self::Unknown(_) => None,
        }
    }

    /// Returns a key that is the same for events that must be handled one after the other, in the
    /// order of their arrival.
    ///
    /// Returns `None` if the order doesn't matter, or if the event doesn't name its subject.
    #[must_use]
    pub fn group_key(&self) -> Option<GroupKey> {
        match self {
            Self::MedicationOrderVerified(event) => {
                GroupKey::of("medication_order", Some(&event.id))
            }
            Self::MedicationOrderSubmitted(event) => {
                GroupKey::of("medication_order", Some(&event.id))
            }
            Self::MedicationOrderAcknowledged(event) => {
                GroupKey::of("medication_order", Some(&event.id))
            }
            Self::MedicationOrderFilled(event) => {
                GroupKey::of("medication_order", Some(&event.id))
            }
            Self::ShipmentCreated(event) => {
                GroupKey::of("medication_order", Some(&event.id))
            }
            Self::ShipmentCancelled(_)
            | Self::PractitionerActivated(_)
            | Self::Unknown(_) => None,
        }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MedicationOrderVerified(event) => {
                f.debug_tuple("MedicationOrderVerified").field(event).finish()
            }
            Self::MedicationOrderSubmitted(event) => {
                f.debug_tuple("MedicationOrderSubmitted").field(event).finish()
            }
            Self::MedicationOrderAcknowledged(event) => {
                f.debug_tuple("MedicationOrderAcknowledged").field(event).finish()
            }
            Self::MedicationOrderFilled(event) => {
                f.debug_tuple("MedicationOrderFilled").field(event).finish()
            }
            Self::ShipmentCreated(event) => {
                f.debug_tuple("ShipmentCreated").field(event).finish()
            }
            Self::ShipmentCancelled(event) => {
                f.debug_tuple("ShipmentCancelled").field(event).finish()
            }
            Self::PractitionerActivated(event) => {
                f.debug_tuple("PractitionerActivated").field(event).finish()
            }
            Self::Unknown(event) => f.debug_tuple("Unknown").field(event).finish(),
        }
    }
}
