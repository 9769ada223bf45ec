// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `medication orders`.
//!
//! Prescriptions sent to the pharmacy. A request contains at least one medication and selects
//! the carrier and the service that ship it. Webhooks report its progress.

use http::Method;

use crate::error::ErrorKind;
use crate::runtime::api::{self, Operation};
use crate::runtime::client::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::types::{CreatedMedicationRequest, MedicationRequest};

impl Client {
    /// Orders medications for a patient.
    ///
    /// Sends a request for at least one medication to the pharmacy and returns its id. Store the
    /// id: you need it for refills.
    ///
    /// Before the call, list the carriers and the services of one of them. The request needs both
    /// ids.
    ///
    /// What happens next: the medication order events report that the order was verified,
    /// submitted, acknowledged and filled. `shipment:created` reports that it was handed to the
    /// carrier. Events carry the id of the medication order. The answer may contain only the id of
    /// the medication request. In that case, patient, practitioner and time are all that links the
    /// two.
    ///
    /// **If you don't know whether a create took effect, do not send it again.** There is no
    /// idempotency key, and a second request is a second order. Record the intent before the call,
    /// match it with the events, and ask support if in doubt.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`]. The API documents these failures:
    ///
    /// - [400 Bad request](crate::failures#400-bad-request)
    /// - [401 Unauthorized](crate::failures#401-unauthorized)
    /// - [403 Forbidden](crate::failures#403-forbidden)
    /// - `404`: The patient or the practitioner doesn't exist. Check both ids and the environment:
    ///   data in development may be reset.
    /// - [429 Too many requests](crate::failures#429-too-many-requests)
    /// - [5XX Server error](crate::failures#5xx-server-error)
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use novamed::{*, value::*};
    /// # async fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let medication_request = MedicationRequest::builder()
    ///     .patient_id("00000000-0000-4000-8000-00000000b001".parse::<PatientId>()?)
    ///     .practitioner_id("00000000-0000-4000-8000-00000000a001".parse::<PractitionerId>()?)
    ///     .clinic_id("00000000-0000-4000-8000-00000000c001".parse::<ClinicId>()?)
    ///     .carrier_id(CarrierId::new("ameriship"))
    ///     .service_id(ServiceId::new("example-service"))
    ///     .medication_requests([
    ///         Medication::builder()
    ///             .medication("Examplestatin")
    ///             .dose("200mg/ml")
    ///             .quantity("10".parse::<Decimal>()?)
    ///             .direction("Made-up direction.")
    ///             .build(),
    ///     ])
    ///     .build();
    /// let answer = client.create_medication_request(&medication_request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_medication_request(
        &self,
        medication_request: &MedicationRequest,
    ) -> Result<Response<CreatedMedicationRequest>, Error> {
        self.call(&CREATE_MEDICATION_REQUEST)
            .checked(medication_request)
            .json("application/json", medication_request)
            .data()
            .await
    }
}

pub(crate) static CREATE_MEDICATION_REQUEST: Operation = Operation {
    id: "createMedicationRequest",
    method: Method::POST,
    path: "/api/external/medication-order",
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
    create_medication_request: CREATE_MEDICATION_REQUEST(MedicationRequest) -> expected::Data<CreatedMedicationRequest>;
}
