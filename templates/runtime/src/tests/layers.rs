//! tower's own layers on a transport that the caller brings.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::{Request, Response};
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

use super::{CREATE, builder};
use crate::runtime::client::Client;
use crate::runtime::error::Delivery;
use crate::runtime::transport::Unsent;
use crate::runtime::transport::body::Body;

fn client<S>(service: S) -> Client
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Error: Into<crate::runtime::error::BoxError>,
    S::Future: Send,
{
    builder("https://unreached.invalid").transport(service).build().expect("the configuration is right")
}

#[tokio::test(start_paused = true)]
async fn a_limit_and_a_timeout() {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now, peak) = (Arc::clone(&running), Arc::clone(&most));
    let server = service_fn(move |_: Request<Body>| {
        let (now, peak) = (Arc::clone(&now), Arc::clone(&peak));
        async move {
            peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_secs(1)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, Infallible>(Response::new(Body::from(r#"{"success": true}"#)))
        }
    });
    let service = ServiceBuilder::new().concurrency_limit(2).timeout(Duration::from_secs(5)).service(server);
    let client = client(service);
    let calls: Vec<_> = (0..6)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.call(&CREATE).empty().await.map(|_| ()) })
        })
        .collect();
    for call in calls {
        call.await.expect("no call panics").expect("the server answers");
    }
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_layers_failure_is_unknown_unless_it_is_marked() {
    let silent = service_fn(|_: Request<Body>| std::future::pending::<Result<Response<Body>, Infallible>>());
    let slow = client(ServiceBuilder::new().timeout(Duration::from_secs(5)).service(silent));
    let error = slow.call(&CREATE).empty().await.expect_err("it is too slow");
    assert_eq!(error.delivery(), Delivery::Unknown);

    let unsent = service_fn(|_: Request<Body>| async { Err::<Response<Body>, _>(Unsent::new("no connection")) });
    let failing = client(ServiceBuilder::new().timeout(Duration::from_secs(5)).service(unsent).boxed_clone());
    let error = failing.call(&CREATE).empty().await.expect_err("it fails");
    assert_eq!(error.delivery(), Delivery::NotSent);
}
