//! The operations that change something, with the rules and messages that NovaMed publishes.

use serde_json::{Value, json};

use crate::fields::{Failure, array, boolean, checked, is_uuid, number, string};
use crate::state::{Order, Stage, State};

type Answer = Result<Value, Failure>;

impl State {
    /// `createPractitioner`. The practitioner is activated later.
    ///
    /// # Errors
    /// 400 for a body against the rules, or an unknown clinic.
    pub fn create_practitioner(&mut self, body: &Value) -> Answer {
        string(body, "first_name", 2)?;
        string(body, "last_name", 2)?;
        checked(body, "email", "must be an email address", |text| text.contains('@'))?;
        checked(body, "npi", "must have 10 digits", |npi| npi.len() == 10 && npi.bytes().all(|b| b.is_ascii_digit()))?;
        boolean(body, "is_veterinarian")?;
        self.known_clinic(body, "assigned_clinic")?;
        for field in ["address_line_1", "city", "zip_code"] {
            string(body, field, 1)?;
        }
        checked(body, "state_code", "must be a state's two letters", |code| {
            code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
        })?;
        let id = self.ids.uuid();
        self.practitioners.insert(id.clone(), body.clone());
        self.schedule_activation(&id);
        Ok(json!({ "practitioner_id": id, "status": "Pending verification" }))
    }

    /// `createPatient`. A patient with the same name, date of birth and clinic is a duplicate, which is an assumption.
    ///
    /// # Errors
    /// 400 for a body against the rules, an unknown clinic or a duplicate; 404 for an unknown practitioner.
    pub fn create_patient(&mut self, body: &Value) -> Answer {
        string(body, "first_name", 2)?;
        string(body, "last_name", 1)?;
        checked(body, "gender", "must be male, female, other or unknown", |gender| {
            ["male", "female", "other", "unknown"].contains(&gender)
        })?;
        string(body, "dob", 10)?;
        self.known_clinic(body, "assigned_clinic")?;
        for field in ["addressLine1", "city", "state", "postalCode"] {
            string(&array(body, "addresses", "must hold exactly one address", |len| len == 1)?[0], field, 1)?;
        }
        self.known_practitioner(body)?;
        let person = ["first_name", "last_name", "dob", "assigned_clinic"].map(|field| body[field].to_string());
        if !self.people.insert(person) {
            return Err(Failure::invalid("Patient already exists"));
        }
        let id = self.ids.uuid();
        self.patients.insert(id.clone(), body.clone());
        Ok(json!({ "patient_id": id }))
    }

    /// `createMedicationRequest`. The answer carries both ids unless [`Assumptions`](crate::Assumptions) say
    /// otherwise.
    ///
    /// # Errors
    /// 400 for a body against the rules or an unknown clinic; 404 for an unknown patient or practitioner.
    pub fn create_medication_request(&mut self, body: &Value) -> Answer {
        let clinic = self.known_clinic(body, "clinic_id")?;
        string(body, "carrier_id", 1)?;
        string(body, "service_id", 1)?;
        let mut refills_left = 0;
        for item in array(body, "medication_requests", "must hold at least one medication", |len| len > 0)? {
            for field in ["medication", "dose", "direction"] {
                string(item, field, 1)?;
            }
            number(item, "quantity")?;
            if !item["refills"].is_null() {
                let refills = checked(item, "refills", "must be a whole number", |text| text.parse::<u32>().is_ok())?;
                refills_left = refills_left.max(refills.parse().unwrap_or(0));
            }
        }
        let patient = string(body, "patient_id", 1)?.to_owned();
        if !self.patients.contains_key(&patient) {
            return Err(Failure::not_found("Patient not found"));
        }
        let practitioner = self.known_practitioner(body)?;
        let (id, request) = (self.ids.uuid(), self.ids.uuid());
        let mut answer = json!({ "medication_request_id": request });
        if self.assumptions.order_id_in_answers {
            answer["medication_order_id"] = json!(id);
        }
        self.add_order(Order {
            id,
            request,
            clinic,
            patient,
            practitioner,
            refills_left,
            stage: Stage::Pending,
            shipment: None,
            timeline: vec![(self.now, "created")],
            open_refill: None,
        });
        Ok(answer)
    }

    /// `createRefillRequest`. Creates an order.
    ///
    /// # Errors
    /// 400 for an unknown medication request, and for one that can't be refilled now.
    pub fn create_refill_request(&mut self, body: &Value) -> Answer {
        let request = string(body, "medication_request_id", 1)?;
        let found = self.order_of.get(request).and_then(|order| self.orders.get(order));
        let first = found.ok_or_else(|| Failure::invalid("Medication request not found"))?.clone();
        if first.stage != Stage::Shipped {
            return Err(Failure::invalid("Refills are not possible for pending medication requests"));
        }
        let open = first.open_refill.as_ref().and_then(|refill| self.orders.get(refill));
        if open.is_some_and(|refill| refill.stage != Stage::Shipped) {
            return Err(Failure::invalid("Refill request already exists"));
        }
        let Some(refills_left) = first.refills_left.checked_sub(1) else {
            return Err(Failure::invalid("No refills authorized"));
        };
        let (refill, id, new_request) = (self.ids.uuid(), self.ids.uuid(), self.ids.uuid());
        if let Some(order) = self.orders.get_mut(&first.id) {
            order.refills_left = refills_left;
            order.open_refill = Some(id.clone());
        }
        self.add_order(Order {
            id: id.clone(),
            request: new_request,
            refills_left: 0,
            stage: Stage::Pending,
            shipment: None,
            timeline: vec![(self.now, "created")],
            open_refill: None,
            ..first
        });
        Ok(json!({ "refill_request_id": refill, "medication_order_id": id }))
    }

    /// `createWebhook`.
    ///
    /// # Errors
    /// 400 for a URL that isn't HTTPS, or an unknown clinic.
    pub fn create_webhook(&mut self, body: &Value) -> Answer {
        let clinic = self.known_clinic(body, "clinic_id")?;
        let url = checked(body, "webhook_url", "must be an HTTPS URL", |url| url.starts_with("https://"))?;
        let id = self.ids.uuid();
        self.webhooks.insert(id.clone(), (clinic.clone(), url.to_owned()));
        Ok(json!({ "webhook_id": id, "webhook_url": url, "clinic_id": clinic }))
    }

    /// `deleteWebhook`.
    ///
    /// # Errors
    /// 404 for an unknown webhook.
    pub fn delete_webhook(&mut self, id: &str) -> Result<(), Failure> {
        self.webhooks.remove(id).map(drop).ok_or_else(|| Failure::not_found("Webhook not found"))
    }

    /// Delivers the clinic's events to a URL, which needn't be HTTPS.
    pub fn add_webhook(&mut self, url: &str) {
        let webhook = (self.clinic().to_owned(), url.to_owned());
        // A sandbox that is restarted with its database may be given the same URL again.
        if !self.webhooks.values().any(|known| *known == webhook) {
            let id = self.ids.uuid();
            self.webhooks.insert(id, webhook);
        }
    }

    fn add_order(&mut self, order: Order) {
        self.schedule_order(&order.id);
        self.order_ids.push(order.id.clone());
        self.order_of.insert(order.request.clone(), order.id.clone());
        self.orders.insert(order.id.clone(), order);
    }

    fn known_clinic(&self, body: &Value, field: &str) -> Result<String, Failure> {
        let id = string(body, field, 1)?;
        if !is_uuid(id) {
            return Err(Failure::invalid("Clinic ID must be a valid UUID."));
        }
        let known = self.clinics.iter().any(|clinic| clinic == id);
        if known { Ok(id.to_owned()) } else { Err(Failure::invalid("Clinic not found")) }
    }

    fn known_practitioner(&self, body: &Value) -> Result<String, Failure> {
        let id = string(body, "practitioner_id", 1)?;
        let known = self.practitioners.contains_key(id);
        if known { Ok(id.to_owned()) } else { Err(Failure::not_found("Practitioner not found")) }
    }
}
