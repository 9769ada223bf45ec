//! The runtime of a generated client: sends requests and reads responses, and knows no API.
//!
//! A call takes this path: `call` is filled in with parameters and a body, becomes a request, is sent in
//! one or more attempts through a `transport`, and returns a `response` or an `error`. Items for users
//! are `pub`, and the client re-exports them. Items for generated code are `pub(crate)`.
//!
//! A room uses only rooms above it, with one exception: `client` and `call` use each other.
//!
//! | room | holds | in clients with |
//! |---|---|---|
//! | `api` | the facts of an API | everything |
//! | `value` | dates, decimals, secrets and the other types of values | each part where it is used |
//! | `error` | the error of a call, and of a client's configuration | everything |
//! | `transport` | bodies, connections, proxies and TLS | everything |
//! | `audit` | audit records and tracing spans | everything |
//! | `response` | envelopes, decoding, and the meaning of failures | everything |
//! | `call` | building, sending, retrying and pacing a request | everything |
//! | `client` | the client, its builder and its options | everything |
//! | `checks` | the rules for what is sent | rules |
//! | `multipart` | forms of parts | multipart bodies |
//! | `blocking` | the client for plain threads | operations (feature `blocking`) |
//! | `streams` | responses that are read while they arrive | streamed responses |
//! | `webhook` | reading events | events |
//! | `receiver` | receiving deliveries of events | events with a key's header |
//! | `testing` | a fake transport | everything (feature `test-util`) |
//! | `server` | routing, decoding, checking and answering requests | a server (feature `server`) |
//!
//! The generator's `emit/runtime.rs` has the table of the files and crates that belong to each capability.

pub(crate) mod api;
pub(crate) mod audit;
pub(crate) mod blocking;
pub(crate) mod call;
pub(crate) mod checks;
pub(crate) mod client;
pub(crate) mod error;
pub(crate) mod multipart;
pub(crate) mod receiver;
pub(crate) mod response;
pub(crate) mod server;
pub(crate) mod streams;
pub(crate) mod testing;
pub(crate) mod transport;
pub(crate) mod value {
    pub(crate) mod base64;
    pub(crate) mod builder;
    pub(crate) mod calendar;
    pub(crate) mod date;
    pub(crate) mod date_time;
    pub(crate) mod decimal;
    pub(crate) mod json;
    pub(crate) mod nullable;
    pub(crate) mod objects;
    pub(crate) mod parse;
    pub(crate) mod range;
    pub(crate) mod secret;
    pub(crate) mod union;
}
pub(crate) mod webhook;
