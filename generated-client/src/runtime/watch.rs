//! Watching one call, from its start to its end, for the audit hook and for tracing.
//!
//! Nothing is watched, and nothing is spent, where neither is asked for.

use std::time::SystemTime;

use http::StatusCode;
use tokio::time::Instant;

use super::api::Operation;
use super::audit::{AuditRecord, Hook, Outcome};
use super::client::Client;
use super::error::{Delivery, Error};
use super::gate::Sending;
#[cfg(feature = "tracing")]
use super::trace::Trace;

/// Watches one call, and tells of its end: also where its future is dropped.
#[derive(Default)]
pub(crate) struct Watch(Option<Box<Open>>);

/// The attempt that is being made.
enum Attempt {
    None,
    /// What is known of its request, where the transport can tell.
    Sending(Option<Sending>),
}

/// A call that has not ended.
struct Open {
    record: AuditRecord,
    clock: Instant,
    /// The most uncertain delivery of the attempts that are over.
    delivery: Delivery,
    attempt: Attempt,
    hook: Option<Hook>,
    #[cfg(feature = "tracing")]
    trace: Trace,
}

impl Watch {
    /// Begins to watch a call, if anybody asks for that.
    pub(super) fn start(client: &Client, operation: &'static Operation) -> Self {
        let shared = &client.shared;
        let hook = shared.audit.clone();
        #[cfg(feature = "tracing")]
        let trace = Trace::start(shared, operation);
        #[cfg(feature = "tracing")]
        let is_traced = trace.is_enabled();
        #[cfg(not(feature = "tracing"))]
        let is_traced = false;
        if hook.is_none() && !is_traced {
            return Self(None);
        }
        let record = AuditRecord {
            operation: operation.id,
            environment: shared.environment.map(|it| it.name),
            key: shared.fingerprint.clone(),
            actor: client.options.actor.clone(),
            purpose: client.options.purpose.clone(),
            started: SystemTime::now(),
            duration: std::time::Duration::ZERO,
            attempts: 0,
            status: None,
            outcome: Outcome::Succeeded,
        };
        Self(Some(Box::new(Open {
            record,
            clock: Instant::now(),
            delivery: Delivery::NotSent,
            attempt: Attempt::None,
            hook,
            #[cfg(feature = "tracing")]
            trace,
        })))
    }

    /// Returns the span that what is sent runs in.
    #[cfg(feature = "tracing")]
    pub(super) fn span(&self) -> tracing::Span {
        self.0.as_ref().map_or_else(tracing::Span::none, |open| open.trace.span())
    }

    /// An attempt begins.
    pub(super) fn attempt(&mut self, sending: Option<&Sending>) {
        if let Some(open) = &mut self.0 {
            open.record.attempts += 1;
            open.record.status = None;
            open.attempt = Attempt::Sending(sending.cloned());
        }
    }

    /// The attempt failed, and this is its own error.
    pub(super) fn failed(&mut self, error: &Error) {
        if let Some(open) = &mut self.0 {
            open.attempt = Attempt::None;
            open.record.status = error.status();
            open.delivery = open.delivery.max(error.delivery());
            #[cfg(feature = "tracing")]
            open.trace.attempt_failed(error);
        }
    }

    /// An answer with a status of success is there, and is yet to be read.
    pub(super) fn answered(&mut self, status: StatusCode) {
        if let Some(open) = &mut self.0 {
            open.record.status = Some(status);
        }
    }

    /// The call ended, if it had not before: by an error, or well.
    pub(super) fn close(&mut self, error: Option<&Error>) {
        if let Some(open) = self.0.take() {
            let status = error.and_then(Error::status);
            let outcome = error.map_or(Outcome::Succeeded, |error| Outcome::Failed(error.delivery()));
            open.end(status, outcome, error);
        }
    }
}

impl Open {
    fn end(mut self, status: Option<StatusCode>, outcome: Outcome, error: Option<&Error>) {
        self.record.status = status.or(self.record.status);
        self.record.outcome = outcome;
        self.record.duration = self.clock.elapsed();
        #[cfg(feature = "tracing")]
        self.trace.end(&self.record, error);
        #[cfg(not(feature = "tracing"))]
        let _ = error;
        if let Some(hook) = &self.hook {
            hook.tell(&self.record);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let Some(open) = self.0.take() else {
            return;
        };
        // What is being sent may arrive, unless it is certain that no byte of it was written.
        let sending = match &open.attempt {
            Attempt::Sending(sending) if !sending.as_ref().is_some_and(Sending::is_unsent) => Delivery::Unknown,
            _ => Delivery::NotSent,
        };
        let outcome = Outcome::Dropped(open.delivery.max(sending));
        open.end(None, outcome, None);
    }
}
