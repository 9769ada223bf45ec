// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `medication orders`.
//!
//! Prescriptions sent to the pharmacy. A request contains at least one medication and selects
//! the carrier and the service that ship it. Webhooks report its progress.

use crate::runtime::checks::Checker;
use crate::runtime::server;
use crate::types::{CreatedMedicationRequest, ErrorResponse, MedicationRequest};

/// The operations. Implement their methods as `async fn`.
pub trait Operations: Send + Sync + 'static {
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
    /// Serves `POST /api/external/medication-order`, which
    /// [`Client::create_medication_request`](crate::Client::create_medication_request) sends.
    ///
    /// # Failures
    ///
    /// - [400 Bad request](crate::failures#400-bad-request)
    /// - [401 Unauthorized](crate::failures#401-unauthorized)
    /// - [403 Forbidden](crate::failures#403-forbidden)
    /// - `404`: The patient or the practitioner doesn't exist. Check both ids and the environment:
    ///   data in development may be reset.
    /// - [429 Too many requests](crate::failures#429-too-many-requests)
    /// - [5XX Server error](crate::failures#5xx-server-error)
    fn create_medication_request(
        &self,
        call: &server::Call,
        medication_request: MedicationRequest,
    ) -> impl std::future::Future<
        Output = Result<
            server::Success<CreatedMedicationRequest>,
            server::Failure<ErrorResponse>,
        >,
    > + Send {
        let _ = (call, medication_request);
        std::future::ready(Err(server::Failure::unimplemented()))
    }
}

/// The routes of the operations.
pub(super) fn routes<A: Operations>() -> Vec<server::Route<A>> {
    Vec::from([
        server::Route {
            facts: &CREATE_MEDICATION_REQUEST_FACTS,
            handler: |api, input| Box::pin(create_medication_request(api, input)),
        },
    ])
}

static CREATE_MEDICATION_REQUEST_FACTS: server::Facts = server::Facts {
    operation: &crate::operations::medication_orders::CREATE_MEDICATION_REQUEST,
    status: 200,
    media_type: Some("application/json"),
    query: &[],
    failures: &[
        server::FailureFacts {
            statuses: 400..=400,
            media_type: "application/json",
            fit: server::fit::<ErrorResponse>,
        },
        server::FailureFacts {
            statuses: 401..=401,
            media_type: "application/json",
            fit: server::fit::<ErrorResponse>,
        },
        server::FailureFacts {
            statuses: 403..=403,
            media_type: "application/json",
            fit: server::fit::<ErrorResponse>,
        },
        server::FailureFacts {
            statuses: 404..=404,
            media_type: "application/json",
            fit: server::fit::<ErrorResponse>,
        },
        server::FailureFacts {
            statuses: 429..=429,
            media_type: "application/json",
            fit: server::fit::<ErrorResponse>,
        },
        server::FailureFacts {
            statuses: 500..=599,
            media_type: "application/json",
            fit: server::fit::<ErrorResponse>,
        },
    ],
};

async fn create_medication_request<A: Operations>(
    api: std::sync::Arc<A>,
    mut input: server::Input,
) -> server::Reply {
    let medication_request_value = match input.media_type(&["application/json"]) {
        Some(_) => input.json::<MedicationRequest>(true).await,
        _ => None,
    };
    input.check(None, medication_request_value.as_ref(), Checker::value);
    let (true, Some(medication_request_value)) = (
        input.is_valid(),
        medication_request_value,
    ) else {
        return input.rejected();
    };
    let result = <A as Operations>::create_medication_request(
            &api,
            &input.call,
            medication_request_value,
        )
        .await;
    input.answer(result, server::Content::data)
}
