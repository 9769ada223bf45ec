//! Behind the feature `blocking`: the client whose methods block the thread until a call is over.
#![cfg(feature = "blocking")]

use std::fmt;
use std::sync::Arc;

use super::client_builder::ClientBuilder;
use super::config::ConfigError;
use super::driver::Driver;
use super::options::Options;

/// A client of the API for plain threads: its methods are those of the async
/// [`Client`](super::client::Client), and block the thread until the call is over.
///
/// [`ClientBuilder::build_blocking`] builds it. Retries, the rate limit, deadlines, audit records and
/// what an error says of its delivery are the same.
///
/// It is cheap to clone, and its clones share all that those of the async client share; many
/// threads may call at once. One thread in the background serves all of them, and ends after the
/// last clone and the last answer that is being read are dropped. Calls and drops may happen
/// inside of an async runtime as well. A call blocks the thread that it is made on there too, and
/// with it each task of that thread: code that can wait should take the async client. `Debug` prints no
/// key and no URL.
#[derive(Clone)]
pub struct Client {
    pub(crate) client: super::client::Client,
    /// Is dropped last: what the client drops may still want its runtime.
    pub(crate) driver: Arc<Driver>,
}

impl Client {
    /// Starts the thread that serves the calls.
    pub(crate) fn start(client: super::client::Client) -> Result<Self, ConfigError> {
        let driver = Driver::start(client.shared.api.name).map_err(|_| ConfigError::NoThread)?;
        Ok(Self { client, driver: Arc::new(driver) })
    }

    /// Returns a client with other limits, which shares everything else with this one.
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
    /// Builds a client whose methods block the thread, for programs without an async runtime
    /// (feature `blocking`). All that holds for [`build`](Self::build) holds for it. It starts a thread.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the configuration; see [`ConfigError`].
    pub fn build_blocking(self) -> Result<Client, ConfigError> {
        Client::start(self.build()?)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}
