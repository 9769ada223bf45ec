//! The feature `server`: what generated servers need to route, decode, check and answer requests.
//!
//! ```text
//! server::router(shop, &API, &PROPERTIES, vec![Route { facts: &GET_PET_FACTS, handler: |shop, input| Box::pin(get_pet(shop, input)) }])
//! ```
//!
//! A request is routed by its method and path, its credentials go to [`Authorize`], and then the generated function of the
//! operation decodes and checks it with [`Input`](input::Input). A request that breaks the document's rules never reaches
//! the implementation. Its response names the places that are wrong, and no values.
#![cfg(feature = "server")]

pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod content;
pub(crate) mod credentials;
pub(crate) mod failure;
pub(crate) mod input;
pub(crate) mod problem;
pub(crate) mod styled;
pub(crate) mod template;
pub(crate) mod tree;

use std::future::Future;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use http::{HeaderValue, Method, StatusCode, header};

use crate::runtime::api::{Api, Operation};
use crate::runtime::server::credentials::{Authorize, Credentials};
use crate::runtime::server::problem::Refused;
use crate::runtime::server::template::Template;

#[allow(unused_imports, reason = "they are for generated code")]
pub(crate) use crate::runtime::server::{
    call::Call, content::Content, content::Success, failure::Failure, input::Input, problem::fit,
};

/// A response of the server.
pub(crate) type Reply = http::Response<axum::body::Body>;

/// The generated function of an operation.
pub(crate) type Handler<A> = fn(Arc<A>, Input) -> Pin<Box<dyn Future<Output = Reply> + Send>>;

/// Writes an error in the type that is documented for a status, if it fits.
pub(crate) type Fit = fn(&serde_json::Value) -> Option<Vec<u8>>;

/// What a server has to know of an operation besides the facts that the client knows.
pub(crate) struct Facts {
    pub(crate) operation: &'static Operation,
    /// The status of a success, unless the implementation chooses another.
    pub(crate) status: u16,
    /// The documented media type of a success, where it is a single one.
    pub(crate) media_type: Option<&'static str>,
    /// The names of all query parameters.
    pub(crate) query: &'static [&'static str],
    /// The documented bodies of failures.
    pub(crate) failures: &'static [FailureFacts],
}

/// The documented body of a failure.
pub(crate) struct FailureFacts {
    pub(crate) statuses: RangeInclusive<u16>,
    pub(crate) media_type: &'static str,
    pub(crate) fit: Fit,
}

impl Facts {
    /// Returns the body that is documented for a status: of several, the one of the fewest statuses.
    pub(crate) fn failure(&self, status: StatusCode) -> Option<&'static FailureFacts> {
        let documented = self.failures.iter().filter(|failure| failure.statuses.contains(&status.as_u16()));
        documented.min_by_key(|failure| failure.statuses.end() - failure.statuses.start())
    }
}

/// An operation and the function that serves it.
pub(crate) struct Route<A> {
    pub(crate) facts: &'static Facts,
    pub(crate) handler: Handler<A>,
}

/// What all requests share.
struct Shared<A> {
    implementation: Arc<A>,
    api: &'static Api,
    properties: &'static [&'static str],
    /// The most specific path first.
    routes: Vec<(Template, Route<A>)>,
}

/// Returns a router that serves the operations. `properties` are the names of all properties of the document, sorted.
pub(crate) fn router<A: Authorize>(
    implementation: A,
    api: &'static Api,
    properties: &'static [&'static str],
    routes: Vec<Route<A>>,
) -> Router {
    let mut routes: Vec<(Template, Route<A>)> =
        routes.into_iter().map(|route| (Template::parse(route.facts.operation.path), route)).collect();
    routes.sort_by_cached_key(|(template, _)| template.order());
    let shared = Arc::new(Shared { implementation: Arc::new(implementation), api, properties, routes });
    Router::new().fallback(move |request: Request| serve(Arc::clone(&shared), request))
}

async fn serve<A: Authorize>(shared: Arc<Shared<A>>, request: Request) -> Reply {
    let (head, body) = request.into_parts();
    let matching = shared.routes.iter().filter_map(|(template, route)| {
        Some((route, template.matches(head.uri.path(), head.uri.query().unwrap_or_default())?))
    });
    let found: Vec<_> = matching.collect();
    let method = |route: &Route<A>| route.facts.operation.method.clone();
    let Some(index) = found.iter().position(|(route, _)| method(route) == head.method) else {
        return no_route(found.iter().map(|(route, _)| method(route)));
    };
    let (route, path) = &found[index];
    let credentials = Credentials::of(shared.api, route.facts.operation, &head);
    let mut input = Input::new(shared.api, shared.properties, route.facts, head, path.clone(), body);
    if !credentials.is_complete() {
        return input.refused(&Refused::new(StatusCode::UNAUTHORIZED, "Unauthorized: a credential is missing"));
    }
    let result = shared.implementation.authorize(&mut input.call, &credentials).await;
    match result {
        Ok(()) => (route.handler)(Arc::clone(&shared.implementation), input).await,
        Err(failure) => input.failed(failure),
    }
}

/// Returns the response to a request that no operation serves. `allowed` are the methods that the path has.
fn no_route(allowed: impl Iterator<Item = Method>) -> Reply {
    let allowed: Vec<String> = allowed.map(|method| method.to_string()).collect();
    if allowed.is_empty() {
        return Refused::new(StatusCode::NOT_FOUND, "no operation has this path").problem(&[]);
    }
    let mut reply = Refused::new(StatusCode::METHOD_NOT_ALLOWED, "no operation has this method").problem(&[]);
    if let Ok(allow) = HeaderValue::try_from(allowed.join(", ")) {
        reply.headers_mut().insert(header::ALLOW, allow);
    }
    reply
}
