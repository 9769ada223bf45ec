//! The program: its options, its first lines, and what it refuses.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use novamed::{Client, Environment, WebhookRequest};
use novamed_sandbox::Sandbox;
use tempfile::TempDir;

use crate::steps::raw_to;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_novamed-sandbox"));
    command.args(arguments);
    command
}

/// Runs the program, which ends by itself, and returns its exit status and what it printed.
fn ended(arguments: &[&str]) -> (Option<i32>, String) {
    let output = program(arguments).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

/// A process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the program, and returns its first four lines.
fn started(arguments: &[&str]) -> (Process, Vec<String>) {
    let mut process = Process(program(arguments).stdout(Stdio::piped()).spawn().unwrap());
    let lines = BufReader::new(process.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said = lines.take(4).collect();
    (process, said)
}

/// Returns the value of a variable that the program prints.
fn variable(said: &[String], name: &str) -> String {
    let mut words = said.iter().flat_map(|line| line.split(' '));
    words.find_map(|word| word.strip_prefix(name)?.strip_prefix('=')).unwrap().to_owned()
}

#[test]
fn it_prints_what_an_app_needs_and_warns() {
    let (_process, said) = started(&["--port", "0", "--clock", "manual", "--seed", "5"]);
    assert!(said[0].starts_with("NovaMed sandbox: http://127.0.0.1:") && said[0].ends_with("/_sandbox"), "{said:?}");
    assert_eq!(said[1], "Never enter real patients' data.");
    for (name, value) in [
        ("NOVAMED_ENVIRONMENT", "development"),
        ("NOVAMED_BASE_URL", "http://127.0.0.1:"),
        ("NOVAMED_API_KEY", "dev_sandbox"),
        ("NOVAMED_CLINIC_ID", ""),
        ("NOVAMED_WEBHOOK_SECRET", "whsec_sandbox"),
    ] {
        assert!(variable(&said, name).starts_with(value), "{said:?}");
    }
}

#[tokio::test]
async fn a_killed_program_goes_on_where_it_was() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("sandbox.db");
    let arguments = ["--port", "0", "--clock", "manual", "--db", file.to_str().unwrap()];
    for is_first in [true, false] {
        // A process that is dropped is killed.
        let (_process, said) = started(&arguments);
        let builder = Client::builder().environment(Environment::Development).api_key("dev_sandbox");
        let client = builder.base_url(variable(&said, "NOVAMED_BASE_URL")).build().unwrap();
        let clinic = variable(&said, "NOVAMED_CLINIC_ID").parse().unwrap();
        let webhook = WebhookRequest::builder().clinic_id(clinic).webhook_url("https://localhost:9/").build();
        if is_first {
            client.create_webhook(&webhook).await.unwrap();
        }
        let acts = raw_to(&variable(&said, "NOVAMED_BASE_URL"), "GET", "/_sandbox/acts", "", "").await;
        assert!(acts.contains(r#""createWebhook":1"#), "{acts}");
    }
}

#[tokio::test]
async fn wrong_options_are_refused() {
    let other = Sandbox::start().await.unwrap();
    let port = other.base_url().rsplit_once(':').unwrap().1.to_owned();
    for (arguments, status, part) in [
        (["--port", &port], 1, "is in use by another process; choose another one (--port)"),
        (["--webhook", "https://example.com/x"], 1, "only to this machine"),
        (["--db", "/no/such/folder/x.db"], 1, "cannot open /no/such/folder/x.db"),
        (["--clock", "0"], 2, "--clock needs `manual` or a positive number"),
        (["--faults", "/no/such/file"], 2, "cannot read /no/such/file"),
        (["--clok", "manual"], 2, "invalid option '--clok'"),
    ] {
        let (found, said) = ended(&arguments);
        assert!(found == Some(status) && said.contains(part), "{arguments:?}: {found:?} {said}");
    }
    let (status, said) = ended(&["--help"]);
    assert!(status == Some(0) && said.contains("--events-out-of-order"), "{said}");
}
