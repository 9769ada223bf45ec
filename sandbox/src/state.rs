//! Everything a sandbox remembers, and how time changes it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::ids::Ids;

/// Time between two stages of an order, and before a practitioner is activated. No source gives one: an assumption.
const STAGE: Duration = Duration::from_secs(60);

/// Waits after the first, second, third and fourth failure of a delivery.
const WAITS: [Duration; 4] =
    [Duration::from_secs(60), Duration::from_secs(300), Duration::from_secs(900), Duration::from_secs(3600)];

/// How far an order is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Stage {
    /// Created, and nothing else.
    Pending,
    /// Verified by the pharmacy.
    Verified,
    /// Submitted to the pharmacy.
    Submitted,
    /// Acknowledged by the pharmacy.
    Acknowledged,
    /// Filled.
    Filled,
    /// Shipped.
    Shipped,
}

impl Stage {
    fn next(self) -> Option<(Self, &'static str)> {
        Some(match self {
            Self::Pending => (Self::Verified, "medication_order:verified"),
            Self::Verified => (Self::Submitted, "medication_order:submitted"),
            Self::Submitted => (Self::Acknowledged, "medication_order:acknowledged"),
            Self::Acknowledged => (Self::Filled, "medication_order:filled"),
            Self::Filled => (Self::Shipped, "shipment:created"),
            Self::Shipped => return None,
        })
    }
}

/// An order and what is known of it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Order {
    /// The id in events.
    pub id: String,
    /// The id in requests for refills.
    pub request: String,
    /// The clinic that ordered.
    pub clinic: String,
    /// The patient.
    pub patient: String,
    /// The practitioner.
    pub practitioner: String,
    /// How far the order is.
    pub stage: Stage,
    /// The shipment, once there is one.
    pub shipment: Option<String>,
    pub(crate) refills_left: u32,
    pub(crate) open_refill: Option<String>,
}

/// One try of a delivery, for the caller to make and to report with [`State::answered`].
#[derive(Clone, PartialEq)]
pub struct Attempt {
    /// Names the delivery.
    pub delivery: u64,
    /// Where it goes.
    pub url: String,
    /// What it carries.
    pub body: Value,
}

enum Due {
    Stage(String),
    Activate(String),
    Deliver(u64),
}

struct Delivery {
    url: String,
    body: Value,
    failures: usize,
}

/// A NovaMed: its clinics, people, orders and webhooks.
pub struct State {
    pub(crate) ids: Ids,
    now: Duration,
    count: u64,
    due: BTreeMap<(Duration, u64), Due>,
    deliveries: BTreeMap<u64, Delivery>,
    pub(crate) clinics: Vec<String>,
    pub(crate) practitioners: BTreeMap<String, Value>,
    pub(crate) patients: BTreeMap<String, Value>,
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) webhooks: BTreeMap<String, (String, String)>,
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order").field("stage", &self.stage).finish_non_exhaustive()
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let event = &self.body["event_name"];
        f.debug_struct("Attempt").field("delivery", &self.delivery).field("event", event).finish_non_exhaustive()
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("now", &self.now).finish_non_exhaustive()
    }
}

impl State {
    /// Returns a state with one clinic. The seed decides its ids.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut ids = Ids::new(seed);
        Self {
            clinics: vec![ids.uuid()],
            ids,
            now: Duration::ZERO,
            count: 0,
            due: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            practitioners: BTreeMap::new(),
            patients: BTreeMap::new(),
            orders: BTreeMap::new(),
            webhooks: BTreeMap::new(),
        }
    }

    /// Returns the id of the clinic.
    #[must_use]
    pub fn clinic(&self) -> &str {
        &self.clinics[0]
    }

    /// Returns all orders, by id. Their number tells a test whether anything was ordered twice.
    #[must_use]
    pub fn orders(&self) -> impl ExactSizeIterator<Item = &Order> {
        self.orders.values()
    }

    /// Moves the clock on, and returns the deliveries that became due, in order.
    pub fn advance(&mut self, by: Duration) -> Vec<Attempt> {
        let end = self.now.saturating_add(by);
        let mut attempts = Vec::new();
        while let Some(first) = self.due.first_entry().filter(|first| first.key().0 <= end) {
            self.now = first.key().0;
            match first.remove() {
                Due::Stage(order) => self.move_on(&order),
                Due::Activate(practitioner) => self.activate(&practitioner),
                Due::Deliver(id) => attempts.extend(self.deliveries.get(&id).map(|delivery| Attempt {
                    delivery: id,
                    url: delivery.url.clone(),
                    body: delivery.body.clone(),
                })),
            }
        }
        self.now = end;
        attempts
    }

    /// Records the answer to an attempt. A failed delivery is tried again after 1, 5 and 15 minutes and 1 hour, and
    /// given up after five failures.
    pub fn answered(&mut self, attempt: &Attempt, accepted: bool) {
        let Some(delivery) = self.deliveries.get_mut(&attempt.delivery) else { return };
        let wait = if accepted { None } else { WAITS.get(delivery.failures) };
        delivery.failures += 1;
        match wait {
            Some(wait) => self.schedule(*wait, Due::Deliver(attempt.delivery)),
            None => drop(self.deliveries.remove(&attempt.delivery)),
        }
    }

    /// Takes an order's shipment back, and returns whether there was one.
    pub fn cancel_shipment(&mut self, order: &str) -> bool {
        let Some(order) = self.orders.get_mut(order) else { return false };
        let Some(shipment) = order.shipment.take() else { return false };
        let data = json!({ "id": order.id, "clinic_id": order.clinic, "shipment_id": shipment });
        let clinic = order.clinic.clone();
        self.announce(&clinic, "shipment:cancelled", &data);
        true
    }

    pub(crate) fn schedule_order(&mut self, order: &str) {
        self.schedule(STAGE, Due::Stage(order.to_owned()));
    }

    pub(crate) fn schedule_activation(&mut self, practitioner: &str) {
        self.schedule(STAGE, Due::Activate(practitioner.to_owned()));
    }

    fn schedule(&mut self, wait: Duration, due: Due) {
        self.count += 1;
        self.due.insert((self.now.saturating_add(wait), self.count), due);
    }

    fn move_on(&mut self, id: &str) {
        let Some(order) = self.orders.get_mut(id) else { return };
        let Some((stage, event)) = order.stage.next() else { return };
        order.stage = stage;
        let mut data = json!({
            "id": order.id, "clinic_id": order.clinic,
            "patient_id": order.patient, "practitioner_id": order.practitioner,
        });
        let clinic = order.clinic.clone();
        if stage == Stage::Shipped {
            let shipment = self.ids.uuid();
            data["shipping_label"] = json!(format!("https://labels.example/{shipment}.pdf"));
            data["shipment_provider"] = json!("Ameriship");
            data["tracking_url"] = json!(format!("https://tracking.example/{shipment}"));
            data["shipment_id"] = json!(shipment);
            order.shipment = Some(shipment);
        } else {
            self.schedule_order(id);
        }
        self.announce(&clinic, event, &data);
    }

    fn activate(&mut self, id: &str) {
        let Some(body) = self.practitioners.get(id) else { return };
        let name = format!(
            "{} {}",
            body["first_name"].as_str().unwrap_or_default(),
            body["last_name"].as_str().unwrap_or_default()
        );
        let data = json!({
            "practitioner_id": id, "practitioner_name": name, "practitioner_email": body["email"],
            "practitioner_phone": body["phone"], "practitioner_npi": body["npi"], "practitioner_status": "active",
        });
        let clinic = body["assigned_clinic"].as_str().unwrap_or_default().to_owned();
        self.announce(&clinic, "practitioner:activated", &data);
    }

    fn announce(&mut self, clinic: &str, event: &str, data: &Value) {
        let webhooks = self.webhooks.values().filter(|(of, _)| of == clinic);
        let urls: Vec<String> = webhooks.map(|(_, url)| url.clone()).collect();
        for url in urls {
            let body = json!({ "event_name": event, "event_data": data });
            let id = self.count;
            self.deliveries.insert(id, Delivery { url, body, failures: 0 });
            self.schedule(Duration::ZERO, Due::Deliver(id));
        }
    }
}
