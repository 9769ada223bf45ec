//! A medication order, as reported by events and answers.
//!
//! Each part is a set that only grows, so neither the order of events nor repetitions matter.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::set::SortedSet;
use crate::{
    ClinicId, MedicationOrderId, MedicationRequestId, PatientId, PractitionerId, PrescriptionNumber, RefillRequestId,
    ShipmentId,
};

/// What is known about a medication order. `Debug` prints the stages, the clinic and the practitioner, but
/// nothing that identifies the patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    id: MedicationOrderId,
    #[serde(default)]
    stages: SortedSet<Stage>,
    #[serde(default)]
    parties: SortedSet<Parties>,
    #[serde(default)]
    prescription_numbers: SortedSet<PrescriptionNumber>,
    #[serde(default)]
    shipments: SortedSet<ShipmentId>,
    #[serde(default)]
    requests: SortedSet<MedicationRequestId>,
    #[serde(default)]
    refill_requests: SortedSet<RefillRequestId>,
}

/// A stage of an order. Each has its own event. They are ordered as in the published list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stage {
    /// `medication_order:verified`
    Verified,
    /// `medication_order:submitted`
    Submitted,
    /// `medication_order:acknowledged`
    Acknowledged,
    /// `medication_order:filled`
    Filled,
}

/// The state of an order. A later state is greater. `Display` prints it in words, such as `shipment
/// cancelled`. It serializes as a string such as `shipment_cancelled`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrderState {
    /// An answer contained the order's id, but no event has arrived yet.
    Expected,
    /// The order was verified.
    Verified,
    /// The order was submitted.
    Submitted,
    /// The order was acknowledged.
    Acknowledged,
    /// The order was filled.
    Filled,
    /// All shipments of the order were canceled. No source says whether another one follows.
    ShipmentCancelled,
    /// The order has a shipment that wasn't canceled.
    Shipped,
}

/// The clinic and the people in an order's event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Parties {
    pub(super) clinic: ClinicId,
    pub(super) patient: PatientId,
    pub(super) practitioner: PractitionerId,
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expected => "expected",
            Self::Verified => "verified",
            Self::Submitted => "submitted",
            Self::Acknowledged => "acknowledged",
            Self::Filled => "filled",
            Self::ShipmentCancelled => "shipment cancelled",
            Self::Shipped => "shipped",
        })
    }
}

impl From<Stage> for OrderState {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Verified => Self::Verified,
            Stage::Submitted => Self::Submitted,
            Stage::Acknowledged => Self::Acknowledged,
            Stage::Filled => Self::Filled,
        }
    }
}

impl Order {
    pub(super) fn new(id: MedicationOrderId) -> Self {
        Self {
            id,
            stages: SortedSet::default(),
            parties: SortedSet::default(),
            prescription_numbers: SortedSet::default(),
            shipments: SortedSet::default(),
            requests: SortedSet::default(),
            refill_requests: SortedSet::default(),
        }
    }

    /// Returns the order's id.
    #[must_use]
    pub fn id(&self) -> MedicationOrderId {
        self.id
    }

    /// Returns the furthest stage that an event reported. It doesn't include shipments: see
    /// [`Tracking::state`](super::Tracking::state).
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        self.stages.last().copied()
    }

    /// Returns the stages whose events arrived. The order may have passed others too.
    pub fn stages(&self) -> impl Iterator<Item = Stage> {
        self.stages.iter().copied()
    }

    /// Returns the clinic, or `None` if no event contains one, or if events disagree.
    #[must_use]
    pub fn clinic(&self) -> Option<ClinicId> {
        agreed(self.parties.iter().map(|parties| parties.clinic))
    }

    /// Returns the patient, or `None` if no event contains one, or if events disagree.
    #[must_use]
    pub fn patient(&self) -> Option<PatientId> {
        agreed(self.parties.iter().map(|parties| parties.patient))
    }

    /// Returns the practitioner, or `None` if no event contains one, or if events disagree.
    #[must_use]
    pub fn practitioner(&self) -> Option<PractitionerId> {
        agreed(self.parties.iter().map(|parties| parties.practitioner))
    }

    /// Returns whether events disagree on the clinic, the patient or the practitioner, or answers on the
    /// request that created the order. A person has to investigate.
    #[must_use]
    pub fn is_contradictory(&self) -> bool {
        self.parties.len() > 1 || self.requests.len() > 1 || self.refill_requests.len() > 1
    }

    /// Returns the prescription numbers in the order's events, sorted. Usually there is at most one.
    pub fn prescription_numbers(&self) -> impl Iterator<Item = &PrescriptionNumber> {
        self.prescription_numbers.iter()
    }

    /// Returns the shipments of the order, including canceled ones, sorted.
    pub fn shipments(&self) -> impl Iterator<Item = ShipmentId> {
        self.shipments.iter().copied()
    }

    /// Returns the medication request that created the order, or `None` if no answer contains one, or if
    /// answers disagree.
    #[must_use]
    pub fn medication_request(&self) -> Option<MedicationRequestId> {
        agreed(self.requests.iter().copied())
    }

    /// Returns the refill request that created the order, or `None` if no answer contains one, or if answers
    /// disagree.
    #[must_use]
    pub fn refill_request(&self) -> Option<RefillRequestId> {
        agreed(self.refill_requests.iter().copied())
    }

    pub(super) fn is_for(&self, patient: PatientId, practitioner: PractitionerId) -> bool {
        self.parties.iter().any(|parties| parties.patient == patient && parties.practitioner == practitioner)
    }

    pub(super) fn reach(&mut self, stage: Stage) {
        self.stages.insert(stage);
    }

    pub(super) fn tell(&mut self, parties: Parties, number: Option<&PrescriptionNumber>) {
        self.parties.insert(parties);
        if let Some(number) = number {
            self.prescription_numbers.insert(number.clone());
        }
    }

    pub(super) fn ship(&mut self, shipment: ShipmentId) {
        self.shipments.insert(shipment);
    }

    pub(super) fn request(&mut self, request: MedicationRequestId) {
        self.requests.insert(request);
    }

    pub(super) fn ask_refill(&mut self, refill: RefillRequestId) {
        self.refill_requests.insert(refill);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.stages.merge(&other.stages);
        self.parties.merge(&other.parties);
        self.prescription_numbers.merge(&other.prescription_numbers);
        self.shipments.merge(&other.shipments);
        self.requests.merge(&other.requests);
        self.refill_requests.merge(&other.refill_requests);
    }
}

/// Returns the value, if all of them are equal.
pub(super) fn agreed<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}
