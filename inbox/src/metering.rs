//! Counts, ages and durations for the recorder that the app installs, with the feature `metrics`.
//!
//! Without the feature, these functions do nothing.

use std::time::Duration;

#[cfg(any(feature = "postgres", feature = "sqlite"))]
use novamed::webhooks::{InboxError, Stored};

use crate::Report;

/// Counts a delivery as stored, known or failed.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
#[cfg_attr(not(feature = "metrics"), expect(unused_variables, reason = "only used with the feature"))]
pub fn delivered(stored: &Result<Stored, InboxError>) {
    #[cfg(feature = "metrics")]
    {
        let outcome = match stored {
            Ok(Stored::Known) => "known",
            Ok(_) => "stored",
            Err(_) => "failed",
        };
        metrics::counter!("novamed_inbox_deliveries_total", "outcome" => outcome).increment(1);
    }
}

/// Records a successful run of a handler: the age of the event and the duration of the run.
#[cfg_attr(not(feature = "metrics"), expect(unused_variables, reason = "only used with the feature"))]
pub fn handled(since_received: Duration, took: Duration) {
    #[cfg(feature = "metrics")]
    {
        metrics::counter!("novamed_inbox_handled_total").increment(1);
        metrics::histogram!("novamed_inbox_handling_seconds").record(took.as_secs_f64());
        metrics::histogram!("novamed_inbox_age_seconds").record(since_received.as_secs_f64());
    }
}

/// Counts a report.
#[cfg_attr(not(feature = "metrics"), expect(unused_variables, reason = "only used with the feature"))]
pub fn reported(report: &Report) {
    #[cfg(feature = "metrics")]
    match report {
        Report::TryFailed { .. } => metrics::counter!("novamed_inbox_failed_tries_total").increment(1),
        Report::Died { reason, .. } => {
            metrics::counter!("novamed_inbox_died_total", "reason" => reason.name()).increment(1);
        }
        Report::ClaimLost { .. } => metrics::counter!("novamed_inbox_lost_claims_total").increment(1),
        Report::StoreFailed(_) => metrics::counter!("novamed_inbox_store_failures_total").increment(1),
        Report::Removed(_) => {}
    }
}

#[cfg(feature = "metrics")]
impl crate::store::Reason {
    /// Returns the kind as one word.
    const fn name(&self) -> &'static str {
        match self {
            Self::Failed(_) => "failed",
            Self::Panicked => "panicked",
            Self::LeaseEnded => "lease_ended",
            Self::Unreadable => "unreadable",
            Self::Differs => "differs",
        }
    }
}

#[cfg(feature = "metrics")]
impl crate::store::Counts {
    /// Sets the gauges of what the store holds. The counts are those of the whole inbox. With
    /// several hosts, either let one host set them or take the maximum.
    pub fn record(&self) {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        let set = |state: &'static str, count: u64| {
            metrics::gauge!("novamed_inbox_events", "state" => state).set(count as f64);
        };
        set("waiting", self.waiting);
        set("running", self.running);
        set("handled", self.handled);
        set("dead", self.dead);
        let oldest = self.oldest_waiting.unwrap_or_default();
        metrics::gauge!("novamed_inbox_oldest_waiting_seconds").set(oldest.as_secs_f64());
    }
}
