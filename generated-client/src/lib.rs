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
mod runtime;
#[rustfmt::skip]
mod types;
#[rustfmt::skip]
pub mod webhooks;
#[cfg(feature = "test-util")]
#[rustfmt::skip]
pub mod testing;
pub mod guide;
pub mod tracking;

pub use crate::environment::Environment;
pub use crate::error::ErrorKind;
pub use crate::runtime::*;
pub use crate::types::*;
pub use crate::webhooks::Event;
pub use uuid::Uuid;
