// Written by `cargo xtask codegen` from the API's description; do not edit.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::field;
use crate::runtime::checks::{Check, Checker};
use crate::runtime::checks::rules;
use crate::runtime::value::builder::{self, Missing, Provided, Set};
use crate::runtime::value::secret::Redacted;
use crate::types::ClinicId;

/// A webhook to register.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookRequest {
    /// The clinic whose events are delivered.
    pub clinic_id: ClinicId,
    /// The URL that receives the events. HTTPS only.
    pub webhook_url: String,
}

impl fmt::Debug for WebhookRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookRequest")
            .field("clinic_id", &self.clinic_id)
            .field("webhook_url", &Redacted)
            .finish()
    }
}

impl WebhookRequest {
    /// Returns a builder for [`WebhookRequest`].
    pub fn builder() -> WebhookRequestBuilder {
        WebhookRequestBuilder {
            fields: Fields::default(),
            state: PhantomData,
        }
    }
}

/// A builder for [`WebhookRequest`].
///
/// `build` becomes available once every required field is set. Until then, a type parameter
/// names the missing field.
#[derive(Clone)]
#[must_use]
pub struct WebhookRequestBuilder<
    F0 = Missing<field::ClinicId>,
    F1 = Missing<field::WebhookUrl>,
> {
    fields: Fields,
    state: PhantomData<(F0, F1)>,
}

#[derive(Clone, Default)]
struct Fields {
    clinic_id: Option<ClinicId>,
    webhook_url: Option<String>,
}

impl<F0, F1> WebhookRequestBuilder<F0, F1> {
    /// The clinic whose events are delivered.
    pub fn clinic_id(mut self, clinic_id: ClinicId) -> WebhookRequestBuilder<Set, F1> {
        self.fields.clinic_id = Some(clinic_id);
        self.advance()
    }

    /// The URL that receives the events. HTTPS only.
    pub fn webhook_url(
        mut self,
        webhook_url: impl Into<String>,
    ) -> WebhookRequestBuilder<F0, Set> {
        self.fields.webhook_url = Some(webhook_url.into());
        self.advance()
    }

    /// Returns the [`WebhookRequest`].
    #[must_use]
    pub fn build(self) -> WebhookRequest
    where
        F0: Provided,
        F1: Provided,
    {
        WebhookRequest {
            clinic_id: builder::required(self.fields.clinic_id),
            webhook_url: builder::required(self.fields.webhook_url),
        }
    }

    fn advance<G0, G1>(self) -> WebhookRequestBuilder<G0, G1> {
        WebhookRequestBuilder {
            fields: self.fields,
            state: PhantomData,
        }
    }
}

impl<F0, F1> fmt::Debug for WebhookRequestBuilder<F0, F1> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookRequestBuilder").finish_non_exhaustive()
    }
}

const WEBHOOK_URL_PATTERN: rules::Pattern = rules::Pattern {
    text: "^https://",
    parts: &[
        (&[('h', 'h')], 1, 1),
        (&[('t', 't')], 1, 1),
        (&[('t', 't')], 1, 1),
        (&[('p', 'p')], 1, 1),
        (&[('s', 's')], 1, 1),
        (&[(':', ':')], 1, 1),
        (&[('/', '/')], 1, 1),
        (&[('/', '/')], 1, 1),
    ],
    is_whole: false,
};

impl Check for WebhookRequest {
    fn check(&self, check: &mut Checker) {
        check
            .field("webhook_url")
            .pattern(&self.webhook_url, &WEBHOOK_URL_PATTERN)
            .uri(&self.webhook_url);
    }
}
