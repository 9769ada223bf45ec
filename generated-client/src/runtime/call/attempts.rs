//! The attempts of one call, one after the other, within its deadline.

use http::{HeaderMap, HeaderValue, Request, Uri, header};

use crate::runtime::api::Operation;
use crate::runtime::audit::observer::Observer;
use crate::runtime::call::attempt;
use crate::runtime::call::attempt::{Deadline, IsStreamed};
use crate::runtime::call::pacing::TurnEnd;
use crate::runtime::call::pacing_queue::Turn;
use crate::runtime::client::Client;
use crate::runtime::client::credential::Credential;
use crate::runtime::error::problem::{Class, Context, NotRepeated, Problem};
use crate::runtime::error::{Delivery, Error};
use crate::runtime::response::undecoded::UndecodedResponse;
use crate::runtime::transport::body::Body;

/// A request without its body, from which as many are made as there are attempts.
pub(crate) struct Outline {
    pub(crate) operation: &'static Operation,
    pub(crate) uri: Uri,
    /// The call's own.
    pub(crate) headers: HeaderMap,
    /// Indices of the client's credentials.
    pub(crate) credentials: &'static [usize],
    pub(crate) accept: Option<HeaderValue>,
    pub(crate) content_type: Option<HeaderValue>,
}

impl Outline {
    fn request(&self, client: &Client, body: Body) -> Request<Body> {
        let mut request = Request::new(body);
        *request.method_mut() = self.operation.method.clone();
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        headers.clone_from(&self.headers);
        for index in self.credentials {
            if let Some(Some(Credential::Header(name, value))) = client.shared.credentials.get(*index) {
                headers.insert(name.clone(), value.clone());
            }
        }
        // The call's own come first: a caller may ask for some of the media types.
        for (name, value) in [(header::ACCEPT, &self.accept), (header::CONTENT_TYPE, &self.content_type)] {
            if let Some(value) = value {
                headers.entry(name).or_insert_with(|| value.clone());
            }
        }
        headers.insert(header::USER_AGENT, client.shared.user_agent.clone());
        request
    }
}

/// Sends the request, and repeats it where that cannot do a thing twice.
pub(crate) async fn send(
    client: &Client,
    mut context: Context,
    outline: Outline,
    body: Body,
    is_streamed: &IsStreamed<'_>,
    observer: &mut Observer,
) -> Result<UndecodedResponse, Error> {
    if tokio::runtime::Handle::try_current().is_err() {
        let problem = Problem::new(Class::Request, "the call needs a tokio runtime");
        return Err(Error::new(context, problem, Delivery::NotSent));
    }
    let (options, retries) = (&client.options, &client.shared.retries);
    let deadline = Deadline::start(options.deadline);
    let mut body = Some(body);
    let mut ticket = None;
    let mut last: Option<Error> = None;
    loop {
        if deadline.left().min(options.attempt_timeout).is_zero() {
            let problem = Problem::new(Class::Timeout, "there was no time left to send the request");
            return Err(Error::new(context, problem, Delivery::NotSent).at_least(worst(last.as_ref())));
        }
        let turn = match turn(client, context, &mut ticket, deadline).await {
            Ok(turn) => turn,
            // A retry that has no turn in time is a wait that does not fit.
            Err(error) => return Err(last.map_or(error, |last| last.with_not_repeated(Some(NotRepeated::Deadline)))),
        };
        let Some(sent) = body.take() else {
            unreachable!("a call without a body is not repeated");
        };
        if options.max_retries > context.attempts {
            body = sent.again();
        }
        context.attempts += 1;
        let request = outline.request(client, sent);
        #[cfg(feature = "test-util")]
        let request = crate::runtime::call::attempts::marked(request, outline.operation, context.attempts);
        let result = attempt::attempt(client, context, request, deadline, is_streamed, observer).await;
        if let Some(turn) = turn {
            turn.end(&turned(&result));
        }
        let error = match result {
            Ok(response) => {
                retries.succeeded();
                return Ok(response);
            }
            Err(error) => error,
        };
        observer.failed(&error);
        let wait = retries.wait(client, deadline, &error, body.is_some());
        let error = error.at_least(worst(last.as_ref()));
        match wait {
            Ok(wait) => tokio::time::sleep(wait).await,
            Err(why) => return Err(error.with_not_repeated(why)),
        }
        last = Some(error);
    }
}

/// The delivery of the attempts so far.
fn worst(last: Option<&Error>) -> Delivery {
    last.map_or(Delivery::NotSent, Error::delivery)
}

/// Waits for a turn, where the client keeps to a rate limit.
async fn turn<'c>(
    client: &'c Client,
    context: Context,
    ticket: &mut Option<u64>,
    deadline: Deadline,
) -> Result<Option<Turn<'c>>, Error> {
    let Some(pacer) = &client.shared.pacer else {
        return Ok(None);
    };
    pacer.turn(ticket, deadline).await.map(Some).map_err(|wait| {
        let problem = Problem::new(Class::Pacing, "the rate limit leaves no turn within the deadline");
        Error::new(context, problem, Delivery::NotSent).with_retry_after(wait)
    })
}

/// What the pacing has to know of an attempt.
fn turned(result: &Result<UndecodedResponse, Error>) -> TurnEnd<'_> {
    match result {
        Ok(response) => TurnEnd::Response { status: response.status, headers: &response.headers, retry_after: None },
        Err(error) => match (error.status(), error.headers()) {
            (Some(status), Some(headers)) => TurnEnd::Response { status, headers, retry_after: error.retry_after() },
            _ if error.delivery() == Delivery::NotSent => TurnEnd::Unsent,
            _ => TurnEnd::Lost,
        },
    }
}

/// What a request carries to the fake: its operation, and the number of the attempt.
#[cfg(feature = "test-util")]
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) operation: &'static Operation,
    pub(crate) attempt: u32,
}

/// Returns the request, marked with what a fake has to know of it.
#[cfg(feature = "test-util")]
pub(crate) fn marked(mut request: Request<Body>, operation: &'static Operation, attempt: u32) -> Request<Body> {
    request.extensions_mut().insert(Mark { operation, attempt });
    request
}
