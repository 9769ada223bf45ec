// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `refills`.
//!
//! Additional supplies of a medication that was shipped or delivered before. A refill
//! automatically creates a new prescription and a new medication order.

use http::Method;

use crate::error::ErrorKind;
use crate::runtime::api::{self, Operation};
use crate::runtime::client::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::types::{CreatedRefillRequest, RefillRequest};

impl Client {
    /// Requests a refill of an earlier medication request. A refill is possible only if the
    /// medication was shipped or delivered, refills were authorized, and no refill is pending.
    ///
    /// What happens next: the service creates a new prescription and a new medication order. The
    /// answer contains the id of that order, whose events report the refill's progress.
    ///
    /// There is no idempotency key. If you repeat a request and get
    /// `Refill request already exists`, the refill has been requested.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`]. The API documents these failures:
    ///
    /// - `400`: The refill was refused: the medication request doesn't exist, hasn't been shipped
    ///   or delivered yet, or already has an open refill. The message says which. If you are
    ///   repeating a request, an open refill means success.
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
    /// let refill_request = RefillRequest::builder()
    ///     .medication_request_id("00000000-0000-4000-8000-00000000d001".parse::<MedicationRequestId>()?)
    ///     .build();
    /// let answer = client.create_refill_request(&refill_request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_refill_request(
        &self,
        refill_request: &RefillRequest,
    ) -> Result<Response<CreatedRefillRequest>, Error> {
        self.call(&CREATE_REFILL_REQUEST)
            .json("application/json", refill_request)
            .data()
            .await
    }
}

pub(crate) static CREATE_REFILL_REQUEST: Operation = Operation {
    id: "createRefillRequest",
    method: Method::POST,
    path: "/api/external/refill-request",
    repeatable: false,
    security: &[&[0]],
    server: None,
    failures: &[
        api::Failure {
            statuses: 400..=400,
            refused_before_acting: None,
            kinds: &[
                api::KindRule {
                    kind: &ErrorKind::MedicationRequestNotFound,
                    matches: api::KindMatch::Message("Medication request not found"),
                },
                api::KindRule {
                    kind: &ErrorKind::RefillNotPossible,
                    matches: api::KindMatch::Message(
                        "Refills are not possible for pending medication requests",
                    ),
                },
                api::KindRule {
                    kind: &ErrorKind::RefillAlreadyExists,
                    matches: api::KindMatch::Message("Refill request already exists"),
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
    create_refill_request: CREATE_REFILL_REQUEST(RefillRequest) -> expected::Data<CreatedRefillRequest>;
}
