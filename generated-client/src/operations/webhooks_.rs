// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `webhooks`.
//!
//! Events that the service delivers to an HTTPS address of yours. They are how an integration
//! tracks orders, refills, shipments and practitioners: no published endpoint reads a status.

use http::Method;

use crate::runtime::{Client, Error, Response, api};
use crate::runtime::api::Operation;
use crate::runtime::style::Style;
use crate::types::{CreatedWebhook, DeletedWebhook, WebhookId, WebhookRequest};

impl Client {
    /// Registers a webhook.
    ///
    /// Registers an HTTPS address that receives the events of a clinic, and returns the new
    /// webhook's id. Keep that id: deleting the webhook needs it.
    ///
    /// What happens next: each event is delivered as a POST with a JSON body. The header
    /// `x-api-key` of a delivery holds your webhook secret. Verify it, answer 200 within 5 seconds
    /// and do the work afterwards. Anything else is tried again: at once, then after 1, 5 and 15
    /// minutes and after 1 hour. After 5 failures the delivery is given up.
    ///
    /// Events can arrive more than once and out of order. New event names will come: keep an event
    /// that you do not know, and answer it with 200 too.
    ///
    /// There is no idempotency key. When the answer is lost, a second registration may deliver
    /// every event twice; a receiver that drops duplicates bears that.
    ///
    /// # Errors
    ///
    /// See [`Error`]. The failures that the API documents:
    ///
    /// - `400`: The service refused the request as invalid, or does not know the clinic. `details`,
    ///   where present, names the fields. Correct the request before sending it again.
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

    /// Deletes a webhook by its id. Its address receives no further events.
    ///
    /// No source says that deleting twice is harmless, so the client does not repeat this call by
    /// itself. A second delete may be answered with status 404.
    ///
    /// # Arguments
    ///
    /// - `webhook_id`: The webhook to delete, by the id that its registration returned.
    ///
    /// # Errors
    ///
    /// See [`Error`]. The failures that the API documents:
    ///
    /// - `400`: The service refused the request as invalid. Correct the request before sending it
    ///   again.
    /// - `401`: The API key is missing, wrong or revoked, or belongs to another environment. Check
    ///   the key and the environment. Sending the request again does not help.
    /// - `403`: The key is known but may not do this. Ask support for the permission. Sending the
    ///   request again does not help.
    /// - `404`: No webhook has this id. It may have been deleted before: a caller that repeats a
    ///   delete may take this as done.
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

static CREATE_WEBHOOK: Operation = Operation {
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
                    kind: "ClinicNotFound",
                    text: "Clinic not found",
                    matches: api::KindMatch::Message("Clinic not found"),
                },
                api::KindRule {
                    kind: "InvalidClinicId",
                    text: "Clinic ID must be a valid UUID.",
                    matches: api::KindMatch::Message("Clinic ID must be a valid UUID."),
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

static DELETE_WEBHOOK: Operation = Operation {
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
    create_webhook: CREATE_WEBHOOK(WebhookRequest) -> expected::Data<CreatedWebhook>;
    delete_webhook: DELETE_WEBHOOK() -> expected::Whole<DeletedWebhook>;
}
