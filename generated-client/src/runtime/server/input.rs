//! The request of an operation while it is decoded and checked: [`Input`].
//!
//! ```text
//! let limit = input.query::<i64>("limit", Style::Form { explode: true }, false);
//! input.check("limit", limit.as_ref(), |check, value| check.maximum(value, 100));
//! let body = input.json::<Pet>(true).await;
//! let (true, Some(body)) = (input.is_valid(), body) else { return input.rejected() };
//! ```
//!
//! Each method notes what is wrong and goes on, so that a response lists everything.

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::runtime::api::Api;
use crate::runtime::call::style::Style;
use crate::runtime::checks::Checker;
use crate::runtime::error::problem::Violation;
use crate::runtime::server::call::Call;
use crate::runtime::server::content::{Content, Success, Wrapping};
use crate::runtime::server::failure::{Failure, Written};
use crate::runtime::server::problem::{self, Refused};
use crate::runtime::server::styled::{of_pairs, of_text, pairs};
use crate::runtime::server::tree::{Decoded, Tree};
use crate::runtime::server::{Facts, Reply};

/// A request that is being decoded.
pub(crate) struct Input {
    pub(crate) api: &'static Api,
    /// The names of the document's properties, sorted: what a pointer may contain.
    pub(crate) properties: &'static [&'static str],
    pub(crate) facts: &'static Facts,
    pub(crate) call: Call,
    /// The values of the path's parameters, encoded.
    path: Vec<(&'static str, String)>,
    pub(crate) body: axum::body::Body,
    pub(crate) violations: Vec<Violation>,
    /// A problem that isn't a broken rule, such as a body of another media type.
    pub(crate) refusal: Option<Refused>,
}

impl Input {
    pub(crate) fn new(
        api: &'static Api,
        properties: &'static [&'static str],
        facts: &'static Facts,
        head: Parts,
        path: Vec<(&'static str, String)>,
        body: axum::body::Body,
    ) -> Self {
        let call = Call { operation: facts.operation, head };
        Self { api, properties, facts, call, path, body, violations: Vec::new(), refusal: None }
    }

    /// Notes what is wrong with a parameter, or with the body.
    pub(crate) fn note(&mut self, parameter: Option<&'static str>, pointer: String, rule: impl Into<String>) {
        self.violations.push(Violation { parameter, pointer, rule: rule.into() });
    }

    fn decoded<T: DeserializeOwned>(&mut self, name: &'static str, tree: &Tree, is_required: bool) -> Option<T> {
        match tree.decode() {
            Decoded::Value(value) => return Some(value),
            Decoded::Absent if is_required => self.note(Some(name), String::new(), "required"),
            Decoded::Absent => {}
            Decoded::Invalid => self.note(Some(name), String::new(), "a value of the documented type"),
        }
        None
    }

    /// Decodes a path parameter.
    pub(crate) fn path<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        is_required: bool,
    ) -> Option<T> {
        let found = self.path.iter().find(|(key, _)| *key == name);
        let tree = found.map_or_else(Tree::default, |(_, text)| of_text(name, text, style, true));
        self.decoded(name, &tree, is_required)
    }

    /// Decodes a query parameter.
    pub(crate) fn query<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        is_required: bool,
    ) -> Option<T> {
        let pairs = pairs(self.call.uri().query().unwrap_or_default(), '&');
        let tree = of_pairs(name, &pairs, style, self.facts.query);
        self.decoded(name, &tree, is_required)
    }

    /// Decodes a header.
    pub(crate) fn header<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        is_required: bool,
    ) -> Option<T> {
        let value = self.call.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let tree = value.map_or_else(Tree::default, |text| of_text(name, &text, style, false));
        self.decoded(name, &tree, is_required)
    }

    /// Decodes a cookie.
    pub(crate) fn cookie<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        style: Style,
        is_required: bool,
    ) -> Option<T> {
        let values = self.call.headers().get_all(header::COOKIE).iter();
        let texts = values.filter_map(|value| value.to_str().ok());
        let pairs: Vec<_> = texts.flat_map(|text| pairs(text, ';')).collect();
        let tree = of_pairs(name, &pairs, style, &[]);
        self.decoded(name, &tree, is_required)
    }

    /// Checks a parameter by rules in addition to its type.
    pub(crate) fn check<T: ?Sized>(
        &mut self,
        name: Option<&'static str>,
        value: Option<&T>,
        rules: impl for<'c> FnOnce(&'c mut Checker, &T) -> &'c mut Checker,
    ) {
        let Some(value) = value else { return };
        let violations = std::mem::take(&mut self.violations);
        let mut checker = Checker { parameter: name, violations, ..Checker::default() };
        rules(&mut checker, value);
        self.violations = checker.violations;
    }

    /// Whether nothing was found so far.
    pub(crate) fn is_valid(&self) -> bool {
        self.violations.is_empty() && self.refusal.is_none()
    }

    /// Returns the response to a request with something wrong.
    pub(crate) fn rejected(self) -> Reply {
        if let Some(refused) = &self.refusal {
            return self.refused(refused);
        }
        let refused = Refused::invalid(self.facts, &self.violations);
        refused.reply(&self.api.envelope, self.facts, &self.violations)
    }

    pub(crate) fn refused(&self, refused: &Refused) -> Reply {
        let mut reply = refused.reply(&self.api.envelope, self.facts, &[]);
        if refused.status == StatusCode::UNAUTHORIZED
            && let Some(challenge) = self.challenge()
        {
            reply.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        reply
    }

    /// Returns what a 401 says about the credentials (RFC 9110, 15.5.2), if HTTP defines how they travel.
    fn challenge(&self) -> Option<HeaderValue> {
        use crate::runtime::api::SchemeKind;
        let mut schemes = self.facts.operation.security.iter().flat_map(|schemes| schemes.iter());
        schemes.find_map(|index| match self.api.schemes.get(*index)?.kind {
            SchemeKind::Bearer => Some(HeaderValue::from_static("Bearer")),
            SchemeKind::Basic => Some(HeaderValue::from_static("Basic realm=\"api\"")),
            SchemeKind::Http(scheme) => HeaderValue::from_str(scheme).ok(),
            _ => None,
        })
    }

    /// Returns the response of the implementation.
    pub(crate) fn answer<T, E: Serialize>(
        &self,
        result: Result<Success<T>, Failure<E>>,
        write: impl FnOnce(T, Wrapping<'_>) -> Option<Content>,
    ) -> Reply {
        let Success { data, status, headers, message } = match result {
            Ok(success) => success,
            Err(failure) => return self.failed(failure),
        };
        let wrapping = Wrapping { names: &self.api.envelope, message: message.as_deref() };
        let Some(content) = write(data, wrapping) else {
            let text = "the response cannot be written";
            return self.refused(&Refused::new(StatusCode::INTERNAL_SERVER_ERROR, text));
        };
        let usual = content.status.unwrap_or(self.facts.status);
        let mut reply = Reply::new(axum::body::Body::new(content.body));
        *reply.status_mut() = status.or(StatusCode::from_u16(usual).ok()).unwrap_or_default();
        let documented = self.facts.media_type.filter(|_| content.is_usual);
        if let Some(media_type) = documented.or(content.media_type)
            && let Ok(media_type) = HeaderValue::from_str(media_type)
        {
            reply.headers_mut().insert(header::CONTENT_TYPE, media_type);
        }
        extend(&mut reply, headers);
        reply
    }

    /// Returns the response of a failure.
    pub(crate) fn failed<E: Serialize>(&self, failure: Failure<E>) -> Reply {
        let (written, headers) = failure.written(self.facts.operation);
        let mut reply = match written {
            Written::Body(status, json) => {
                let documented = self.facts.failure(status);
                problem::reply(status, documented.map_or("application/json", |it| it.media_type), json)
            }
            Written::Refused(refused) => self.refused(&refused),
        };
        extend(&mut reply, headers);
        reply
    }
}

/// Adds headers, which replace those with the same names.
fn extend(reply: &mut Reply, headers: HeaderMap) {
    let mut last: Option<HeaderName> = None;
    for (name, value) in headers {
        last = name.or(last);
        if let Some(name) = &last {
            reply.headers_mut().insert(name.clone(), value);
        }
    }
}
