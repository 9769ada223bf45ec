//! Whether each error's delivery is true, over real sockets: a server that counts what it does, and
//! cuts its connections at a chosen place. Nothing is timed: the server's own doing is the trigger.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::memory::{FINE, own};
use super::server::{answer, json, listen, read_request, serve};
use super::{CREATE, LIST, builder, client};
use crate::runtime::api::Operation;
use crate::runtime::call::style::Style;
use crate::runtime::client::Client;
use crate::runtime::error::{Delivery, Error};

#[tokio::test]
async fn each_status_with_the_apis_object_and_with_a_proxys_page() {
    for (status, own_delivery) in [
        ("400 Bad Request", Delivery::Refused),
        ("401 Unauthorized", Delivery::Refused),
        // Not documented for the operation.
        ("403 Forbidden", Delivery::Unknown),
        ("404 Not Found", Delivery::Refused),
        ("429 Too Many Requests", Delivery::Refused),
        ("500 Internal Server Error", Delivery::Unknown),
        ("502 Bad Gateway", Delivery::Unknown),
        ("503 Service Unavailable", Delivery::Unknown),
        ("504 Gateway Timeout", Delivery::Unknown),
    ] {
        let page = answer(status, "content-type: text/html\r\n", "<html><h1>no</h1></html>");
        for (bytes, delivery) in [(json(status, &own("RATE_LIMIT_EXCEEDED")), own_delivery), (page, Delivery::Unknown)]
        {
            let server = serve(bytes).await;
            let error = client(&server.url).call(&CREATE).json("application/json", &1).empty().await;
            let error = error.expect_err("the status is a failure");
            assert_eq!((error.delivery(), error.attempts()), (delivery, 1), "{status}");
            assert_eq!(server.requests().len(), 1);
        }
    }
}

/// Where the server stops, and what it sends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
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
    Answered,
}

const PLACES: [Place; 14] = [
    Place::Accepted,
    Place::HalfRead,
    Place::Read,
    Place::Acted,
    Place::InStatus,
    Place::InHead,
    Place::InBody,
    Place::Busy,
    Place::Refused,
    Place::Failed,
    Place::Page,
    Place::Garbage,
    Place::SaysFailed,
    Place::Answered,
];

#[derive(Default)]
struct Server {
    /// Connections so far.
    connections: usize,
    /// Which calls were acted on, each time.
    acts: Vec<String>,
    /// Where the connections stopped.
    places: Vec<Place>,
}

async fn converse(mut stream: TcpStream, server: Arc<Mutex<Server>>, places: &'static [Place]) {
    let place = {
        let mut server = server.lock().expect("no test panics in the lock");
        server.connections += 1;
        // Of 14 places and an odd stride, so that calls meet them in changing order.
        let place = places[server.connections * 5 % places.len()];
        server.places.push(place);
        place
    };
    if place == Place::Accepted {
        return;
    }
    if place == Place::HalfRead {
        stream.read_exact(&mut [0; 300]).await.ok();
        return;
    }
    let request = read_request(&mut stream).await;
    let call = request.split(['?', ' ']).nth(2).unwrap_or_default().to_owned();
    if !matches!(place, Place::Read | Place::Busy | Place::Refused | Place::SaysFailed) {
        server.lock().expect("no test panics in the lock").acts.push(call);
    }
    let fine = json("200 OK", FINE);
    let bytes = match place {
        Place::Accepted | Place::HalfRead | Place::Read | Place::Acted => String::new(),
        Place::InStatus => fine[..10].to_owned(),
        Place::InHead => fine[..30].to_owned(),
        Place::InBody => fine[..fine.len() - 4].to_owned(),
        Place::Busy => json("429 Too Many Requests", &own("RATE_LIMIT_EXCEEDED")),
        Place::Refused => json("404 Not Found", &own("NOT_FOUND")),
        Place::Failed => json("500 Internal Server Error", &own("INTERNAL_ERROR")),
        Place::Page => answer("502 Bad Gateway", "", "<html>"),
        Place::Garbage => json("200 OK", "<html>"),
        Place::SaysFailed => json("200 OK", &own("NOT_FOUND")),
        Place::Answered => fine,
    };
    stream.write_all(bytes.as_bytes()).await.ok();
    stream.shutdown().await.ok();
}

async fn start(places: &'static [Place]) -> (Arc<Mutex<Server>>, Client) {
    let server = Arc::<Mutex<Server>>::default();
    let serving = Arc::clone(&server);
    let url = listen(move |stream| converse(stream, Arc::clone(&serving), places)).await;
    let client = builder(&url).no_pacing().max_retries(3).retry_budget(u32::MAX).retry_delay(Duration::from_nanos(1));
    (server, client.build().expect("the configuration is right"))
}

async fn call(client: &Client, operation: &'static Operation, number: usize) -> Result<(), Error> {
    let call = client.call(operation).query("n", &number, Style::Form { explode: true });
    let simple = Style::Simple { explode: false };
    let call = if operation.path.contains('{') { call.path("carrierId", &1, simple) } else { call };
    // Long enough to be written in pieces.
    call.json("application/json", &"x".repeat(40_000)).data::<u8>().await.map(drop)
}

#[tokio::test]
async fn no_create_acts_twice_over_real_sockets() {
    let (server, client) = start(&PLACES).await;
    let mut deliveries = Vec::new();
    for number in 0..150 {
        let result = call(&client, &CREATE, number).await;
        let server = server.lock().expect("no test panics in the lock");
        let acts = server.acts.iter().filter(|call| **call == format!("n={number}")).count();
        match &result {
            Ok(()) => assert_eq!(acts, 1, "{number}"),
            Err(error) if error.delivery() == Delivery::Unknown => assert!(acts <= 1, "{number}: {error}"),
            Err(error) => assert_eq!(acts, 0, "{number}: {error}"),
        }
        deliveries.push(result.err().map(|error| error.delivery()));
    }
    let server = server.lock().expect("no test panics in the lock");
    assert!(PLACES.iter().all(|place| server.places.contains(place)), "the server stopped everywhere");
    for delivery in [None, Some(Delivery::Refused), Some(Delivery::Unknown)] {
        assert!(deliveries.contains(&delivery), "{delivery:?} did not happen");
    }
}

#[tokio::test]
async fn every_get_succeeds_over_real_sockets_once_the_server_has_recovered() {
    static PASSING: [Place; 12] = [
        Place::Accepted,
        Place::HalfRead,
        Place::Read,
        Place::Answered,
        Place::Acted,
        Place::InStatus,
        Place::InHead,
        Place::Answered,
        Place::InBody,
        Place::Failed,
        Place::Page,
        Place::Answered,
    ];
    let (server, client) = start(&PASSING).await;
    for number in 0..60 {
        // With the stride of 5, one of any four places in a row is `Answered`.
        if let Err(error) = call(&client, &LIST, number).await {
            panic!("{number}: {error}, {:?}", server.lock().expect("unharmed").places);
        }
    }
    let server = server.lock().expect("no test panics in the lock");
    assert!(server.connections > 60 && PASSING.iter().all(|place| server.places.contains(place)));
}
