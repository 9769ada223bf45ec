//! Deliveries to an app.

use std::time::Duration;

use novamed::{Delivery, WebhookRequest};
use novamed_sandbox::{Disturbance, Options, Sandbox};

use crate::steps::{App, client, clinic, place, raw};

const MINUTE: Duration = Duration::from_secs(60);

async fn sandbox_for(app: &App) -> Sandbox {
    let sandbox = Options::default().manual_clock().start().await.unwrap();
    let url = format!("https://localhost:{}/hook", app.port);
    let webhook = WebhookRequest::builder().clinic_id(clinic(&sandbox)).webhook_url(url).build();
    client(&sandbox).create_webhook(&webhook).await.unwrap();
    sandbox
}

fn names(app: &App) -> Vec<String> {
    let short = |name: Option<String>| name.map_or("?".to_owned(), |name| name.rsplit(':').next().unwrap().to_owned());
    app.events().into_iter().map(short).collect()
}

#[tokio::test]
async fn a_registered_webhook_receives_everything_in_order() {
    let app = App::start(200).await;
    let sandbox = sandbox_for(&app).await;
    place(&sandbox).await;
    sandbox.advance(5 * MINUTE).await;
    let order = sandbox.state().orders().next().unwrap().id.clone();
    sandbox.cancel_shipment(&order).unwrap();
    assert!(sandbox.cancel_shipment(&order).is_err());
    sandbox.advance(Duration::ZERO).await;
    // The clock's own tick may be the one that delivers the cancellation.
    while app.received().len() < 7 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let expected = ["activated", "verified", "submitted", "acknowledged", "filled", "created", "cancelled"];
    assert_eq!(names(&app), expected);
    let first = &app.received()[0];
    assert!(first.starts_with("POST /hook ") && first.contains("x-api-key: whsec_sandbox\r\n"), "{first}");
}

#[tokio::test]
async fn events_are_disturbed_on_demand() {
    let cases: [(&str, &[&str]); 6] = [
        ("duplicated", &["activated", "activated", "verified", "submitted"]),
        ("delayed", &["verified", "submitted"]),
        ("reordered", &["verified", "submitted", "activated"]),
        ("unknown_name", &["unknown", "activated", "verified", "submitted"]),
        ("malformed", &["?", "verified", "submitted"]),
        ("wrong_key", &["activated", "verified", "submitted"]),
    ];
    for (name, expected) in cases {
        let app = App::start(200).await;
        let sandbox = sandbox_for(&app).await;
        let body = format!(r#"{{ "disturbance": "{name}" }}"#);
        assert!(raw(&sandbox, "POST", "/_sandbox/webhooks", "", &body).await.starts_with("HTTP/1.1 200"));
        place(&sandbox).await;
        for _ in 0..11 {
            sandbox.advance(MINUTE / 4).await;
        }
        assert_eq!(names(&app), expected, "{name}");
        assert_eq!(app.received()[0].contains("whsec_sandbox"), name != "wrong_key");
    }
}

#[tokio::test]
async fn a_failing_app_is_tried_five_times_and_again_on_demand() {
    let app = App::start(503).await;
    let sandbox = sandbox_for(&app).await;
    sandbox.disturb(Disturbance::WrongKey, 1).unwrap();
    client(&sandbox).create_practitioner(&crate::steps::practitioner(clinic(&sandbox))).await.unwrap();
    for minutes in [1, 1, 5, 15, 60, 600] {
        sandbox.advance(minutes * MINUTE).await;
    }
    let keys = app.received().into_iter().map(|request| request.contains("whsec_sandbox"));
    assert_eq!(keys.collect::<Vec<_>>(), [false, true, true, true, true]);
    let id = sandbox.state().deliveries().map(|(id, delivery)| (id, delivery.is_given_up())).collect::<Vec<_>>();
    assert_eq!(id, [(1, true)]);
    assert!(raw(&sandbox, "POST", "/_sandbox/deliveries/1/resend", "", "").await.starts_with("HTTP/1.1 200"));
    assert!(raw(&sandbox, "POST", "/_sandbox/deliveries/2/resend", "", "").await.starts_with("HTTP/1.1 404"));
    while app.received().len() < 6 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_webhook_on_another_machine_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let webhook = WebhookRequest::builder().clinic_id(clinic(&sandbox)).webhook_url("https://example.com/hook").build();
    let error = client(&sandbox).create_webhook(&webhook).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Refused);
    assert!(error.to_string().contains("only to this machine"), "{error}");
    let problem = Options::default().webhook("http://192.0.2.1:80/").start().await.unwrap_err().to_string();
    assert!(problem.contains("only to this machine"), "{problem}");
}
