//! The blocking client: on plain threads, on many at once, and on threads of an async runtime.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::TryRecvError;
use std::sync::{Barrier, mpsc};
use std::thread;
use std::time::Duration;

use novamed::audit::{AuditRecord, Outcome};
use novamed::{CarrierId, ConfigError, Delivery, Error, ErrorKind, blocking};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use super::requests::{OPERATIONS, id, medication_request, patient, practitioner, refill, webhook};
use super::server::{Received, Reply, Server, Then};
use super::{DEV_KEY, Sight, assert_keeps, failed, spec};

/// A server on a separate thread, because the test's threads are blocked.
struct Elsewhere {
    server: Server,
    runtime: Option<Runtime>,
}

impl Elsewhere {
    fn answering(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let start = move || {
            let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
            Self { server: runtime.block_on(Server::answering(answer)), runtime: Some(runtime) }
        };
        thread::spawn(start).join().expect("the server starts")
    }

    /// Starts a server that answers with the carriers.
    fn of_carriers() -> Self {
        Self::answering(|_| carriers())
    }

    fn client(&self) -> blocking::Client {
        let builder = Sight::Development.builder(&self.server.url);
        builder.build_blocking().expect("the configuration is right")
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        // An ordinary drop waits, which isn't allowed on a runtime's thread.
        self.runtime.take().expect("it is dropped once").shutdown_background();
    }
}

fn carriers() -> Reply {
    Reply::json(200, spec::operation("getCarriers").responses()["200"][0].value)
}

/// Makes a call with a temporary client.
fn call() {
    let elsewhere = Elsewhere::of_carriers();
    let client = elsewhere.client();
    let answer = client.get_carriers().expect("the server answers");
    assert!(!answer.carriers.is_empty());
    assert_eq!(answer.meta().status().as_u16(), 200);
    let other = client.with_options(|it| it.max_retries(1)).clone();
    drop(client);
    other.get_carriers().expect("a clone calls on");
    assert_eq!(elsewhere.server.seen().len(), 2);
}

#[test]
fn a_call_on_a_plain_thread() {
    call();
}

#[tokio::test]
async fn a_call_inside_a_single_threaded_runtime() {
    call();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_inside_a_multi_threaded_runtime() {
    call();
    tokio::spawn(async { call() }).await.expect("a task calls");
    tokio::task::spawn_blocking(call).await.expect("a thread for what blocks calls");
}

#[tokio::test]
async fn a_client_moves_from_a_task_to_a_thread_and_back() {
    let elsewhere = Elsewhere::of_carriers();
    let client = elsewhere.client();
    client.get_carriers().expect("the server answers");
    let client = thread::spawn(move || client.get_carriers().map(|_| client)).join().expect("it does not panic");
    let client = client.expect("the server answers");
    client.get_carriers().expect("the server answers");
}

#[test]
fn it_has_each_operation() {
    let elsewhere = Elsewhere::answering(|_| Reply::whole(404, &[], b""));
    let client = elsewhere.client();
    let name = |result: Result<(), Error>| {
        let text = result.expect_err("the server knows nothing").to_string();
        text.split(':').next().expect("there is one").to_owned()
    };
    let called = BTreeSet::from([
        name(client.create_practitioner(&practitioner("required")).map(drop)),
        name(client.create_patient(&patient("required")).map(drop)),
        name(client.create_medication_request(&medication_request("required")).map(drop)),
        name(client.create_refill_request(&refill("required")).map(drop)),
        name(client.create_webhook(&webhook("webhook")).map(drop)),
        name(client.get_carriers().map(drop)),
        name(client.get_carrier_services(&CarrierId::new("ameriship"), id("b001")).map(drop)),
        name(client.delete_webhook(id("c101")).map(drop)),
    ]);
    assert_eq!(called, OPERATIONS.map(str::to_owned).into());
    assert_eq!(elsewhere.server.seen().len(), OPERATIONS.len());
}

#[test]
fn a_refusal_has_its_kind() {
    let body = json!({"success": false, "message": "Clinic not found", "error": {"message": "Clinic not found"}});
    let elsewhere = Elsewhere::answering(move |_| Reply::json(400, &body));
    let error = failed(elsewhere.client().create_patient(&patient("person")));
    assert_eq!((error.delivery(), error.kind()), (Delivery::Refused, Some(ErrorKind::ClinicNotFound)));
    assert_keeps(&error, &[DEV_KEY, &elsewhere.server.host, "Sam", "Quincy", "1990"]);
}

#[test]
fn a_read_is_repeated_and_a_create_is_not() {
    let asked = AtomicUsize::new(0);
    let elsewhere = Elsewhere::answering(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 | 2 => Reply::whole(503, &[], b""),
        _ => carriers(),
    });
    let client = elsewhere.client().with_options(|it| it.max_retries(2).retry_delay(Duration::from_millis(1)));
    client.get_carriers().expect("the second attempt is answered");
    assert_eq!(elsewhere.server.seen().len(), 2);
    let error = failed(client.create_patient(&patient("person")));
    assert_eq!((error.delivery(), error.attempts()), (Delivery::Unknown, 1));
    assert_eq!(elsewhere.server.seen().len(), 3);
}

#[test]
fn a_timeout_leaves_the_fate_open_and_is_recorded() {
    let elsewhere = Elsewhere::answering(|_| Reply::new("", Then::Silence));
    let (records, recorded) = mpsc::channel();
    let builder = Sight::Development.builder(&elsewhere.server.url).deadline(Duration::from_millis(500));
    let builder = builder.audit(move |record| records.send(record.outcome()).expect("the test waits"));
    let client = builder.build_blocking().expect("the configuration is right");
    let error = failed(client.create_patient(&patient("person")));
    assert!(error.is_timeout());
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(recorded.recv(), Ok(Outcome::Failed(Delivery::Unknown)));
}

#[test]
fn a_call_without_a_server_was_not_sent() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback is there");
    let url = format!("http://{}", gone.local_addr().expect("a listener has an address"));
    drop(gone);
    let client = Sight::Development.builder(&url).build_blocking().expect("the configuration is right");
    assert_eq!(failed(client.create_patient(&patient("person"))).delivery(), Delivery::NotSent);
}

#[test]
fn many_threads_call_at_once() {
    let elsewhere = Elsewhere::of_carriers();
    let client = elsewhere.client();
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                for _ in 0..5 {
                    client.get_carriers().expect("the server answers");
                }
            });
        }
    });
    assert_eq!(elsewhere.server.seen().len(), 40);
}

#[test]
fn calls_keep_to_the_rate_limit() {
    let elsewhere = Elsewhere::of_carriers();
    let builder = Sight::Development.builder(&elsewhere.server.url).rate_limit(1, Duration::from_secs(3600));
    let client = builder.build_blocking().expect("the configuration is right");
    client.get_carriers().expect("it is the first");
    let error = failed(client.get_carriers());
    assert!(error.is_pacing());
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[test]
fn a_client_that_is_dropped_ends_its_runtime() {
    let elsewhere = Elsewhere::of_carriers();
    let (alive, ended) = mpsc::channel::<()>();
    // Calls, and so the hook, run in the client's own runtime.
    let stay = move |_: &AuditRecord| {
        let alive = alive.clone();
        drop(tokio::spawn(async move {
            let _alive = alive;
            std::future::pending::<()>().await;
        }));
    };
    let builder = Sight::Development.builder(&elsewhere.server.url).audit(stay);
    let client = builder.build_blocking().expect("the configuration is right");
    client.get_carriers().expect("the server answers");
    let other = client.clone();
    drop(client);
    other.get_carriers().expect("the server answers a clone");
    assert_eq!(ended.try_recv(), Err(TryRecvError::Empty));
    drop(other);
    assert!(ended.recv().is_err(), "nothing was sent");
}

#[test]
fn the_configuration_is_checked_as_ever() {
    let missing = novamed::Client::builder().build_blocking().expect_err("no environment was chosen");
    assert_eq!(missing, ConfigError::MissingBaseUrl);
    let client = Sight::Production.builder("http://127.0.0.1:1").build_blocking().expect("the configuration is right");
    let shown = format!("{client:?}");
    assert!(shown.starts_with("Client {") && !shown.contains("127.0.0.1"), "another `Debug`");
    super::assert_holds_none("Debug", &shown, &[super::PROD_KEY]);
}
