// Written by `cargo xtask codegen` from the API's description; do not edit.

#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

#[cfg(feature = "blocking")]
#[rustfmt::skip]
pub mod blocking;
#[rustfmt::skip]
mod client;
#[rustfmt::skip]
mod environment;
#[rustfmt::skip]
mod error;
#[rustfmt::skip]
pub mod failures;
#[rustfmt::skip]
pub mod field;
#[rustfmt::skip]
mod operations;
#[rustfmt::skip]
#[allow(dead_code, reason = "an API may not need all of it")]
mod runtime;
#[rustfmt::skip]
mod types;
#[rustfmt::skip]
pub mod webhooks;
#[cfg(feature = "server")]
#[allow(deprecated, reason = "a server also serves what is deprecated")]
#[rustfmt::skip]
pub mod server;
#[cfg(feature = "test-util")]
#[rustfmt::skip]
pub mod testing;
pub mod guide;
pub mod tracking;

/// Records of calls, for the hook that [`ClientBuilder::audit`](crate::ClientBuilder::audit)
/// takes.
#[rustfmt::skip]
pub mod audit {
    pub use crate::runtime::audit::{AuditRecord, Outcome, Vouched};
}

/// Bodies of requests: bytes, streams, and the parts of a form.
#[rustfmt::skip]
pub mod body {
    pub use crate::runtime::transport::body::Body;
}

/// What appears in the signatures of builders: the states of required fields, and optional
/// arguments.
#[rustfmt::skip]
pub mod builder {
    pub use crate::runtime::value::builder::{Missing, Optional, Provided, Set};
}

/// Rules of the API's description that a request breaks.
#[rustfmt::skip]
pub mod checks {
    pub use crate::runtime::error::problem::Violation;
}

/// What a response says apart from its data.
#[rustfmt::skip]
pub mod response {
    pub use crate::runtime::response::{Meta, RateLimit};
}

/// Why a call was not repeated.
#[rustfmt::skip]
pub mod retry {
    pub use crate::runtime::error::problem::NotRepeated;
}

/// What a transport of the application's own needs, and the problems of connections.
#[rustfmt::skip]
pub mod transport {
    pub use crate::runtime::error::BoxError;
    pub use crate::runtime::error::connection::ConnectionProblem;
    pub use crate::runtime::transport::Unsent;
}

/// Types of values that are neither the API's nor the standard library's.
#[rustfmt::skip]
pub mod value {
    pub use crate::runtime::value::base64::Base64;
    pub use crate::runtime::value::json::Json;
    pub use crate::runtime::value::nullable::Nullable;
    pub use crate::runtime::value::parse::{ParseError, Unrecognized};
}

pub use crate::environment::Environment;
pub use crate::error::ErrorKind;
pub use crate::runtime::client::Client;
pub use crate::runtime::client::builder::ClientBuilder;
pub use crate::runtime::client::options::Options;
pub use crate::runtime::error::config::ConfigError;
pub use crate::runtime::error::{Delivery, Error};
pub use crate::runtime::response::Response;
pub use crate::runtime::value::date::Date;
pub use crate::runtime::value::date_time::DateTime;
pub use crate::runtime::value::decimal::Decimal;
pub use crate::runtime::value::secret::Secret;
pub use crate::types::*;
pub use crate::webhooks::Event;
pub use uuid::Uuid;
