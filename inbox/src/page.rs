//! By the feature `page`: a web page that shows an inbox, for an app to mount: [`Page`].
//!
//! What is shown is written by `html`. Nothing of a delivery is on it, and nothing that a handler said,
//! unless the app allows it and the reader asks for it.

mod html;

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{OriginalUri, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

use crate::StoreError;
use crate::store::{DeadLetterId, Store};
use html::Overview;

/// How many dead letters are on one page, and how many events that wait.
const LETTERS: u32 = 50;
const WAITING: u32 = 20;

/// A page that shows how much waits and since when, and the dead letters with their reasons.
///
/// It can only be read, and shows nothing of a delivery, until the app [allows](Self::allow) more. It
/// asks nobody who they are: mount it where the app's own login is in front of it.
///
/// ```
/// # fn f(inbox: novamed_inbox::SqliteInbox) -> axum::Router {
/// use novamed_inbox::page::{Action, Page};
///
/// let page = Page::new(inbox).allow(|request, action| match action {
///     // Whatever the app's login left in the request.
///     Action::Retry | Action::Discard => request.extensions.get::<Operator>().is_some(),
///     _ => false,
/// });
/// axum::Router::new().nest("/inbox", page.into_router())
/// # }
/// # #[derive(Clone)]
/// # struct Operator;
/// ```
///
/// Requests that change or reveal something must come from the page itself: those of other sites are
/// refused by what the browser says of their origin.
#[derive(Clone)]
pub struct Page<S> {
    inbox: S,
    allows: Arc<Authorizer>,
}

/// Says whether a request may have an action done.
type Authorizer = dyn Fn(&Parts, Action) -> bool + Send + Sync;

/// What a reader of the page may want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Have a dead letter handled once more.
    Retry,
    /// Remove a dead letter for good.
    Discard,
    /// See a delivery and what the handler said of it: personal data.
    Reveal,
}

impl<S> fmt::Debug for Page<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page").finish_non_exhaustive()
    }
}

impl<S: Store> Page<S> {
    /// Shows this inbox, to be read alone.
    #[must_use]
    pub fn new(inbox: S) -> Self {
        Self { inbox, allows: Arc::new(|_, _| false) }
    }

    /// Allows those actions for which the function returns true. It is asked with each request, for each
    /// action that the page offers.
    #[must_use]
    pub fn allow(mut self, allows: impl Fn(&Parts, Action) -> bool + Send + Sync + 'static) -> Self {
        self.allows = Arc::new(allows);
        self
    }

    /// Returns the routes, to be nested at a path of the app.
    pub fn into_router(self) -> Router {
        Router::new()
            .route("/", get(overview::<S>))
            .route("/style.css", get(style))
            .route("/letters/{id}", get(letter::<S>))
            .route("/letters/{id}/{action}", post(act::<S>))
            .layer(map_response(protect))
            .with_state(self)
    }

    fn may(&self, parts: &Parts) -> Allowed {
        let may = |action| (self.allows)(parts, action);
        Allowed { retry: may(Action::Retry), discard: may(Action::Discard), reveal: may(Action::Reveal) }
    }
}

/// What the reader is offered.
#[derive(Clone, Copy)]
struct Allowed {
    retry: bool,
    discard: bool,
    reveal: bool,
}

/// The page couldn't be made, or something was refused.
struct Refusal(StatusCode, String);

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Html(html::refusal(&self.1))).into_response()
    }
}

async fn overview<S: Store>(
    State(page): State<Page<S>>,
    OriginalUri(uri): OriginalUri,
    parts: Parts,
) -> Result<Html<String>, Refusal> {
    let counts = page.inbox.counts().await?;
    let after = uri.query().and_then(|query| query.strip_prefix("after=")?.parse().ok());
    let letters = page.inbox.dead_letters(after.map(DeadLetterId::new), LETTERS).await?;
    let waiting = page.inbox.waiting(None, WAITING).await?;
    let more = letters.last().filter(|_| letters.len() == LETTERS as usize).map(|letter| letter.id);
    let (base, may) = (base(uri.path()), page.may(&parts));
    Ok(Html(html::overview(&Overview { base, may, counts, letters: &letters, more, waiting: &waiting })))
}

async fn letter<S: Store>(
    State(page): State<Page<S>>,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<i64>,
    parts: Parts,
) -> Result<Html<String>, Refusal> {
    let letter = page.inbox.dead_letter(DeadLetterId::new(id)).await?.ok_or_else(missing)?;
    Ok(Html(html::letter(base(uri.path()), page.may(&parts), &letter, false)))
}

async fn act<S: Store>(
    State(page): State<Page<S>>,
    OriginalUri(uri): OriginalUri,
    Path((id, action)): Path<(i64, String)>,
    parts: Parts,
) -> Result<Response, Refusal> {
    let action = match action.as_str() {
        "retry" => Action::Retry,
        "discard" => Action::Discard,
        "reveal" => Action::Reveal,
        _ => return Err(Refusal(StatusCode::NOT_FOUND, "there is no such page".to_owned())),
    };
    if !comes_from_the_page(&parts) {
        return Err(Refusal(StatusCode::FORBIDDEN, "the request comes from another site".to_owned()));
    }
    if !(page.allows)(&parts, action) {
        return Err(Refusal(StatusCode::FORBIDDEN, "you may not do this".to_owned()));
    }
    let (id, base) = (DeadLetterId::new(id), base(uri.path()));
    let done = match action {
        Action::Retry => page.inbox.retry(id).await?,
        Action::Discard => page.inbox.discard(id).await?,
        Action::Reveal => {
            let letter = page.inbox.dead_letter(id).await?.ok_or_else(missing)?;
            return Ok(Html(html::letter(base, page.may(&parts), &letter, true)).into_response());
        }
    };
    if !done {
        return Err(missing());
    }
    let home = if base.is_empty() { "/" } else { base };
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, home.to_owned())]).into_response())
}

fn missing() -> Refusal {
    Refusal(StatusCode::NOT_FOUND, "there is no such dead letter any more".to_owned())
}

/// Returns the path that the page is mounted at, without a slash at its end.
fn base(path: &str) -> &str {
    match path.rfind("/letters/") {
        Some(at) => &path[..at],
        None => path.trim_end_matches('/'),
    }
}

/// Returns whether a browser sent this because of something on the page itself. A browser too old to
/// say so, and one that doesn't as the page comes over plain HTTP, names the origin.
fn comes_from_the_page(parts: &Parts) -> bool {
    let value = |name: &str| parts.headers.get(name).map(HeaderValue::as_bytes);
    if let Some(site) = value("sec-fetch-site") {
        return site == b"same-origin";
    }
    let origin = value("origin").and_then(|origin| {
        let at = origin.windows(3).position(|window| window == b"://")?;
        Some(&origin[at + 3..])
    });
    origin.is_some() && origin == value("host")
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("page/style.css"))
}

/// Keeps what is shown out of caches, frames and other sites, and scripts out of it.
async fn protect(mut response: Response) -> Response {
    const HEADERS: [(HeaderName, &str); 5] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn page_knows_where_it_is_mounted() {
        for (path, mounted) in [("/", ""), ("/inbox", "/inbox"), ("/a/letters/5", "/a"), ("/letters/5/retry", "")] {
            assert_eq!(base(path), mounted);
        }
    }

    #[test]
    fn requests_of_other_sites_are_told_from_those_of_the_page() {
        let comes = |headers: &[(&str, &str)]| {
            let request =
                headers.iter().fold(Request::post("/"), |request, (name, value)| request.header(*name, *value));
            comes_from_the_page(&request.body(()).unwrap().into_parts().0)
        };
        assert!(comes(&[("sec-fetch-site", "same-origin")]));
        assert!(comes(&[("origin", "http://app.internal:8080"), ("host", "app.internal:8080")]));
        for other in ["cross-site", "same-site", "none"] {
            assert!(!comes(&[("sec-fetch-site", other), ("origin", "http://app"), ("host", "app")]));
        }
        assert!(!comes(&[("origin", "http://evil.example"), ("host", "app.internal")]));
        assert!(!comes(&[("origin", "null"), ("host", "app.internal")]));
        assert!(!comes(&[("host", "app.internal")]));
        assert!(!comes(&[]));
    }
}
