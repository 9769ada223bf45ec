// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Operations of the tag `webhooks`.
//!
//! Events that the service delivers to your HTTPS endpoint. Webhooks are the only way to track
//! orders, refills, shipments and practitioners: no published endpoint returns a status.

use crate::runtime::blocking::Client;
use crate::runtime::error::Error;
use crate::runtime::response::Response;
use crate::types::{CreatedWebhook, DeletedWebhook, WebhookId, WebhookRequest};

#[allow(clippy::missing_errors_doc, reason = "the async methods document their errors")]
impl Client {
    /// Blocking version of [`Client::create_webhook`](crate::Client::create_webhook).
    pub fn create_webhook(
        &self,
        webhook_request: &WebhookRequest,
    ) -> Result<Response<CreatedWebhook>, Error> {
        self.driver.run(self.client.create_webhook(webhook_request))
    }

    /// Blocking version of [`Client::delete_webhook`](crate::Client::delete_webhook).
    pub fn delete_webhook(
        &self,
        webhook_id: WebhookId,
    ) -> Result<Response<DeletedWebhook>, Error> {
        self.driver.run(self.client.delete_webhook(webhook_id))
    }
}
