//! The audit hook: one record for each call, whatever came of it.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::memory::{FINE, answer, own, served};
use super::server::listen;
use super::{CREATE, ENVIRONMENTS, KEY, LIST, builder};
use crate::runtime::audit::{AuditRecord, Outcome, Vouched};
use crate::runtime::call::style::Style;
use crate::runtime::client::Client;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::Delivery;
use crate::runtime::transport::Unsent;

type Records = Arc<Mutex<Vec<AuditRecord>>>;

fn audited(builder: ClientBuilder) -> (Client, Records) {
    let records = Records::default();
    let told = Arc::clone(&records);
    let audited = builder.audit(move |record| told.lock().expect("no test panics in the lock").push(record.clone()));
    (audited.build().expect("the configuration is right"), records)
}

/// Returns the only record.
fn only(records: &Records) -> AuditRecord {
    let mut records = records.lock().expect("no test panics in the lock");
    assert_eq!(records.len(), 1, "one record for one call");
    records.remove(0)
}

#[tokio::test]
async fn a_record_says_who_asked_for_what_and_what_came_of_it() {
    let builder = served(|_| Box::pin(async { Ok(answer(201, FINE)) }));
    let (client, records) = audited(builder.environment_facts(&ENVIRONMENTS[1]));
    let before = SystemTime::now();
    let named = client.with_options(|o| o.actor(Vouched::new("user 1729")).purpose(Vouched::new("refill desk")));
    named.call(&CREATE).json("application/json", &"c4n4ry").data::<u8>().await.expect("it answers");
    let record = only(&records);
    assert_eq!((record.operation(), record.environment()), ("createRefill", Some("development")));
    assert_eq!(record.actor().map(Vouched::as_str), Some("user 1729"));
    assert_eq!(record.purpose().map(Vouched::as_str), Some("refill desk"));
    assert!((before..=SystemTime::now()).contains(&record.started()));
    assert_eq!((record.attempts(), record.status().map(|it| it.as_u16())), (1, Some(201)));
    assert_eq!((record.outcome(), record.delivery()), (Outcome::Succeeded, None));
    assert!(!format!("{record:?}").contains("c4n4ry"));
}

#[tokio::test]
async fn the_keys_fingerprint_is_the_same_everywhere_and_is_not_the_key() {
    let fingerprint = async |key: &'static str| {
        let builder = served(|_| Box::pin(async { Ok(answer(200, FINE)) })).credential(0, key.into());
        let (client, records) = audited(builder);
        client.call(&CREATE).empty().await.expect("it answers");
        only(&records).key_fingerprint().expect("the client has a key").to_owned()
    };
    // A constant: another process, on another day, says the same. (Python: hashlib.sha256 over
    // the lengths, as 8 bytes each, and the texts "audit", "api_key" and the key.)
    assert_eq!(fingerprint(KEY).await, "5ae52e30bd28");
    assert_ne!(fingerprint("dev_other").await, fingerprint(KEY).await);
}

#[tokio::test(start_paused = true)]
async fn every_end_of_a_call_has_its_record() {
    let meets = |status: u16, body: String| {
        served(move |_| {
            let body = body.clone();
            Box::pin(async move { Ok(answer(status, body)) })
        })
    };
    for (builder, status, delivery) in [
        (meets(404, own("NOT_FOUND")), Some(404), Delivery::Refused),
        (meets(500, own("INTERNAL_ERROR")), Some(500), Delivery::Unknown),
        (meets(200, "<html>".to_owned()), Some(200), Delivery::Unknown),
        (meets(200, own("NOT_FOUND")), Some(200), Delivery::Unknown),
        (served(|_| Box::pin(async { Err("cut".into()) })), None, Delivery::Unknown),
        (served(|_| Box::pin(async { Err(Unsent::new("nobody").into()) })), None, Delivery::NotSent),
        (served(|_| Box::pin(pending())), None, Delivery::Unknown),
    ] {
        let (client, records) = audited(builder);
        let error = client.call(&CREATE).data::<u8>().await.expect_err("it fails");
        let record = only(&records);
        assert_eq!((record.outcome(), error.delivery()), (Outcome::Failed(delivery), delivery));
        assert_eq!((record.status().map(|it| it.as_u16()), record.attempts()), (status, 1));
    }
    let (client, records) = audited(meets(200, FINE.to_owned()));
    client.call(&LIST).empty().await.expect_err("the path has a hole");
    let record = only(&records);
    assert_eq!((record.outcome(), record.attempts()), (Outcome::Failed(Delivery::NotSent), 0));
}

#[tokio::test(start_paused = true)]
async fn a_streamed_answer_has_its_record_at_its_end() {
    let (client, records) = audited(served(|_| Box::pin(async { Ok(answer(200, "bytes")) })));
    let stream = client.call(&CREATE).bytes_response().await.expect("it answers").into_data();
    assert!(records.lock().expect("unharmed").is_empty());
    stream.collect().await.expect("it is whole");
    assert_eq!(only(&records).outcome(), Outcome::Succeeded);
    drop(client.call(&CREATE).bytes_response().await.expect("it answers"));
    let record = only(&records);
    assert_eq!(record.outcome(), Outcome::Dropped(Delivery::Unknown));
    assert_eq!(record.status().map(|it| it.as_u16()), Some(200));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_it_waits_was_not_sent() {
    let (client, records) =
        audited(served(|_| Box::pin(async { Ok(answer(200, FINE)) })).rate_limit(1, Duration::from_secs(60)));
    drop(client.call(&CREATE).empty());
    assert!(records.lock().expect("unharmed").is_empty(), "it was never polled: there was no call");
    client.call(&CREATE).empty().await.expect("the first has its turn");
    only(&records);
    let waiting = client.call(&CREATE).empty();
    tokio::time::timeout(Duration::from_secs(5), waiting).await.expect_err("it has no turn yet");
    let record = only(&records);
    assert_eq!((record.outcome(), record.attempts()), (Outcome::Dropped(Delivery::NotSent), 0));
    assert_eq!(record.duration().as_secs(), 5);
}

#[tokio::test]
async fn a_call_that_is_dropped_before_it_is_written_was_not_sent() {
    // TCP is there, and TLS never comes.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let url = format!("https://{}", listener.local_addr().expect("it has one"));
    let trusting = builder(&url).root_certificate_der(&super::tls::authority());
    let (client, records) = audited(trusting);
    let call = client.call(&CREATE).empty();
    tokio::select! {
        _ = call => panic!("there is no TLS"),
        accepted = listener.accept() => drop(accepted.expect("it connects")),
    }
    assert_eq!(only(&records).outcome(), Outcome::Dropped(Delivery::NotSent));
}

#[tokio::test]
async fn a_call_that_is_dropped_once_it_was_written_may_have_been_acted_on() {
    let (arrived, arrival) = tokio::sync::oneshot::channel();
    let arrived = Arc::new(Mutex::new(Some(arrived)));
    let url = listen(move |mut stream| {
        let arrived = Arc::clone(&arrived);
        async move {
            stream.read_u8().await.expect("the request comes");
            if let Some(arrived) = arrived.lock().expect("unharmed").take() {
                arrived.send(()).ok();
            }
            pending::<()>().await;
        }
    })
    .await;
    let (client, records) = audited(builder(&url));
    tokio::select! {
        _ = client.call(&CREATE).json("application/json", &1).empty() => panic!("nobody answers"),
        arrival = arrival => arrival.expect("the server lives"),
    }
    let record = only(&records);
    assert_eq!((record.outcome(), record.attempts()), (Outcome::Dropped(Delivery::Unknown), 1));
}

#[tokio::test]
async fn a_hook_that_panics_costs_no_answer() {
    let builder = served(|_| Box::pin(async { Ok(answer(200, FINE)) }));
    let client = builder.audit(|_| std::panic::resume_unwind(Box::new("a hook's fault"))).build().expect("built");
    assert_eq!(*client.call(&CREATE).data::<u8>().await.expect("it answers"), 1);
}

#[tokio::test]
async fn records_can_be_sent_through_a_stream() {
    // What the documentation advises: the hook hands the record on.
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let url = listen(|mut stream| async move {
        super::server::read_request(&mut stream).await;
        stream.write_all(super::server::json("200 OK", FINE).as_bytes()).await.ok();
    })
    .await;
    let client = builder(&url).audit(move |record| drop(sender.send(record.clone()))).build().expect("built");
    let simple = Style::Simple { explode: false };
    client.call(&LIST).path("carrierId", &"c4n4ry", simple).data::<u8>().await.expect("it answers");
    let record = receiver.recv().await.expect("it was sent");
    assert!(!format!("{record:?}").contains("c4n4ry"));
}
