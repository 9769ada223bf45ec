//! A call of an operation: the request, filled in part by part, then made ready to be sent.
//!
//! ```text
//! client.call(&GET_CARRIER_SERVICES)
//!     .path("carrierId", carrier_id, Style::Simple { explode: false })
//!     .query("patientId", &patient_id, Style::Form { explode: true })
//!     .data()
//!     .await
//! ```
//!
//! The parts stand in modules of their own, which a client has by need. A part that cannot be
//! written is kept as the call's problem, and comes out of the method that sends.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue, header};

use super::answer::Answer;
use super::api::Operation;
use super::attempt::IsStreamed;
use super::attempts::{self, Outline};
use super::body::Body;
use super::client::{Client, Credential};
use super::error::{Class, Context, Delivery, Error, Problem};
use super::percent::percent_encode;
use super::violation::Violation;
use super::watch::Watch;

/// A call that is being filled in.
#[must_use]
pub(crate) struct Call<'c> {
    pub(super) client: &'c Client,
    operation: &'static Operation,
    /// The path's template, of which each `{name}` is replaced as its value is given.
    pub(super) path: Cow<'static, str>,
    /// Encoded, without a question mark.
    query: String,
    pub(super) headers: HeaderMap,
    /// The media types that are asked for.
    pub(super) accept: Option<&'static str>,
    /// The media type of the body.
    pub(super) content_type: Option<&'static str>,
    /// Encoded, as `name=value; name=value`.
    cookies: String,
    pub(super) body: Body,
    /// The first part that cannot be written.
    pub(super) problem: Option<Error>,
    /// The rules that parameters and body break.
    pub(super) violations: Vec<Violation>,
}

impl<'c> Call<'c> {
    pub(crate) fn new(client: &'c Client, operation: &'static Operation) -> Self {
        Self {
            client,
            operation,
            path: Cow::Borrowed(operation.path),
            query: String::new(),
            headers: HeaderMap::new(),
            accept: None,
            content_type: None,
            cookies: String::new(),
            body: Body::empty(),
            problem: None,
            violations: Vec::new(),
        }
    }

    /// What an error has to know of this call.
    pub(super) fn context(&self) -> Context {
        Context {
            api: self.client.shared.api,
            operation: self.operation,
            shows_messages: self.client.shared.shows_messages(),
            attempts: 0,
        }
    }

    /// Notes that the part called `name` cannot be written; the first note counts.
    pub(super) fn note(&mut self, text: &'static str, name: &'static str) {
        if self.problem.is_none() {
            self.problem = Some(Error::unsendable(self.context(), text, name));
        }
    }

    /// Appends pairs that are encoded already.
    pub(super) fn push_query(&mut self, pairs: &str) {
        push(&mut self.query, "&", pairs);
    }

    /// Appends pairs that are encoded already.
    pub(super) fn push_cookies(&mut self, pairs: &str) {
        push(&mut self.cookies, "; ", pairs);
    }

    /// Sends the request, and returns the answer if its status is one of success. The answer's
    /// body is read already, unless it `is_streamed`, which is asked when its head is there.
    pub(crate) async fn send(self, is_streamed: &IsStreamed<'_>) -> Result<Answer, Error> {
        let mut watch = Watch::start(self.client, self.operation);
        #[cfg(feature = "tracing")]
        let span = watch.span();
        let sending = self.send_watched(is_streamed, &mut watch);
        #[cfg(feature = "tracing")]
        let sending = tracing::Instrument::instrument(sending, span);
        match sending.await {
            Ok(mut answer) => {
                watch.answered(answer.status);
                answer.watch = watch;
                Ok(answer)
            }
            Err(error) => {
                watch.close(Some(&error));
                Err(error)
            }
        }
    }

    async fn send_watched(mut self, is_streamed: &IsStreamed<'_>, watch: &mut Watch) -> Result<Answer, Error> {
        if self.client.options.check && !self.violations.is_empty() {
            return Err(Error::broken_rules(self.context(), self.violations));
        }
        if self.path.contains('{') {
            self.note("a path parameter is missing", self.operation.path);
        }
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        let (client, context) = (self.client, self.context());
        let (request, body) = self.into_request()?;
        attempts::send(client, context, request, body, is_streamed, watch).await
    }

    fn into_request(mut self) -> Result<(Outline, Body), Error> {
        let context = self.context();
        let problem = |text| Error::new(context, Problem::new(Class::Request, text), Delivery::NotSent);
        let credentials = self.authorize().map_err(|()| problem("the client has no credential for the operation"))?;
        let shared = &self.client.shared;
        let mut target = self.path;
        if !self.query.is_empty() {
            let mark = if target.contains('?') { '&' } else { '?' };
            target.to_mut().reserve(1 + self.query.len());
            target.to_mut().push(mark);
            target.to_mut().push_str(&self.query);
        }
        let uri = match self.operation.server {
            None => shared.base.join(&target),
            Some(server) => shared
                .base
                .other_server(server, shared.pinned)
                .map_err(|_| problem("the operation has a server that is not `https`"))?
                .join(&target),
        };
        let uri = uri.ok_or_else(|| problem("the URL cannot be written"))?;
        if !self.cookies.is_empty() {
            let mut cookies =
                HeaderValue::try_from(self.cookies).map_err(|_| problem("the cookies cannot be written"))?;
            cookies.set_sensitive(true);
            self.headers.insert(header::COOKIE, cookies);
        }
        let media_type = |value: Option<&'static str>| {
            value.map(HeaderValue::from_str).transpose().map_err(|_| problem("a media type cannot be written"))
        };
        let outline = Outline {
            operation: self.operation,
            uri,
            headers: self.headers,
            credentials,
            accept: media_type(self.accept)?,
            content_type: media_type(self.content_type)?,
        };
        Ok((outline, self.body))
    }

    /// Adds the credentials of the first alternative that the client has all of; one that needs
    /// none comes last. Fails where there is none.
    ///
    /// Those that go as headers are returned, by their indices: they are added to each request.
    fn authorize(&mut self) -> Result<&'static [usize], ()> {
        let alternatives = self.operation.security;
        if alternatives.is_empty() {
            return Ok(&[]);
        }
        let credentials = &self.client.shared.credentials;
        let has = |index: &usize| matches!(credentials.get(*index), Some(Some(_)));
        let chosen = alternatives
            .iter()
            .filter(|indices| !indices.is_empty())
            .chain(alternatives.iter().filter(|indices| indices.is_empty()))
            .find(|indices| indices.iter().all(has))
            .ok_or(())?;
        let chosen: &'static [usize] = chosen;
        for credential in chosen.iter().filter_map(|index| credentials[*index].as_ref()) {
            match credential {
                Credential::Header(..) => {}
                Credential::Query(name, secret) => {
                    self.push_query(&pair(name, secret.expose()));
                }
                Credential::Cookie(name, secret) => {
                    self.push_cookies(&pair(name, secret.expose()));
                }
            }
        }
        Ok(chosen)
    }
}

fn push(list: &mut String, separator: &str, pairs: &str) {
    if !list.is_empty() && !pairs.is_empty() {
        list.push_str(separator);
    }
    list.push_str(pairs);
}

/// Writes `name=value`, both encoded.
fn pair(name: &str, value: &str) -> String {
    let mut pair = String::with_capacity(name.len() + 1 + value.len());
    percent_encode(name, &mut pair);
    pair.push('=');
    percent_encode(value, &mut pair);
    pair
}
