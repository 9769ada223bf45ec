// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The events that the API's webhooks deliver, and what receives them.
//!
//! A delivery carries the receiver's secret in the header `x-api-key`. A [`Receiver`] compares it, in
//! constant time, before it looks at the body, and gives deliveries to an [`Inbox`], which keeps them
//! before the sender is told that they arrived. In an app of axum (feature `axum`) that is two lines:
//!
//! ```
//! use novamed::webhooks::{Inbox, Receiver};
//!
//! # #[cfg(feature = "axum")]
//! fn app(inbox: impl Inbox) -> Result<axum::Router, novamed::ConfigError> {
//!     let deliveries = Receiver::from_env()?.deliver_to(inbox);
//!     Ok(axum::Router::new().merge(deliveries.into_router("/webhooks")))
//! }
//! ```
//!
//! `NOVAMED_WEBHOOK_SECRET` is the secret, and `NOVAMED_WEBHOOK_SECRET_PREVIOUS` one that is accepted
//! while it is being replaced. Without axum, [`Deliveries`] is a service of `tower` over the types of
//! `http`, a [`Hook`] takes the place of an inbox, and [`Receiver::receive`] takes headers and bytes from
//! anywhere.

mod event;

pub use crate::runtime::{DuplicateKey, EventError, GroupKey, UnknownEvent};
pub use crate::runtime::deliveries::Deliveries;
pub use crate::runtime::hook::{Hook, Verdict};
pub use crate::runtime::inbox::{Inbox, InboxError, Incoming, Stored};
pub use crate::runtime::receive_error::{ReceiveError, ReceiveErrorKind};
pub use crate::runtime::received::{Malformed, Received};
pub use crate::runtime::receiver::Receiver;
pub use event::Event;

/// The header that carries the receiver's secret.
pub const KEY_HEADER: &str = "x-api-key";

/// The property that names the event.
pub(crate) const NAME_PROPERTY: &str = "event_name";

/// What the names of environment variables begin with.
pub(crate) const VARIABLES: &str = "NOVAMED";
