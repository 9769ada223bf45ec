// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `refills`.
//!
//! Additional supplies of a medication that was shipped or delivered before. A refill
//! automatically creates a new prescription and a new medication order.

use crate::runtime::server;
use crate::types::{CreatedRefillRequest, ErrorResponse, RefillRequest};

/// The operations. Implement their methods as `async fn`.
pub trait Operations: Send + Sync + 'static {
    /// Requests a refill of an earlier medication request. A refill is possible only if the
    /// medication was shipped or delivered, refills were authorized, and no refill is pending.
    ///
    /// What happens next: the service creates a new prescription and a new medication order. The
    /// answer contains the id of that order, whose events report the refill's progress.
    ///
    /// There is no idempotency key. If you repeat a request and get
    /// `Refill request already exists`, the refill has been requested.
    ///
    /// Serves `POST /api/external/refill-request`, which
    /// [`Client::create_refill_request`](crate::Client::create_refill_request) sends.
    ///
    /// # Failures
    ///
    /// - `400`: The refill was refused: the medication request doesn't exist, hasn't been shipped
    ///   or delivered yet, or already has an open refill. The message says which. If you are
    ///   repeating a request, an open refill means success.
    /// - [401 Unauthorized](crate::failures#401-unauthorized)
    /// - [403 Forbidden](crate::failures#403-forbidden)
    /// - [404 Not found](crate::failures#404-not-found)
    /// - [429 Too many requests](crate::failures#429-too-many-requests)
    /// - [5XX Server error](crate::failures#5xx-server-error)
    fn create_refill_request(
        &self,
        call: &server::Call,
        refill_request: RefillRequest,
    ) -> impl std::future::Future<
        Output = Result<
            server::Success<CreatedRefillRequest>,
            server::Failure<ErrorResponse>,
        >,
    > + Send {
        let _ = (call, refill_request);
        std::future::ready(Err(server::Failure::unimplemented()))
    }
}

/// The routes of the operations.
pub(super) fn routes<A: Operations>() -> Vec<server::Route<A>> {
    Vec::from([
        server::Route {
            facts: &CREATE_REFILL_REQUEST_FACTS,
            handler: |api, input| Box::pin(create_refill_request(api, input)),
        },
    ])
}

static CREATE_REFILL_REQUEST_FACTS: server::Facts = server::Facts {
    operation: &crate::operations::refills::CREATE_REFILL_REQUEST,
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

async fn create_refill_request<A: Operations>(
    api: std::sync::Arc<A>,
    mut input: server::Input,
) -> server::Reply {
    let refill_request_value = match input.media_type(&["application/json"]) {
        Some(_) => input.json::<RefillRequest>(true).await,
        _ => None,
    };
    let (true, Some(refill_request_value)) = (input.is_valid(), refill_request_value)
    else {
        return input.rejected();
    };
    let result = <A as Operations>::create_refill_request(
            &api,
            &input.call,
            refill_request_value,
        )
        .await;
    input.answer(result, server::Content::data)
}
