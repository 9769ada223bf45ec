//! A call of an operation: filling in the request, sending it and reading the response.
//!
//! ```text
//! client.call(&GET_CARRIER_SERVICES)
//!     .path("carrierId", carrier_id, Style::Simple { explode: false })
//!     .query("patientId", &patient_id, Style::Form { explode: true })
//!     .data()
//!     .await
//! ```
//!
//! A part that can't be written is kept as the call's problem, which the method that sends returns.

pub(crate) mod attempt;
pub(crate) mod attempts;
pub(crate) mod body;
pub(crate) mod node;
pub(crate) mod pacing;
pub(crate) mod pacing_queue;
pub(crate) mod parameter;
pub(crate) mod retry;
pub(crate) mod style;

use std::borrow::Cow;
use std::ops::RangeInclusive;

use http::{HeaderMap, HeaderValue, header};
use serde::de::DeserializeOwned;

use crate::runtime::api::Operation;
use crate::runtime::audit::observer::Observer;
use crate::runtime::call::attempt::IsStreamed;
use crate::runtime::call::attempts::Outline;
use crate::runtime::call::style::percent_encode;
use crate::runtime::client::Client;
use crate::runtime::client::credential::Credential;
use crate::runtime::error::problem::Violation;
use crate::runtime::error::problem::{Class, Context, Problem};
use crate::runtime::error::{Delivery, Error};
use crate::runtime::response::Response;
use crate::runtime::response::undecoded::{UndecodedResponse, media_type};
use crate::runtime::transport::body::Body;

impl Call<'_> {
    /// Sends the request, and returns the response for one of the methods of `UndecodedResponse` to read.
    /// `is_streamed` says by the status and the media type whether the body is yet to come.
    pub(crate) async fn several(
        mut self,
        is_streamed: impl Fn(u16, &str) -> bool + Sync,
    ) -> Result<UndecodedResponse, Error> {
        self.accept.get_or_insert("*/*");
        self.send(&|status, headers| is_streamed(status.as_u16(), &media_type(headers))).await
    }
}

/// A call that is being filled in.
#[must_use]
pub(crate) struct Call<'c> {
    pub(crate) client: &'c Client,
    operation: &'static Operation,
    /// The path's template, of which each `{name}` is replaced as its value is given.
    pub(crate) path: Cow<'static, str>,
    /// Encoded, without a question mark.
    query: String,
    pub(crate) headers: HeaderMap,
    /// The statuses from 300 to 399 that the operation documents.
    redirects: &'static [RangeInclusive<u16>],
    /// The media types that are asked for.
    pub(crate) accept: Option<&'static str>,
    /// The media type of the body.
    pub(crate) content_type: Option<&'static str>,
    /// Encoded, as `name=value; name=value`.
    cookies: String,
    pub(crate) body: Body,
    /// The first part that cannot be written.
    pub(crate) problem: Option<Error>,
    /// The rules that parameters and body break.
    pub(crate) violations: Vec<Violation>,
}

impl<'c> Call<'c> {
    pub(crate) fn new(client: &'c Client, operation: &'static Operation) -> Self {
        Self {
            client,
            operation,
            path: Cow::Borrowed(operation.path),
            query: String::new(),
            headers: HeaderMap::new(),
            redirects: &[],
            accept: None,
            content_type: None,
            cookies: String::new(),
            body: Body::empty(),
            problem: None,
            violations: Vec::new(),
        }
    }

    /// What an error has to know of this call.
    pub(crate) fn context(&self) -> Context {
        Context {
            api: self.client.shared.api,
            operation: self.operation,
            redirects: self.redirects,
            shows_messages: self.client.shared.shows_messages(),
            attempts: 0,
        }
    }

    /// Notes that the part called `name` cannot be written; the first note counts.
    pub(crate) fn note(&mut self, text: &'static str, name: &'static str) {
        if self.problem.is_none() {
            self.problem = Some(Error::unsendable(self.context(), text, name));
        }
    }

    /// Appends pairs that are encoded already.
    pub(crate) fn push_query(&mut self, pairs: &str) {
        push(&mut self.query, "&", pairs);
    }

    /// Appends pairs that are encoded already.
    pub(crate) fn push_cookies(&mut self, pairs: &str) {
        push(&mut self.cookies, "; ", pairs);
    }

    /// Sends the request, and returns the response if its status is one of success. The response's
    /// body is read already, unless it `is_streamed`, which is asked when its head is there.
    pub(crate) async fn send(self, is_streamed: &IsStreamed<'_>) -> Result<UndecodedResponse, Error> {
        let mut observer = self.client.observe(self.operation);
        #[cfg(feature = "tracing")]
        let span = observer.span();
        let sending = self.send_watched(is_streamed, &mut observer);
        #[cfg(feature = "tracing")]
        let sending = tracing::Instrument::instrument(sending, span);
        match sending.await {
            Ok(mut response) => {
                observer.responded(response.status);
                response.observer = observer;
                Ok(response)
            }
            Err(error) => {
                observer.close(Some(&error));
                Err(error)
            }
        }
    }

    async fn send_watched(
        mut self,
        is_streamed: &IsStreamed<'_>,
        observer: &mut Observer,
    ) -> Result<UndecodedResponse, Error> {
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
        attempts::send(client, context, request, body, is_streamed, observer).await
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
    /// none comes last. Fails if the client has none of them.
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

impl Call<'_> {
    /// Sets the statuses from 300 to 399 that are read like a success.
    pub(crate) fn redirects(mut self, documented: &'static [RangeInclusive<u16>]) -> Self {
        self.redirects = documented;
        self
    }

    /// Asks for these media types, in the syntax of the header `accept`. Without it, an operation
    /// asks for `application/json`, `text/plain` or anything, by the way its response is read.
    pub(crate) fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = Some(media_types);
        self
    }

    /// Sends the request and returns the response with its whole body. `accept` is asked for, unless
    /// the call asks for something else.
    pub(crate) async fn collected(mut self, accept: &'static str) -> Result<UndecodedResponse, Error> {
        self.accept.get_or_insert(accept);
        self.send(&|_, _| false).await
    }

    /// Sends the request, and decodes the data in the response's envelope.
    pub(crate) async fn data<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.collected("application/json").await?.data()
    }

    /// Sends the request, and decodes the whole enveloped object.
    pub(crate) async fn whole<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.collected("application/json").await?.whole()
    }

    /// Sends the request, and decodes the response's body.
    pub(crate) async fn json_response<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.collected("application/json").await?.json()
    }

    /// Sends the request, and returns the response's text.
    pub(crate) async fn text_response(self) -> Result<Response<String>, Error> {
        self.collected("text/plain").await?.text()
    }

    /// Sends the request; the response's body does not matter.
    pub(crate) async fn empty(self) -> Result<Response<()>, Error> {
        self.collected("application/json").await?.empty()
    }
}
