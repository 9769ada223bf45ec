//! What no source decides, decided the other way.

use std::time::Duration;

use novamed_sandbox::{Assumptions, Options};

use crate::steps::{App, place, raw};

#[tokio::test]
async fn assumptions_are_switched() {
    let app = App::start(200).await;
    let mut assumptions = Assumptions::default();
    assumptions.order_id_in_answers = false;
    assumptions.details_as_array = true;
    assumptions.events_out_of_order = true;
    assumptions.stage_seconds = 10;
    let options = Options::default().manual_clock().webhook(format!("http://127.0.0.1:{}/", app.port));
    let sandbox = options.assume(assumptions).start().await.unwrap();
    assert_eq!(place(&sandbox).await.medication_order_id, None);
    let key = "x-api-key: dev_sandbox\r\n";
    let answer = raw(&sandbox, "POST", "/api/external/patient", key, "{}").await;
    assert!(answer.contains(r#""details":[{"field":"first_name","message":"must be a string"}]"#), "{answer}");
    for _ in 0..10 {
        sandbox.advance(Duration::from_secs(10)).await;
    }
    let events: Vec<String> = app.events().into_iter().flatten().collect();
    let at = |name: &str| events.iter().position(|event| event == name).unwrap();
    assert!(at("medication_order:submitted") > at("medication_order:acknowledged"), "{events:?}");
    assert_eq!(events.len(), 6);
}
