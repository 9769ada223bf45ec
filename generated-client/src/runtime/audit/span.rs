//! The feature `tracing`: a span for each call, with OpenTelemetry's names for HTTP clients.
//!
//! `url.full` and `url.path` are left out on purpose: a URL with its parameters may identify a patient. No
//! field holds a value that was sent or received.
#![cfg(feature = "tracing")]

use tracing::field::Empty;
use tracing::{Level, Span};

use crate::runtime::api::Operation;
use crate::runtime::audit::{AuditRecord, Outcome};
use crate::runtime::error::{Delivery, Error};
use crate::runtime::transport::url::BaseUrl;

/// The span of a call.
pub(crate) struct CallSpan(Span);

impl CallSpan {
    /// Opens the span `HTTP` (`otel.name`: method and template, such as `GET /carriers`).
    pub(crate) fn start(base: &BaseUrl, environment: Option<&str>, operation: &'static Operation) -> Self {
        if !tracing::enabled!(target: env!("CARGO_CRATE_NAME"), Level::INFO) {
            return Self(Span::none());
        }
        let authority = base.authority();
        let span = tracing::info_span!(
            target: env!("CARGO_CRATE_NAME"),
            "HTTP",
            otel.name = format_args!("{} {}", operation.method, operation.path),
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = operation.method.as_str(),
            url.template = operation.path,
            url.scheme = if base.is_https() { "https" } else { "http" },
            server.address = authority.host(),
            server.port = authority.port_u16().unwrap_or(if base.is_https() { 443 } else { 80 }),
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.r#type = Empty,
            operation = operation.id,
            environment = environment,
            delivery = Empty,
            duration = Empty,
        );
        Self(span)
    }

    pub(crate) fn is_enabled(&self) -> bool {
        !self.0.is_disabled()
    }

    pub(crate) fn get(&self) -> Span {
        self.0.clone()
    }

    /// Tells of an attempt that failed; it may be repeated.
    pub(crate) fn attempt_failed(&self, error: &Error) {
        tracing::debug!(
            target: env!("CARGO_CRATE_NAME"),
            parent: &self.0,
            attempt = error.attempts(),
            delivery = name(Some(error.delivery())),
            http.response.status_code = error.status().map(|it| it.as_u16()),
            "an attempt failed"
        );
    }

    /// Closes the span. `delivery` is `Done` where the server has acted; `duration` is in seconds.
    pub(crate) fn end(&self, record: &AuditRecord, error: Option<&Error>) {
        let status = record.status();
        if let Some(status) = status {
            self.0.record("http.response.status_code", status.as_u16());
        }
        if record.attempts() > 1 {
            self.0.record("http.request.resend_count", record.attempts() - 1);
        }
        let kind = match (record.outcome(), error) {
            (Outcome::Succeeded, _) => None,
            (Outcome::Dropped(_), _) => Some("dropped"),
            (Outcome::Failed(_), Some(error)) if error.is_timeout() => Some("timeout"),
            (Outcome::Failed(_), Some(error)) if error.is_pacing() => Some("pacing"),
            (Outcome::Failed(_), Some(error)) if error.is_connect() => Some("connect"),
            (Outcome::Failed(_), _) => Some("failure"),
        };
        if let Some(kind) = kind {
            self.0.record("otel.status_code", "ERROR");
            match status.filter(|status| !status.is_success()) {
                Some(status) => self.0.record("error.type", status.as_str()),
                None => self.0.record("error.type", kind),
            };
        }
        self.0.record("delivery", name(record.delivery()));
        self.0.record("duration", record.duration().as_secs_f64());
    }
}

const fn name(delivery: Option<Delivery>) -> &'static str {
    match delivery {
        None => "Done",
        Some(Delivery::NotSent) => "NotSent",
        Some(Delivery::Refused) => "Refused",
        Some(Delivery::Unknown) => "Unknown",
    }
}
