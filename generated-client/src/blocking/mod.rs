// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The client for plain threads (feature `blocking`): its methods block the thread until the
//! call is over.
//!
//! ```no_run
//! # use novamed::*;
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder()
//!     .environment(Environment::Production)
//!     .api_key(std::env::var("API_KEY")?)
//!     .build_blocking()?;
//! let answer = client.get_carriers()?;
//! # Ok(())
//! # }
//! ```
//!
//! A method gives back what its async twin gives back, with the same retries, limits and
//! errors. It may be called anywhere, also inside of an async runtime, where it blocks the
//! tasks of its thread as well.

mod practitioners;
mod patients;
mod medication_orders;
mod refills;
mod carriers;
mod webhooks_;

pub use crate::runtime::blocking::Client;
use crate::runtime::ConfigError;

impl Client {
    /// Builds a client from environment variables, as [`crate::Client::from_env`] does.
    ///
    /// # Errors
    ///
    /// See [`ConfigError`]: a variable is missing, or its value is refused.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::start(crate::Client::from_env()?)
    }
}
