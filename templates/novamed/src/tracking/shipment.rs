//! A shipment, as reported by events.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::order::agreed;
use super::set::SortedSet;
use crate::{MedicationOrderId, ShipmentCreated, ShipmentId};

/// What is known about a shipment. `Debug` prints its state, but nothing that identifies a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    id: ShipmentId,
    #[serde(default)]
    orders: SortedSet<MedicationOrderId>,
    #[serde(default)]
    parcels: SortedSet<Parcel>,
    #[serde(default)]
    cancelled: bool,
}

/// The state of a shipment. `Display` prints it in words. It serializes as a string such as `cancelled`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ShipmentState {
    /// It was created and not canceled.
    Created,
    /// It was canceled. This state is final, even if the event of its creation arrives later.
    Cancelled,
}

/// The parcel of a shipment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Parcel {
    /// The carrier's name, such as `Ameriship`.
    pub provider: String,
    /// The URL of the shipping label, a PDF. Protected health information.
    pub label: String,
    /// The URL for tracking the parcel. Protected health information.
    pub tracking_url: String,
}

impl Shipment {
    pub(super) fn new(id: ShipmentId) -> Self {
        Self { id, orders: SortedSet::default(), parcels: SortedSet::default(), cancelled: false }
    }

    /// Returns the shipment's id.
    #[must_use]
    pub fn id(&self) -> ShipmentId {
        self.id
    }

    /// Returns the state of the shipment.
    #[must_use]
    pub fn state(&self) -> ShipmentState {
        if self.cancelled { ShipmentState::Cancelled } else { ShipmentState::Created }
    }

    /// Returns the order that is shipped. Returns `None` if only the cancellation arrived, which doesn't
    /// contain the order's id, or if events disagree.
    #[must_use]
    pub fn order(&self) -> Option<MedicationOrderId> {
        agreed(self.orders())
    }

    /// Returns the parcel. Returns `None` if only the cancellation arrived, or if events disagree: see
    /// [`Self::parcels`].
    #[must_use]
    pub fn parcel(&self) -> Option<&Parcel> {
        agreed(self.parcels())
    }

    /// Returns every parcel that events described, sorted. Usually there is one.
    pub fn parcels(&self) -> impl Iterator<Item = &Parcel> {
        self.parcels.iter()
    }

    /// Returns whether events disagree on the order or the parcel. A person has to investigate.
    #[must_use]
    pub fn is_contradictory(&self) -> bool {
        self.orders.len() > 1 || self.parcels.len() > 1
    }

    pub(super) fn orders(&self) -> impl Iterator<Item = MedicationOrderId> {
        self.orders.iter().copied()
    }

    pub(super) fn belong_to(&mut self, order: MedicationOrderId) {
        self.orders.insert(order);
    }

    pub(super) fn create(&mut self, order: MedicationOrderId, parcel: Parcel) {
        self.belong_to(order);
        self.parcels.insert(parcel);
    }

    pub(super) fn take_back(&mut self) {
        self.cancelled = true;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.orders.merge(&other.orders);
        self.parcels.merge(&other.parcels);
        self.cancelled |= other.cancelled;
    }
}

impl fmt::Display for ShipmentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Created => "created",
            Self::Cancelled => "cancelled",
        })
    }
}

impl From<&ShipmentCreated> for Parcel {
    fn from(event: &ShipmentCreated) -> Self {
        Self {
            provider: event.shipment_provider.clone(),
            label: event.shipping_label.clone(),
            tracking_url: event.tracking_url.clone(),
        }
    }
}

impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parcel([redacted])")
    }
}
