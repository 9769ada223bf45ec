//! Observing one call from start to end, for the audit hook and for tracing. Costs nothing if neither is used.

use http::StatusCode;
use tokio::time::Instant;

#[cfg(feature = "tracing")]
use crate::runtime::audit::span::CallSpan;
use crate::runtime::audit::{AuditRecord, Hook, Outcome};
use crate::runtime::error::{Delivery, Error};
use crate::runtime::transport::socket::Sending;

/// Watches one call, and tells of its end: also where its future is dropped.
#[derive(Default)]
pub(crate) struct Observer(Option<Box<Open>>);

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
    span: CallSpan,
}

impl Observer {
    /// Starts to observe a call, unless there is neither a hook nor a span. `record` makes the record to begin
    /// with.
    pub(crate) fn start(
        hook: Option<&Hook>,
        #[cfg(feature = "tracing")] span: CallSpan,
        record: impl FnOnce() -> AuditRecord,
    ) -> Self {
        #[cfg(feature = "tracing")]
        let is_traced = span.is_enabled();
        #[cfg(not(feature = "tracing"))]
        let is_traced = false;
        if hook.is_none() && !is_traced {
            return Self(None);
        }
        Self(Some(Box::new(Open {
            record: record(),
            clock: Instant::now(),
            delivery: Delivery::NotSent,
            attempt: Attempt::None,
            hook: hook.cloned(),
            #[cfg(feature = "tracing")]
            span,
        })))
    }

    /// Returns the span that what is sent runs in.
    #[cfg(feature = "tracing")]
    pub(crate) fn span(&self) -> tracing::Span {
        self.0.as_ref().map_or_else(tracing::Span::none, |open| open.span.get())
    }

    /// An attempt begins.
    pub(crate) fn attempt(&mut self, sending: Option<&Sending>) {
        if let Some(open) = &mut self.0 {
            open.record.attempts += 1;
            open.record.status = None;
            open.attempt = Attempt::Sending(sending.cloned());
        }
    }

    /// The attempt failed, and this is its own error.
    pub(crate) fn failed(&mut self, error: &Error) {
        if let Some(open) = &mut self.0 {
            open.attempt = Attempt::None;
            open.record.status = error.status();
            open.delivery = open.delivery.max(error.delivery());
            #[cfg(feature = "tracing")]
            open.span.attempt_failed(error);
        }
    }

    /// A response with a status of success is there, and is yet to be read.
    pub(crate) fn responded(&mut self, status: StatusCode) {
        if let Some(open) = &mut self.0 {
            open.record.status = Some(status);
        }
    }

    /// The call ended, if it had not before: by an error, or well.
    pub(crate) fn close(&mut self, error: Option<&Error>) {
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
        self.span.end(&self.record, error);
        #[cfg(not(feature = "tracing"))]
        let _ = error;
        if let Some(hook) = &self.hook {
            hook.tell(&self.record);
        }
    }
}

impl Drop for Observer {
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
