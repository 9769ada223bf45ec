// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::field;
use crate::runtime::value::builder::{self, Missing, Provided, Set};
use crate::types::{MedicationRequestId, ShipmentGroupId};

/// A refill of an earlier medication request.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RefillRequest {
    /// The medication request to refill.
    pub medication_request_id: MedicationRequestId,
    /// The group of shipments that the refill belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment_group_id: Option<ShipmentGroupId>,
}

impl fmt::Debug for RefillRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefillRequest")
            .field("medication_request_id", &self.medication_request_id)
            .field("shipment_group_id", &self.shipment_group_id)
            .finish()
    }
}

impl RefillRequest {
    /// Returns a builder for [`RefillRequest`].
    pub fn builder() -> RefillRequestBuilder {
        RefillRequestBuilder {
            fields: Fields::default(),
            state: PhantomData,
        }
    }
}

/// A builder for [`RefillRequest`].
///
/// `build` becomes available once every required field is set. Until then, a type parameter
/// names the missing field.
#[derive(Clone)]
#[must_use]
pub struct RefillRequestBuilder<F0 = Missing<field::MedicationRequestId>> {
    fields: Fields,
    state: PhantomData<(F0,)>,
}

#[derive(Clone, Default)]
struct Fields {
    medication_request_id: Option<MedicationRequestId>,
    shipment_group_id: Option<ShipmentGroupId>,
}

impl<F0> RefillRequestBuilder<F0> {
    /// The medication request to refill.
    pub fn medication_request_id(
        mut self,
        medication_request_id: MedicationRequestId,
    ) -> RefillRequestBuilder<Set> {
        self.fields.medication_request_id = Some(medication_request_id);
        self.advance()
    }

    /// The group of shipments that the refill belongs to.
    pub fn shipment_group_id(
        mut self,
        shipment_group_id: impl Into<Option<ShipmentGroupId>>,
    ) -> Self {
        self.fields.shipment_group_id = shipment_group_id.into();
        self
    }

    /// Returns the [`RefillRequest`].
    #[must_use]
    pub fn build(self) -> RefillRequest
    where
        F0: Provided,
    {
        RefillRequest {
            medication_request_id: builder::required(self.fields.medication_request_id),
            shipment_group_id: self.fields.shipment_group_id,
        }
    }

    fn advance<G0>(self) -> RefillRequestBuilder<G0> {
        RefillRequestBuilder {
            fields: self.fields,
            state: PhantomData,
        }
    }
}

impl<F0> fmt::Debug for RefillRequestBuilder<F0> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefillRequestBuilder").finish_non_exhaustive()
    }
}
