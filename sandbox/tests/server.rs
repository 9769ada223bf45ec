//! Requests and deliveries over loopback.

use novamed_sandbox::Sandbox;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn post(sandbox: &Sandbox, key: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(sandbox.base_url().trim_start_matches("http://")).await.unwrap();
    let length = body.len();
    let head = format!(
        "POST /api/external/{path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {key}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn requests_are_answered_and_events_delivered() {
    let sandbox = Sandbox::start().await.unwrap();
    assert!(post(&sandbox, "wrong", "webhook", "{}").await.starts_with("HTTP/1.1 401"));
    assert!(post(&sandbox, sandbox.key(), "webhook", "{").await.starts_with("HTTP/1.1 400"));
    let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/hook", receiver.local_addr().unwrap().port());
    let clinic = sandbox.state().clinic().to_owned();
    let webhook = json!({ "clinic_id": clinic, "webhook_url": url }).to_string();
    assert!(post(&sandbox, sandbox.key(), "webhook", &webhook).await.starts_with("HTTP/1.1 200"));
    let practitioner = json!({
        "first_name": "Ada", "last_name": "Moss", "email": "ada@clinic.example", "npi": "1234567890",
        "is_veterinarian": false, "assigned_clinic": clinic, "address_line_1": "1 Main St", "city": "Austin",
        "state_code": "TX", "zip_code": "73301",
    });
    let answer = post(&sandbox, sandbox.key(), "practitioner", &practitioner.to_string()).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (mut stream, _) = receiver.accept().await.unwrap();
    let mut delivery = String::new();
    while !delivery.contains("practitioner:activated") {
        let mut bytes = [0; 1024];
        let read = stream.read(&mut bytes).await.unwrap();
        assert!(read > 0, "{delivery}");
        delivery.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
    }
    assert!(delivery.starts_with("POST /hook ") && delivery.contains("x-api-key: whsec_sandbox"));
}
