// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::decimal::Decimal;
use crate::runtime::value::secret::Redacted;
use crate::types::OrderedMedicationId;

/// A medication in an order. Every field may be absent.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrderedMedication {
    /// The id of the medication within the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<OrderedMedicationId>,
    /// The name of the medication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medication: Option<String>,
    /// The strength, such as `200mg/ml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<String>,
    /// The quantity that may be dispensed, as an exact decimal number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_authorized: Option<Decimal>,
    /// The number of days that the quantity lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_supply: Option<Decimal>,
    /// The number of authorized refills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refills_authorized: Option<Decimal>,
    /// How the patient takes the medication, as written on the prescription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sig: Option<String>,
    /// When the prescription was issued, as the service wrote it. No published source states the
    /// date's format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_issued: Option<String>,
}

impl fmt::Debug for OrderedMedication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderedMedication")
            .field("id", &self.id)
            .field("medication", &Redacted)
            .field("dose", &Redacted)
            .field("quantity_authorized", &Redacted)
            .field("days_supply", &Redacted)
            .field("refills_authorized", &Redacted)
            .field("sig", &Redacted)
            .field("date_issued", &Redacted)
            .finish()
    }
}
