//! Transports that a caller brings.

use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, pending, ready};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tower_service::Service;

use super::{CREATE, builder};
use crate::runtime::client::Client;
use crate::runtime::error::BoxError;
use crate::runtime::error::Delivery;
use crate::runtime::transport::Unsent;
use crate::runtime::transport::body::Body;

/// A service made of a function; it is `Clone` and `Send`, and nothing more.
#[derive(Clone)]
struct Answering<F>(F, std::marker::PhantomData<std::cell::Cell<()>>);

impl<F, B, E> Service<Request<Body>> for Answering<F>
where
    F: Fn(Request<Body>) -> Result<Response<B>, E>,
{
    type Response = Response<B>;
    type Error = E;
    type Future = Ready<Result<Response<B>, E>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), E>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        ready(self.0(request))
    }
}

fn with<F, B, E>(answer: F) -> Client
where
    F: Fn(Request<Body>) -> Result<Response<B>, E> + Clone + Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    E: Into<BoxError> + Send + 'static,
{
    // Not loopback and never connected to: no certificates are read for it.
    builder("https://unreached.invalid/v1")
        .transport(Answering(answer, std::marker::PhantomData))
        .build()
        .expect("the configuration is right")
}

/// An error that says what must not be said.
#[derive(Debug)]
struct Leaky;

impl fmt::Display for Leaky {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("https://c4n4ry")
    }
}

impl std::error::Error for Leaky {}

#[tokio::test]
async fn any_service_carries_requests() {
    let client = with(|request: Request<Body>| {
        assert_eq!(request.uri(), "https://unreached.invalid/v1/refill");
        assert!(request.headers()["x-api-key"].is_sensitive());
        Ok::<_, Infallible>(Response::new(Body::from(r#"{"success": true, "data": 5}"#)))
    });
    assert_eq!(*client.call(&CREATE).data::<u8>().await.expect("it answers"), 5);
}

#[tokio::test]
async fn its_failures_are_unknown_unless_they_are_marked() {
    let failing = with(|_| Err::<Response<Body>, _>(Leaky));
    let error = failing.call(&CREATE).empty().await.expect_err("it fails");
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(!format!("{error} {error:?}").contains("c4n4ry"));
    assert!(std::error::Error::source(&error).is_none());

    let marked = with(|_| Err::<Response<Body>, _>(Unsent::new(Leaky)));
    let error = marked.call(&CREATE).empty().await.expect_err("it fails");
    assert_eq!((error.delivery(), error.is_connect()), (Delivery::NotSent, true));
    assert!(!format!("{error} {error:?}").contains("c4n4ry"));
    let wrapped = with(|_| Err::<Response<Body>, _>(Wrapping(Unsent::new(Leaky))));
    let error = wrapped.call(&CREATE).empty().await.expect_err("it fails");
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[derive(Debug)]
struct Wrapping(Unsent);

impl fmt::Display for Wrapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrapped")
    }
}

impl std::error::Error for Wrapping {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// A service that never answers.
#[derive(Clone)]
struct Silent;

impl Service<Request<Body>> for Silent {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        Box::pin(pending())
    }
}

#[tokio::test(start_paused = true)]
async fn limits_hold_for_it_too() {
    let client = builder("https://unreached.invalid").transport(Silent).build().expect("built");
    let started = tokio::time::Instant::now();
    let error = client.call(&CREATE).empty().await.expect_err("it never answers");
    assert_eq!((error.delivery(), error.is_timeout()), (Delivery::Unknown, true));
    // Paused time jumps to the timer: 30 s is the default of an attempt.
    assert_eq!(started.elapsed().as_secs(), Duration::from_secs(30).as_secs());
}
