//! The client: what all calls share, and how each is limited.

use std::fmt;
use std::sync::Arc;

use http::{HeaderName, HeaderValue};

use super::api::{Api, Environment, Operation, PatientData};
use super::audit::Hook;
use super::call::Call;
use super::config::BaseUrl;
use super::options::Options;
use super::pacing::Pacer;
use super::redact::Redacted;
use super::retry::Retries;
use super::secret::Secret;
use super::transport::Transport;

/// A client of the API: its methods are the API's operations.
///
/// It is cheap to clone, and clones share their connections, the turns of the rate limit and the
/// budget of retries; one client serves a whole application. It can be built anywhere; calls need a tokio runtime with I/O and time enabled.
/// `Debug` prints no key and no URL.
#[derive(Clone)]
pub struct Client {
    pub(super) shared: Arc<Shared>,
    pub(super) options: Options,
}

/// What clones of a client share.
pub(crate) struct Shared {
    pub(crate) api: &'static Api,
    pub(crate) environment: Option<&'static Environment>,
    pub(crate) base: BaseUrl,
    /// Whether the caller chose the base URL by hand.
    pub(crate) pinned: bool,
    /// One for each security scheme of the API, in its order, where it was given.
    pub(crate) credentials: Vec<Option<Credential>>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) transport: Box<dyn Transport>,
    pub(crate) retries: Retries,
    pub(crate) pacer: Option<Pacer>,
    pub(crate) audit: Option<Hook>,
    /// The key's, where there is a hook to be told it.
    pub(crate) fingerprint: Option<Arc<str>>,
}

/// A credential, made ready to be sent.
pub(crate) enum Credential {
    Header(HeaderName, HeaderValue),
    /// The name as the document has it, and the secret.
    Query(&'static str, Secret),
    Cookie(&'static str, Secret),
}

impl Client {
    /// Returns a client with other limits, which shares everything else with this one.
    ///
    /// ```text
    /// let quick = client.with_options(|o| o.deadline(Duration::from_secs(3)).max_retries(0));
    /// ```
    #[must_use]
    pub fn with_options(&self, change: impl FnOnce(Options) -> Options) -> Self {
        Self { shared: Arc::clone(&self.shared), options: change(self.options.clone()) }
    }

    /// Begins a call of `operation`.
    pub(crate) fn call(&self, operation: &'static Operation) -> Call<'_> {
        Call::new(self, operation)
    }
}

impl Shared {
    /// Whether the server's messages may be printed: only where the document says that no patient
    /// data goes to the environment.
    pub(crate) fn shows_messages(&self) -> bool {
        self.environment.is_some_and(|environment| environment.patient_data == PatientData::Forbidden)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let environment = self.shared.environment;
        f.debug_struct("Client")
            .field("environment", &environment.map(|it| it.name))
            .field("rate_limit", &environment.and_then(|it| it.rate_limit))
            .field("credentials", &Redacted)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
