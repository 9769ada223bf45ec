//! The generated client from the outside: what it sends, and how it interprets each answer.
//!
//! Its counterpart is a server in this process, which sends handwritten bytes. The expectations come from the examples
//! in `spec/novamed.yaml`, read without the generator, and from the facts of the API.

mod answers;
mod blocking;
mod canary;
mod checks;
mod compile_fail;
mod config;
mod delivery;
mod events;
mod examples;
mod faults;
mod filler;
mod fuzz;
mod guide;
mod open;
mod privacy;
mod proof;
mod quickstart;
mod requests;
mod served;
pub mod server;
mod spec;
mod statuses;
mod test_util;
mod tls;
mod tracking;
mod types;
mod unknown_fate;
mod use_cases;
mod webhooks;
mod wire;

use std::fmt::Debug;
use std::path::PathBuf;

use novamed::{Client, ClientBuilder, Environment, Error};
use serde_json::Value;

/// A made-up key of the development environments.
const DEV_KEY: &str = "dev_KEYMARKER";

/// A made-up key of production.
const PROD_KEY: &str = "prod_KEYMARKER";

/// What a client knows about its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// The facts of `Development`, where patient data is forbidden.
    Development,
    /// The facts of `Production`.
    Production,
    /// Only its URL.
    Unknown,
}

impl Sight {
    const ALL: [Self; 3] = [Self::Development, Self::Production, Self::Unknown];

    /// Starts to build a client of the server at `url`.
    fn builder(self, url: &str) -> ClientBuilder {
        let builder = Client::builder().base_url(url).max_retries(0).no_pacing();
        match self {
            Self::Development => builder.environment(Environment::Development).api_key(DEV_KEY),
            Self::Production => builder.environment(Environment::Production).api_key(PROD_KEY),
            Self::Unknown => builder.api_key(PROD_KEY),
        }
    }

    fn client(self, url: &str) -> Client {
        self.builder(url).build().expect("the configuration is right")
    }
}

/// Returns a client that treats the server at `url` as the development environment.
fn client(url: &str) -> Client {
    Sight::Development.client(url)
}

/// Returns where an example of the client is. `cargo test --workspace` builds it, unless `--test` restricts it to the
/// tests.
fn example(name: &str) -> PathBuf {
    let program = std::env::current_exe().expect("a test is a program");
    // The tests are in `deps`, next to which the examples are.
    let deps = program.parent().expect("a program is in a folder");
    let path = deps.with_file_name("examples").join(name);
    assert!(path.is_file(), "{name} is not built: run `cargo xtask ci --only processes`");
    path
}

/// Returns everything that an error and its sources print, each with the name of the method.
fn printed(error: &Error) -> Vec<(&'static str, String)> {
    let mut texts =
        vec![("Display", error.to_string()), ("Debug", format!("{error:?}")), ("pretty Debug", format!("{error:#?}"))];
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        texts.push(("Display of a source", cause.to_string()));
        texts.push(("Debug of a source", format!("{cause:?} {cause:#?}")));
        source = cause.source();
    }
    texts
}

/// Fails if a text contains one of the secrets. The failure identifies it only by its index.
fn assert_holds_none(what: &str, text: &str, secrets: &[&str]) {
    for (index, secret) in secrets.iter().enumerate() {
        assert!(!secret.is_empty(), "secret {index} is empty and tests nothing");
        assert!(!text.contains(secret), "{what} holds secret {index}");
    }
}

/// Fails if an error prints one of the secrets in any way.
fn assert_keeps(error: &Error, secrets: &[&str]) {
    for (way, text) in printed(error) {
        assert_holds_none(way, &text, secrets);
    }
}

/// Fails if two JSON values differ. The failure contains the pointers of the differences, but no values.
fn assert_same(what: &str, one: &Value, other: &Value) {
    let pointers = spec::differences(one, other);
    assert!(pointers.is_empty(), "{what} differs at {}", pointers.join(", "));
}

/// Returns the error of a call that should fail.
fn failed<T: Debug>(result: Result<T, Error>) -> Error {
    result.expect_err("the call was to fail")
}
