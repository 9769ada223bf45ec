//! The canary: every type and every operation, filled with markers and run through every fault; then everything that
//! was printed anywhere is searched for a marker, a key or a filled-in URL.
//!
//! The values are made from the document (`filler.rs`), and the lists of types and operations are held against the
//! sources of the generated client, so that what is added to either is covered, or fails here. A failure names the
//! place and the pointer of the value, never the value.
//!
//! A boolean cannot be told from another one and is no marker.

mod calls;
mod hostile;
mod listening;
mod places;
mod surface;

use std::future::Future;
use std::time::Duration;

use novamed::{Client, ClientBuilder, Vouched};
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

/// Long enough for most calls over loopback. Whether a call is over by then matters to nothing here.
const PATIENCE: Duration = Duration::from_millis(60);

/// The path of the base URL.
const PREFIX: &str = "prefixMARKER";

/// What is told of one operation's calls.
struct Run {
    marked: Marked,
    sight: Sight,
    /// What an application vouches for in its audit records.
    planted: Option<Vouched>,
    places: Places,
}

impl Run {
    /// Begins a client of the server at `url`, and adds what it prints of itself.
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

    /// Answers, cuts and silences of a server that was sent the whole request.
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
            // Where there are no data, there is no other shape.
            let is_fine =
                matches!(answer, Answer::Success(_)) || self.marked.has_no_data && answer == Answer::OtherShape;
            assert_eq!(is_ok, is_fine, "{} and {answer:?}", self.marked.operation);
        }
    }

    /// Failures before a request was written as a whole.
    async fn connections(&self) {
        let fails = async |url: &str, with: &dyn Fn(ClientBuilder) -> ClientBuilder| {
            let is_ok = self.marked.call(&self.client(url, with), &self.places).await;
            assert!(!is_ok, "{}: there is no server", self.marked.operation);
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
        // TLS: a certificate of nobody's, a server that is silent, and a name that there is not.
        let stranger = tls::serve("localhost", tls::BOTH).await;
        let trusted = tls::serve("localhost", tls::BOTH).await;
        let trust = |builder: ClientBuilder| builder.root_certificate_pem(trusted.authority.as_bytes());
        fails(&stranger.url, &trust).await;
        fails("https://nobody.invalid", &trust).await;
        let silent = serve(|stream| async move { forever(stream).await }).await.replace("http:", "https:");
        fails(&silent, &|builder| trust(builder).connect_timeout(PATIENCE)).await;
        fails(&silent, &|builder| trust(builder).deadline(PATIENCE)).await;
        // A proxy that refuses, its password in its URL.
        let page = Server::answering(|request| Answer::Page(407).reply(request, &serde_json::Value::Null)).await;
        let proxy = page.url.replace("http://", "http://userMARKER:passwordMARKER@");
        fails("https://localhost:9", &|builder| trust(builder).proxy(proxy.as_str())).await;
        // And an exchange that succeeds, or is undecodable, over TLS.
        self.marked.call(&self.client(&trusted.url, trust), &self.places).await;
    }

    /// A call that is given up.
    async fn dropped(&self) {
        let url = serve(|stream| async move { forever(stream).await }).await;
        let client = self.client(&url, |builder| builder);
        tokio::time::timeout(PATIENCE, self.marked.call(&client, &self.places)).await.ok();
    }

    /// What nothing may print.
    fn secrets(&self) -> Vec<Marker> {
        let fixed = [DEV_KEY, PROD_KEY, "KEYMARKER", PREFIX, "userMARKER", "passwordMARKER"];
        let fixed = fixed.iter().chain(&OWN).map(|text| Marker::new(&format!("`{text}`"), text));
        self.marked.sensitive.iter().cloned().chain(fixed).collect()
    }

    /// Returns what leaked: the places and the pointers of the values.
    fn leaks(&self) -> Vec<String> {
        let mut leaks = self.places.leaks(&self.secrets());
        // A type may print what is safe. A call may not, as a URL may hold it.
        let of_types = ["of a request", "of an answer", "of an error's body"];
        let in_urls = self.places.leaks(&self.marked.safe);
        leaks.extend(in_urls.into_iter().filter(|leak| !of_types.iter().any(|it| leak.contains(it))));
        // Where no patient data goes, the message may be printed, by `Display` alone.
        let message = self.places.leaks(&[Marker::new("the server's message", MESSAGE)]);
        let may_show = |leak: &String| self.sight == Sight::Development && leak.starts_with("`Display` of an error ");
        leaks.extend(message.into_iter().filter(|leak| !may_show(leak)));
        leaks
    }
}

/// Keeps a connection and says nothing on it.
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

/// Runs one operation through everything, and returns what leaked.
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

/// Fails if anything leaks from the calls of a client that sees the server so.
fn assert_tight(sight: Sight) {
    for operation in spec::operations() {
        let leaks = run(&operation, sight, None);
        assert!(leaks.is_empty(), "{}: {}", operation.id, leaks.join("; "));
    }
}

#[test]
fn nothing_is_told_in_production() {
    assert_tight(Sight::Production);
}

#[test]
fn nothing_is_told_of_an_unknown_host() {
    assert_tight(Sight::Unknown);
}

#[test]
fn the_message_alone_is_told_in_development() {
    assert_tight(Sight::Development);
}

#[test]
fn a_request_that_breaks_rules_is_not_told() {
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
    // An application vouches for what it must not: the audit record prints it.
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
fn a_leak_is_found_whoever_tells_it() {
    /// An error whose source tells.
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
