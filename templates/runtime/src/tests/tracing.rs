//! Spans: their names and fields, and that they hold no value.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Dispatch, Event, Metadata, Subscriber};

use super::memory::{FINE, answer, own, served};
use super::{CREATE, KEY, LIST};
use crate::runtime::call::style::Style;
use crate::runtime::client::Client;

/// Collects what a program that logs at the level of traces would see.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<Mutex<String>>);

impl Seen {
    /// Sees what this thread tells, until the guard is dropped.
    pub(super) fn observer(&self) -> DefaultGuard {
        // While there is one subscriber alone, a thread without one decides for all threads whether a
        // place in the code is heard; so there are always two.
        static SECOND: OnceLock<Dispatch> = OnceLock::new();
        SECOND.get_or_init(|| Dispatch::new(Self::default()));
        tracing::subscriber::set_default(self.clone())
    }

    /// Returns what was seen since the last time.
    pub(super) fn take(&self) -> String {
        std::mem::take(&mut *self.0.lock().expect("no test panics in the lock"))
    }
}

impl Visit for &Seen {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut seen = self.0.lock().expect("no test panics in the lock");
        writeln!(seen, "{}={value:?}", field.name()).expect("a string takes any text");
    }
}

impl Subscriber for Seen {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut &*self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut &*self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut &*self);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Makes a call with canaries in all its places; returns what was traced.
async fn traced(client: &Client) -> String {
    let seen = Seen::default();
    let guard = seen.observer();
    let sent = client
        .call(&LIST)
        .path("carrierId", &"c4n4ry", Style::Simple { explode: false })
        .query("patientId", &"c4n4ry", Style::Form { explode: true })
        .json("application/json", &"c4n4ry")
        .data::<u8>();
    drop(sent.await);
    drop(guard);
    let seen = seen.take();
    assert!(!seen.contains("c4n4ry") && !seen.contains(KEY), "{seen}");
    seen
}

fn has(seen: &str, fields: &[&str]) {
    for field in fields {
        assert!(seen.lines().any(|line| line == *field), "{field} in\n{seen}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_span_has_opentelemetrys_names() {
    let client = served(|_| Box::pin(async { Ok(answer(200, FINE)) })).build().expect("built");
    let seen = traced(&client).await;
    has(
        &seen,
        &[
            "otel.name=GET /carriers/{carrierId}/services",
            "otel.kind=\"client\"",
            "http.request.method=\"GET\"",
            "url.template=\"/carriers/{carrierId}/services\"",
            "url.scheme=\"https\"",
            "server.address=\"unreached.invalid\"",
            "server.port=443",
            "http.response.status_code=200",
            "operation=\"listServices\"",
            "delivery=\"Done\"",
        ],
    );
    assert!(seen.contains("duration=") && !seen.contains("url.full") && !seen.contains("error.type"), "{seen}");
    assert!(!seen.contains("resend_count"), "{seen}");
}

#[tokio::test(start_paused = true)]
async fn failures_and_retries_are_told() {
    let body = own("c4n4ry").replace("\"m\"", "\"c4n4ry\"");
    let failing = served(move |_| {
        let body = body.clone();
        Box::pin(async move { Ok(answer(503, body)) })
    });
    let seen = traced(&failing.max_retries(2).build().expect("built")).await;
    has(
        &seen,
        &[
            "attempt=1",
            "attempt=3",
            "http.response.status_code=503",
            "http.request.resend_count=2",
            "error.type=\"503\"",
            "otel.status_code=\"ERROR\"",
            "delivery=\"Unknown\"",
        ],
    );
    let cut = served(|_| Box::pin(async { Err("c4n4ry".into()) })).build().expect("built");
    has(&traced(&cut).await, &["error.type=\"failure\"", "delivery=\"Unknown\""]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_nobody_traces_has_no_span() {
    let client = served(|_| Box::pin(async { Ok(answer(200, FINE)) })).build().expect("built");
    client.call(&CREATE).data::<u8>().await.expect("it answers");
}
