//! Calls of all operations, filled with markers.

use std::collections::BTreeMap;
use std::fmt::Debug;

use novamed::{Client, Error, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::places::Places;
use crate::client::filler::{Filler, Marker};
use crate::client::spec;

/// An operation's request and answer, in which each scalar is a marker.
pub struct Marked {
    pub operation: &'static str,
    /// The parameters by their names.
    params: BTreeMap<&'static str, Value>,
    body: Value,
    /// The body of a success.
    pub success: Value,
    /// Whether it contains nothing except `success`.
    pub has_no_data: bool,
    /// Markers that nothing may print.
    pub sensitive: Vec<Marker>,
    /// Markers that types may print, but calls may not, because a URL may contain them.
    pub safe: Vec<Marker>,
}

impl Marked {
    /// Fills the operation. With `keeps_rules`, the request satisfies the constraints and is sent.
    pub fn new(operation: &spec::Operation, keeps_rules: bool, choice: usize) -> Self {
        let mut filler = Filler { choice, keeps_rules, ..Filler::default() };
        let params = operation.node.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let params = params.map(|node| {
            let node = spec::resolve(node);
            let name = node["name"].as_str().expect("a parameter has a name");
            (name, filler.fill(&node["schema"], &format!("parameter {name}")))
        });
        let params = params.collect();
        let schema = |node: &'static Value| &spec::resolve(node)["content"]["application/json"]["schema"];
        let body = operation.node.get("requestBody");
        let body = body.map_or(Value::Null, |node| filler.fill(schema(node), "request"));
        // The client doesn't check the constraints of answers.
        filler.keeps_rules = false;
        let mut success = filler.fill(schema(&operation.node["responses"]["200"]), "answer");
        let has_no_data =
            success.as_object().is_some_and(|it| it.keys().all(|key| key == "success" || key == "message"));
        success["traceId"] = json!("MARKERextra");
        let mut sensitive = filler.sensitive;
        sensitive.push(Marker::new("an unknown field of the answer", "MARKERextra"));
        let safe = filler.safe;
        Self { operation: operation.id, params, body, success, has_no_data, sensitive, safe }
    }

    fn param<T: DeserializeOwned>(&self, name: &str) -> T {
        decoded(&self.params[name])
    }

    fn body<T: DeserializeOwned + Debug>(&self, places: &Places) -> T {
        let body: T = decoded(&self.body);
        places.debug("a request", &body);
        body
    }

    /// Calls the operation and adds the outcome. Returns whether it succeeded.
    pub async fn call(&self, client: &Client, places: &Places) -> bool {
        match self.operation {
            "createPractitioner" => told(client.create_practitioner(&self.body(places)).await, places),
            "createPatient" => told(client.create_patient(&self.body(places)).await, places),
            "createMedicationRequest" => told(client.create_medication_request(&self.body(places)).await, places),
            "createRefillRequest" => told(client.create_refill_request(&self.body(places)).await, places),
            "getCarriers" => told(client.get_carriers().await, places),
            "getCarrierServices" => {
                let carrier = self.param("carrierId");
                told(client.get_carrier_services(&carrier, self.param("patientId")).await, places)
            }
            "createWebhook" => told(client.create_webhook(&self.body(places)).await, places),
            "deleteWebhook" => told(client.delete_webhook(self.param("id")).await, places),
            other => panic!("`{other}` is a new operation: call it here"),
        }
    }
}

/// The failure contains neither the value nor a place in it.
fn decoded<T: DeserializeOwned>(value: &Value) -> T {
    let decoded = serde_json::from_slice(value.to_string().as_bytes());
    decoded.unwrap_or_else(|_| panic!("the markers are not of the document's types"))
}

fn told<T: Debug + Clone>(result: Result<Response<T>, Error>, places: &Places) -> bool {
    match &result {
        Ok(response) => {
            places.debug("an answer", response);
            places.debug("an answer's data", &**response);
            places.debug("an answer's meta", response.meta());
            places.debug("an answer's rate limit", &response.meta().rate_limit());
            places.debug("an answer's parts", &response.clone().into_parts());
        }
        Err(error) => {
            places.error("an error", error);
            places.debug("an error's violations", error.violations());
            for violation in error.violations() {
                places.add("`Display` of a violation", violation.to_string());
            }
            // Like other types, the documented body prints no more than what is safe.
            places.debug("an error's body", &error.api_error());
        }
    }
    let is_ok = result.is_ok();
    places.unwrapped(result);
    is_ok
}
