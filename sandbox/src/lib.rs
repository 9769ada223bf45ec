//! The state of a NovaMed to develop against, and a server for it.
//!
//! [`State`] takes the JSON bodies of the Partner API and returns the `data` of its answers or a [`Failure`] with the
//! published message. Time is virtual: [`State::advance`] moves orders on and returns the webhook deliveries that are
//! due. The same seed and calls give the same ids and history. [`Sandbox`] serves
//! such a state on loopback and sends the deliveries.

mod carriers;
mod fields;
mod ids;
mod operations;
mod server;
mod state;

pub use fields::Failure;
pub use server::Sandbox;
pub use state::{Attempt, Order, Stage, State};
