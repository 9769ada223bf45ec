//! Faults, as the real client sees them.

use std::time::Duration;

use novamed::{Delivery, Error, Event};
use novamed_sandbox::{Fault, Operation, Options, Rule, Sandbox};
use serde_json::{Value, json};

use crate::steps::{App, client, order, raw};

const ORDER: Operation = Operation::CreateMedicationRequest;

async fn sandbox() -> Sandbox {
    Options::default().manual_clock().start().await.unwrap()
}

/// Orders under a rule, and returns the failure and how many orders there are.
async fn ordered(rule: Rule) -> (Error, u64) {
    let sandbox = sandbox().await;
    let order = order(&sandbox).await;
    sandbox.fault(rule.on(ORDER)).unwrap();
    let client = client(&sandbox).with_options(|options| options.deadline(Duration::from_secs(20)));
    let error = client.create_medication_request(&order).await.unwrap_err();
    let acts = sandbox.acts(ORDER);
    client.create_medication_request(&order).await.expect("the rule is met once");
    (error, acts)
}

#[tokio::test]
async fn each_fault_before_and_after_acting_leaves_the_fate_unknown() {
    let faults = [
        Rule::new(Fault::Status),
        Rule::new(Fault::Status).status(503),
        Rule::new(Fault::Html),
        Rule::new(Fault::Unsuccessful),
        Rule::new(Fault::Empty),
        Rule::new(Fault::Truncated),
        Rule::new(Fault::Endless),
        Rule::new(Fault::ClosedAfterRequest),
    ];
    for rule in faults {
        for (rule, expected) in [(rule.clone(), 0), (rule.acting(), 1)] {
            let (error, acts) = ordered(rule.clone()).await;
            assert_eq!((error.delivery(), acts), (Delivery::Unknown, expected), "{rule:?}: {error}");
        }
    }
    let (error, acts) = ordered(Rule::new(Fault::ClosedInRequest)).await;
    assert_eq!((error.delivery(), acts), (Delivery::Unknown, 0), "{error}");
}

#[tokio::test]
async fn documented_refusals_are_refused() {
    for status in [400, 401, 403, 404, 429] {
        let (error, acts) = ordered(Rule::new(Fault::Status).status(status)).await;
        assert_eq!((error.delivery(), acts), (Delivery::Refused, 0), "{error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    }
}

#[tokio::test]
async fn a_burst_of_429_is_waited_for_and_a_slow_answer_arrives() {
    let sandbox = sandbox().await;
    sandbox.fault(Rule::new(Fault::Status).status(429).seconds(0).count(2)).unwrap();
    sandbox.fault(Rule::new(Fault::Slow).seconds(0).skip(1)).unwrap();
    let patient = client(&sandbox).with_options(|options| options.max_retries(3));
    patient.get_carriers().await.unwrap();
    patient.get_carriers().await.unwrap();
    let faults = raw(&sandbox, "GET", "/_sandbox/faults", "", "").await;
    assert!(faults.ends_with("\r\n\r\n[]"), "{faults}");
}

#[tokio::test]
async fn a_slow_answer_misses_the_deadline() {
    let sandbox = sandbox().await;
    sandbox.fault(Rule::new(Fault::Slow).seconds(60)).unwrap();
    let hasty = client(&sandbox).with_options(|options| options.deadline(Duration::from_millis(300)));
    let error = hasty.get_carriers().await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
}

#[tokio::test]
async fn a_connection_is_closed_at_once() {
    let sandbox = sandbox().await;
    sandbox.fault(Rule::new(Fault::ClosedOnConnect)).unwrap();
    client(&sandbox).get_carriers().await.unwrap_err();
    client(&sandbox).get_carriers().await.unwrap();
}

/// The app's whole story: its order's answer is lost, it doesn't order again, and the events name the order.
#[tokio::test]
async fn a_lost_answer_is_reconciled_without_ordering_twice() {
    let app = App::start(200).await;
    let url = format!("http://127.0.0.1:{}/hook", app.port);
    let sandbox = Options::default().manual_clock().webhook(url).start().await.unwrap();
    let order = order(&sandbox).await;
    sandbox.fault(Rule::new(Fault::ClosedAfterRequest).on(ORDER).acting()).unwrap();
    let retrying = client(&sandbox).with_options(|options| options.max_retries(3));
    let error = retrying.create_medication_request(&order).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    sandbox.advance(Duration::from_secs(300)).await;
    let bodies = app.received();
    let events = bodies.iter().filter_map(|request| Event::parse(request.split_once("\r\n\r\n")?.1.as_bytes()).ok());
    let shipped = events.filter_map(|event| match event {
        Event::ShipmentCreated(shipment) => Some((shipment.patient_id, shipment.practitioner_id)),
        _ => None,
    });
    assert_eq!(shipped.collect::<Vec<_>>(), [(order.patient_id, order.practitioner_id)]);
    assert_eq!(sandbox.acts(ORDER), 1, "ordered twice");
}

#[tokio::test]
async fn rules_come_over_http_and_from_a_file() {
    let rules = r#"[{ "operation": "getCarriers", "fault": "html", "status": 503, "count": 2 }]"#;
    let sandbox = Options::default().faults(rules).unwrap().start().await.unwrap();
    assert!(client(&sandbox).get_carriers().await.is_err());
    let answer = raw(&sandbox, "POST", "/_sandbox/faults", "", r#"{ "fault": "empty" }"#).await;
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let rules: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&rules[0]["count"], &rules[1]["fault"]), (&json!(1), &json!("empty")));
    assert!(raw(&sandbox, "DELETE", "/_sandbox/faults", "", "").await.ends_with("[]"));
    client(&sandbox).get_carriers().await.unwrap();
}

#[tokio::test]
async fn wrong_rules_are_refused() {
    let sandbox = sandbox().await;
    for (rule, problem) in [
        (r#"{ "fault": "explode" }"#, "unknown variant `explode`"),
        (r#"{ "fault": "status", "status": 200 }"#, "must be 400, 401, 403, 404, 429 or 5xx, found 200"),
        (r#"{ "fault": "empty", "status": 500 }"#, "`empty` has no `status`"),
        (r#"{ "fault": "closed_in_request", "acts": true }"#, "before there is a request to act on"),
        (r#"{ "fault": "closed_on_connect", "operation": "getCarriers" }"#, "before the operation is known"),
        (r#"{ "fault": "empty", "count": 0 }"#, "`count` must be at least 1"),
        (r#"{ "fault": "empty", "cuont": 1 }"#, "unknown field `cuont`"),
        ("{", "EOF"),
    ] {
        let answer = raw(&sandbox, "POST", "/_sandbox/faults", "", rule).await;
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains(problem), "{answer}");
    }
    let foreign = "origin: http://evil.example\r\n";
    let answer = raw(&sandbox, "POST", "/_sandbox/faults", foreign, r#"{ "fault": "empty" }"#).await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}
