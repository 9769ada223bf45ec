//! By need, where the document names environments: `ClientBuilder::environment_facts`,
//! `ClientBuilder::from_variables`.

use super::api::{Api, Environment};
use super::client_builder::ClientBuilder;
use super::config::ConfigError;
use super::secret::Secret;

impl ClientBuilder {
    /// Chooses the environment.
    pub(crate) fn environment_facts(mut self, environment: &'static Environment) -> Self {
        self.environment = Some(environment);
        self
    }

    /// Begins a client by the environment's variables: `{prefix}_ENVIRONMENT` (in kebab-case),
    /// `{prefix}_API_KEY` for the first security scheme, and `{prefix}_BASE_URL` where it is set.
    pub(crate) fn from_variables(api: &'static Api, prefix: &str) -> Result<Self, ConfigError> {
        Self::from_lookup(api, prefix, |name| std::env::var(name).ok())
    }

    /// As `from_variables`, with the variables given by a function.
    pub(super) fn from_lookup(
        api: &'static Api,
        prefix: &str,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let name = format!("{prefix}_ENVIRONMENT");
        let Some(wanted) = variable(&name) else {
            return Err(ConfigError::MissingVariable(name));
        };
        let mut found = api.environments.iter();
        let Some(environment) = found.find(|environment| environment.name == wanted) else {
            return Err(ConfigError::UnknownEnvironment(name));
        };
        let mut builder = Self::new(api).environment_facts(environment);
        let name = format!("{prefix}_API_KEY");
        match (variable(&name), builder.credentials.first_mut()) {
            (Some(key), Some(first)) => *first = Some(Secret::from(key)),
            (None, _) if api.credential_required => return Err(ConfigError::MissingVariable(name)),
            _ => {}
        }
        Ok(match variable(&format!("{prefix}_BASE_URL")) {
            Some(url) => builder.base_url(url),
            None => builder,
        })
    }
}
