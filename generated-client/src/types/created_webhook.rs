// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::runtime::value::date_time::DateTime;
use crate::runtime::value::secret::Redacted;
use crate::types::{ClinicId, WebhookId};

/// A newly registered webhook.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedWebhook {
    /// The new webhook's id. Store it: you need it to delete the webhook.
    pub webhook_id: WebhookId,
    /// The URL that receives the events. May be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
    /// The clinic whose events are delivered. May be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clinic_id: Option<ClinicId>,
    /// When the webhook was registered, as an RFC 3339 timestamp. May be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<DateTime>,
}

impl fmt::Debug for CreatedWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedWebhook")
            .field("webhook_id", &self.webhook_id)
            .field("webhook_url", &Redacted)
            .field("clinic_id", &self.clinic_id)
            .field("created_at", &Redacted)
            .finish()
    }
}
