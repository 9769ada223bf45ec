//! The clock, and that the same seed and calls give the same history.

use std::time::Duration;

use novamed_sandbox::{Options, Stage};

use crate::steps::{App, place, raw};

#[tokio::test]
async fn a_manual_clock_stands_still_until_it_is_advanced() {
    let sandbox = Options::default().manual_clock().start().await.unwrap();
    place(&sandbox).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(sandbox.state().now(), Duration::ZERO);
    // `curl -d` sends this media type.
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let answer = raw(&sandbox, "POST", "/_sandbox/clock", form, r#"{ "advance": 120 }"#).await;
    assert!(answer.ends_with(r#"{"seconds":120,"speed":"manual"}"#), "{answer}");
    assert!(sandbox.state().orders().all(|order| order.stage == Stage::Submitted));
    let answer = raw(&sandbox, "POST", "/_sandbox/clock", "", r#"{ "speed": 0 }"#).await;
    assert!(answer.contains("must be `manual` or a positive number"), "{answer}");
}

#[tokio::test]
async fn an_order_ships_by_itself() {
    let sandbox = Options::default().speed(3600).start().await.unwrap();
    place(&sandbox).await;
    while sandbox.state().orders().any(|order| order.stage != Stage::Shipped) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn the_same_seed_and_calls_give_the_same_deliveries() {
    let mut histories = Vec::new();
    for seed in [7, 7, 8] {
        let app = App::start(200).await;
        let url = format!("http://127.0.0.1:{}/hook", app.port);
        let sandbox = Options::default().manual_clock().seed(seed).webhook(url).start().await.unwrap();
        place(&sandbox).await;
        sandbox.advance(Duration::from_secs(600)).await;
        let bodies = app.received().into_iter().map(|request| request.split_once("\r\n\r\n").unwrap().1.to_owned());
        histories.push(bodies.collect::<Vec<_>>());
    }
    assert_eq!(histories[0].len(), 6);
    assert_eq!(histories[0], histories[1]);
    assert_ne!(histories[0], histories[2]);
}
