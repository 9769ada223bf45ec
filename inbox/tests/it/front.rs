//! The environment of an inbox: its HTTP server, NovaMed's side of a delivery, and processes.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use novamed::webhooks::{Inbox, Receiver};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// The secret in all tests.
pub const SECRET: &str = "a-secret-of-the-tests";
/// The path for deliveries.
pub const PATH: &str = "/webhooks/novamed";

/// Starts a server for an inbox within this process, and returns where it listens.
pub async fn serve(inbox: impl Inbox) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Receiver::new(SECRET).unwrap().deliver_to(inbox).into_router(PATH);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Delivers a body and returns the status, if one was received.
pub async fn post(address: SocketAddr, secret: &str, body: &str) -> Option<u16> {
    let delivery = async {
        let mut stream = TcpStream::connect(address).await.ok()?;
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {secret}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.ok()?;
        stream.write_all(body.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
    };
    // NovaMed waits for 5 seconds.
    timeout(Duration::from_secs(5), delivery).await.ok().flatten()
}

/// A process that is killed with the test.
pub struct Process(pub Child);

impl Process {
    /// Starts a program whose standard input stays open for as long as the test lives.
    pub fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap())
    }

    /// Waits for the line with the process's address. Later output is dropped.
    pub fn address(&mut self) -> SocketAddr {
        let mut lines = BufReader::new(self.0.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("the process listens before it ends").unwrap();
            // The test harness may have written to the same line.
            if let Some((_, address)) = line.split_once("listening on ") {
                break address.parse().unwrap();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        address
    }

    /// Freezes the process for a time, like a paused container.
    pub fn freeze(&self, time: Duration) {
        let signal = |name: &str| {
            let sent = Command::new("kill").args([name, &*self.0.id().to_string()]).status();
            assert!(sent.unwrap().success());
        };
        signal("-STOP");
        std::thread::sleep(time);
        signal("-CONT");
    }

    /// Ends the process like a crash, without any cleanup (`kill -9`).
    pub fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
