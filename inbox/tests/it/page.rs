//! The page in a real browser.

use std::process::Command;

use axum::Router;
use axum::http::{Request, StatusCode};
use axum::response::Html;
use axum::routing::get;
use novamed_inbox::page::{Action, Page};
use novamed_inbox::{HandlingError, SqliteInbox, Store, Workers};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::browser::Browser;
use crate::deliveries::{Place, id, store};
use crate::front::Process;
use crate::server::example;
use crate::workers::drained;

/// What the handler says, of which nothing may be on a page that nobody allowed to reveal.
const SAID: &str = "<b>Jane Doe</b> moved";

/// Makes an inbox with a dead letter of the order `a`, and one event behind it.
async fn inbox(place: &Place) -> SqliteInbox {
    let inbox = place.open().await;
    store(&inbox, "filled", "a").await;
    let workers = Workers::new(inbox.clone());
    workers.run_until(drained(&inbox), |_| async { Err(HandlingError::give_up(SAID)) }).await.unwrap();
    store(&inbox, "verified", "b").await;
    inbox
}

/// Serves a router on loopback.
async fn serve(router: Router) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

async fn serve_page(page: Page<SqliteInbox>) -> String {
    let port = serve(Router::new().nest("/inbox", page.into_router())).await;
    format!("http://127.0.0.1:{port}/inbox")
}

#[tokio::test]
async fn page_can_only_be_read_by_default_and_shows_nothing_of_a_delivery() {
    let Some(browser) = Browser::start().await else { return };
    let place = Place::new();
    let url = serve_page(Page::new(inbox(&place).await)).await;
    browser.open(&url).await;
    let text = browser.text().await;
    for part in
        ["Waiting", "Dead letters", "medication_order:filled", "the handler failed", "This page can only be read"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    browser.picture("overview").await;
    browser.press_by_keyboard("1").await;
    assert!(browser.text().await.contains("Dead letter 1"));
    for path in ["", "/letters/1"] {
        browser.open(&format!("{url}{path}")).await;
        let source = browser.ask("GET", "/source", &Value::Null).await;
        let source = source.as_str().unwrap();
        assert!(!source.contains("Jane") && !source.contains(&id("a")) && !source.contains("<button"), "{source}");
    }
}

#[tokio::test]
async fn dead_letter_is_looked_at_and_retried_by_keyboard() {
    let Some(browser) = Browser::start().await else { return };
    let place = Place::new();
    let inbox = inbox(&place).await;
    let url = serve_page(Page::new(inbox.clone()).allow(|_, _| true)).await;
    browser.open(&format!("{url}/letters/1")).await;
    browser.press_by_keyboard("Show the delivery").await;
    let text = browser.shows(SAID).await;
    assert!(text.contains(SAID) && text.contains(&id("a")), "{text}");
    browser.picture("letter").await;
    browser.open(&url).await;
    browser.press_by_keyboard("Retry").await;
    browser.shows("None.").await;
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.dead), (2, 0));
}

#[tokio::test]
async fn page_fits_on_a_phone_in_the_light_and_in_the_dark() {
    let Some(browser) = Browser::start().await else { return };
    let place = Place::new();
    let url = serve_page(Page::new(inbox(&place).await).allow(|_, _| true)).await;
    browser.resize(360, 740).await;
    let mut papers = Vec::new();
    for scheme in ["light", "dark"] {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.emulate("Emulation.setEmulatedMedia", features).await;
        for path in ["", "/letters/1"] {
            browser.open(&format!("{url}{path}")).await;
            assert_eq!(browser.run("document.documentElement.scrollWidth <= innerWidth").await, json!(true));
            browser.picture(&format!("phone-{scheme}{}", path.replace('/', "-"))).await;
        }
        papers.push(browser.run("getComputedStyle(document.body).backgroundColor").await);
    }
    assert_ne!(papers[0], papers[1]);
}

#[tokio::test]
async fn another_site_can_do_nothing() {
    let Some(browser) = Browser::start().await else { return };
    let place = Place::new();
    let inbox = inbox(&place).await;
    let url = serve_page(Page::new(inbox.clone()).allow(|_, _| true)).await;
    let trap = format!("<form method=post action='{url}/letters/1/retry'><button>Win a prize</button></form>");
    let port = serve(Router::new().route("/", get(|| async { Html(trap) }))).await;
    for host in ["127.0.0.1", "localhost"] {
        browser.open(&format!("http://{host}:{port}/")).await;
        browser.press_by_keyboard("Win").await;
        browser.shows("comes from another site").await;
        assert_eq!(inbox.counts().await.unwrap().dead, 1);
    }
}

/// The example: who has no password sees nothing, and what others may do depends on who they are.
#[tokio::test]
async fn example_asks_for_a_password_and_lets_an_operator_retry() {
    let Some(browser) = Browser::start().await else { return };
    let place = Place::new();
    let inbox = inbox(&place).await;
    let mut command = Command::new(example("operator_page"));
    command.arg(place.path()).arg("127.0.0.1:0").env("NOVAMED_OPERATOR_PASSWORD", "a password of tests");
    let mut server = Process::start(&mut command);
    let address = server.address();
    browser.open(&format!("http://operator:wrong@{address}/inbox")).await;
    assert!(!browser.text().await.contains("Dead letter"));
    browser.open(&format!("http://reader:a%20password%20of%20tests@{address}/")).await;
    let text = browser.text().await;
    assert!(text.contains("Dead letters") && text.contains("This page can only be read"), "{text}");
    browser.open(&format!("http://operator:a%20password%20of%20tests@{address}/inbox/letters/1")).await;
    let text = browser.text().await;
    assert!(!text.contains("Show the delivery"), "{text}");
    browser.press_by_keyboard("Retry").await;
    browser.shows("None.").await;
    assert_eq!(inbox.counts().await.unwrap().dead, 0);
}

/// What a request is answered that needs no browser.
#[tokio::test]
async fn app_decides_who_may_do_what() {
    use tower_service::Service;

    let place = Place::new();
    let inbox = inbox(&place).await;
    let allows = |request: &axum::http::request::Parts, action| match action {
        Action::Reveal => false,
        _ => request.headers.contains_key("x-operator"),
    };
    let mut router = Router::new().nest("/inbox", Page::new(inbox.clone()).allow(allows).into_router());
    let mut ask = async |path: &str, headers: &[(&str, &str)]| {
        let request = headers.iter().fold(Request::post(path), |it, (name, value)| it.header(*name, *value));
        router.call(request.body(axum::body::Body::empty()).unwrap()).await.unwrap().status()
    };
    let own = ("sec-fetch-site", "same-origin");
    let operator = ("x-operator", "1");
    assert_eq!(ask("/inbox/letters/1/retry", &[own]).await, StatusCode::FORBIDDEN);
    assert_eq!(ask("/inbox/letters/1/retry", &[operator]).await, StatusCode::FORBIDDEN);
    assert_eq!(ask("/inbox/letters/1/reveal", &[own, operator]).await, StatusCode::FORBIDDEN);
    assert_eq!(ask("/inbox/letters/2/retry", &[own, operator]).await, StatusCode::NOT_FOUND);
    assert_eq!(ask("/inbox/letters/1/eat", &[own, operator]).await, StatusCode::NOT_FOUND);
    assert_eq!(inbox.counts().await.unwrap().dead, 1);
    assert_eq!(ask("/inbox/letters/1/discard", &[own, operator]).await, StatusCode::SEE_OTHER);
    assert_eq!(inbox.counts().await.unwrap().dead, 0);
}
