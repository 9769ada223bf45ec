//! By need, behind the feature `axum`: deliveries as a part of an axum app.
#![cfg(feature = "axum")]

use axum::Router;

use super::deliveries::Deliveries;
use super::inbox::Inbox;

impl<I: Inbox> Deliveries<I> {
    /// Returns a router that answers deliveries at `path`, such as `/webhooks`, to be merged into an
    /// app's own or served as it is (feature `axum`).
    ///
    /// axum's own limit of bodies does not apply here; that of the receiver does.
    ///
    /// # Panics
    ///
    /// As [`Router::route_service`]: `path` does not start with a slash, or is no pattern.
    pub fn into_router<S>(self, path: &str) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        Router::new().route_service(path, self)
    }
}
