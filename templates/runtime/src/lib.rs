//! The runtime of any generated client: it sends requests and reads answers, and knows no API.
//!
//! The modules are copied, unchanged, to `src/runtime/` of a client, where a generated `mod.rs`
//! plays the part of this file; they name each other by `super::`, so that paths mean the same in
//! both. A client takes the base modules and those that its document calls for, each of which is
//! one capability, used whole. What users see is `pub` here and re-exported by the client; what
//! generated code alone calls is `pub(crate)`. Tests stand in `src/tests/`, which is not copied.
//!
//! A call goes through it in this order: `call` is filled in (`path`, `query`, `json_body`, …),
//! becomes a request, is sent by `attempts` (each an `attempt` that waited for its `turn`) through
//! a `transport`, and comes back as an
//! `answer`, read by the modules named for what it holds (`data`, `whole`, `json_answer`, …), or
//! as an `error`, to which `failure` gives its meaning.
#![forbid(unsafe_code)]
#![allow(dead_code, reason = "what generated code calls has no caller here but the tests")]

mod accept;
mod answer;
mod api;
mod at_hand;
mod attempt;
mod attempts;
mod audit;
mod axum_router;
mod base64;
mod basic;
mod blocking;
mod blocking_body;
mod blocking_events;
mod blocking_lines;
mod blocking_stream;
mod body;
mod body_check;
mod body_hash;
mod builder;
mod byte_stream;
mod bytes_answer;
mod bytes_body;
mod calendar;
mod call;
mod cause;
mod check;
mod client;
mod client_builder;
mod collected;
mod config;
mod connect;
mod connection;
mod connection_problem;
mod cookie;
mod count_rules;
mod credential;
mod data;
mod date;
mod date_time;
mod decimal;
mod decimal_range;
mod decode;
mod deliveries;
mod delivery;
mod delivery_trace;
mod difference;
mod driver;
mod duplicate_key;
mod empty_answer;
mod envelope;
mod environment;
mod error;
mod event_stream;
mod expected;
mod expected_kind;
mod failure;
mod fake;
mod form;
mod further;
mod gate;
mod given;
mod given_nullable;
mod group_key;
mod header;
mod hook;
mod inbox;
mod into_option;
mod json;
mod json_answer;
mod json_body;
mod json_lines;
mod kind;
mod line_reader;
mod media_body;
mod multipart;
mod node;
mod nullable;
mod objects;
mod optional_json;
mod options;
mod pacing;
mod parameter_check;
mod parse_error;
mod part_style;
mod path;
mod pattern;
mod percent;
mod pool;
mod proxy;
mod query;
mod query_reserved;
mod range_rules;
mod read_bytes;
mod read_data;
mod read_empty;
mod read_events;
mod read_json;
mod read_lines;
mod read_text;
mod read_text_events;
mod read_whole;
mod receive_error;
mod received;
mod receiver;
mod recorded;
mod redact;
mod reqwest_transport;
mod reserved;
mod response;
mod retry;
mod retry_after;
mod secret;
mod several;
mod step;
mod streamed;
mod style;
mod tagged;
mod tagging;
mod text_answer;
mod text_body;
mod text_rules;
mod tls;
mod trace;
mod transport;
mod tree;
mod tunnel;
mod turn;
mod union;
mod unreadable;
mod unrecognized;
mod unrecognized_integer;
mod unsuccessful;
mod value_rules;
mod violation;
mod watch;
mod webhook;
#[path = "tests/webhooks.rs"]
mod webhooks;
mod whole;
mod wire;

pub use self::audit::{AuditRecord, Outcome, Vouched};
pub use self::base64::Base64;
pub use self::body::{Body, BoxError};
pub use self::builder::{Missing, Provided, Set};
pub use self::byte_stream::ByteStream;
pub use self::client::Client;
pub use self::client_builder::ClientBuilder;
pub use self::config::ConfigError;
pub use self::connection_problem::ConnectionProblem;
pub use self::date::Date;
pub use self::date_time::DateTime;
pub use self::decimal::Decimal;
pub use self::deliveries::Deliveries;
#[cfg(feature = "test-util")]
pub use self::difference::{Difference, DifferenceKind, assert_same, differences};
pub use self::duplicate_key::DuplicateKey;
pub use self::error::{Delivery, Error};
pub use self::event_stream::{EventStream, ServerSentEvent};
pub use self::group_key::GroupKey;
pub use self::hook::{Hook, Verdict};
pub use self::inbox::{Inbox, InboxError, Incoming, Stored};
pub use self::into_option::IntoOption;
pub use self::json::Json;
pub use self::json_lines::JsonLines;
pub use self::multipart::Part;
pub use self::nullable::Nullable;
pub use self::options::Options;
pub use self::parse_error::ParseError;
pub use self::receive_error::{ReceiveError, ReceiveErrorKind};
pub use self::received::{Malformed, Received};
pub use self::receiver::Receiver;
pub use self::response::{Meta, RateLimit, Response};
pub use self::retry::NotRepeated;
pub use self::secret::Secret;
pub use self::transport::Unsent;
pub use self::unrecognized::Unrecognized;
pub use self::unrecognized_integer::UnrecognizedInteger;
pub use self::violation::Violation;
pub use self::webhook::{EventError, UnknownEvent};
pub use self::webhooks::Event;

/// Where the modules stand in a client: the macros of the runtime name them so.
#[cfg(all(test, feature = "test-util"))]
mod runtime {
    pub(crate) use super::{expected, fake, given, recorded};
}

#[cfg(test)]
mod tests;
