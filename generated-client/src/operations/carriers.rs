// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `carriers`.
//!
//! The companies that ship orders, and their prices. A medication request needs the id of a
//! carrier and the id of one of its services.

use http::Method;

use crate::error::ErrorKind;
use crate::runtime::api::{self, Operation};
use crate::runtime::call::style::Style;
use crate::runtime::client::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::types::{CarrierId, CarrierServices, Carriers, PatientId};

impl Client {
    /// Lists the carriers that can ship an order. Use a carrier's id to list its services and
    /// prices for a patient, and then in the medication request.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`]. The API documents these failures:
    ///
    /// - `400`: The request is invalid. Correct it before you send it again.
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
    /// Returns an [`Error`]. The API documents these failures:
    ///
    /// - `400`: No service is available, or the request is invalid. Try another carrier, or correct
    ///   the request before you send it again.
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

pub(crate) static GET_CARRIERS: Operation = Operation {
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

pub(crate) static GET_CARRIER_SERVICES: Operation = Operation {
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
                    kind: &ErrorKind::ServiceNotAvailable,
                    matches: api::KindMatch::Message("Service not available"),
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
    get_carriers: GET_CARRIERS() -> expected::Data<Carriers>;
    get_carrier_services: GET_CARRIER_SERVICES() -> expected::Whole<CarrierServices>;
}
