//! The guide describes every setting and every guarantee, with defaults and reasons.
//!
//! | question | page |
//! |---|---|
//! | Did NovaMed act on a call that failed? | [`delivery`] |
//! | How does an app cope with not knowing? | [`unknown_fates`] |
//! | What happened to an order, a refill, a shipment? | [`tracking`] |
//! | What is sent again, how often, and when? | [`retries`] |
//! | How does the client keep to the rate limit? | [`pacing`] |
//! | How long may a call take, and how large may an answer be? | [`limits`] |
//! | What is checked before anything is sent? | [`checks`] |
//! | What is printed, and what never is? | [`privacy`] |
//! | Which key fits which environment, and how are keys stored? | [`secrets`] |
//! | Who did what, and how can I measure it? | [`audit`] |
//! | How are webhooks verified, answered and stored? | [`webhooks`] |
//! | How do I use proxies, TLS settings or my own service? | [`transport`] |
//!
//! # Features
//!
//! All are off by default.
//!
//! | feature | provides |
//! |---|---|
//! | `axum` | a router for webhook deliveries in an axum app: [`webhooks`] |
//! | `blocking` | the client without async: the module `blocking` |
//! | `reqwest` | requests through reqwest: [`transport`] |
//! | `server` | the other side of the API, to build a double of it: the module `server` |
//! | `test-util` | a fake transport, builders for answers, an assertion: the module `testing` |
//! | `tracing` | a span for each call: [`audit`] |
//!
//! # Settings
//!
//! [`ClientBuilder`](crate::ClientBuilder) has all settings of a client. Those that can differ from call to
//! call are in [`Options`](crate::Options) too. [`Client::with_options`](crate::Client::with_options) returns a
//! copy of the client with other options. The copy shares connections, rate limit and retry budget with the
//! original.
//!
//! | `ClientBuilder` | `Options` | default | page |
//! |---|---|---|---|
//! | `environment` | | none; required | [`secrets`] |
//! | `base_url` | | the environment's | [`secrets`] |
//! | `api_key` | | none; required | [`secrets`] |
//! | `deadline` | `deadline` | 90 s | [`limits`] |
//! | `attempt_timeout` | `attempt_timeout` | 30 s | [`limits`] |
//! | `connect_timeout` | | 5 s | [`limits`] |
//! | `max_answer_bytes` | `max_answer_bytes` | 16 MiB | [`limits`] |
//! | `max_retries` | `max_retries` | 3 | [`retries`] |
//! | `retry_delay` | `retry_delay` | 1 s | [`retries`] |
//! | `retry_budget` | | 20 | [`retries`] |
//! | `rate_limit`, `no_pacing` | | the environment's limit | [`pacing`] |
//! | `check` | `check` | true | [`checks`] |
//! | `audit` | | none | [`audit`] |
//! | | `actor`, `purpose` | none | [`audit`] |
//! | `proxy`, `no_proxy` | | from the environment's variables | [`transport`] |
//! | `root_certificate_pem`, `root_certificate_der` | | the system's | [`transport`] |
//! | `only_given_root_certificates` | | the system's too | [`transport`] |
//! | `identity_pem` | | none | [`transport`] |
//! | `transport` | | the client's own connections | [`transport`] |
//! | `reqwest` | | none | [`transport`] |

#[doc = include_str!("../guide/delivery.md")]
pub mod delivery {}

#[doc = include_str!("../guide/unknown_fates.md")]
#[doc = "```rust,no_run"]
#[doc = include_str!("../examples/unknown_fate.rs")]
#[doc = "```"]
pub mod unknown_fates {}

#[doc = include_str!("../guide/tracking.md")]
pub mod tracking {}

#[doc = include_str!("../guide/retries.md")]
pub mod retries {}

#[doc = include_str!("../guide/pacing.md")]
pub mod pacing {}

#[doc = include_str!("../guide/limits.md")]
pub mod limits {}

#[doc = include_str!("../guide/checks.md")]
pub mod checks {}

#[doc = include_str!("../guide/privacy.md")]
pub mod privacy {}

#[doc = include_str!("../guide/secrets.md")]
pub mod secrets {}

#[doc = include_str!("../guide/audit.md")]
pub mod audit {}

#[doc = include_str!("../guide/webhooks.md")]
pub mod webhooks {}

#[doc = include_str!("../guide/transport.md")]
pub mod transport {}
