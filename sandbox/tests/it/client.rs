//! The client, from the first call to a shipped order.

use std::time::Duration;

use novamed::{Delivery, RefillRequest};
use novamed_sandbox::{Options, Stage};

use crate::steps::{client, client_with, order};

#[tokio::test]
async fn an_order_is_placed_shipped_and_refilled() {
    let sandbox = Options::default().manual_clock().start().await.unwrap();
    let client = client(&sandbox);
    let order = order(&sandbox).await;
    let carriers = client.get_carriers().await.unwrap().into_data().carriers;
    let services = client.get_carrier_services(&carriers[0].id, order.patient_id).await.unwrap().into_data();
    assert!(!services.services.is_empty());
    let created = client.create_medication_request(&order).await.unwrap().into_data();
    sandbox.advance(Duration::from_secs(300)).await;
    assert!(sandbox.state().orders().all(|order| order.stage == Stage::Shipped));
    let refill = RefillRequest::builder().medication_request_id(created.medication_request_id).build();
    client.create_refill_request(&refill).await.unwrap();
    assert_eq!(sandbox.state().orders().len(), 2);
}

#[tokio::test]
async fn a_wrong_key_is_refused() {
    let sandbox = Options::default().start().await.unwrap();
    let error = client_with(&sandbox, "dev_other").get_carriers().await.unwrap_err();
    assert_eq!((error.delivery(), error.status().map(|status| status.as_u16())), (Delivery::Refused, Some(401)));
}
