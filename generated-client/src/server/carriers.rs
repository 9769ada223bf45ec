// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `carriers`.
//!
//! The companies that ship orders, and their prices. A medication request needs the id of a
//! carrier and the id of one of its services.

use crate::runtime::call::style::Style;
use crate::runtime::server;
use crate::types::{CarrierId, CarrierServices, Carriers, ErrorResponse, PatientId};

/// The operations. Implement their methods as `async fn`.
pub trait Operations: Send + Sync + 'static {
    /// Lists the carriers that can ship an order. Use a carrier's id to list its services and
    /// prices for a patient, and then in the medication request.
    ///
    /// Serves `GET /api/external/carriers`, which
    /// [`Client::get_carriers`](crate::Client::get_carriers) sends.
    ///
    /// # Failures
    ///
    /// - `400`: The request is invalid. Correct it before you send it again.
    /// - [401 Unauthorized](crate::failures#401-unauthorized)
    /// - [403 Forbidden](crate::failures#403-forbidden)
    /// - [404 Not found](crate::failures#404-not-found)
    /// - [429 Too many requests](crate::failures#429-too-many-requests)
    /// - [5XX Server error](crate::failures#5xx-server-error)
    fn get_carriers(
        &self,
        call: &server::Call,
    ) -> impl std::future::Future<
        Output = Result<server::Success<Carriers>, server::Failure<ErrorResponse>>,
    > + Send {
        let _ = (call,);
        std::future::ready(Err(server::Failure::unimplemented()))
    }

    /// Lists a carrier's services and prices for a patient.
    ///
    /// Lists the services of a carrier and their prices for a patient, in US dollars. The answer
    /// also states whether shipping is free and in which state the patient lives.
    ///
    /// What happens next: put the ids of the carrier and of the service you chose into the
    /// medication request.
    ///
    /// Serves `GET /api/external/carriers/{carrierId}/services`, which
    /// [`Client::get_carrier_services`](crate::Client::get_carrier_services) sends.
    ///
    /// # Failures
    ///
    /// - `400`: No service is available, or the request is invalid. Try another carrier, or correct
    ///   the request before you send it again.
    /// - [401 Unauthorized](crate::failures#401-unauthorized)
    /// - [403 Forbidden](crate::failures#403-forbidden)
    /// - [404 Not found](crate::failures#404-not-found)
    /// - [429 Too many requests](crate::failures#429-too-many-requests)
    /// - [5XX Server error](crate::failures#5xx-server-error)
    fn get_carrier_services(
        &self,
        call: &server::Call,
        carrier_id: CarrierId,
        patient_id: PatientId,
    ) -> impl std::future::Future<
        Output = Result<server::Success<CarrierServices>, server::Failure<ErrorResponse>>,
    > + Send {
        let _ = (call, carrier_id, patient_id);
        std::future::ready(Err(server::Failure::unimplemented()))
    }
}

/// The routes of the operations.
pub(super) fn routes<A: Operations>() -> Vec<server::Route<A>> {
    Vec::from([
        server::Route {
            facts: &GET_CARRIERS_FACTS,
            handler: |api, input| Box::pin(get_carriers(api, input)),
        },
        server::Route {
            facts: &GET_CARRIER_SERVICES_FACTS,
            handler: |api, input| Box::pin(get_carrier_services(api, input)),
        },
    ])
}

static GET_CARRIERS_FACTS: server::Facts = server::Facts {
    operation: &crate::operations::carriers::GET_CARRIERS,
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

async fn get_carriers<A: Operations>(
    api: std::sync::Arc<A>,
    input: server::Input,
) -> server::Reply {
    let result = <A as Operations>::get_carriers(&api, &input.call).await;
    input.answer(result, server::Content::data)
}

static GET_CARRIER_SERVICES_FACTS: server::Facts = server::Facts {
    operation: &crate::operations::carriers::GET_CARRIER_SERVICES,
    status: 200,
    media_type: Some("application/json"),
    query: &["patientId"],
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

async fn get_carrier_services<A: Operations>(
    api: std::sync::Arc<A>,
    mut input: server::Input,
) -> server::Reply {
    let carrier_id_value = input
        .path::<CarrierId>("carrierId", Style::Simple { explode: false }, true);
    let patient_id_value = input
        .query::<PatientId>("patientId", Style::Form { explode: true }, true);
    let (true, Some(carrier_id_value), Some(patient_id_value)) = (
        input.is_valid(),
        carrier_id_value,
        patient_id_value,
    ) else {
        return input.rejected();
    };
    let result = <A as Operations>::get_carrier_services(
            &api,
            &input.call,
            carrier_id_value,
            patient_id_value,
        )
        .await;
    input.answer(result, server::Content::whole)
}
