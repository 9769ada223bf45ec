// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The blocking client (feature `blocking`). Its methods block the thread until the call is
//! done.
//!
//! ```no_run
//! # use novamed::{*, value::*};
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
//! Each method returns what the async method with the same name returns, with the same retries,
//! limits and errors. You can call it inside an async runtime too, but it then blocks the other
//! tasks of its thread.

mod practitioners;
mod patients;
mod medication_orders;
mod refills;
mod carriers;
mod webhooks;

pub use crate::runtime::blocking::Client;
use crate::runtime::error::config::ConfigError;

impl Client {
    /// Builds a client from environment variables, like [`crate::Client::from_env`].
    ///
    /// # Errors
    ///
    /// Returns a [`ConfigError`] if a variable is missing or has an invalid value.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::start(crate::Client::from_env()?)
    }
}
