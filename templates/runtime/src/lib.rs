//! The runtime of any generated client: sends requests and reads responses, and knows no API.
//!
//! [`runtime`] is what clients get. Its files are copied unchanged to `src/runtime/` of a client, and paths
//! mean the same in both places. Everything else here stays behind: this file and [`webhooks`] take the
//! place of the generated parts of a client, and `tests` tests the runtime.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), allow(dead_code, reason = "generated code and the tests are the only callers"))]
#![cfg_attr(test, deny(dead_code))]

pub mod runtime;
pub mod webhooks;

/// A client shows it at its root, too: lints judge public items differently.
pub use runtime::error::Error;

#[cfg(test)]
mod tests;
