//! Everything a sandbox remembers, and how time changes it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::fields::Failure;
use crate::ids::Ids;
use crate::operation::Operation;
use crate::webhooks::{Attempt, Delivery, Disturbance};

/// What no source decides and an app could come to depend on.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Assumptions {
    /// Whether `createMedicationRequest` returns the `medication_order_id` as well.
    pub order_id_in_answers: bool,
    /// Whether `details` is an array of `{field, message}`, and not an object `{field, reason}`.
    pub details_as_array: bool,
    /// Whether every other event is delivered after the next one.
    pub events_out_of_order: bool,
    /// The seconds between two stages of an order, and before a practitioner is activated.
    pub stage_seconds: u32,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self { order_id_in_answers: true, details_as_array: false, events_out_of_order: false, stage_seconds: 60 }
    }
}

impl Assumptions {
    pub(crate) fn stage(self) -> Duration {
        Duration::from_secs(self.stage_seconds.into())
    }
}

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
    /// What happened to it, and when.
    pub timeline: Vec<(Duration, &'static str)>,
    pub(crate) refills_left: u32,
    pub(crate) open_refill: Option<String>,
}

pub(crate) enum Due {
    Stage(String),
    Activate(String),
    Deliver(u64),
}

/// A NovaMed: its clinics, people, orders and webhooks.
pub struct State {
    pub(crate) ids: Ids,
    pub(crate) now: Duration,
    count: u64,
    due: BTreeMap<(Duration, u64), Due>,
    acts: BTreeMap<Operation, u64>,
    pub(crate) assumptions: Assumptions,
    pub(crate) announced: u64,
    pub(crate) disturbances: VecDeque<Disturbance>,
    pub(crate) deliveries: BTreeMap<u64, Delivery>,
    pub(crate) clinics: Vec<String>,
    pub(crate) practitioners: BTreeMap<String, Value>,
    pub(crate) patients: BTreeMap<String, Value>,
    pub(crate) orders: BTreeMap<String, Order>,
    /// The ids of the orders, oldest first.
    pub(crate) order_ids: Vec<String>,
    /// The order of each medication request.
    pub(crate) order_of: BTreeMap<String, String>,
    /// What makes a patient a duplicate: name, date of birth and clinic.
    pub(crate) people: BTreeSet<[String; 4]>,
    pub(crate) webhooks: BTreeMap<String, (String, String)>,
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order").field("stage", &self.stage).finish_non_exhaustive()
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
            acts: BTreeMap::new(),
            assumptions: Assumptions::default(),
            announced: 0,
            disturbances: VecDeque::new(),
            deliveries: BTreeMap::new(),
            practitioners: BTreeMap::new(),
            patients: BTreeMap::new(),
            orders: BTreeMap::new(),
            order_ids: Vec::new(),
            order_of: BTreeMap::new(),
            people: BTreeSet::new(),
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

    /// Returns the virtual time since the sandbox was new.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.now
    }

    /// Returns how often an operation was acted on. An app's test can assert that nothing was ordered twice.
    #[must_use]
    pub fn acts(&self, operation: Operation) -> u64 {
        self.acts.get(&operation).copied().unwrap_or(0)
    }

    /// Decides what no source does.
    pub fn assume(&mut self, assumptions: Assumptions) {
        self.assumptions = assumptions;
    }

    /// Performs an operation. The body of `deleteWebhook` is `{"id"}`, and that of `getCarrierServices` is
    /// `{"carrier", "patient"}`. Returns what the answer's body holds: all of it if it contains `success`, and else its
    /// `data`.
    ///
    /// # Errors
    /// The failures of the operation.
    pub fn perform(&mut self, operation: Operation, body: &Value) -> Result<Value, Failure> {
        let text = |field: &str| body[field].as_str().unwrap_or_default();
        let answer = match operation {
            Operation::CreatePractitioner => self.create_practitioner(body),
            Operation::CreatePatient => self.create_patient(body),
            Operation::CreateMedicationRequest => self.create_medication_request(body),
            Operation::CreateRefillRequest => self.create_refill_request(body),
            Operation::CreateWebhook => self.create_webhook(body),
            Operation::DeleteWebhook => self.delete_webhook(text("id")).map(|()| json!({ "success": true })),
            Operation::GetCarriers => Ok(self.carriers()),
            Operation::GetCarrierServices => self.carrier_services(text("carrier"), text("patient")),
        };
        if answer.is_ok() && operation.changes() {
            *self.acts.entry(operation).or_default() += 1;
        }
        let as_array = self.assumptions.details_as_array;
        answer.map_err(|failure| if as_array { failure.with_details_as_array() } else { failure })
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
                Due::Deliver(id) => attempts.extend(self.attempt(id)),
            }
        }
        self.now = end;
        attempts
    }

    /// Returns whether [`State::advance`] would do more than move the clock.
    pub(crate) fn is_due(&self, by: Duration) -> bool {
        let end = self.now.saturating_add(by);
        self.due.first_key_value().is_some_and(|((at, _), _)| *at <= end)
    }

    /// Takes an order's shipment back, and returns whether there was one.
    pub fn cancel_shipment(&mut self, order: &str) -> bool {
        let Some(order) = self.orders.get_mut(order) else { return false };
        let Some(shipment) = order.shipment.take() else { return false };
        order.timeline.push((self.now, "shipment:cancelled"));
        let data = json!({ "id": order.id, "clinic_id": order.clinic, "shipment_id": shipment });
        let clinic = order.clinic.clone();
        self.announce(&clinic, "shipment:cancelled", &data);
        true
    }

    pub(crate) fn schedule_order(&mut self, order: &str) {
        self.schedule(self.assumptions.stage(), Due::Stage(order.to_owned()));
    }

    pub(crate) fn schedule_activation(&mut self, practitioner: &str) {
        self.schedule(self.assumptions.stage(), Due::Activate(practitioner.to_owned()));
    }

    pub(crate) fn schedule(&mut self, wait: Duration, due: Due) {
        self.count += 1;
        self.due.insert((self.now.saturating_add(wait), self.count), due);
    }

    fn move_on(&mut self, id: &str) {
        let Some(order) = self.orders.get_mut(id) else { return };
        let Some((stage, event)) = order.stage.next() else { return };
        order.stage = stage;
        order.timeline.push((self.now, event));
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
}
