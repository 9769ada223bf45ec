//! How much is read, and for how long.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{App, Manner, SECRET, answered, delivery, head, receiver};

const CHUNKED: &str = "transfer-encoding: chunked";

fn headers(rest: &str) -> String {
    head("POST /webhooks", &format!("x-api-key: {SECRET}\r\n{rest}"))
}

#[tokio::test]
async fn a_body_that_says_that_it_is_too_large_is_not_waited_for() {
    let app = App::start(receiver(), Manner::Keep).await;
    assert_eq!(app.send(&headers("content-length: 1048577"), b"").await, 413);
    assert!(app.inbox.take().is_empty());
}

#[tokio::test]
async fn a_body_of_the_limit_is_taken() {
    let body = delivery("shipment:created").to_string();
    let app = App::start(receiver().max_body_bytes(body.len()), Manner::Keep).await;
    assert_eq!(app.deliver(SECRET, body.as_bytes()).await, 200);
    assert_eq!(app.deliver(SECRET, (body.clone() + " ").as_bytes()).await, 413);
    let chunk = |piece: &[u8]| format!("{:x}\r\n{}\r\n", piece.len(), String::from_utf8_lossy(piece));
    let chunks: String = body.as_bytes().chunks(7).map(chunk).collect();
    assert_eq!(app.send(&headers(CHUNKED), (chunks.clone() + "0\r\n\r\n").as_bytes()).await, 200);
    assert_eq!(app.send(&headers(CHUNKED), (chunks + "1\r\n \r\n").as_bytes()).await, 413);
    assert_eq!(app.inbox.take().len(), 2);
}

#[tokio::test]
async fn the_default_limit_is_a_mebibyte() {
    let app = App::start(receiver(), Manner::Keep).await;
    let mut body = delivery("shipment:created").to_string();
    body += &" ".repeat((1 << 20) - body.len());
    assert_eq!(app.deliver(SECRET, body.as_bytes()).await, 200);
    assert_eq!(app.inbox.take()[0].body().len(), 1 << 20);
}

#[tokio::test]
async fn an_endless_body_is_cut_off_at_the_limit() {
    let app = App::start(receiver(), Manner::Keep).await;
    let connection = TcpStream::connect(app.address).await.expect("the app listens");
    let (mut read, mut write) = connection.into_split();
    let endless = tokio::spawn(async move {
        let mut sent = write.write_all(headers(CHUNKED).as_bytes()).await;
        let chunk = format!("1000\r\n{}\r\n", " ".repeat(4096));
        while sent.is_ok() {
            sent = write.write_all(chunk.as_bytes()).await;
        }
    });
    let mut status = [0; 12];
    let answer = tokio::io::AsyncReadExt::read_exact(&mut read, &mut status).await;
    assert!(answer.is_ok(), "the app answers");
    assert_eq!(&status, b"HTTP/1.1 413");
    drop(read);
    endless.await.expect("the app hangs up");
    assert!(app.inbox.take().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_is_given_up_before_the_sender_does() {
    let app = App::start(receiver(), Manner::Keep).await;
    let body = delivery("shipment:created").to_string();
    let head = headers(&format!("content-length: {}", body.len()));
    assert_eq!(app.send(&head, &body.as_bytes()[..20]).await, 408);

    let mut connection = TcpStream::connect(app.address).await.expect("the app listens");
    let (mut read, mut write) = connection.split();
    let drip = async {
        let mut sent = write.write_all(head.as_bytes()).await;
        for byte in body.as_bytes() {
            if sent.is_err() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(900)).await;
            sent = write.write_all(&[*byte]).await;
        }
        std::future::pending::<()>().await;
    };
    let mut status = [0; 12];
    tokio::select! {
        () = drip => {}
        _ = tokio::io::AsyncReadExt::read_exact(&mut read, &mut status) => {}
    }
    assert_eq!(&status, b"HTTP/1.1 408");
    assert!(app.inbox.take().is_empty());
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_kept() {
    let app = App::start(receiver(), Manner::Keep).await;
    let mut connection = TcpStream::connect(app.address).await.expect("the app listens");
    let sent = headers("content-length: 400") + "{\"event_name\":\"shipment:created\"";
    connection.write_all(sent.as_bytes()).await.expect("the app reads");
    connection.shutdown().await.expect("the app reads");
    let mut rest = Vec::new();
    let _hung_up = tokio::io::AsyncReadExt::read_to_end(&mut connection, &mut rest).await;
    assert!(!rest.starts_with(b"HTTP/1.1 200"));
    // The app continues.
    assert_eq!(app.deliver(SECRET, delivery("shipment:created").to_string().as_bytes()).await, 200);
    assert_eq!(app.inbox.take().len(), 1);
    let mut connection = TcpStream::connect(app.address).await.expect("the app listens");
    connection.write_all(headers("content-length: 2").as_bytes()).await.expect("the app reads");
    connection.write_all(b"{}").await.expect("the app reads");
    assert_eq!(answered(&mut connection).await, 200);
}
