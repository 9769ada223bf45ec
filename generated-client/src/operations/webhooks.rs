// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `webhooks`.
//!
//! Events that the service delivers to your HTTPS endpoint. Webhooks are the only way to track
//! orders, refills, shipments and practitioners: no published endpoint returns a status.

use http::Method;

use crate::error::ErrorKind;
use crate::runtime::api::{self, Operation};
use crate::runtime::call::style::Style;
use crate::runtime::client::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::types::{CreatedWebhook, DeletedWebhook, WebhookId, WebhookRequest};

impl Client {
    /// Registers a webhook.
    ///
    /// Registers an HTTPS endpoint that receives the events of a clinic, and returns the new
    /// webhook's id. Store the id: you need it to delete the webhook.
    ///
    /// What happens next: the service delivers each event as a POST with a JSON body. The header
    /// `x-api-key` contains your webhook secret. Verify it, answer 200 within 5 seconds, and do the
    /// work afterwards. Otherwise the service tries again: immediately, then after 1, 5 and 15
    /// minutes and after 1 hour. After 5 failures it gives up.
    ///
    /// Events can arrive more than once and out of order. New event names will be added: store an
    /// event that you don't know, and answer 200.
    ///
    /// There is no idempotency key. If the answer is lost and you register again, every event may
    /// be delivered twice. A receiver that drops duplicates is not affected.
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
    /// let webhook_request = WebhookRequest::builder()
    ///     .clinic_id("00000000-0000-4000-8000-00000000c001".parse::<ClinicId>()?)
    ///     .webhook_url("https://receiver.example.com/events")
    ///     .build();
    /// let answer = client.create_webhook(&webhook_request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_webhook(
        &self,
        webhook_request: &WebhookRequest,
    ) -> Result<Response<CreatedWebhook>, Error> {
        self.call(&CREATE_WEBHOOK)
            .checked(webhook_request)
            .json("application/json", webhook_request)
            .data()
            .await
    }

    /// Deletes a webhook by its id. Its endpoint receives no further events.
    ///
    /// No source says that deleting twice is harmless, so the client doesn't retry this call. A
    /// second delete may fail with status 404.
    ///
    /// # Arguments
    ///
    /// - `webhook_id`: The id of the webhook to delete, as returned when it was registered.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`]. The API documents these failures:
    ///
    /// - `400`: The request is invalid. Correct it before you send it again.
    /// - [401 Unauthorized](crate::failures#401-unauthorized)
    /// - [403 Forbidden](crate::failures#403-forbidden)
    /// - `404`: No webhook has this id. It may already have been deleted: if you are repeating a
    ///   delete, this means success.
    /// - [429 Too many requests](crate::failures#429-too-many-requests)
    /// - [5XX Server error](crate::failures#5xx-server-error)
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use novamed::{*, value::*};
    /// # async fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let answer = client
    ///     .delete_webhook(
    ///         "00000000-0000-4000-8000-00000000c101".parse::<WebhookId>()?,
    ///     )
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_webhook(
        &self,
        webhook_id: WebhookId,
    ) -> Result<Response<DeletedWebhook>, Error> {
        self.call(&DELETE_WEBHOOK)
            .query("id", &webhook_id, Style::Form { explode: true })
            .whole()
            .await
    }
}

pub(crate) static CREATE_WEBHOOK: Operation = Operation {
    id: "createWebhook",
    method: Method::POST,
    path: "/api/external/webhook",
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

pub(crate) static DELETE_WEBHOOK: Operation = Operation {
    id: "deleteWebhook",
    method: Method::DELETE,
    path: "/api/external/webhook",
    repeatable: false,
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

#[cfg(feature = "test-util")]
crate::runtime::testing::expected::operations! {
    create_webhook: CREATE_WEBHOOK(WebhookRequest) -> expected::Data<CreatedWebhook>;
    delete_webhook: DELETE_WEBHOOK() -> expected::Whole<DeletedWebhook>;
}
