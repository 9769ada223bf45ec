//! Carriers and their services.

use serde_json::{Value, json};

use crate::fields::Failure;
use crate::state::State;

/// The published carriers.
const CARRIERS: [(&str, &str); 4] =
    [("ameriship", "Ameriship"), ("se-3818360", "FedEx"), ("se-11225", "Stamps.com"), ("se-11226", "UPS")];

/// The services of every carrier: id, name and cost in US dollars. No source lists any: an assumption.
const SERVICES: [(&str, &str, f64); 2] = [("ground", "Ground®", 9.95), ("next-day", "Next Day Air®", 29.5)];

impl State {
    /// `getCarriers`. Returns the published carriers.
    #[must_use]
    pub fn carriers(&self) -> Value {
        let carriers = CARRIERS.iter().map(|(id, name)| json!({ "id": id, "name": name }));
        json!({ "carriers": carriers.collect::<Vec<_>>() })
    }

    /// `getCarrierServices`. Returns the whole body: three of its properties are next to `data`. Ameriship ships free of
    /// charge, and the others don't, which is an assumption.
    ///
    /// # Errors
    /// 400 for an unknown carrier or patient.
    pub fn carrier_services(&self, carrier: &str, patient: &str) -> Result<Value, Failure> {
        let patient = self.patients.get(patient).filter(|_| CARRIERS.iter().any(|(id, _)| *id == carrier));
        let patient = patient.ok_or_else(|| Failure::invalid("Service not available"))?;
        let is_free = carrier == "ameriship";
        let services = SERVICES.iter().map(|(id, name, cost)| {
            let total = if is_free { 0.0 } else { *cost };
            json!({ "id": id, "name": name, "totalCost": total, "originalCost": cost })
        });
        Ok(json!({
            "success": true,
            "data": services.collect::<Vec<_>>(),
            "isFreeShipment": is_free,
            "freeShipmentType": is_free.then_some("clinic_specific"),
            "patientState": patient["addresses"][0]["state"],
        }))
    }
}
