//! A NovaMed to develop and test against.
//!
//! [`Sandbox`] serves the Partner API on loopback, delivers its webhooks and answers wrongly on demand:
//!
//! ```
//! use novamed_sandbox::{Fault, Operation, Options, Rule, Sandbox};
//!
//! # async fn f() -> Result<(), novamed_sandbox::Problem> {
//! let sandbox: Sandbox = Options::default().manual_clock().start().await?;
//! sandbox.fault(Rule::new(Fault::ClosedAfterRequest).on(Operation::CreateMedicationRequest).acting())?;
//! // … the app under test orders at `sandbox.base_url()` with `sandbox.key()` …
//! assert!(sandbox.acts(Operation::CreateMedicationRequest) <= 1, "ordered twice");
//! # Ok(())
//! # }
//! ```
//!
//! [`State`] is the same without HTTP. It takes the JSON bodies of the API and returns the `data` of its answers or a
//! [`Failure`] with the published message. Its time is virtual: [`State::advance`] moves orders on and returns the
//! webhook deliveries that are due. The same seed and calls give the same ids and history.

mod answers;
mod carriers;
mod control;
mod delivery;
mod faults;
mod fields;
mod ids;
mod journal;
mod limit;
mod operation;
mod operations;
mod page;
mod server;
mod shared;
mod state;
mod webhooks;

pub use faults::{Fault, Rule};
pub use fields::Failure;
pub use operation::Operation;
pub use server::{Options, Problem, Sandbox};
pub use state::{Assumptions, Order, Stage, State};
pub use webhooks::{Attempt, Delivery, Disturbance};

/// Compiles and runs the README's example.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
