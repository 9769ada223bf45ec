// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `practitioners`.
//!
//! The people who prescribe. You register a practitioner once, and the service verifies them.
//! Patients and medication requests then refer to the practitioner.

use crate::runtime::checks::Checker;
use crate::runtime::server;
use crate::types::{CreatedPractitioner, ErrorResponse, PractitionerRequest};

/// The operations. Implement their methods as `async fn`.
pub trait Operations: Send + Sync + 'static {
    /// Registers a practitioner with a clinic and returns the new practitioner's id. Store the id:
    /// you need it for patients and medication requests.
    ///
    /// What happens next: the service verifies the practitioner. The event `practitioner:activated`
    /// reports that the practitioner is active.
    ///
    /// There is no idempotency key. If the answer is lost, find out whether the practitioner exists
    /// before you send the request again.
    ///
    /// Serves `POST /api/external/practitioner`, which
    /// [`Client::create_practitioner`](crate::Client::create_practitioner) sends.
    ///
    /// # Failures
    ///
    /// - [400 Bad request](crate::failures#400-bad-request)
    /// - [401 Unauthorized](crate::failures#401-unauthorized)
    /// - [403 Forbidden](crate::failures#403-forbidden)
    /// - [404 Not found](crate::failures#404-not-found)
    /// - [429 Too many requests](crate::failures#429-too-many-requests)
    /// - [5XX Server error](crate::failures#5xx-server-error)
    fn create_practitioner(
        &self,
        call: &server::Call,
        practitioner_request: PractitionerRequest,
    ) -> impl std::future::Future<
        Output = Result<
            server::Success<CreatedPractitioner>,
            server::Failure<ErrorResponse>,
        >,
    > + Send {
        let _ = (call, practitioner_request);
        std::future::ready(Err(server::Failure::unimplemented()))
    }
}

/// The routes of the operations.
pub(super) fn routes<A: Operations>() -> Vec<server::Route<A>> {
    Vec::from([
        server::Route {
            facts: &CREATE_PRACTITIONER_FACTS,
            handler: |api, input| Box::pin(create_practitioner(api, input)),
        },
    ])
}

static CREATE_PRACTITIONER_FACTS: server::Facts = server::Facts {
    operation: &crate::operations::practitioners::CREATE_PRACTITIONER,
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

async fn create_practitioner<A: Operations>(
    api: std::sync::Arc<A>,
    mut input: server::Input,
) -> server::Reply {
    let practitioner_request_value = match input.media_type(&["application/json"]) {
        Some(_) => input.json::<PractitionerRequest>(true).await,
        _ => None,
    };
    input.check(None, practitioner_request_value.as_ref(), Checker::value);
    let (true, Some(practitioner_request_value)) = (
        input.is_valid(),
        practitioner_request_value,
    ) else {
        return input.rejected();
    };
    let result = <A as Operations>::create_practitioner(
            &api,
            &input.call,
            practitioner_request_value,
        )
        .await;
    input.answer(result, server::Content::data)
}
