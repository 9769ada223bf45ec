// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The events that the API's webhooks deliver, and a service that receives them.
//!
//! Each delivery has the receiver's secret in the header `x-api-key`. A [`Receiver`] checks the secret in
//! constant time before it reads the body, and passes the delivery to an [`Inbox`]. The inbox stores the
//! delivery before the sender gets a response. In an axum app (feature `axum`), this takes two lines:
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
//! `NOVAMED_WEBHOOK_SECRET` holds the secret. While you replace a secret,
//! `NOVAMED_WEBHOOK_SECRET_PREVIOUS` holds the old one, which is accepted too. Without axum,
//! [`Deliveries`] is a `tower` service with `http` types. You can use a [`Hook`] instead of an inbox, and
//! [`Receiver::receive`] takes headers and bytes from any server.

mod event;

pub use crate::runtime::receiver::Receiver;
pub use crate::runtime::receiver::inbox::{
    Hook, Inbox, InboxError, Incoming, Stored, Verdict,
};
pub use crate::runtime::receiver::received::{
    Malformed, ReceiveError, ReceiveErrorKind, Received,
};
pub use crate::runtime::receiver::service::Deliveries;
pub use crate::runtime::webhook::keys::{DuplicateKey, GroupKey};
pub use crate::runtime::webhook::{EventError, UnknownEvent};
pub use event::Event;

/// The header with the receiver's secret.
pub const KEY_HEADER: &str = "x-api-key";

/// The property that names the event.
pub(crate) const NAME_PROPERTY: &str = "event_name";

/// The prefix of environment variables.
pub(crate) const VARIABLES: &str = "NOVAMED";
