// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `practitioners`.
//!
//! The people who prescribe. You register a practitioner once, and the service verifies them.
//! Patients and medication requests then refer to the practitioner.

use http::Method;

use crate::error::ErrorKind;
use crate::runtime::api::{self, Operation};
use crate::runtime::client::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::types::{CreatedPractitioner, PractitionerRequest};

impl Client {
    /// Registers a practitioner with a clinic and returns the new practitioner's id. Store the id:
    /// you need it for patients and medication requests.
    ///
    /// What happens next: the service verifies the practitioner. The event `practitioner:activated`
    /// reports that the practitioner is active.
    ///
    /// There is no idempotency key. If the answer is lost, find out whether the practitioner exists
    /// before you send the request again.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`]. The API documents these failures:
    ///
    /// - [400 Bad request](crate::failures#400-bad-request)
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
    /// let practitioner_request = PractitionerRequest::builder()
    ///     .first_name("Alex")
    ///     .last_name("Example")
    ///     .email("alex@example.com")
    ///     .npi("0000000000")
    ///     .is_veterinarian(false)
    ///     .assigned_clinic("00000000-0000-4000-8000-00000000c001".parse::<ClinicId>()?)
    ///     .address_line_1("1 Example Street")
    ///     .city("Exampleville")
    ///     .state_code("CA")
    ///     .zip_code("00000")
    ///     .build();
    /// let answer = client.create_practitioner(&practitioner_request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_practitioner(
        &self,
        practitioner_request: &PractitionerRequest,
    ) -> Result<Response<CreatedPractitioner>, Error> {
        self.call(&CREATE_PRACTITIONER)
            .checked(practitioner_request)
            .json("application/json", practitioner_request)
            .data()
            .await
    }
}

pub(crate) static CREATE_PRACTITIONER: Operation = Operation {
    id: "createPractitioner",
    method: Method::POST,
    path: "/api/external/practitioner",
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
    create_practitioner: CREATE_PRACTITIONER(PractitionerRequest) -> expected::Data<CreatedPractitioner>;
}
