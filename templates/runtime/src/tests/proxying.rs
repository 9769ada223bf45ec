//! Proxies: real ones, on loopback, that answer `CONNECT`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::authority::{Authority, serve};
use super::server::{answer, json, listen};
use super::{CREATE, builder};
use crate::runtime::client::Client;
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::config::ConfigError;
use crate::runtime::error::connection::ConnectionProblem;
use crate::runtime::error::{Delivery, Error};
use crate::runtime::transport::proxy::{Choice, Proxy};

/// A proxy that leads every tunnel to one port of this machine, whatever host is asked for.
struct ConnectProxy {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl ConnectProxy {
    async fn start(port: u16) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heads = Arc::clone(&asked);
        let url = listen(move |mut client| {
            let heads = Arc::clone(&heads);
            async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(client.read_u8().await.expect("the client asks"));
                }
                heads.lock().expect("not poisoned").push(String::from_utf8(head).expect("it is text"));
                let mut server = TcpStream::connect(("127.0.0.1", port)).await.expect("the server listens");
                client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.expect("the client reads");
                tokio::io::copy_bidirectional(&mut client, &mut server).await.ok();
            }
        })
        .await;
        Self { address: url.replace("http://", ""), asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("not poisoned").clone()
    }
}

/// A proxy with a server behind it, which the client knows as `api.test` and could not find.
async fn behind() -> (ConnectProxy, ClientBuilder) {
    let authority = Authority::new();
    let port = serve(authority.server("api.test")).await;
    let builder = builder("https://api.test/v1").root_certificate_der(&authority.der());
    (ConnectProxy::start(port).await, builder)
}

fn build(builder: ClientBuilder, variables: &[(&str, &str)]) -> Client {
    let find = |name: &str| variables.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
    builder.build_with(find).expect("the configuration is right")
}

async fn call(client: &Client) -> Result<(), Error> {
    client.call(&CREATE).empty().await.map(|_| ())
}

#[tokio::test]
async fn the_environments_proxy_is_used() {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let (proxy, builder) = behind().await;
        let url = format!("http://us%65r:p%40ss@{}/", proxy.address);
        let client = build(
            builder,
            &[("HTTPS_PROXY", ""), (name, &url), ("NO_PROXY", "other.test")][usize::from(name == "HTTPS_PROXY")..],
        );
        call(&client).await.expect("the server answers");
        assert_eq!(
            proxy.asked(),
            ["CONNECT api.test:443 HTTP/1.1\r\nhost: api.test:443\r\n\
              proxy-authorization: Basic dXNlcjpwQHNz\r\n\r\n"]
        );
    }
}

#[tokio::test]
async fn a_proxy_that_is_set_comes_first() {
    let (proxy, builder) = behind().await;
    let client =
        build(builder.proxy(proxy.address.as_str()), &[("HTTPS_PROXY", "http://127.0.0.1:1"), ("NO_PROXY", "*")]);
    call(&client).await.expect("the server answers");
    assert_eq!(proxy.asked(), ["CONNECT api.test:443 HTTP/1.1\r\nhost: api.test:443\r\n\r\n"]);
}

#[tokio::test]
async fn a_proxy_can_be_left_out() {
    let (proxy, builder) = behind().await;
    let url = proxy.address.as_str();
    let client = build(builder, &[("HTTPS_PROXY", url), ("NO_PROXY", "example.com, .test")]);
    let error = call(&client).await.expect_err("nobody knows the name");
    assert_eq!(error.connection_problem(), Some(ConnectionProblem::NameUnknown));
    let (_, builder) = behind().await;
    let client = build(builder.no_proxy(), &[("HTTPS_PROXY", url)]);
    let error = call(&client).await.expect_err("nobody knows the name");
    assert_eq!(error.connection_problem(), Some(ConnectionProblem::NameUnknown));
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(proxy.asked().is_empty());
}

#[tokio::test]
async fn this_machine_is_reached_directly() {
    let nobody = &[("HTTPS_PROXY", "http://127.0.0.1:1"), ("ALL_PROXY", "c4n4ry://"), ("HTTP_PROXY", "127.0.0.1:1")];
    let server = super::server::serve(json("200 OK", "{}")).await;
    call(&build(builder(&server.url), nobody)).await.expect("the server answers");
    call(&build(builder(&super::server::serve(json("200 OK", "{}")).await.url).proxy("127.0.0.1:1"), &[]))
        .await
        .expect("the server answers");
    let authority = Authority::new();
    let port = serve(authority.server("localhost")).await;
    let direct = builder(&format!("https://localhost:{port}")).root_certificate_der(&authority.der());
    call(&build(direct, nobody)).await.expect("the server answers");
}

#[tokio::test]
async fn what_a_proxy_refuses_was_not_sent() {
    let endless = format!("HTTP/1.1 200 OK\r\n{}", "a: b\r\n".repeat(4000));
    for (said, problem) in [
        (answer("407 Proxy Authentication Required", "proxy-authenticate: Basic\r\n", "c4n4ry"), Some(407)),
        (answer("502 Bad Gateway", "", "c4n4ry"), Some(502)),
        (answer("302 Found", "location: https://c4n4ry/\r\n", ""), Some(302)),
        ("SSH-2.0-c4n4ry\r\n\r\n".to_owned(), None),
        ("HTTP/1.1 200 OK\r\n\r\nc4n4ry".to_owned(), None),
        ("HTTP/1.1 2000 OK\r\n\r\n".to_owned(), None),
        (String::new(), None),
        (endless, None),
    ] {
        let url = listen(move |mut stream| {
            let said = said.clone();
            async move {
                let mut request = [0; 4096];
                let _read = stream.read(&mut request).await;
                stream.write_all(said.as_bytes()).await.ok();
                stream.shutdown().await.ok();
                tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok();
            }
        })
        .await;
        let url = url.replace("http://", "http://c4n4ry:c4n4ry@");
        let (_, builder) = behind().await;
        let builder = builder.proxy(url);
        let printed = format!("{builder:?}");
        let client = build(builder, &[]);
        let error = call(&client).await.expect_err("the tunnel is refused");
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert_eq!(error.connection_problem(), Some(ConnectionProblem::ProxyRefused(problem)));
        let source = std::error::Error::source(&error).map(ToString::to_string);
        let printed = format!("{printed} {client:?} {error} {error:?} {source:?}");
        assert!(!printed.contains("c4n4ry") && !printed.contains("127.0.0.1"), "{printed}");
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_or_says_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let silent = listener.local_addr().expect("it has one").to_string();
    let (_, builder) = behind().await;
    let client = build(builder.proxy(silent.as_str()).connect_timeout(Duration::from_millis(100)), &[]);
    let error = call(&client).await.expect_err("no tunnel comes");
    assert_eq!((error.delivery(), error.is_timeout()), (Delivery::NotSent, true));
    assert_eq!(error.connection_problem(), Some(ConnectionProblem::Timeout));
    assert!(error.to_string().starts_with("createRefill: connecting took too long; "), "{error}");
    // A port that is taken and does not listen: nobody else can get it meanwhile.
    let taken = TcpSocket::new_v4().expect("there are sockets");
    taken.bind("127.0.0.1:0".parse().expect("it is an address")).expect("loopback is there");
    let nobody = taken.local_addr().expect("it has an address").to_string();
    let (_, builder) = behind().await;
    let error = call(&build(builder.proxy(nobody), &[])).await.expect_err("nobody listens");
    assert_eq!(error.connection_problem(), Some(ConnectionProblem::Unreachable));
    let text = "createRefill: there was no connection: the host was not reached; ";
    assert!(error.to_string().starts_with(text), "{error}");
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[test]
fn a_proxy_has_a_host_and_speaks_http() {
    let root = Authority::new().der();
    for url in ["", "http://", "socks5://c4n4ry", "https://c4n4ry:1", "c4n4ry:c4n4ry@", "http://c4n4ry%zz@a", "a b"] {
        let built = builder("https://api.test").root_certificate_der(&root).proxy(url).build();
        let error = built.expect_err("it isn't a proxy");
        assert_eq!(error, ConfigError::InvalidProxy, "{url}");
        assert!(!format!("{error} {error:?}").contains("c4n4ry"));
    }
    let wrong = |name: &str| (name == "ALL_PROXY").then(|| "socks5://c4n4ry".to_owned());
    let built = builder("https://api.test").root_certificate_der(&root).build_with(wrong);
    assert_eq!(built.expect_err("it isn't a proxy"), ConfigError::InvalidProxy);
}

#[test]
fn hosts_are_exempt_as_curl_has_it() {
    let is_direct = |list: &str, host: &str| {
        let variable = |name: &str| match name {
            "https_proxy" => Some("proxy.test:3128".to_owned()),
            "no_proxy" => Some(list.to_owned()),
            _ => None,
        };
        let proxy = Proxy::choose(&Choice::Environment, variable).expect("it is a URL").expect("there is one");
        assert_eq!(proxy.url, "http://proxy.test:3128/");
        !proxy.is_for(host, 443)
    };
    for (list, host) in [
        ("*", "api.test"),
        ("api.test", "API.test"),
        ("api.test", "api.test."),
        (".api.test", "api.test"),
        ("*.test", "api.test"),
        ("a.b,  test", "x.api.test"),
        ("a.b test", "api.test"),
        ("api.test:443", "api.test"),
        ("10.0.0.0/8", "10.1.2.3"),
        ("10.1.2.3", "10.1.2.3"),
        ("0.0.0.0/0", "10.1.2.3"),
        ("2001:db8::/32", "[2001:db8::1]"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("", "localhost"),
        ("", "127.3.2.1"),
        ("", "[::1]"),
    ] {
        assert!(is_direct(list, host), "{list} {host}");
    }
    for (list, host) in [
        ("", "api.test"),
        (",. ,", "api.test"),
        ("pi.test", "api.test"),
        ("test.com", "test"),
        ("api.test:8443", "api.test"),
        ("10.0.0.0/8", "11.1.2.3"),
        ("10.0.0.0/8", "10.test"),
        ("10.0.0.0/x", "10.0.0.0"),
        ("2001:db8::/32", "[2001:db9::1]"),
        ("::/0", "10.0.0.1"),
    ] {
        assert!(!is_direct(list, host), "{list} {host}");
    }
}
