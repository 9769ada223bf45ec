//! The credentials of a client: setting, checking and preparing them for the requests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, header};

use crate::runtime::api::{Api, Environment, SchemeKind};
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::config::ConfigError;
use crate::runtime::value::secret::Secret;

/// A credential, made ready to be sent.
pub(crate) enum Credential {
    Header(HeaderName, HeaderValue),
    /// The name as the document has it, and the secret.
    Query(&'static str, Secret),
    Cookie(&'static str, Secret),
}

/// Checks the credentials and makes them ready to be sent.
pub(crate) fn prepare_all(
    api: &'static Api,
    environment: Option<&'static Environment>,
    secrets: Vec<Option<Secret>>,
) -> Result<Vec<Option<Credential>>, ConfigError> {
    if api.credential_required && secrets.iter().all(Option::is_none) {
        return Err(ConfigError::MissingCredential);
    }
    let prepare_one = |(scheme, secret): (&'static crate::runtime::api::Scheme, Option<Secret>)| {
        let Some(secret) = secret else {
            return Ok(None);
        };
        check_environment(api, environment, scheme.name, &secret)?;
        prepare(&scheme.kind, secret).map(Some).ok_or(ConfigError::InvalidCredential(scheme.name))
    };
    api.schemes.iter().zip(secrets).map(prepare_one).collect()
}

/// Refuses a key that starts as the keys of another environment do. A key without any known prefix
/// is taken, and so is any key where the environment is not known.
fn check_environment(
    api: &'static Api,
    environment: Option<&'static Environment>,
    credential: &'static str,
    secret: &Secret,
) -> Result<(), ConfigError> {
    let starts = |it: &Environment| it.key_prefix.is_some_and(|it| secret.expose().starts_with(it));
    let Some(chosen) = environment.filter(|chosen| !starts(chosen)) else {
        return Ok(());
    };
    match api.environments.iter().find(|other| starts(other)) {
        Some(other) => {
            Err(ConfigError::CredentialOfOtherEnvironment { credential, chosen: chosen.name, belongs_to: other.name })
        }
        None => Ok(()),
    }
}

/// Makes a credential ready to be sent, or returns nothing if it cannot be one.
fn prepare(kind: &SchemeKind, secret: Secret) -> Option<Credential> {
    // Credentials of other HTTP schemes may be a list of parameters.
    let is_list = matches!(kind, SchemeKind::Http(_));
    let is_unfit = |c: char| c.is_whitespace() && !(is_list && c == ' ') || c.is_control();
    if secret.expose().is_empty() || secret.expose().contains(is_unfit) {
        return None;
    }
    let authorization = |prefix: &str| Some(Credential::Header(header::AUTHORIZATION, secret.header_value(prefix)?));
    match *kind {
        SchemeKind::HeaderKey(name) => {
            Some(Credential::Header(HeaderName::try_from(name).ok()?, secret.header_value("")?))
        }
        SchemeKind::QueryKey(name) => Some(Credential::Query(name, secret)),
        SchemeKind::CookieKey(name) => Some(Credential::Cookie(name, secret)),
        SchemeKind::Basic => authorization("Basic "),
        SchemeKind::Bearer => authorization("Bearer "),
        SchemeKind::Http(scheme) => authorization(&[scheme, " "].concat()),
    }
}

impl ClientBuilder {
    /// Sets the credential of the security scheme with this index.
    pub(crate) fn credential(mut self, index: usize, secret: Secret) -> Self {
        if let Some(credential) = self.credentials.get_mut(index) {
            *credential = Some(secret);
        }
        self
    }

    /// Sets user name and password of the security scheme with this index (RFC 7617).
    pub(crate) fn basic_credential(self, index: usize, user: &str, password: &Secret) -> Self {
        let pair = Secret::from([user, ":", password.expose()].concat());
        self.credential(index, Secret::from(STANDARD.encode(pair.expose())))
    }
}
