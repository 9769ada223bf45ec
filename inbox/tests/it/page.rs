//! The page in a real browser: Chromium without a window, driven by ChromeDriver over WebDriver.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use axum::Router;
use axum::http::{Request, StatusCode};
use axum::response::Html;
use axum::routing::get;
use novamed_inbox::page::{Action, Page};
use novamed_inbox::{HandlingError, SqliteInbox, Store, Workers};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::deliveries::{Place, id, store};
use crate::front::Process;
use crate::server::example;
use crate::workers::drained;

/// Set where Chromium and ChromeDriver are installed and to be tested with.
const ASKED: &str = "NOVAMED_TEST_BROWSER";
/// Names a folder for pictures of the page.
const PICTURES: &str = "NOVAMED_TEST_PICTURES";
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];
/// What the handler says, of which nothing may be on a page that nobody allowed to reveal.
const SAID: &str = "<b>Jane Doe</b> moved";

/// A browser with one window.
struct Browser {
    _driver: Process,
    _profile: TempDir,
    address: SocketAddr,
    session: String,
}

impl Browser {
    /// Starts one, or says that the test is skipped.
    async fn start() -> Option<Self> {
        if env::var_os(ASKED).is_none() {
            println!("skipped: {ASKED} isn't set; `cargo xtask ci --only page` sets it");
            return None;
        }
        let profile = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let folder = format!("--user-data-dir={}", profile.path().display());
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).stdin(Stdio::null()).stdout(Stdio::null());
        let driver = command.spawn().unwrap_or_else(|error| panic!("cannot run chromedriver: {error}"));
        let mut browser = Self {
            _driver: Process(driver),
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            session: String::new(),
            _profile: profile,
        };
        while TcpStream::connect(browser.address).await.is_err() {
            sleep(Duration::from_millis(20)).await;
        }
        let flags: Vec<&str> = FLAGS.iter().copied().chain([folder.as_str()]).collect();
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": { "args": flags } });
        let session = browser.ask("POST", "/session", &json!({ "capabilities": { "alwaysMatch": wanted } })).await;
        browser.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    /// Sends a command of WebDriver and returns its value.
    async fn ask(&self, method: &str, path: &str, value: &Value) -> Value {
        let body = if method == "GET" { String::new() } else { value.to_string() };
        let head = format!(
            "{method} {}{path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n",
            self.session,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all((head + &body).as_bytes()).await.unwrap();
        // ChromeDriver leaves the connection open.
        let mut stream = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            if line.trim().is_empty() {
                break;
            }
            let header = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            if let Some((_, value)) = header {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        let mut answer: Value = serde_json::from_slice(&body).unwrap();
        assert!(answer["value"]["error"].is_null(), "{path}: {}", answer["value"]);
        answer["value"].take()
    }

    async fn open(&self, url: &str) {
        self.ask("POST", "/url", &json!({ "url": url })).await;
    }

    async fn run(&self, script: &str) -> Value {
        self.ask("POST", "/execute/sync", &json!({ "script": format!("return {script}"), "args": [] })).await
    }

    async fn text(&self) -> String {
        self.run("document.body.innerText").await.as_str().unwrap().to_owned()
    }

    async fn press(&self, key: &str) {
        let keys = json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        self.ask("POST", "/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": keys }] })).await;
    }

    /// Goes on with the Tab key to the button or link that reads so, and presses Enter.
    async fn press_by_keyboard(&self, label: &str) {
        for _ in 0..20 {
            self.press("\u{e004}").await;
            if self.run("document.activeElement.innerText").await.as_str().is_some_and(|text| text.starts_with(label)) {
                return self.press("\u{e007}").await;
            }
        }
        panic!("the Tab key doesn't reach `{label}`");
    }

    async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": true });
        self.emulate("Emulation.setDeviceMetricsOverride", size).await;
    }

    async fn emulate(&self, command: &str, values: Value) {
        self.ask("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": values })).await;
    }

    /// Keeps a picture, where a folder for it is named.
    async fn picture(&self, name: &str) {
        let Ok(folder) = env::var(PICTURES) else { return };
        let picture = self.ask("GET", "/screenshot", &Value::Null).await;
        fs::write(format!("{folder}/{name}.png.base64"), picture.as_str().unwrap()).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Without this, the browser would outlive its driver.
        let Ok(mut stream) = std::net::TcpStream::connect(self.address) else { return };
        let head = format!("DELETE {} HTTP/1.1\r\nhost: localhost\r\n\r\n", self.session);
        if stream.write_all(head.as_bytes()).is_ok() {
            drop(stream.read(&mut [0; 64]));
        }
    }
}

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
    let text = browser.text().await;
    assert!(text.contains(SAID) && text.contains(&id("a")), "{text}");
    browser.picture("letter").await;
    browser.open(&url).await;
    browser.press_by_keyboard("Retry").await;
    assert!(browser.text().await.contains("None."));
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
        assert!(browser.text().await.contains("comes from another site"));
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
    assert!(browser.text().await.contains("None."));
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
