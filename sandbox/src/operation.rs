//! The API's operations by name, and which one a request is for.

use serde::{Deserialize, Serialize};

/// An operation of the Partner API. In JSON it has its `operationId`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Operation {
    /// `createPractitioner`
    CreatePractitioner,
    /// `createPatient`
    CreatePatient,
    /// `createMedicationRequest`
    CreateMedicationRequest,
    /// `createRefillRequest`
    CreateRefillRequest,
    /// `getCarriers`
    GetCarriers,
    /// `getCarrierServices`
    GetCarrierServices,
    /// `createWebhook`
    CreateWebhook,
    /// `deleteWebhook`
    DeleteWebhook,
}

impl Operation {
    /// All operations, in the order of the published reference.
    pub const ALL: [Self; 8] = [
        Self::CreatePractitioner,
        Self::CreatePatient,
        Self::CreateMedicationRequest,
        Self::CreateRefillRequest,
        Self::GetCarriers,
        Self::GetCarrierServices,
        Self::CreateWebhook,
        Self::DeleteWebhook,
    ];

    /// Returns the `operationId`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CreatePractitioner => "createPractitioner",
            Self::CreatePatient => "createPatient",
            Self::CreateMedicationRequest => "createMedicationRequest",
            Self::CreateRefillRequest => "createRefillRequest",
            Self::GetCarriers => "getCarriers",
            Self::GetCarrierServices => "getCarrierServices",
            Self::CreateWebhook => "createWebhook",
            Self::DeleteWebhook => "deleteWebhook",
        }
    }

    /// Returns whether it changes something, and so counts as an act.
    #[must_use]
    pub fn changes(self) -> bool {
        !matches!(self, Self::GetCarriers | Self::GetCarrierServices)
    }

    /// Returns the operation of a request.
    pub(crate) fn find(method: &str, path: &str) -> Option<Self> {
        Some(match (method, path.strip_prefix("/api/external/")?) {
            ("POST", "practitioner") => Self::CreatePractitioner,
            ("POST", "patient") => Self::CreatePatient,
            ("POST", "medication-order") => Self::CreateMedicationRequest,
            ("POST", "refill-request") => Self::CreateRefillRequest,
            ("POST", "webhook") => Self::CreateWebhook,
            ("DELETE", "webhook") => Self::DeleteWebhook,
            ("GET", "carriers") => Self::GetCarriers,
            ("GET", rest) if carrier(rest).is_some() => Self::GetCarrierServices,
            _ => return None,
        })
    }
}

/// Returns the carrier in the path of `getCarrierServices`.
pub(crate) fn carrier(path: &str) -> Option<&str> {
    let (_, rest) = path.rsplit_once("carriers/")?;
    rest.strip_suffix("/services").filter(|carrier| !carrier.is_empty() && !carrier.contains('/'))
}
