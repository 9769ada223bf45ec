// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `patients`.
//!
//! The people or animals that receive medications. A patient belongs to a clinic and a
//! practitioner. Everything here is protected health information.

use http::Method;

use crate::error::ErrorKind;
use crate::runtime::api::{self, Operation};
use crate::runtime::client::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
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
    /// Returns an [`Error`]. The API documents these failures:
    ///
    /// - `400`: The patient is invalid or already exists, or the clinic doesn't exist. `details`,
    ///   if present, lists the fields. Correct the request before you send it again. For an
    ///   existing patient, use the id that you already have.
    /// - [401 Unauthorized](crate::failures#401-unauthorized)
    /// - [403 Forbidden](crate::failures#403-forbidden)
    /// - [404 Not found](crate::failures#404-not-found)
    /// - [429 Too many requests](crate::failures#429-too-many-requests)
    /// - [5XX Server error](crate::failures#5xx-server-error)
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use novamed::{*, value::*};
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

pub(crate) static CREATE_PATIENT: Operation = Operation {
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
                    kind: &ErrorKind::ClinicNotFound,
                    matches: api::KindMatch::Message("Clinic not found"),
                },
                api::KindRule {
                    kind: &ErrorKind::InvalidClinicId,
                    matches: api::KindMatch::Message("Clinic ID must be a valid UUID."),
                },
            ],
        },
        api::Failure {
            statuses: 401..=401,
            refused_before_acting: None,
            kinds: &[
                api::KindRule {
                    kind: &ErrorKind::Unauthorized,
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
crate::runtime::testing::expected::operations! {
    create_patient: CREATE_PATIENT(PatientRequest) -> expected::Data<CreatedPatient>;
}
