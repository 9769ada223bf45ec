// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The constructors of the client.

use crate::environment::Environment;
use crate::runtime::api;
use crate::runtime::client::Client;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::config::ConfigError;
use crate::runtime::value::secret::Secret;

impl Client {
    /// Returns a builder. It has no environment and no credential yet.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new(&API)
    }

    /// Builds a client from environment variables:
    ///
    /// - `NOVAMED_ENVIRONMENT`: one of `production`, `development`, `development-nimbus`.
    /// - `NOVAMED_API_KEY`: the argument of [`ClientBuilder::api_key`].
    /// - `NOVAMED_BASE_URL`: if set, replaces the environment's URL.
    ///
    /// # Errors
    ///
    /// Returns a [`ConfigError`] if a variable is missing or has an invalid value.
    pub fn from_env() -> Result<Self, ConfigError> {
        ClientBuilder::from_variables(&API, "NOVAMED")?.build()
    }
}

impl ClientBuilder {
    /// Sets the environment, which determines the base URL.
    pub fn environment(self, environment: Environment) -> Self {
        self.environment_facts(environment.facts())
    }

    /// The partner's API key. Production keys start with `prod_`, development keys with `dev_`. A
    /// key works only in its own environment. The key is a secret: keep it out of code and logs.
    pub fn api_key(self, api_key: impl Into<Secret>) -> Self {
        self.credential(0, api_key.into())
    }
}

#[cfg(feature = "test-util")]
impl crate::runtime::testing::Fake {
    /// Returns a fake without any answers.
    #[must_use]
    pub fn new() -> Self {
        Self::of(&API)
    }
}

#[cfg(feature = "test-util")]
impl Default for crate::runtime::testing::Fake {
    fn default() -> Self {
        Self::new()
    }
}

pub(crate) static API: api::Api = api::Api {
    name: "novamed",
    environments: &crate::environment::ENVIRONMENTS,
    schemes: &[
        api::Scheme {
            name: "ApiKey",
            kind: api::SchemeKind::HeaderKey("x-api-key"),
        },
    ],
    credential_required: true,
    envelope: api::Envelope {
        success: Some("success"),
        data: Some("data"),
        message: Some("message"),
        error: Some("error"),
        error_message: Some("message"),
        error_code: Some("code"),
        error_retry_after: Some("retry_after"),
    },
    error_codes: &[
        "VALIDATION_ERROR",
        "UNAUTHORIZED",
        "FORBIDDEN",
        "NOT_FOUND",
        "RATE_LIMIT_EXCEEDED",
        "INTERNAL_ERROR",
    ],
};
