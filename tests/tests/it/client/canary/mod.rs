//! The canary: fills every type and every operation with markers, and runs them through every fault. Then it searches
//! everything that was printed for a marker, a key or a URL with values.
//!
//! The values are generated from the document (`filler.rs`). The lists of types and operations are compared with the
//! sources of the generated client, so a new one is either covered or fails here. A failure contains the place and the
//! pointer of the value, never the value.
//!
//! Booleans can't be unique, so they aren't markers.

mod calls;
mod hostile;
mod listening;
mod places;
mod surface;

use std::future::Future;
use std::time::Duration;

use novamed::audit::Vouched;
use novamed::{Client, ClientBuilder};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

use self::calls::Marked;
use self::hostile::{Answer, MESSAGE, OWN};
use self::listening::listen;
use self::places::Places;
use super::filler::Marker;
use super::server::{Reply, Server};
use super::spec;
use super::tls;
use super::{DEV_KEY, PROD_KEY, Sight};

/// Long enough for most calls over loopback. It doesn't matter if a call takes longer.
const PATIENCE: Duration = Duration::from_millis(60);

/// The path of the base URL.
const PREFIX: &str = "prefixMARKER";

/// What the calls of an operation print.
struct Run {
    marked: Marked,
    sight: Sight,
    /// What an app vouches for in its audit records.
    planted: Option<Vouched>,
    places: Places,
}

impl Run {
    /// Starts to build a client of the server at `url`, and adds what the builder prints.
    fn client(&self, url: &str, with: impl Fn(ClientBuilder) -> ClientBuilder) -> Client {
        let records = self.places.clone();
        let builder = with(self.sight.builder(&format!("{url}/{PREFIX}"))).audit(move |record| {
            records.debug("an audit record", record);
        });
        self.places.debug("a builder", &builder);
        let client = builder.build().expect("the configuration is right");
        self.places.debug("a client", &client);
        self.places.debug("a client with options", &client.with_options(|it| it.deadline(Duration::from_secs(5))));
        match &self.planted {
            Some(planted) => client.with_options(|it| it.actor(planted.clone())),
            None => client,
        }
    }

    /// Answers, cuts and silence after the server received the whole request.
    async fn answers(&self) {
        for answer in Answer::all() {
            let success = self.marked.success.clone();
            let server = Server::answering(move |request| answer.reply(request, &success)).await;
            let limit = |builder: ClientBuilder| match answer {
                Answer::Endless => builder.max_answer_bytes(1000),
                _ if answer.is_silent() => builder.attempt_timeout(PATIENCE),
                _ => builder,
            };
            let is_ok = self.marked.call(&self.client(&server.url, limit), &self.places).await;
            // Without data there is nothing to swap.
            let is_fine =
                matches!(answer, Answer::Success(_)) || self.marked.has_no_data && answer == Answer::OtherShape;
            assert_eq!(is_ok, is_fine, "{} and {answer:?}", self.marked.operation);
        }
    }

    /// Failures before a request was completely written.
    async fn connections(&self) {
        let fails = async |url: &str, with: &dyn Fn(ClientBuilder) -> ClientBuilder| {
            let is_ok = self.marked.call(&self.client(url, with), &self.places).await;
            assert!(!is_ok, "{}: nobody listens", self.marked.operation);
        };
        let plain = |builder: ClientBuilder| builder;
        let nobody = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
        let address = nobody.local_addr().expect("a listener has an address");
        drop(nobody);
        fails(&format!("http://{address}"), &plain).await;
        fails(&serve(|stream| async { drop(stream) }).await, &plain).await;
        let half = |mut stream: TcpStream| async move {
            stream.read_exact(&mut [0; 40]).await.ok();
        };
        fails(&serve(half).await, &plain).await;
        // TLS: an untrusted certificate, a silent server, and an unknown name.
        let stranger = tls::serve("localhost", tls::BOTH).await;
        let trusted = tls::serve("localhost", tls::BOTH).await;
        let trust = |builder: ClientBuilder| builder.root_certificate_pem(trusted.authority.as_bytes());
        fails(&stranger.url, &trust).await;
        fails("https://nobody.invalid", &trust).await;
        let silent = serve(|stream| async move { forever(stream).await }).await.replace("http:", "https:");
        fails(&silent, &|builder| trust(builder).connect_timeout(PATIENCE)).await;
        fails(&silent, &|builder| trust(builder).deadline(PATIENCE)).await;
        // A proxy that refuses, with a password in its URL.
        let page = Server::answering(|request| Answer::Page(407).reply(request, &serde_json::Value::Null)).await;
        let proxy = page.url.replace("http://", "http://userMARKER:passwordMARKER@");
        fails("https://localhost:9", &|builder| trust(builder).proxy(proxy.as_str())).await;
        // An exchange over TLS that succeeds, or can't be decoded.
        self.marked.call(&self.client(&trusted.url, trust), &self.places).await;
    }

    /// A call that is dropped.
    async fn dropped(&self) {
        let url = serve(|stream| async move { forever(stream).await }).await;
        let client = self.client(&url, |builder| builder);
        tokio::time::timeout(PATIENCE, self.marked.call(&client, &self.places)).await.ok();
    }

    /// Markers that nothing may print.
    fn secrets(&self) -> Vec<Marker> {
        let fixed = [DEV_KEY, PROD_KEY, "KEYMARKER", PREFIX, "userMARKER", "passwordMARKER"];
        let fixed = fixed.iter().chain(&OWN).map(|text| Marker::new(&format!("`{text}`"), text));
        self.marked.sensitive.iter().cloned().chain(fixed).collect()
    }

    /// Returns all leaks: the places and the pointers of the values.
    fn leaks(&self) -> Vec<String> {
        let mut leaks = self.places.leaks(&self.secrets());
        // A type may print safe values. A call may not, because a URL may contain them.
        let of_types = ["of a request", "of an answer", "of an error's body"];
        let in_urls = self.places.leaks(&self.marked.safe);
        leaks.extend(in_urls.into_iter().filter(|leak| !of_types.iter().any(|it| leak.contains(it))));
        // If patient data is forbidden, `Display` may print the message, but nothing else may.
        let message = self.places.leaks(&[Marker::new("the server's message", MESSAGE)]);
        let may_show = |leak: &String| self.sight == Sight::Development && leak.starts_with("`Display` of an error ");
        leaks.extend(message.into_iter().filter(|leak| !may_show(leak)));
        leaks
    }
}

/// Keeps a connection open and stays silent.
async fn forever(_stream: TcpStream) {
    std::future::pending::<()>().await;
}

/// Starts a server that does this with its connections, and returns its URL.
async fn serve<F: Future<Output = ()> + Send + 'static>(does: impl Fn(TcpStream) -> F + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let url = format!("http://{}", listener.local_addr().expect("a listener has an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(does(stream));
        }
    });
    url
}

/// Runs an operation through all faults, and returns the leaks.
fn run(operation: &spec::Operation, sight: Sight, planted: Option<&str>) -> Vec<String> {
    let run = Run {
        marked: Marked::new(operation, true, 0),
        sight,
        planted: planted.map(Vouched::new),
        places: Places::default(),
    };
    let told = listen(async {
        tokio::join!(run.answers(), run.connections(), run.dropped());
    });
    assert!(told.contains("log rustls"), "the crates below were not listened to");
    assert!(told.contains("event novamed") && told.contains("log novamed"), "the client was not listened to");
    run.places.add("what was traced and logged", told);
    assert!(run.places.count() > 500, "too little was printed");
    run.leaks()
}

/// Fails if calls of a client with this view of the server leak anything.
fn assert_tight(sight: Sight) {
    for operation in spec::operations() {
        let leaks = run(&operation, sight, None);
        assert!(leaks.is_empty(), "{}: {}", operation.id, leaks.join("; "));
    }
}

#[test]
fn nothing_leaks_in_production() {
    assert_tight(Sight::Production);
}

#[test]
fn nothing_leaks_with_an_unknown_host() {
    assert_tight(Sight::Unknown);
}

#[test]
fn only_the_message_is_printed_in_development() {
    assert_tight(Sight::Development);
}

#[test]
fn a_request_that_violates_constraints_is_not_printed() {
    for operation in spec::operations() {
        let marked = Marked::new(&operation, false, 1);
        let run = Run { marked, sight: Sight::Development, planted: None, places: Places::default() };
        let told = listen(async {
            let server = Server::start(Reply::json(400, &json!({}))).await;
            assert!(!run.marked.call(&run.client(&server.url, |builder| builder), &run.places).await);
        });
        run.places.add("what was traced and logged", told);
        assert!(run.leaks().is_empty(), "{}: {}", operation.id, run.leaks().join("; "));
    }
}

#[test]
fn a_leak_is_found() {
    // The app vouches for a sensitive value, so the audit record prints it.
    let operation = spec::operation("getCarrierServices");
    let marked = Marked::new(&operation, true, 0);
    let secret = marked.sensitive.first().expect("the operation sends a patient's id");
    let leaks = run(&operation, Sight::Production, Some(&secret.texts[0]));
    assert!(leaks.iter().any(|leak| leak == "`Debug` of an audit record holds parameter patientId"));
    assert!(leaks.iter().all(|leak| leak.contains("an audit record")), "{}", leaks.join("; "));
    assert!(!leaks.join("").contains(&secret.texts[0]), "a failure tells the value");
}

#[test]
fn a_leak_is_found_wherever_it_is() {
    let marker = [Marker::new("the secret", "secretMARKER")];
    let found = |text: String| {
        let places = Places::default();
        places.add("a place", text);
        places.leaks(&marker) == ["a place holds the secret"]
    };
    let bytes = b"a secretMARKER b";
    for text in ["SECRETmarker", "secret\n   MARKER", "%20secretMARKER%20", "\"secretMARKER\""] {
        assert!(found(text.to_owned()), "{text}");
    }
    assert!(found(format!("{bytes:?}")) && found(format!("{bytes:#?}")), "a list of bytes");
    assert!(found("00 7365637265744d41524b4552".to_owned()), "hexadecimal digits");
    assert!(!found("secret MAKER".to_owned()), "another text");
}

#[test]
fn a_leak_is_found_whoever_prints_it() {
    /// An error whose source leaks.
    #[derive(Debug)]
    struct Outer(std::io::Error);
    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("outer")
        }
    }
    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }
    let told = listen(async {
        tracing::trace!(one = "fieldMARKER", "eventMARKER");
        let _span = tracing::trace_span!("spanMARKER", two = ?"valueMARKER").entered();
        log::trace!("recordMARKER");
        tokio::task::spawn_blocking(|| log::trace!("threadMARKER")).await.expect("it does not panic");
        tokio::spawn(async { tracing::trace!("taskMARKER") }).await.expect("it does not panic");
    });
    for text in
        ["fieldMARKER", "eventMARKER", "spanMARKER", "valueMARKER", "recordMARKER", "threadMARKER", "taskMARKER"]
    {
        assert!(told.contains(text), "{text} was not heard");
    }
    let places = Places::default();
    places.error("an error", &Outer(std::io::Error::other("sourceMARKER")));
    places.unwrapped(Err::<(), _>("panicMARKER"));
    for (text, place) in [("sourceMARKER", "the source of an error"), ("panicMARKER", "the message of a panic")] {
        let leaks = places.leaks(&[Marker::new("it", text)]);
        assert!(leaks.iter().any(|leak| leak.contains(place)), "{place} was not searched");
    }
}
