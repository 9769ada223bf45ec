//! What webhooks have told of medication orders and shipments.
//!
//! The API has no operation that reads a status: an integration knows of an order what the events
//! say. They arrive in any order and more than once, so nothing here depends on either: a
//! [`Tracking`] that was given the same events, however shuffled and repeated, is equal.
//!
//! ```
//! use novamed::tracking::{OrderState, Tracking};
//! use novamed::webhooks::Event;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let body = br#"{
//!     "event_name": "medication_order:filled",
//!     "event_data": {
//!         "id": "0195b0a5-62a5-7cf0-8a5c-2f3a4d1b6a10",
//!         "clinic_id": "0195b0a5-62a5-7cf0-8a5c-2f3a4d1b6a11",
//!         "patient_id": "0195b0a5-62a5-7cf0-8a5c-2f3a4d1b6a12",
//!         "practitioner_id": "0195b0a5-62a5-7cf0-8a5c-2f3a4d1b6a13"
//!     }
//! }"#;
//! let mut tracking = Tracking::new();
//! tracking.apply(&Event::parse(body)?);
//!
//! let order = tracking.orders().next().ok_or("no order was told of")?;
//! assert_eq!(tracking.state(order.id()), Some(OrderState::Filled));
//! # Ok(())
//! # }
//! ```
//!
//! # What is linked, and what is not
//!
//! - An event of an order names the order, the clinic, the patient and the practitioner.
//! - `shipment:created` names order and shipment. `shipment:cancelled` may name the shipment alone:
//!   until the shipment's creation is told of, [`Shipment::order`] is nothing. One that names no
//!   shipment can be said of no order: [`Tracking::has_unattributed_cancellation`].
//! - The answer to a refill request names the order that it makes: [`Tracking::expect_refill`]. The
//!   answer to a medication request may: [`Tracking::expect_order`]. If it does not, nothing
//!   published links the request to its order. [`Tracking::orders_for`] lists the orders of a
//!   patient and practitioner, which is where a person begins to look.
//! - Where two events, or two answers, say different things, neither is chosen: what they disagree on
//!   is nothing, and [`Order::is_contradictory`] or [`Shipment::is_contradictory`] says so.
//!
//! # Keeping it
//!
//! A `Tracking` encodes and decodes by `serde`, and two are put together by [`Tracking::merge`], in
//! any order too. What is stored this way is protected health information; `Debug` shows how many
//! orders and shipments are in which state. Nothing is ever forgotten: a `Tracking` grows with its
//! orders, so an application with many keeps one for each, or begins a new one now and then.

mod order;
mod set;
mod shipment;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

pub use self::order::{Order, OrderState, Stage};
pub use self::shipment::{Parcel, Shipment, ShipmentState};

use self::order::Parties;
use crate::webhooks::Event;
use crate::{
    CreatedMedicationRequest, CreatedRefillRequest, MedicationOrderId, PatientId, PractitionerId, PrescriptionNumber,
    ShipmentCreated, ShipmentId,
};

/// What is known of medication orders and shipments. `Debug` shows how many are in which state.
///
/// Written, it is an object of `orders`, `shipments` and `unattributed_cancellation`. What an older
/// version wrote is read.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Tracking {
    #[serde(serialize_with = "values")]
    orders: BTreeMap<MedicationOrderId, Order>,
    #[serde(serialize_with = "values")]
    shipments: BTreeMap<ShipmentId, Shipment>,
    unattributed_cancellation: bool,
}

/// A [`Tracking`] as it is written: each order and each shipment says its id itself.
#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    orders: Vec<Order>,
    #[serde(default)]
    shipments: Vec<Shipment>,
    #[serde(default)]
    unattributed_cancellation: bool,
}

fn values<K, V: Serialize, S: Serializer>(map: &BTreeMap<K, V>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(map.values())
}

/// What an event was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// A medication order, and none of its shipments.
    Order(MedicationOrderId),
    /// A shipment, and with it its order where that is known.
    Shipment(ShipmentId),
    /// A shipment that the event does not name.
    UnnamedShipment,
    /// Neither an order nor a shipment.
    Other,
}

/// The parties that an order's event names. The payloads are types of their own with the same
/// fields.
macro_rules! parties {
    ($event:expr) => {
        Parties { clinic: $event.clinic_id, patient: $event.patient_id, practitioner: $event.practitioner_id }
    };
}

impl Tracking {
    /// Returns one that knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what an event tells, and returns what it is about: whatever shows that order or
    /// shipment is to be shown anew. An event that was taken in before changes nothing, and neither
    /// does one that is not known.
    pub fn apply(&mut self, event: &Event) -> Subject {
        match event {
            Event::MedicationOrderVerified(e) => self.reached(e.id, Stage::Verified, parties!(e), e.rx_number.as_ref()),
            Event::MedicationOrderSubmitted(e) => {
                self.reached(e.id, Stage::Submitted, parties!(e), e.rx_number.as_ref())
            }
            Event::MedicationOrderAcknowledged(e) => {
                self.reached(e.id, Stage::Acknowledged, parties!(e), e.rx_number.as_ref())
            }
            Event::MedicationOrderFilled(e) => self.reached(e.id, Stage::Filled, parties!(e), e.rx_number.as_ref()),
            Event::ShipmentCreated(e) => self.shipped(e),
            Event::ShipmentCancelled(e) => {
                let Some(id) = e.shipment_id else {
                    self.unattributed_cancellation = true;
                    return Subject::UnnamedShipment;
                };
                self.shipment_mut(id).take_back();
                Subject::Shipment(id)
            }
            // `practitioner:activated`, and what this version does not know.
            _ => Subject::Other,
        }
    }

    /// Expects an order whose id was kept from an earlier answer. Until an event tells of it, its state
    /// is [`OrderState::Expected`].
    pub fn expect(&mut self, order: MedicationOrderId) {
        self.order_mut(order);
    }

    /// Expects the order that a refill makes. Its events then move [`Tracking::order`] on, and
    /// [`Order::refill_request`] leads back to the refill.
    pub fn expect_refill(&mut self, refill: &CreatedRefillRequest) -> MedicationOrderId {
        self.order_mut(refill.medication_order_id).ask_refill(refill.refill_request_id);
        refill.medication_order_id
    }

    /// Expects the order that a medication request made, if the answer names it. Where it does not,
    /// nothing published links the two, and nothing is returned.
    pub fn expect_order(&mut self, created: &CreatedMedicationRequest) -> Option<MedicationOrderId> {
        let id = created.medication_order_id?;
        self.order_mut(id).request(created.medication_request_id);
        Some(id)
    }

    /// Returns an order; nothing where neither an event nor an answer told of it.
    #[must_use]
    pub fn order(&self, id: MedicationOrderId) -> Option<&Order> {
        self.orders.get(&id)
    }

    /// Returns all orders, in the order of their ids.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// Returns the orders whose events name this patient and this practitioner. Which request made
    /// one of them is not said by that.
    pub fn orders_for(&self, patient: PatientId, practitioner: PractitionerId) -> impl Iterator<Item = &Order> {
        self.orders().filter(move |order| order.is_for(patient, practitioner))
    }

    /// Returns a shipment; nothing where no event told of it.
    #[must_use]
    pub fn shipment(&self, id: ShipmentId) -> Option<&Shipment> {
        self.shipments.get(&id)
    }

    /// Returns all shipments, in the order of their ids.
    pub fn shipments(&self) -> impl Iterator<Item = &Shipment> {
        self.shipments.values()
    }

    /// Returns the shipments of an order, in the order of their ids.
    pub fn shipments_of(&self, order: MedicationOrderId) -> impl Iterator<Item = &Shipment> {
        let of_order = self.order(order).into_iter().flat_map(Order::shipments);
        of_order.filter_map(|id| self.shipments.get(&id))
    }

    /// Returns how far an order has come, its shipments counted in; nothing where nothing told of it.
    ///
    /// It is the furthest that any event said: one that is missing is not waited for. It moves on only,
    /// but for shipments: the cancellation of the last one takes an order from
    /// [`OrderState::Shipped`] to [`OrderState::ShipmentCancelled`], and another one brings it back.
    #[must_use]
    pub fn state(&self, order: MedicationOrderId) -> Option<OrderState> {
        let stage = self.order(order)?.stage();
        let mut shipments = self.shipments_of(order).peekable();
        if shipments.peek().is_none() {
            return Some(stage.map_or(OrderState::Expected, OrderState::from));
        }
        let is_shipped = shipments.any(|shipment| shipment.state() == ShipmentState::Created);
        Some(if is_shipped { OrderState::Shipped } else { OrderState::ShipmentCancelled })
    }

    /// Returns whether some shipment was cancelled by an event that does not name it. Which one, and
    /// how many, is not said.
    #[must_use]
    pub fn has_unattributed_cancellation(&self) -> bool {
        self.unattributed_cancellation
    }

    /// Takes in what another one knows. Which of the two takes in the other makes no difference, and
    /// neither does doing so twice.
    pub fn merge(&mut self, other: &Self) {
        for (id, order) in &other.orders {
            self.order_mut(*id).merge(order);
        }
        for (id, shipment) in &other.shipments {
            self.shipment_mut(*id).merge(shipment);
        }
        self.unattributed_cancellation |= other.unattributed_cancellation;
    }

    fn reached(
        &mut self,
        id: MedicationOrderId,
        stage: Stage,
        parties: Parties,
        number: Option<&PrescriptionNumber>,
    ) -> Subject {
        let order = self.order_mut(id);
        order.reach(stage);
        order.tell(parties, number);
        Subject::Order(id)
    }

    fn shipped(&mut self, event: &ShipmentCreated) -> Subject {
        let order = self.order_mut(event.id);
        order.tell(parties!(event), event.rx_number.as_ref());
        order.ship(event.shipment_id);
        self.shipment_mut(event.shipment_id).create(event.id, Parcel::from(event));
        Subject::Shipment(event.shipment_id)
    }

    fn order_mut(&mut self, id: MedicationOrderId) -> &mut Order {
        self.orders.entry(id).or_insert_with(|| Order::new(id))
    }

    fn shipment_mut(&mut self, id: ShipmentId) -> &mut Shipment {
        self.shipments.entry(id).or_insert_with(|| Shipment::new(id))
    }
}

/// What was written by hand, or put together from parts, is made consistent: one entry for each id,
/// and orders and shipments that lead to each other.
impl From<Written> for Tracking {
    fn from(written: Written) -> Self {
        let mut tracking = Self { unattributed_cancellation: written.unattributed_cancellation, ..Self::default() };
        for order in &written.orders {
            tracking.order_mut(order.id()).merge(order);
            for shipment in order.shipments() {
                tracking.shipment_mut(shipment).belong_to(order.id());
            }
        }
        for shipment in &written.shipments {
            tracking.shipment_mut(shipment.id()).merge(shipment);
            for order in shipment.orders() {
                tracking.order_mut(order).ship(shipment.id());
            }
        }
        tracking
    }
}

impl fmt::Debug for Tracking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracking")
            .field("orders", &self.orders.keys().filter_map(|id| self.state(*id)).collect::<Counts<_>>())
            .field("shipments", &self.shipments().map(Shipment::state).collect::<Counts<_>>())
            .field("unattributed_cancellation", &self.unattributed_cancellation)
            .finish()
    }
}

/// Prints how often each state occurs, as a map.
struct Counts<S>(Vec<S>);

impl<S: Ord> FromIterator<S> for Counts<S> {
    fn from_iter<I: IntoIterator<Item = S>>(states: I) -> Self {
        let mut states: Vec<S> = states.into_iter().collect();
        states.sort_unstable();
        Self(states)
    }
}

impl<S: Ord + fmt::Debug> fmt::Debug for Counts<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.chunk_by(|a, b| a == b).map(|same| (&same[0], same.len()))).finish()
    }
}
