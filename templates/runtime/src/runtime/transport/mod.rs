//! Sending requests: any `tower_service::Service` over `http` types, with its type erased.
//!
//! A transport's failure leaves open whether the request arrived, unless the error or one of its sources is
//! [`Unsent`]. The default transport is in [`connect`].

pub(crate) mod body;
pub(crate) mod connect;
pub(crate) mod pool;
pub(crate) mod proxy;
pub(crate) mod reqwest;
pub(crate) mod socket;
pub(crate) mod tls;
pub(crate) mod url;

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use tower_service::Service;

use crate::runtime::error::BoxError;
use crate::runtime::transport::body::Body;
use crate::runtime::transport::socket::Sending;

/// Marks a request of which not a single byte was written.
///
/// A transport returns it, or an error that has it among its sources, only if it is certain that nothing was
/// sent. The error of the call then has `Delivery::NotSent`. Any other failure of a transport makes it
/// `Delivery::Unknown`.
///
/// Neither `Debug` nor `Display` of a call's error prints the marked error.
pub struct Unsent(BoxError);

impl Unsent {
    /// Marks `error`.
    pub fn new(error: impl Into<BoxError>) -> Self {
        Self(error.into())
    }
}

impl fmt::Debug for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unsent")
    }
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was not sent")
    }
}

impl StdError for Unsent {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}

/// The response that is being waited for.
pub(crate) type Pending = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

/// A request on its way.
pub(crate) struct Exchange {
    /// The response's head, with a body that is yet to be read.
    pub(crate) pending: Pending,
    /// Whether a part of the request was written; none where the transport cannot tell.
    pub(crate) sending: Option<Sending>,
}

/// A transport without its type.
pub(crate) trait Transport: Send + Sync {
    fn send(&self, request: Request<Body>) -> Exchange;
}

/// A transport that the caller brought. Calls clone the service; the lock is held for that alone,
/// so that the service need not be `Sync`.
pub(crate) struct Foreign<S>(Mutex<S>);

impl<S> Foreign<S> {
    pub(crate) fn new(service: S) -> Self {
        Self(Mutex::new(service))
    }
}

impl<S, B> Transport for Foreign<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn send(&self, request: Request<Body>) -> Exchange {
        let mut service = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Exchange {
            pending: Box::pin(async move {
                poll_fn(|cx| service.poll_ready(cx)).await.map_err(Into::into)?;
                let response = service.call(request).await.map_err(Into::into)?;
                Ok(response.map(Body::stream))
            }),
            sending: None,
        }
    }
}
