//! Random deliveries: nothing panics, and nothing is stored that arrived without the key.

use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use novamed::body::Body;
use novamed::webhooks::Incoming;
use proptest::collection::vec;
use proptest::prelude::*;
use tower_service::Service;

use super::{Manner, Notes, SECRET, deliveries, receiver};

/// A key that is right about half of the time.
fn key() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => Just(SECRET.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..40),
        1 => (0..SECRET.len()).prop_map(|end| SECRET.as_bytes()[..end].to_vec()),
        1 => (0..SECRET.len(), any::<u8>()).prop_map(|(at, byte)| {
            let mut key = SECRET.as_bytes().to_vec();
            key[at] = byte;
            key
        }),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = prop_oneof![
        4 => Just("x-api-key".to_owned()),
        1 => Just("content-length".to_owned()),
        1 => Just("content-type".to_owned()),
        1 => "[a-z-]{1,12}",
    ];
    vec((name, key()), 0..4)
}

/// Bytes of any kind, and examples with a few bytes changed.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let examples: Vec<Vec<u8>> = deliveries().iter().map(|it| it.value.to_string().into_bytes()).collect();
    let changes = vec((any::<prop::sample::Index>(), any::<u8>()), 0..3);
    prop_oneof![
        1 => vec(any::<u8>(), 0..200),
        1 => "[\\[\\]{}\":,a-z0-9 ]{0,60}".prop_map(String::into_bytes),
        1 => (1..2000_usize).prop_map(|depth| [b"{\"event_data\":".to_vec(), b"[".repeat(depth)].concat()),
        4 => (prop::sample::select(examples), changes).prop_map(|(mut body, changes)| {
            for (at, byte) in changes {
                let at = at.index(body.len());
                body[at] = byte;
            }
            body
        }),
    ]
}

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![8 => Just(Method::POST), 1 => Just(Method::GET), 1 => Just(Method::PUT)]
}

/// Returns the status of a delivery, and what was stored.
fn deliver(runtime: &tokio::runtime::Runtime, request: Request<Body>) -> (StatusCode, Vec<Incoming>) {
    let inbox = Notes::new(Manner::Keep);
    let mut service = receiver().max_body_bytes(2048).deliver_to(inbox.clone());
    let answer = runtime.block_on(async move { service.call(request).await }).expect("it cannot fail");
    (answer.status(), inbox.take())
}

#[test]
fn nothing_is_kept_that_did_not_come_with_the_key() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("there is a runtime");
    let config = ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() };
    let mut seen = std::collections::BTreeSet::new();
    let seen_statuses = std::cell::RefCell::new(&mut seen);
    proptest!(config, |(method in method(), headers in headers(), body in body())| {
        let mut request = Request::new(Body::from(body.clone()));
        *request.method_mut() = method.clone();
        for (name, value) in &headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value)) {
                request.headers_mut().append(name, value);
            }
        }
        let keys: Vec<&[u8]> = request.headers().get_all("x-api-key").iter().map(HeaderValue::as_bytes).collect();
        let is_right = keys == [SECRET.as_bytes()];
        let (status, kept) = deliver(&runtime, request);
        seen_statuses.borrow_mut().insert(status.as_u16());
        prop_assert!(kept.is_empty() || is_right);
        prop_assert_eq!(status == StatusCode::OK, kept.len() == 1);
        prop_assert_eq!(status == StatusCode::METHOD_NOT_ALLOWED, method != Method::POST);
        prop_assert!(status != StatusCode::UNAUTHORIZED || !is_right);
        prop_assert!(kept.iter().all(|delivery| delivery.body() == &body[..]));
    });
    assert!(seen.is_superset(&[200, 401, 405].into()), "the deliveries are too much alike: {seen:?}");
}
