// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::field;
use crate::runtime::checks::{Check, Checker};
use crate::runtime::value::builder::{self, Missing, Provided, Set};
use crate::runtime::value::secret::Redacted;
use crate::types::{
    CarrierId, ClinicId, Medication, PatientId, PractitionerId, ServiceId,
    ShipmentGroupId,
};

/// A request for a patient's medications.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MedicationRequest {
    /// The patient who receives the medications.
    pub patient_id: PatientId,
    /// The practitioner who prescribes the medications.
    pub practitioner_id: PractitionerId,
    /// The clinic that orders the medications.
    pub clinic_id: ClinicId,
    /// The carrier that ships the medications, from the list of carriers.
    pub carrier_id: CarrierId,
    /// The carrier's service to use, from the list of its services.
    pub service_id: ServiceId,
    /// The medications. At least one is required.
    pub medication_requests: Vec<Medication>,
    /// Whether the order is refrigerated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_refrigerated: Option<bool>,
    /// The group of shipments that the order belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment_group_id: Option<ShipmentGroupId>,
}

impl fmt::Debug for MedicationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MedicationRequest")
            .field("patient_id", &self.patient_id)
            .field("practitioner_id", &self.practitioner_id)
            .field("clinic_id", &self.clinic_id)
            .field("carrier_id", &self.carrier_id)
            .field("service_id", &self.service_id)
            .field("medication_requests", &self.medication_requests)
            .field("is_refrigerated", &Redacted)
            .field("shipment_group_id", &self.shipment_group_id)
            .finish()
    }
}

impl MedicationRequest {
    /// Returns a builder for [`MedicationRequest`].
    pub fn builder() -> MedicationRequestBuilder {
        MedicationRequestBuilder {
            fields: Fields::default(),
            state: PhantomData,
        }
    }
}

/// A builder for [`MedicationRequest`].
///
/// `build` becomes available once every required field is set. Until then, a type parameter
/// names the missing field.
#[derive(Clone)]
#[must_use]
pub struct MedicationRequestBuilder<
    F0 = Missing<field::PatientId>,
    F1 = Missing<field::PractitionerId>,
    F2 = Missing<field::ClinicId>,
    F3 = Missing<field::CarrierId>,
    F4 = Missing<field::ServiceId>,
    F5 = Missing<field::MedicationRequests>,
> {
    fields: Fields,
    state: PhantomData<(F0, F1, F2, F3, F4, F5)>,
}

#[derive(Clone, Default)]
struct Fields {
    patient_id: Option<PatientId>,
    practitioner_id: Option<PractitionerId>,
    clinic_id: Option<ClinicId>,
    carrier_id: Option<CarrierId>,
    service_id: Option<ServiceId>,
    medication_requests: Option<Vec<Medication>>,
    is_refrigerated: Option<bool>,
    shipment_group_id: Option<ShipmentGroupId>,
}

impl<F0, F1, F2, F3, F4, F5> MedicationRequestBuilder<F0, F1, F2, F3, F4, F5> {
    /// The patient who receives the medications.
    pub fn patient_id(
        mut self,
        patient_id: PatientId,
    ) -> MedicationRequestBuilder<Set, F1, F2, F3, F4, F5> {
        self.fields.patient_id = Some(patient_id);
        self.advance()
    }

    /// The practitioner who prescribes the medications.
    pub fn practitioner_id(
        mut self,
        practitioner_id: PractitionerId,
    ) -> MedicationRequestBuilder<F0, Set, F2, F3, F4, F5> {
        self.fields.practitioner_id = Some(practitioner_id);
        self.advance()
    }

    /// The clinic that orders the medications.
    pub fn clinic_id(
        mut self,
        clinic_id: ClinicId,
    ) -> MedicationRequestBuilder<F0, F1, Set, F3, F4, F5> {
        self.fields.clinic_id = Some(clinic_id);
        self.advance()
    }

    /// The carrier that ships the medications, from the list of carriers.
    pub fn carrier_id(
        mut self,
        carrier_id: CarrierId,
    ) -> MedicationRequestBuilder<F0, F1, F2, Set, F4, F5> {
        self.fields.carrier_id = Some(carrier_id);
        self.advance()
    }

    /// The carrier's service to use, from the list of its services.
    pub fn service_id(
        mut self,
        service_id: ServiceId,
    ) -> MedicationRequestBuilder<F0, F1, F2, F3, Set, F5> {
        self.fields.service_id = Some(service_id);
        self.advance()
    }

    /// The medications. At least one is required.
    pub fn medication_requests(
        mut self,
        medication_requests: impl IntoIterator<Item = Medication>,
    ) -> MedicationRequestBuilder<F0, F1, F2, F3, F4, Set> {
        self.fields.medication_requests = Some(
            medication_requests.into_iter().collect(),
        );
        self.advance()
    }

    /// Whether the order is refrigerated.
    pub fn is_refrigerated(mut self, is_refrigerated: impl Into<Option<bool>>) -> Self {
        self.fields.is_refrigerated = is_refrigerated.into();
        self
    }

    /// The group of shipments that the order belongs to.
    pub fn shipment_group_id(
        mut self,
        shipment_group_id: impl Into<Option<ShipmentGroupId>>,
    ) -> Self {
        self.fields.shipment_group_id = shipment_group_id.into();
        self
    }

    /// Returns the [`MedicationRequest`].
    #[must_use]
    pub fn build(self) -> MedicationRequest
    where
        F0: Provided,
        F1: Provided,
        F2: Provided,
        F3: Provided,
        F4: Provided,
        F5: Provided,
    {
        MedicationRequest {
            patient_id: builder::required(self.fields.patient_id),
            practitioner_id: builder::required(self.fields.practitioner_id),
            clinic_id: builder::required(self.fields.clinic_id),
            carrier_id: builder::required(self.fields.carrier_id),
            service_id: builder::required(self.fields.service_id),
            medication_requests: builder::required(self.fields.medication_requests),
            is_refrigerated: self.fields.is_refrigerated,
            shipment_group_id: self.fields.shipment_group_id,
        }
    }

    fn advance<G0, G1, G2, G3, G4, G5>(
        self,
    ) -> MedicationRequestBuilder<G0, G1, G2, G3, G4, G5> {
        MedicationRequestBuilder {
            fields: self.fields,
            state: PhantomData,
        }
    }
}

impl<F0, F1, F2, F3, F4, F5> fmt::Debug
for MedicationRequestBuilder<F0, F1, F2, F3, F4, F5> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MedicationRequestBuilder").finish_non_exhaustive()
    }
}

impl Check for MedicationRequest {
    fn check(&self, check: &mut Checker) {
        check.field("medication_requests").min_items(&self.medication_requests, 1);
    }
}
