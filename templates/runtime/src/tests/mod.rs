//! Tests of the runtime. They are not copied into a client.

mod auditing;
mod authority;
mod blocking;
mod body_kinds;
mod calls;
mod checking;
mod config;
mod deliveries;
mod delivery;
mod envelope;
mod faults;
mod fuzz;
mod hostile;
mod layers;
mod load;
mod memory;
mod objects;
mod pacing;
mod privacy;
mod proof;
mod proxying;
mod receiving;
mod reqwest;
mod retries;
mod server;
mod serving;
mod streams;
mod style;
mod surface;
mod testing;
mod tls;
#[cfg(feature = "tracing")]
mod tracing;
mod transport;
mod values;
mod written;

use std::fmt;

use http::Method;

use crate::runtime::api::{
    Api, Envelope, Environment, Failure, Kind, KindMatch, KindRule, Operation, PatientData, Scheme, SchemeKind,
};
use crate::runtime::client::Client;
use crate::runtime::client::builder::ClientBuilder;

/// The key of every test; it must never be printed.
pub(crate) const KEY: &str = "dev_c4n4ry-key";

pub(crate) static ENVIRONMENTS: [Environment; 2] = [
    Environment {
        name: "production",
        url: "https://api.example.com",
        key_prefix: Some("prod_"),
        rate_limit: Some((60, 60)),
        patient_data: PatientData::Allowed,
    },
    Environment {
        name: "development",
        url: "https://dev.example.com/base",
        key_prefix: Some("dev_"),
        rate_limit: None,
        patient_data: PatientData::Forbidden,
    },
];

pub(crate) static API: Api = Api {
    name: "testapi",
    environments: &ENVIRONMENTS,
    schemes: &[Scheme { name: "api_key", kind: SchemeKind::HeaderKey("x-api-key") }],
    credential_required: true,
    envelope: Envelope {
        success: Some("success"),
        data: Some("data"),
        message: Some("message"),
        error: Some("error"),
        error_message: Some("message"),
        error_code: Some("code"),
        error_retry_after: Some("retry_after"),
    },
    error_codes: &["NOT_FOUND", "RATE_LIMIT_EXCEEDED"],
};

pub(crate) const PLAIN_ENVELOPE: Envelope = Envelope {
    success: None,
    data: None,
    message: None,
    error: None,
    error_message: None,
    error_code: None,
    error_retry_after: None,
};

/// An API without an envelope, a key or environments.
pub(crate) static PLAIN: Api = Api {
    name: "plain",
    environments: &[],
    schemes: &[],
    credential_required: false,
    envelope: PLAIN_ENVELOPE,
    error_codes: &[],
};

/// The kinds of errors of the tests' API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TestKind {
    AlreadyExists,
    Unauthorized,
    /// No operation documents it.
    Other,
}

impl Kind for TestKind {}

impl fmt::Display for TestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyExists => "an open refill exists",
            Self::Unauthorized => "the key is not valid",
            Self::Other => "something else",
        })
    }
}

static KINDS: [KindRule; 2] = [
    KindRule { kind: &TestKind::AlreadyExists, matches: KindMatch::Message("Refill request already exists") },
    KindRule { kind: &TestKind::Unauthorized, matches: KindMatch::MessagePrefix("Unauthorized") },
];

const fn failure(first: u16, last: u16) -> Failure {
    Failure { statuses: first..=last, refused_before_acting: None, kinds: &[] }
}

pub(crate) static FAILURES: [Failure; 5] = [
    Failure { statuses: 400..=400, refused_before_acting: None, kinds: &KINDS },
    Failure { statuses: 401..=401, refused_before_acting: None, kinds: &KINDS },
    failure(404, 404),
    Failure { statuses: 429..=429, refused_before_acting: Some("RATE_LIMIT_EXCEEDED"), kinds: &[] },
    failure(500, 599),
];

pub(crate) const fn operation(
    id: &'static str,
    method: Method,
    path: &'static str,
    repeatable: bool,
    security: &'static [&'static [usize]],
) -> Operation {
    Operation { id, method, path, repeatable, security, server: None, failures: &FAILURES }
}

pub(crate) static CREATE: Operation = operation("createRefill", Method::POST, "/refill", false, &[&[0]]);
pub(crate) static LIST: Operation =
    operation("listServices", Method::GET, "/carriers/{carrierId}/services", true, &[&[0]]);

/// An operation of the API without a key.
pub(crate) static OPEN: Operation = operation("open", Method::POST, "/open", false, &[]);

/// A builder for a server on loopback, whose client makes one attempt: tests of a failure wait for
/// no retries.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    ClientBuilder::new(&API).base_url(url).credential(0, KEY.into()).max_retries(0)
}

pub(crate) fn client(url: &str) -> Client {
    builder(url).build().expect("the configuration is right")
}

pub(crate) fn plain(url: &str) -> Client {
    ClientBuilder::new(&PLAIN).base_url(url).max_retries(0).build().expect("the configuration is right")
}
