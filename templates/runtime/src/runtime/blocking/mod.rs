//! The feature `blocking`: a client whose methods block the thread until a call is over.
#![cfg(feature = "blocking")]

pub(crate) mod body;
pub(crate) mod driver;

use std::fmt;
use std::sync::Arc;

use crate::runtime::blocking::driver::Driver;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::client::options::Options;
use crate::runtime::error::config::ConfigError;

/// A client of the API for plain threads. It has the methods of the async
/// [`Client`](crate::runtime::client::Client), which block the thread until the call is over.
///
/// [`ClientBuilder::build_blocking`] builds it. Retries, the rate limit, deadlines, audit records and
/// errors work the same.
///
/// It is cheap to clone. Clones share the same things as those of the async client, and many threads may
/// make calls at once. A background thread serves all of them, and ends after the last clone and the last
/// response that is being read are dropped. It can be used inside an async runtime too, but there a call
/// blocks its thread with all tasks on it: use the async client if the code can wait. `Debug` prints no key
/// and no URL.
#[derive(Clone)]
pub struct Client {
    pub(crate) client: crate::runtime::client::Client,
    /// Is dropped last: what the client drops may still want its runtime.
    pub(crate) driver: Arc<Driver>,
}

impl Client {
    /// Starts the thread that serves the calls.
    pub(crate) fn start(client: crate::runtime::client::Client) -> Result<Self, ConfigError> {
        let driver = Driver::start(client.shared.api.name).map_err(|_| ConfigError::NoThread)?;
        Ok(Self { client, driver: Arc::new(driver) })
    }

    /// Returns a client with other options, which shares everything else with this one.
    ///
    /// ```text
    /// let quick = client.with_options(|o| o.deadline(Duration::from_secs(3)).max_retries(0));
    /// ```
    #[must_use]
    pub fn with_options(&self, change: impl FnOnce(Options) -> Options) -> Self {
        Self { client: self.client.with_options(change), driver: Arc::clone(&self.driver) }
    }
}

impl ClientBuilder {
    /// Builds a client whose methods block the thread, for programs without an async runtime (feature `blocking`).
    /// Otherwise it does the same as [`build`](Self::build). It starts a thread.
    ///
    /// # Errors
    ///
    /// Anything wrong with the configuration; see [`ConfigError`].
    pub fn build_blocking(self) -> Result<Client, ConfigError> {
        Client::start(self.build()?)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}
