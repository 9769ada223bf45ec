// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `patients`.
//!
//! The people or animals that receive medications. A patient belongs to a clinic and a
//! practitioner. Everything here is protected health information.

use http::Method;

use crate::runtime::{Client, Error, Response, api};
use crate::runtime::api::Operation;
use crate::types::{CreatedPatient, PatientRequest};

impl Client {
    /// Registers a patient with a clinic and a practitioner and returns the new patient's id. Store
    /// the id: you need it for medication requests and shipping prices.
    ///
    /// The practitioner must already exist. A patient has exactly one address.
    ///
    /// There is no idempotency key. If the answer is lost, find out whether the patient exists
    /// before you send the request again. A duplicate patient is refused with status 400.
    ///
    /// # Errors
    ///
    /// See [`Error`]. The failures that the API documents:
    ///
    /// - `400`: The patient is invalid or already exists, or the clinic doesn't exist. `details`,
    ///   if present, lists the fields. Correct the request before you send it again. For an
    ///   existing patient, use the id that you already have.
    /// - `401`: The API key is missing, wrong or revoked, or belongs to another environment. Check
    ///   the key and the environment. Sending the request again doesn't help.
    /// - `403`: The key is valid but lacks permission for this operation. Ask support for access.
    ///   Sending the request again doesn't help.
    /// - `404`: Something that the request refers to doesn't exist. Check the ids and the
    ///   environment: data in development may be reset.
    /// - `429`: The environment's rate limit is exceeded. Wait `retry_after` seconds, or until the
    ///   window ends, and send the request again. **Assumption:** the service answers a 429 with
    ///   the code `RATE_LIMIT_EXCEEDED` before it acts, so the client may repeat even a create. No
    ///   published source says so. Any other 429 proves nothing.
    /// - `5XX`: The service failed, but may have acted anyway. You may repeat a read up to three
    ///   times, after pauses of 1, 2 and 4 seconds. Before you repeat a create, find out whether it
    ///   took effect. The answer may come from a proxy, so its body isn't necessarily JSON.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use novamed::*;
    /// # async fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let patient_request = PatientRequest::builder()
    ///     .first_name("Jamie")
    ///     .last_name("Example")
    ///     .gender(Gender::Unknown)
    ///     .dob(Date::new(1985, 3, 15)?)
    ///     .practitioner_id("00000000-0000-4000-8000-00000000a001".parse::<PractitionerId>()?)
    ///     .assigned_clinic("00000000-0000-4000-8000-00000000c001".parse::<ClinicId>()?)
    ///     .addresses([
    ///         Address::builder()
    ///             .address_line_1("3 Example Street")
    ///             .city("Exampleville")
    ///             .state("CA")
    ///             .postal_code("00000")
    ///             .build(),
    ///     ])
    ///     .build();
    /// let answer = client.create_patient(&patient_request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_patient(
        &self,
        patient_request: &PatientRequest,
    ) -> Result<Response<CreatedPatient>, Error> {
        self.call(&CREATE_PATIENT)
            .checked(patient_request)
            .json("application/json", patient_request)
            .data()
            .await
    }
}

static CREATE_PATIENT: Operation = Operation {
    id: "createPatient",
    method: Method::POST,
    path: "/api/external/patient",
    repeatable: false,
    security: &[&[0]],
    server: None,
    failures: &[
        api::Failure {
            statuses: 400..=400,
            refused_before_acting: None,
            kinds: &[
                api::KindRule {
                    kind: "ClinicNotFound",
                    text: "Clinic not found",
                    matches: api::KindMatch::Message("Clinic not found"),
                },
                api::KindRule {
                    kind: "InvalidClinicId",
                    text: "Clinic ID must be a valid UUID.",
                    matches: api::KindMatch::Message("Clinic ID must be a valid UUID."),
                },
            ],
        },
        api::Failure {
            statuses: 401..=401,
            refused_before_acting: None,
            kinds: &[
                api::KindRule {
                    kind: "Unauthorized",
                    text: "Unauthorized",
                    matches: api::KindMatch::MessagePrefix("Unauthorized"),
                },
            ],
        },
        api::Failure {
            statuses: 403..=403,
            refused_before_acting: None,
            kinds: &[],
        },
        api::Failure {
            statuses: 404..=404,
            refused_before_acting: None,
            kinds: &[],
        },
        api::Failure {
            statuses: 429..=429,
            refused_before_acting: Some("RATE_LIMIT_EXCEEDED"),
            kinds: &[],
        },
        api::Failure {
            statuses: 500..=599,
            refused_before_acting: None,
            kinds: &[],
        },
    ],
};

#[cfg(feature = "test-util")]
crate::runtime::expected::operations! {
    create_patient: CREATE_PATIENT(PatientRequest) -> expected::Data<CreatedPatient>;
}
