use std::time::Duration;

use axum::http::StatusCode;
use axum::{Router, routing::get};
use novamed_inbox::Store;
use tokio::time::timeout;

fn health(inbox: impl Store) -> Router {
    let ready = move || {
        let inbox = inbox.clone();
        async move {
            // Reads at most one row.
            match timeout(Duration::from_secs(2), inbox.dead_letters(None, 1)).await {
                Ok(Ok(_)) => StatusCode::OK,
                _ => StatusCode::SERVICE_UNAVAILABLE,
            }
        }
    };
    Router::new().route("/livez", get(|| async { StatusCode::OK })).route("/readyz", get(ready))
}

/// The page shows this file up to here.
#[tokio::test]
async fn process_is_live_without_its_store_and_not_ready() {
    use axum::body::Body;
    use axum::http::Request;
    use tower_service::Service;

    let page = include_str!("../../OPERATING.md");
    let (shown, _) = include_str!("health.rs").split_once("\n/// The page shows").unwrap();
    assert!(page.contains(shown), "the recipe of the page is another");
    let place = crate::deliveries::Place::new();
    let inbox = place.open().await;
    let mut router = health(inbox.clone());
    let mut ask = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        router.call(request).await.unwrap().status()
    };
    assert_eq!((ask("/livez").await, ask("/readyz").await), (StatusCode::OK, StatusCode::OK));
    inbox.close().await.unwrap();
    assert_eq!((ask("/livez").await, ask("/readyz").await), (StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE));
}
