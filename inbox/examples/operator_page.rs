//! Serves the operator's page of an inbox in a SQLite file, on this machine only.
//!
//! ```text
//! NOVAMED_OPERATOR_PASSWORD=… cargo run -p novamed-inbox --example operator_page --features page,encryption -- \
//!     inbox.db 127.0.0.1:8081
//! ```
//!
//! Everybody who reads the page has to name themselves, as the browser asks for a user and the password. `operator` may
//! retry and discard dead letters, `admin` may also see deliveries, and others can only read. An app mounts the page
//! behind its own login instead of [`log_in`]. The page runs next to the app, or in it.

use std::env;
use std::process::ExitCode;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use novamed_inbox::page::{Action, Page};
use novamed_inbox::{Keys, Server, SqliteInbox, SqliteOptions};
use program::Failure;
use ring::hmac;
use tokio::net::TcpListener;

mod program;

/// Who sent a request: what the login adds to it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct User(String);

#[tokio::main]
async fn main() -> ExitCode {
    program::ended(run().await)
}

async fn run() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "inbox.db".to_owned());
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8081".to_owned());
    let password = env::var("NOVAMED_OPERATOR_PASSWORD").map_err(|_| "NOVAMED_OPERATOR_PASSWORD is not set")?;
    if password.len() < 16 {
        return Err("NOVAMED_OPERATOR_PASSWORD is shorter than 16 characters".into());
    }

    let listener = TcpListener::bind(&address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    if !listener.local_addr()?.ip().is_loopback() {
        return Err("the page is only served on loopback: put a TLS proxy in front of it".into());
    }
    let options = Keys::from_env()?.into_iter().fold(SqliteInbox::options(), SqliteOptions::keys);
    let inbox = options.existing().open(&path).await.map_err(|error| format!("cannot open {path}: {error}"))?;

    let page = Page::new(inbox.clone()).allow(allows);
    let login = from_fn(move |request, next| log_in(password.clone(), request, next));
    let router = Router::new()
        .route("/", get(|| async { Redirect::to("/inbox") }))
        .nest("/inbox", page.into_router())
        .layer(login);
    println!("listening on {}", listener.local_addr()?);
    Server::new(inbox).receive(listener, router).run().await?;
    println!("stopped");
    Ok(())
}

/// The page's authorizer: it decides for each request whether an action is allowed.
fn allows(request: &Parts, action: Action) -> bool {
    let user = request.extensions.get::<User>().map(|user| user.0.as_str());
    match action {
        Action::Retry | Action::Discard => matches!(user, Some("operator" | "admin")),
        _ => user == Some("admin"),
    }
}

/// Lets requests through that have the password, and notes whose they are.
async fn log_in(password: String, mut request: Request, next: Next) -> Response {
    let Some(user) = user(&request, &password) else {
        let asked = [(header::WWW_AUTHENTICATE, r#"Basic realm="inbox", charset="UTF-8""#)];
        return (StatusCode::UNAUTHORIZED, asked, "the password is missing or wrong").into_response();
    };
    request.extensions_mut().insert(user);
    next.run(request).await
}

/// Returns the user, if the password is right.
fn user(request: &Request<Body>, password: &str) -> Option<User> {
    let (scheme, value) = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let login = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (name, given) = login.split_once(':')?;
    // Compares tags, which takes as long wherever the passwords differ.
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"password");
    let tag = hmac::sign(&key, password.as_bytes());
    let is_right = hmac::verify(&key, given.as_bytes(), tag.as_ref()).is_ok();
    (scheme.eq_ignore_ascii_case("basic") && is_right).then(|| User(name.to_owned()))
}
