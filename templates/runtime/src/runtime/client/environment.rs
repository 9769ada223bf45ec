//! The environment of a client: choosing it, reading it from variables, checking it against the base URL.

use crate::runtime::api::{Api, Environment};
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::config::ConfigError;
use crate::runtime::transport::url::BaseUrl;
use crate::runtime::value::secret::Secret;

/// Returns the environment whose host `base` names: a caller who gives its URL by hand is bound by
/// its facts too.
fn environment_at(environments: &'static [Environment], base: &BaseUrl) -> Option<&'static Environment> {
    environments.iter().find(|environment| BaseUrl::parse(environment.url).is_ok_and(|url| url.is_same_origin(base)))
}

/// Returns the environment whose facts hold: the chosen one, or else the one at the base URL's host.
/// What is true of one environment must not be taken for true at the host of another.
pub(crate) fn settle_environment(
    environments: &'static [Environment],
    chosen: Option<&'static Environment>,
    base: &BaseUrl,
) -> Result<Option<&'static Environment>, ConfigError> {
    match (chosen, environment_at(environments, base)) {
        (Some(chosen), Some(found)) if !chosen.has_facts_of(found) => {
            Err(ConfigError::BaseUrlOfOtherEnvironment { chosen: chosen.name, belongs_to: found.name })
        }
        (Some(chosen), _) => Ok(Some(chosen)),
        (None, found) => Ok(found),
    }
}

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
    pub(crate) fn from_lookup(
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
