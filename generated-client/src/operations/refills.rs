// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `refills`.
//!
//! Further supplies of a medication that was shipped or delivered before. A refill makes a new
//! prescription and a new medication order by itself.

use http::Method;

use crate::runtime::{Client, Error, Response, api};
use crate::runtime::api::Operation;
use crate::types::{CreatedRefillRequest, RefillRequest};

impl Client {
    /// Asks for a refill of an earlier medication request. It is possible only when the medication
    /// was shipped or delivered, refills were authorized, and no refill is pending.
    ///
    /// What happens next: the service makes a new prescription and a new medication order by
    /// itself. The answer names that order, and its events report the refill's progress.
    ///
    /// There is no idempotency key. A caller that asks again and reads
    /// `Refill request already exists` may take the refill as asked for.
    ///
    /// # Errors
    ///
    /// See [`Error`]. The failures that the API documents:
    ///
    /// - `400`: The service refused the refill: the medication request does not exist, was not
    ///   shipped or delivered yet, or has an open refill. The message says which. For a caller that
    ///   asked before, an open refill means done.
    /// - `401`: The API key is missing, wrong or revoked, or belongs to another environment. Check
    ///   the key and the environment. Sending the request again does not help.
    /// - `403`: The key is known but may not do this. Ask support for the permission. Sending the
    ///   request again does not help.
    /// - `404`: What the request names does not exist. Check the ids and the environment: data in
    ///   development may be reset.
    /// - `429`: The environment's rate limit is used up. Wait for `retry_after` whole seconds, or
    ///   until the window ends, and send the request again. **Assumption:** a 429 whose code is
    ///   `RATE_LIMIT_EXCEEDED` is taken to be given before the service acts, so the client may send
    ///   even a create again. No published source says so. Any other 429 proves nothing.
    /// - `5XX`: The service failed, and may have acted all the same. A read may be repeated, up to
    ///   three times with pauses of 1, 2 and 4 seconds. Before repeating a create, find out whether
    ///   it took effect. A proxy may write this answer; its body need not be JSON.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use novamed::*;
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

static CREATE_REFILL_REQUEST: Operation = Operation {
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
                    kind: "MedicationRequestNotFound",
                    text: "Medication request not found",
                    matches: api::KindMatch::Message("Medication request not found"),
                },
                api::KindRule {
                    kind: "RefillNotPossible",
                    text: "Refills are not possible for pending medication requests",
                    matches: api::KindMatch::Message(
                        "Refills are not possible for pending medication requests",
                    ),
                },
                api::KindRule {
                    kind: "RefillAlreadyExists",
                    text: "Refill request already exists",
                    matches: api::KindMatch::Message("Refill request already exists"),
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
    create_refill_request: CREATE_REFILL_REQUEST(RefillRequest) -> expected::Data<CreatedRefillRequest>;
}
