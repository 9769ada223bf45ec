//! The facts of an API as its document states them: plain data, which the generator writes as statics.
//!
//! ```text
//! static API: Api = Api { name: "novamed", environments: &[…], schemes: &[…], … };
//! static CREATE_PATIENT: Operation = Operation { id: "createPatient", method: Method::POST, … };
//! ```

use std::any::Any;
use std::fmt;
use std::ops::RangeInclusive;

/// What holds for all operations of an API.
pub(crate) struct Api {
    /// The name of the client's crate, for `user-agent`.
    pub(crate) name: &'static str,
    /// The named environments, in the document's order.
    pub(crate) environments: &'static [Environment],
    /// The security schemes; an operation names them by index.
    pub(crate) schemes: &'static [Scheme],
    /// Whether every operation needs a credential, so that a client without one cannot be built.
    pub(crate) credential_required: bool,
    /// How answers are wrapped.
    pub(crate) envelope: Envelope,
    /// The error codes that the document lists. Any other code counts as personal data.
    pub(crate) error_codes: &'static [&'static str],
}

/// A server that has a name.
pub(crate) struct Environment {
    /// In kebab-case, as an environment variable gives it.
    pub(crate) name: &'static str,
    /// The base URL.
    pub(crate) url: &'static str,
    /// What the keys of this environment start with.
    pub(crate) key_prefix: Option<&'static str>,
    /// So many requests in so many seconds.
    pub(crate) rate_limit: Option<(u32, u32)>,
    /// Whether patient data may go there.
    pub(crate) patient_data: PatientData,
}

impl Environment {
    /// Returns whether what holds in the other environment holds in this one.
    pub(crate) fn has_facts_of(&self, other: &Self) -> bool {
        self.key_prefix == other.key_prefix
            && self.rate_limit == other.rate_limit
            && self.patient_data == other.patient_data
    }
}

/// Whether patient data may go to an environment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PatientData {
    /// The document says so, or nothing.
    Allowed,
    /// Nothing that comes from there is personal, so the server's messages may be printed.
    Forbidden,
}

/// How a credential travels (`OpenAPI` 3.0.3, Security Scheme Object).
pub(crate) struct Scheme {
    /// Its name in the document.
    pub(crate) name: &'static str,
    /// The way it goes.
    pub(crate) kind: SchemeKind,
}

/// The ways that a credential can go.
pub(crate) enum SchemeKind {
    /// In the header of this name.
    HeaderKey(&'static str),
    /// In the query parameter of this name.
    QueryKey(&'static str),
    /// In the cookie of this name.
    CookieKey(&'static str),
    /// `Authorization: Basic`.
    Basic,
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization` with this HTTP scheme.
    Http(&'static str),
}

/// How answers are wrapped: names of properties, none where the document tells of none.
pub(crate) struct Envelope {
    /// The boolean that says whether the call succeeded.
    pub(crate) success: Option<&'static str>,
    /// The data.
    pub(crate) data: Option<&'static str>,
    /// The text for humans.
    pub(crate) message: Option<&'static str>,
    /// The object that a failure carries.
    pub(crate) error: Option<&'static str>,
    /// In the error object: the text.
    pub(crate) error_message: Option<&'static str>,
    /// In the error object: the code.
    pub(crate) error_code: Option<&'static str>,
    /// In the error object: the whole seconds to wait.
    pub(crate) error_retry_after: Option<&'static str>,
}

impl Envelope {
    /// Whether it says how a failing response looks.
    pub(crate) const fn tells_failures(&self) -> bool {
        self.success.is_some() || self.error.is_some()
    }
}

/// An operation.
pub(crate) struct Operation {
    /// Its `operationId`.
    pub(crate) id: &'static str,
    /// The HTTP method.
    pub(crate) method: http::Method,
    /// The path's template, such as `/carriers/{carrierId}/services`.
    pub(crate) path: &'static str,
    /// Whether sending it twice does no more than sending it once.
    pub(crate) repeatable: bool,
    /// Alternatives, each a list of indices into [`Api::schemes`]; an empty one needs nothing.
    pub(crate) security: &'static [&'static [usize]],
    /// The server of this operation alone, where the document gives it one.
    pub(crate) server: Option<&'static str>,
    /// The documented failures.
    pub(crate) failures: &'static [Failure],
}

/// A documented failure.
pub(crate) struct Failure {
    /// The statuses: `404..=404`, `500..=599` for `5XX`, `100..=599` for `default`.
    pub(crate) statuses: RangeInclusive<u16>,
    /// The code in the error object that says: refused before anything was done.
    pub(crate) refused_before_acting: Option<&'static str>,
    /// The kinds of errors that it holds, and how to tell them; the first that fits counts.
    pub(crate) kinds: &'static [KindRule],
}

/// A kind of error that the document names: the generated `ErrorKind`. Its `Display` is printed in place of
/// the server's message.
pub(crate) trait Kind: Any + fmt::Debug + fmt::Display + Send + Sync {}

/// How to recognize a kind of error.
pub(crate) struct KindRule {
    /// The kind.
    pub(crate) kind: &'static dyn Kind,
    /// What has to match.
    pub(crate) matches: KindMatch,
}

impl KindRule {
    /// Returns the kind as its own type.
    pub(crate) fn kind<K: Kind>(&self) -> Option<&'static K> {
        let kind: &'static dyn Any = self.kind;
        kind.downcast_ref()
    }
}

/// What an error's message or code has to be.
pub(crate) enum KindMatch {
    /// The message is this.
    Message(&'static str),
    /// The message starts so.
    MessagePrefix(&'static str),
    /// The code is this.
    Code(&'static str),
}
