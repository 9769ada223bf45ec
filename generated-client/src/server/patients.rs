// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `patients`.
//!
//! The people or animals that receive medications. A patient belongs to a clinic and a
//! practitioner. Everything here is protected health information.

use crate::runtime::checks::Checker;
use crate::runtime::server;
use crate::types::{CreatedPatient, ErrorResponse, PatientRequest};

/// The operations. Implement their methods as `async fn`.
pub trait Operations: Send + Sync + 'static {
    /// Registers a patient with a clinic and a practitioner and returns the new patient's id. Store
    /// the id: you need it for medication requests and shipping prices.
    ///
    /// The practitioner must already exist. A patient has exactly one address.
    ///
    /// There is no idempotency key. If the answer is lost, find out whether the patient exists
    /// before you send the request again. A duplicate patient is refused with status 400.
    ///
    /// Serves `POST /api/external/patient`, which
    /// [`Client::create_patient`](crate::Client::create_patient) sends.
    ///
    /// # Failures
    ///
    /// - `400`: The patient is invalid or already exists, or the clinic doesn't exist. `details`,
    ///   if present, lists the fields. Correct the request before you send it again. For an
    ///   existing patient, use the id that you already have.
    /// - [401 Unauthorized](crate::failures#401-unauthorized)
    /// - [403 Forbidden](crate::failures#403-forbidden)
    /// - [404 Not found](crate::failures#404-not-found)
    /// - [429 Too many requests](crate::failures#429-too-many-requests)
    /// - [5XX Server error](crate::failures#5xx-server-error)
    fn create_patient(
        &self,
        call: &server::Call,
        patient_request: PatientRequest,
    ) -> impl std::future::Future<
        Output = Result<server::Success<CreatedPatient>, server::Failure<ErrorResponse>>,
    > + Send {
        let _ = (call, patient_request);
        std::future::ready(Err(server::Failure::unimplemented()))
    }
}

/// The routes of the operations.
pub(super) fn routes<A: Operations>() -> Vec<server::Route<A>> {
    Vec::from([
        server::Route {
            facts: &CREATE_PATIENT_FACTS,
            handler: |api, input| Box::pin(create_patient(api, input)),
        },
    ])
}

static CREATE_PATIENT_FACTS: server::Facts = server::Facts {
    operation: &crate::operations::patients::CREATE_PATIENT,
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

async fn create_patient<A: Operations>(
    api: std::sync::Arc<A>,
    mut input: server::Input,
) -> server::Reply {
    let patient_request_value = match input.media_type(&["application/json"]) {
        Some(_) => input.json::<PatientRequest>(true).await,
        _ => None,
    };
    input.check(None, patient_request_value.as_ref(), Checker::value);
    let (true, Some(patient_request_value)) = (input.is_valid(), patient_request_value)
    else {
        return input.rejected();
    };
    let result = <A as Operations>::create_patient(
            &api,
            &input.call,
            patient_request_value,
        )
        .await;
    input.answer(result, server::Content::data)
}
