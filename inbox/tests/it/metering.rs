//! What is told to a recorder of metrics.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};
use novamed_inbox::{HandlingError, Store, Workers};

use crate::deliveries::{Place, store};
use crate::workers::drained;

type Values = Arc<Mutex<BTreeMap<String, f64>>>;

/// Keeps the last value of each gauge, and the sums of counters and the counts of histograms.
struct Kept(Values);

struct Slot(Values, String);

impl Slot {
    fn new(kept: &Kept, key: &Key) -> Arc<Self> {
        let words: Vec<&str> = std::iter::once(key.name()).chain(key.labels().map(metrics::Label::value)).collect();
        Arc::new(Self(Arc::clone(&kept.0), words.join(" ")))
    }

    fn change(&self, change: impl FnOnce(f64) -> f64) {
        let mut values = self.0.lock().unwrap();
        let value = values.entry(self.1.clone()).or_default();
        *value = change(*value);
    }
}

impl CounterFn for Slot {
    fn increment(&self, value: u64) {
        self.change(|before| before + f64::from(u32::try_from(value).unwrap()));
    }

    fn absolute(&self, value: u64) {
        self.change(|_| f64::from(u32::try_from(value).unwrap()));
    }
}

impl GaugeFn for Slot {
    fn increment(&self, value: f64) {
        self.change(|before| before + value);
    }

    fn decrement(&self, value: f64) {
        self.change(|before| before - value);
    }

    fn set(&self, value: f64) {
        self.change(|_| value);
    }
}

impl HistogramFn for Slot {
    fn record(&self, _: f64) {
        self.change(|before| before + 1.0);
    }
}

impl Recorder for Kept {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Slot::new(self, key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(Slot::new(self, key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(Slot::new(self, key))
    }
}

#[tokio::test]
async fn recorder_is_told_of_deliveries_tries_and_what_waits() {
    let values = Values::default();
    let kept = Kept(Arc::clone(&values));
    // For this thread alone, on which all of this test runs.
    let _recorded = metrics::set_default_local_recorder(&kept);
    let place = Place::new();
    let inbox = place.open().await;
    for step in ["filled", "filled", "verified"] {
        store(&inbox, step, "a").await;
    }
    let refuse_one = |handling: novamed_inbox::Handling| async move {
        if handling.duplicate_key().contains("verified") { Err(HandlingError::give_up("no")) } else { Ok(()) }
    };
    Workers::new(inbox.clone()).run_until(drained(&inbox), refuse_one).await.unwrap();
    store(&inbox, "filled", "b").await;
    inbox.counts().await.unwrap().record();
    let values = values.lock().unwrap();
    let value = |name: &str| values.get(&format!("novamed_inbox_{name}")).copied();
    for (name, expected) in [
        ("deliveries_total stored", 3.0),
        ("deliveries_total known", 1.0),
        ("handled_total", 1.0),
        ("handling_seconds", 1.0),
        ("age_seconds", 1.0),
        ("died_total failed", 1.0),
        ("events waiting", 1.0),
        ("events dead", 1.0),
        ("events handled", 1.0),
    ] {
        assert_eq!(value(name), Some(expected), "{name}");
    }
    assert!(value("oldest_waiting_seconds").is_some());
}
