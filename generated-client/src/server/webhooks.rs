// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `webhooks`.
//!
//! Events that the service delivers to your HTTPS endpoint. Webhooks are the only way to track
//! orders, refills, shipments and practitioners: no published endpoint returns a status.

use crate::runtime::call::style::Style;
use crate::runtime::checks::Checker;
use crate::runtime::server;
use crate::types::{
    CreatedWebhook, DeletedWebhook, ErrorResponse, WebhookId, WebhookRequest,
};

/// The operations. Implement their methods as `async fn`.
pub trait Operations: Send + Sync + 'static {
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
    /// Serves `POST /api/external/webhook`, which
    /// [`Client::create_webhook`](crate::Client::create_webhook) sends.
    ///
    /// # Failures
    ///
    /// - [400 Bad request](crate::failures#400-bad-request)
    /// - [401 Unauthorized](crate::failures#401-unauthorized)
    /// - [403 Forbidden](crate::failures#403-forbidden)
    /// - [404 Not found](crate::failures#404-not-found)
    /// - [429 Too many requests](crate::failures#429-too-many-requests)
    /// - [5XX Server error](crate::failures#5xx-server-error)
    fn create_webhook(
        &self,
        call: &server::Call,
        webhook_request: WebhookRequest,
    ) -> impl std::future::Future<
        Output = Result<server::Success<CreatedWebhook>, server::Failure<ErrorResponse>>,
    > + Send {
        let _ = (call, webhook_request);
        std::future::ready(Err(server::Failure::unimplemented()))
    }

    /// Deletes a webhook by its id. Its endpoint receives no further events.
    ///
    /// No source says that deleting twice is harmless, so the client doesn't retry this call. A
    /// second delete may fail with status 404.
    ///
    /// Serves `DELETE /api/external/webhook`, which
    /// [`Client::delete_webhook`](crate::Client::delete_webhook) sends.
    ///
    /// # Failures
    ///
    /// - `400`: The request is invalid. Correct it before you send it again.
    /// - [401 Unauthorized](crate::failures#401-unauthorized)
    /// - [403 Forbidden](crate::failures#403-forbidden)
    /// - `404`: No webhook has this id. It may already have been deleted: if you are repeating a
    ///   delete, this means success.
    /// - [429 Too many requests](crate::failures#429-too-many-requests)
    /// - [5XX Server error](crate::failures#5xx-server-error)
    fn delete_webhook(
        &self,
        call: &server::Call,
        webhook_id: WebhookId,
    ) -> impl std::future::Future<
        Output = Result<server::Success<DeletedWebhook>, server::Failure<ErrorResponse>>,
    > + Send {
        let _ = (call, webhook_id);
        std::future::ready(Err(server::Failure::unimplemented()))
    }
}

/// The routes of the operations.
pub(super) fn routes<A: Operations>() -> Vec<server::Route<A>> {
    Vec::from([
        server::Route {
            facts: &CREATE_WEBHOOK_FACTS,
            handler: |api, input| Box::pin(create_webhook(api, input)),
        },
        server::Route {
            facts: &DELETE_WEBHOOK_FACTS,
            handler: |api, input| Box::pin(delete_webhook(api, input)),
        },
    ])
}

static CREATE_WEBHOOK_FACTS: server::Facts = server::Facts {
    operation: &crate::operations::webhooks::CREATE_WEBHOOK,
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

async fn create_webhook<A: Operations>(
    api: std::sync::Arc<A>,
    mut input: server::Input,
) -> server::Reply {
    let webhook_request_value = match input.media_type(&["application/json"]) {
        Some(_) => input.json::<WebhookRequest>(true).await,
        _ => None,
    };
    input.check(None, webhook_request_value.as_ref(), Checker::value);
    let (true, Some(webhook_request_value)) = (input.is_valid(), webhook_request_value)
    else {
        return input.rejected();
    };
    let result = <A as Operations>::create_webhook(
            &api,
            &input.call,
            webhook_request_value,
        )
        .await;
    input.answer(result, server::Content::data)
}

static DELETE_WEBHOOK_FACTS: server::Facts = server::Facts {
    operation: &crate::operations::webhooks::DELETE_WEBHOOK,
    status: 200,
    media_type: Some("application/json"),
    query: &["id"],
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

async fn delete_webhook<A: Operations>(
    api: std::sync::Arc<A>,
    mut input: server::Input,
) -> server::Reply {
    let webhook_id_value = input
        .query::<WebhookId>("id", Style::Form { explode: true }, true);
    let (true, Some(webhook_id_value)) = (input.is_valid(), webhook_id_value) else {
        return input.rejected();
    };
    let result = <A as Operations>::delete_webhook(&api, &input.call, webhook_id_value)
        .await;
    input.answer(result, server::Content::whole)
}
