//! A real browser: Chromium without a window, driven by ChromeDriver over WebDriver. The sandbox's tests also include
//! this file.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

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

/// A browser with one window.
pub struct Browser {
    driver: Child,
    _profile: TempDir,
    address: SocketAddr,
    session: String,
}

impl Browser {
    /// Starts one, or says that the test is skipped.
    pub async fn start() -> Option<Self> {
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
            driver,
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
    pub async fn ask(&self, method: &str, path: &str, value: &Value) -> Value {
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

    pub async fn open(&self, url: &str) {
        self.ask("POST", "/url", &json!({ "url": url })).await;
    }

    pub async fn run(&self, script: &str) -> Value {
        self.ask("POST", "/execute/sync", &json!({ "script": format!("return {script}"), "args": [] })).await
    }

    pub async fn text(&self) -> String {
        self.run("document.body.innerText").await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows this text, and returns all of its text.
    pub async fn shows(&self, part: &str) -> String {
        for _ in 0..100 {
            let text = self.text().await;
            if text.contains(part) {
                return text;
            }
            sleep(Duration::from_millis(100)).await;
        }
        panic!("the page doesn't show `{part}`: {}", self.text().await);
    }

    async fn press(&self, key: &str) {
        let keys = json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        self.ask("POST", "/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": keys }] })).await;
    }

    /// Goes on with the Tab key to the button or link that reads so, and presses Enter.
    pub async fn press_by_keyboard(&self, label: &str) {
        for _ in 0..60 {
            self.press("\u{e004}").await;
            if self.run("document.activeElement.innerText").await.as_str().is_some_and(|text| text.starts_with(label)) {
                return self.press("\u{e007}").await;
            }
        }
        panic!("the Tab key doesn't reach `{label}`");
    }

    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": true });
        self.emulate("Emulation.setDeviceMetricsOverride", size).await;
    }

    pub async fn emulate(&self, command: &str, values: Value) {
        self.ask("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": values })).await;
    }

    /// Keeps a picture, where a folder for it is named.
    pub async fn picture(&self, name: &str) {
        let Ok(folder) = env::var(PICTURES) else { return };
        let picture = self.ask("GET", "/screenshot", &Value::Null).await;
        fs::write(format!("{folder}/{name}.png.base64"), picture.as_str().unwrap()).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Without this, the browser would outlive its driver.
        if let Ok(mut stream) = std::net::TcpStream::connect(self.address) {
            let head = format!("DELETE {} HTTP/1.1\r\nhost: localhost\r\n\r\n", self.session);
            if stream.write_all(head.as_bytes()).is_ok() {
                drop(stream.read(&mut [0; 64]));
            }
        }
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}
