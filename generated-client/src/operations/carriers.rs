// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `carriers`.
//!
//! The companies that ship orders, and their prices. A medication request needs the id of a
//! carrier and the id of one of its services.

use http::Method;

use crate::runtime::{Client, Error, Response, api};
use crate::runtime::api::Operation;
use crate::runtime::style::Style;
use crate::types::{CarrierId, CarrierServices, Carriers, PatientId};

impl Client {
    /// Lists the carriers that can ship an order. Use a carrier's id to list its services and
    /// prices for a patient, and then in the medication request.
    ///
    /// # Errors
    ///
    /// See [`Error`]. The failures that the API documents:
    ///
    /// - `400`: The request is invalid. Correct it before you send it again.
    /// - `401`: The API key is missing, wrong or revoked, or belongs to another environment. Check
    ///   the key and the environment. Sending the request again doesn't help.
    /// - `403`: The key is valid but lacks permission for this operation. Ask support for access.
    ///   Sending the request again doesn't help.
    /// - `404`: Something that the request refers to doesn't exist. Check the ids and the
    ///   environment: data in development may be reset.
    /// - `429`: The environment's rate limit is exceeded. Wait `retry_after` seconds, or until the
    ///   window ends, and send the request again. **Assumption:** the service answers a 429 with
    ///   the code `RATE_LIMIT_EXCEEDED` before it acts, so the client may repeat even a create. No
    ///   published source says so. Any other 429 proves nothing.
    /// - `5XX`: The service failed, but may have acted anyway. You may repeat a read up to three
    ///   times, after pauses of 1, 2 and 4 seconds. Before you repeat a create, find out whether it
    ///   took effect. The answer may come from a proxy, so its body isn't necessarily JSON.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use novamed::*;
    /// # async fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let answer = client.get_carriers().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_carriers(&self) -> Result<Response<Carriers>, Error> {
        self.call(&GET_CARRIERS).data().await
    }

    /// Lists a carrier's services and prices for a patient.
    ///
    /// Lists the services of a carrier and their prices for a patient, in US dollars. The answer
    /// also states whether shipping is free and in which state the patient lives.
    ///
    /// What happens next: put the ids of the carrier and of the service you chose into the
    /// medication request.
    ///
    /// # Arguments
    ///
    /// - `carrier_id`: The carrier whose services to list.
    /// - `patient_id`: The patient to whom the order would be shipped. The id identifies a person,
    ///   so never log a URL that contains it.
    ///
    /// # Errors
    ///
    /// See [`Error`]. The failures that the API documents:
    ///
    /// - `400`: No service is available, or the request is invalid. Try another carrier, or correct
    ///   the request before you send it again.
    /// - `401`: The API key is missing, wrong or revoked, or belongs to another environment. Check
    ///   the key and the environment. Sending the request again doesn't help.
    /// - `403`: The key is valid but lacks permission for this operation. Ask support for access.
    ///   Sending the request again doesn't help.
    /// - `404`: Something that the request refers to doesn't exist. Check the ids and the
    ///   environment: data in development may be reset.
    /// - `429`: The environment's rate limit is exceeded. Wait `retry_after` seconds, or until the
    ///   window ends, and send the request again. **Assumption:** the service answers a 429 with
    ///   the code `RATE_LIMIT_EXCEEDED` before it acts, so the client may repeat even a create. No
    ///   published source says so. Any other 429 proves nothing.
    /// - `5XX`: The service failed, but may have acted anyway. You may repeat a read up to three
    ///   times, after pauses of 1, 2 and 4 seconds. Before you repeat a create, find out whether it
    ///   took effect. The answer may come from a proxy, so its body isn't necessarily JSON.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use novamed::*;
    /// # async fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let answer = client
    ///     .get_carrier_services(
    ///         &CarrierId::new("ameriship"),
    ///         "00000000-0000-4000-8000-00000000b001".parse::<PatientId>()?,
    ///     )
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_carrier_services(
        &self,
        carrier_id: &CarrierId,
        patient_id: PatientId,
    ) -> Result<Response<CarrierServices>, Error> {
        self.call(&GET_CARRIER_SERVICES)
            .path("carrierId", carrier_id, Style::Simple { explode: false })
            .query("patientId", &patient_id, Style::Form { explode: true })
            .whole()
            .await
    }
}

static GET_CARRIERS: Operation = Operation {
    id: "getCarriers",
    method: Method::GET,
    path: "/api/external/carriers",
    repeatable: true,
    security: &[&[0]],
    server: None,
    failures: &[
        api::Failure {
            statuses: 400..=400,
            refused_before_acting: None,
            kinds: &[],
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

static GET_CARRIER_SERVICES: Operation = Operation {
    id: "getCarrierServices",
    method: Method::GET,
    path: "/api/external/carriers/{carrierId}/services",
    repeatable: true,
    security: &[&[0]],
    server: None,
    failures: &[
        api::Failure {
            statuses: 400..=400,
            refused_before_acting: None,
            kinds: &[
                api::KindRule {
                    kind: "ServiceNotAvailable",
                    text: "Service not available",
                    matches: api::KindMatch::Message("Service not available"),
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
    get_carriers: GET_CARRIERS() -> expected::Data<Carriers>;
    get_carrier_services: GET_CARRIER_SERVICES() -> expected::Whole<CarrierServices>;
}
