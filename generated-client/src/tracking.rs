//! The state of medication orders and shipments, from webhook events.
//!
//! No operation of the API returns a status: events are the only source. They arrive in any order, and
//! possibly more than once. The same events always give an equal [`Tracking`], regardless of order and
//! repetitions.
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
//! let order = tracking.orders().next().ok_or("there is no order")?;
//! assert_eq!(tracking.state(order.id()), Some(OrderState::Filled));
//! # Ok(())
//! # }
//! ```
//!
//! # What is linked
//!
//! - The events of an order contain the ids of the order, the clinic, the patient and the practitioner.
//! - `shipment:created` contains the ids of the order and the shipment. `shipment:cancelled` contains at
//!   most the shipment's. Until the event of its creation arrives, [`Shipment::order`] is `None`. Without a
//!   shipment id, nothing links the cancellation to an order: see
//!   [`Tracking::has_unattributed_cancellation`].
//! - The answer to a refill request contains the id of the new order: see [`Tracking::expect_refill`]. The
//!   answer to a medication request may contain it: see [`Tracking::expect_order`]. If it doesn't, nothing
//!   published links the request to its order. [`Tracking::orders_for`] lists the orders of a patient and a
//!   practitioner as a starting point for a person.
//! - If two events or answers contradict each other, `Tracking` doesn't choose: the accessor returns `None`,
//!   and [`Order::is_contradictory`] or [`Shipment::is_contradictory`] returns `true`.
//!
//! # Storing it
//!
//! Use `serde` to store a `Tracking`, and [`Tracking::merge`] to combine two of them in either order. The
//! stored data is protected health information. `Debug` prints only how many orders and shipments are in
//! each state. A `Tracking` never forgets anything and grows with its orders. If your app has many orders,
//! keep one `Tracking` per order, or start a new one from time to time.

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

/// The known medication orders and shipments. `Debug` prints how many are in each state.
///
/// It serializes as an object with `orders`, `shipments` and `unattributed_cancellation`. Data from older
/// versions can be deserialized.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Tracking {
    #[serde(serialize_with = "values")]
    orders: BTreeMap<MedicationOrderId, Order>,
    #[serde(serialize_with = "values")]
    shipments: BTreeMap<ShipmentId, Shipment>,
    unattributed_cancellation: bool,
}

/// The serialized form of a [`Tracking`]: each order and each shipment contains its id.
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

/// The subject of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// A medication order, but not a shipment.
    Order(MedicationOrderId),
    /// A shipment, and also its order, if that is known.
    Shipment(ShipmentId),
    /// A shipment whose id the event doesn't contain.
    UnnamedShipment,
    /// Neither an order nor a shipment.
    Other,
}

/// The parties in an order's event. The payloads are separate types with the same fields.
macro_rules! parties {
    ($event:expr) => {
        Parties { clinic: $event.clinic_id, patient: $event.patient_id, practitioner: $event.practitioner_id }
    };
}

impl Tracking {
    /// Returns an empty tracking.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Applies an event, and returns its subject: update whatever displays that order or shipment.
    /// Repeated events and unknown events change nothing.
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
            // `practitioner:activated`, and events that this version doesn't know.
            _ => Subject::Other,
        }
    }

    /// Expects an order whose id was stored from an earlier answer. Until its first event, its state is
    /// [`OrderState::Expected`].
    pub fn expect(&mut self, order: MedicationOrderId) {
        self.order_mut(order);
    }

    /// Expects the order that a refill creates, and returns its id. [`Order::refill_request`] then returns
    /// the refill.
    pub fn expect_refill(&mut self, refill: &CreatedRefillRequest) -> MedicationOrderId {
        self.order_mut(refill.medication_order_id).ask_refill(refill.refill_request_id);
        refill.medication_order_id
    }

    /// Expects the order that a medication request created, and returns its id. Returns `None` if the
    /// answer doesn't contain the id, because nothing published links the two then.
    pub fn expect_order(&mut self, created: &CreatedMedicationRequest) -> Option<MedicationOrderId> {
        let id = created.medication_order_id?;
        self.order_mut(id).request(created.medication_request_id);
        Some(id)
    }

    /// Returns an order, if an event or an answer mentioned it.
    #[must_use]
    pub fn order(&self, id: MedicationOrderId) -> Option<&Order> {
        self.orders.get(&id)
    }

    /// Returns all orders, sorted by id.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// Returns the orders whose events contain this patient and this practitioner. That doesn't prove which
    /// request created an order.
    pub fn orders_for(&self, patient: PatientId, practitioner: PractitionerId) -> impl Iterator<Item = &Order> {
        self.orders().filter(move |order| order.is_for(patient, practitioner))
    }

    /// Returns a shipment, if an event mentioned it.
    #[must_use]
    pub fn shipment(&self, id: ShipmentId) -> Option<&Shipment> {
        self.shipments.get(&id)
    }

    /// Returns all shipments, sorted by id.
    pub fn shipments(&self) -> impl Iterator<Item = &Shipment> {
        self.shipments.values()
    }

    /// Returns the shipments of an order, sorted by id.
    pub fn shipments_of(&self, order: MedicationOrderId) -> impl Iterator<Item = &Shipment> {
        let of_order = self.order(order).into_iter().flat_map(Order::shipments);
        of_order.filter_map(|id| self.shipments.get(&id))
    }

    /// Returns the state of an order and its shipments, or `None` if nothing mentioned the order.
    ///
    /// The state is the furthest one that any event reported, even if earlier events are missing. It only
    /// moves forward, except for shipments: when the last one is canceled, an order moves from
    /// [`OrderState::Shipped`] to [`OrderState::ShipmentCancelled`], and a new shipment moves it back.
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

    /// Returns whether an event without a shipment id reported a cancellation. Nothing reveals which
    /// shipment was canceled, or how many were.
    #[must_use]
    pub fn has_unattributed_cancellation(&self) -> bool {
        self.unattributed_cancellation
    }

    /// Adds everything from another tracking. The result doesn't depend on which of the two is merged into
    /// the other, and merging twice changes nothing.
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

/// Restores consistency, for data that was edited or combined from parts: one entry per id, and links between
/// orders and shipments in both directions.
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
