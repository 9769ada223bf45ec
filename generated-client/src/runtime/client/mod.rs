//! The client: what all calls share, and the limits of each.

pub(crate) mod builder;
pub(crate) mod connection;
pub(crate) mod credential;
pub(crate) mod environment;
pub(crate) mod options;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::HeaderValue;

use crate::runtime::api::{Api, Environment, Operation, PatientData};
use crate::runtime::audit::observer::Observer;
#[cfg(feature = "tracing")]
use crate::runtime::audit::span::CallSpan;
use crate::runtime::audit::{AuditRecord, Hook, Outcome};
use crate::runtime::call::Call;
use crate::runtime::call::pacing::Pacer;
use crate::runtime::call::retry::Retries;
use crate::runtime::client::credential::Credential;
use crate::runtime::client::options::Options;
use crate::runtime::transport::Transport;
use crate::runtime::transport::url::BaseUrl;
use crate::runtime::value::secret::Redacted;

/// A client of the API. Its methods are the API's operations.
///
/// It is cheap to clone. Clones share connections, the turns of the rate limit and the retry budget, and one
/// client serves a whole application. It can be built anywhere, but calls need a tokio runtime with I/O and
/// time enabled. `Debug` prints no key and no URL.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    pub(crate) options: Options,
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

impl Client {
    /// Returns a client with other options, which shares everything else with this one.
    ///
    /// ```text
    /// let quick = client.with_options(|o| o.deadline(Duration::from_secs(3)).max_retries(0));
    /// ```
    #[must_use]
    pub fn with_options(&self, change: impl FnOnce(Options) -> Options) -> Self {
        Self { shared: Arc::clone(&self.shared), options: change(self.options.clone()) }
    }

    /// Starts to observe a call for the audit hook and for tracing.
    pub(crate) fn observe(&self, operation: &'static Operation) -> Observer {
        let environment = self.shared.environment.map(|it| it.name);
        let record = || AuditRecord {
            operation: operation.id,
            environment,
            key: self.shared.fingerprint.clone(),
            actor: self.options.actor.clone(),
            purpose: self.options.purpose.clone(),
            started: SystemTime::now(),
            duration: Duration::ZERO,
            attempts: 0,
            status: None,
            outcome: Outcome::Succeeded,
        };
        Observer::start(
            self.shared.audit.as_ref(),
            #[cfg(feature = "tracing")]
            CallSpan::start(&self.shared.base, environment, operation),
            record,
        )
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
