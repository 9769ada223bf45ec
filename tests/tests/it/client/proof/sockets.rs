//! The same over real sockets: a server that counts how often it acts, and closes its connections at a chosen place.
//! Nothing depends on timing: the server's actions are the triggers.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use novamed::{Client, Delivery};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Subject, subjects};
use crate::client::Sight;
use crate::client::server::{Reply, read};

/// Where the server stops, and what it answers.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    /// The connection was accepted, and nothing was read.
    Accepted,
    /// A part of the request was read.
    HalfRead,
    Read,
    Acted,
    InStatus,
    InHead,
    InBody,
    Busy,
    Refused,
    Failed,
    Page,
    Garbage,
    SaysFailed,
    /// It answers and closes the connection, which the client keeps until it notices.
    Answered,
    /// It answers, and continues with the next request on the same connection.
    Kept,
}

const PLACES: [Place; 16] = [
    Place::Accepted,
    Place::Answered,
    Place::HalfRead,
    Place::Read,
    Place::Kept,
    Place::Acted,
    Place::InStatus,
    Place::InHead,
    Place::Kept,
    Place::InBody,
    Place::Busy,
    Place::Refused,
    Place::Failed,
    Place::Page,
    Place::Garbage,
    Place::SaysFailed,
];

const PASSING: [Place; 12] = [
    Place::Accepted,
    Place::HalfRead,
    Place::Answered,
    Place::Read,
    Place::Acted,
    Place::Kept,
    Place::InStatus,
    Place::InHead,
    Place::Answered,
    Place::InBody,
    Place::Failed,
    Place::Kept,
];

struct Server {
    places: &'static [Place],
    success: &'static Value,
    /// The number of places so far.
    turns: usize,
    /// How often the current call acted.
    acts: usize,
}

impl Server {
    fn next(&mut self) -> Place {
        self.turns += 1;
        self.places[self.turns % self.places.len()]
    }
}

fn lock(server: &Mutex<Server>) -> MutexGuard<'_, Server> {
    server.lock().expect("no test panics in the lock")
}

async fn converse(mut stream: TcpStream, server: Arc<Mutex<Server>>) {
    loop {
        let place = lock(&server).next();
        match place {
            Place::Accepted => return,
            Place::HalfRead => {
                stream.read_exact(&mut [0; 60]).await.ok();
                return;
            }
            _ => {}
        }
        if read(&mut stream).await.is_none() {
            return;
        }
        if !matches!(place, Place::Read | Place::Busy | Place::Refused | Place::SaysFailed) {
            lock(&server).acts += 1;
        }
        let own = |status, code: &str| {
            Reply::json(status, &json!({"success": false, "error": {"message": "m", "code": code}})).bytes
        };
        let fine = Reply::json(200, lock(&server).success).bytes;
        let bytes = match place {
            Place::Accepted | Place::HalfRead | Place::Read | Place::Acted => Vec::new(),
            Place::InStatus => fine[..10].to_vec(),
            Place::InHead => fine[..30].to_vec(),
            Place::InBody => fine[..fine.len() - 4].to_vec(),
            Place::Busy => own(429, "RATE_LIMIT_EXCEEDED"),
            Place::Refused => own(404, "NOT_FOUND"),
            Place::Failed => own(500, "INTERNAL_ERROR"),
            Place::Page => Reply::whole(502, &[], b"<html>").bytes,
            Place::Garbage => Reply::whole(200, &[], b"<html>").bytes,
            Place::SaysFailed => own(200, "NOT_FOUND"),
            Place::Answered | Place::Kept => fine,
        };
        stream.write_all(&bytes).await.ok();
        if place != Place::Kept {
            stream.shutdown().await.ok();
            return;
        }
    }
}

async fn start(subject: Subject, places: &'static [Place]) -> (Arc<Mutex<Server>>, Client) {
    let server = Arc::new(Mutex::new(Server { places, success: subject.success, turns: 0, acts: 0 }));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let url = format!("http://{}", listener.local_addr().expect("a listener has an address"));
    let serving = Arc::clone(&server);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, Arc::clone(&serving)));
        }
    });
    let builder = Sight::Development.builder(&url).max_retries(3).retry_budget(u32::MAX);
    (server, builder.retry_delay(Duration::from_nanos(1)).build().expect("the configuration is right"))
}

#[tokio::test]
async fn no_create_acts_twice_over_real_sockets() {
    for subject in subjects(false) {
        let (server, client) = start(subject, &PLACES).await;
        let mut deliveries = Vec::new();
        for number in 0..100 {
            lock(&server).acts = 0;
            let result = subject.call(&client).await;
            let acts = lock(&server).acts;
            let what = format!("{} {number}", subject.id);
            match &result {
                Ok(()) => assert_eq!(acts, 1, "{what}"),
                Err(error) if error.delivery() == Delivery::Unknown => assert!(acts <= 1, "{what}: {error}"),
                Err(error) => assert_eq!(acts, 0, "{what}: {error}"),
            }
            deliveries.push(result.err().map(|error| error.delivery()));
        }
        assert!(lock(&server).turns > 100, "{}: the server stopped everywhere", subject.id);
        for delivery in [None, Some(Delivery::Refused), Some(Delivery::Unknown)] {
            assert!(deliveries.contains(&delivery), "{}: {delivery:?} did not happen", subject.id);
        }
    }
}

#[tokio::test]
async fn every_read_succeeds_over_real_sockets_once_the_server_has_recovered() {
    for subject in subjects(true) {
        let (server, client) = start(subject, &PASSING).await;
        for number in 0..60 {
            // One of any four consecutive places is an answer.
            if let Err(error) = subject.call(&client).await {
                panic!("{} {number}: {error}", subject.id);
            }
        }
        assert!(lock(&server).turns > 100, "{}: the server stopped everywhere", subject.id);
    }
}
