//! The guide: everything that a caller can set, and every guarantee, page by page, each with its
//! default and its reason.
//!
//! | question | page |
//! |---|---|
//! | Has NovaMed acted on a call that failed? | [`delivery`] |
//! | How does an app live with not knowing it? | [`unknown_fates`] |
//! | What became of an order, a refill, a shipment? | [`tracking`] |
//! | What is sent again, how often, and when? | [`retries`] |
//! | How is the rate limit kept? | [`pacing`] |
//! | How long may a call take, how long may an answer be? | [`limits`] |
//! | What is checked before anything is sent? | [`checks`] |
//! | What is printed, and what never is? | [`privacy`] |
//! | How are keys held, and which fit where? | [`secrets`] |
//! | Who did what, and how is that measured? | [`audit`] |
//! | How are webhooks received: keys, answers, what is kept? | [`webhooks`] |
//! | How are requests carried: proxies, TLS, services of your own? | [`transport`] |
//!
//! # Features
//!
//! All are off by default.
//!
//! | feature | brings |
//! |---|---|
//! | `axum` | deliveries of webhooks as a part of an axum app: [`webhooks`] |
//! | `blocking` | the same client for plain threads: the module `blocking` |
//! | `reqwest` | requests through a client that reqwest builds: [`transport`] |
//! | `test-util` | a fake transport, builders of answers, an assertion: the module `testing` |
//! | `tracing` | a span for each call: [`audit`] |
//!
//! # Settings
//!
//! What holds for a client is set on [`ClientBuilder`](crate::ClientBuilder). What may differ from
//! call to call is set on [`Options`](crate::Options) as well, for a copy of the client, by
//! [`Client::with_options`](crate::Client::with_options); the copy shares connections, turns and
//! budget with its original.
//!
//! | `ClientBuilder` | `Options` | default | page |
//! |---|---|---|---|
//! | `environment` | | none, it has to be chosen | [`secrets`] |
//! | `base_url` | | the environment's | [`secrets`] |
//! | `api_key` | | none, it has to be given | [`secrets`] |
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
//! | `proxy`, `no_proxy` | | the environment's variables | [`transport`] |
//! | `root_certificate_pem`, `root_certificate_der` | | the system's | [`transport`] |
//! | `only_given_root_certificates` | | the system's as well | [`transport`] |
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
