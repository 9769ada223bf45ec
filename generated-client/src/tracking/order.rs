//! One medication order: what was told of it.
//!
//! Each part is a set that only grows, so that neither the order of events nor their number counts.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::set::SortedSet;
use crate::{
    ClinicId, MedicationOrderId, MedicationRequestId, PatientId, PractitionerId, PrescriptionNumber, RefillRequestId,
    ShipmentId,
};

/// What is known of a medication order. `Debug` shows the stages, the clinic and the practitioner,
/// and nothing that leads to the patient.
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

/// A stage of an order that has an event of its own, in the order of the published list.
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

/// How far an order has come. A state that is further on the way is greater. `Display` prints it in
/// words, such as `filled`; written by `serde`, it is a text such as `shipment_cancelled`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrderState {
    /// An answer named the order, and no event has told of it yet.
    Expected,
    /// The order was verified.
    Verified,
    /// The order was submitted.
    Submitted,
    /// The order was acknowledged.
    Acknowledged,
    /// The order was filled.
    Filled,
    /// The order has shipments, and each of them was cancelled. Whether there will be another is not
    /// published.
    ShipmentCancelled,
    /// The order has a shipment that was not cancelled.
    Shipped,
}

/// Whom an event of an order names.
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

    /// Returns the furthest stage that an event told of. Shipments are not among the stages: see
    /// [`Tracking::state`](super::Tracking::state).
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        self.stages.last().copied()
    }

    /// Returns the stages whose own event arrived. One that is missing may still have been passed.
    pub fn stages(&self) -> impl Iterator<Item = Stage> {
        self.stages.iter().copied()
    }

    /// Returns the clinic; nothing where no event has named it, or two events named two.
    #[must_use]
    pub fn clinic(&self) -> Option<ClinicId> {
        agreed(self.parties.iter().map(|parties| parties.clinic))
    }

    /// Returns the patient; nothing where no event has named one, or two events named two.
    #[must_use]
    pub fn patient(&self) -> Option<PatientId> {
        agreed(self.parties.iter().map(|parties| parties.patient))
    }

    /// Returns the practitioner; nothing where no event has named one, or two events named two.
    #[must_use]
    pub fn practitioner(&self) -> Option<PractitionerId> {
        agreed(self.parties.iter().map(|parties| parties.practitioner))
    }

    /// Returns whether events disagree on the clinic, the patient or the practitioner, or answers on
    /// the request that made the order. A person has to look at that.
    #[must_use]
    pub fn is_contradictory(&self) -> bool {
        self.parties.len() > 1 || self.requests.len() > 1 || self.refill_requests.len() > 1
    }

    /// Returns the prescription numbers that events named, sorted. Usually there is one, or none.
    pub fn prescription_numbers(&self) -> impl Iterator<Item = &PrescriptionNumber> {
        self.prescription_numbers.iter()
    }

    /// Returns the shipments that were created for the order, sorted, cancelled ones among them.
    pub fn shipments(&self) -> impl Iterator<Item = ShipmentId> {
        self.shipments.iter().copied()
    }

    /// Returns the medication request that made the order; nothing where no answer said so, or two
    /// answers named two.
    #[must_use]
    pub fn medication_request(&self) -> Option<MedicationRequestId> {
        agreed(self.requests.iter().copied())
    }

    /// Returns the refill request that made the order; nothing where no answer said so, or two
    /// answers named two.
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

/// Returns the one value that all of them are.
pub(super) fn agreed<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}
