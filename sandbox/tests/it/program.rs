//! The program: its options, its first lines, and what it refuses.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use novamed_sandbox::Sandbox;

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

#[test]
fn it_prints_what_an_app_needs_and_warns() {
    let started = program(&["--port", "0", "--clock", "manual", "--seed", "5"]).stdout(Stdio::piped()).spawn();
    let mut process = Process(started.unwrap());
    let lines = BufReader::new(process.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said: Vec<String> = lines.take(4).collect();
    assert!(said[0].starts_with("NovaMed sandbox: http://127.0.0.1:") && said[0].ends_with("/_sandbox"), "{said:?}");
    assert_eq!(said[1], "Never enter real patients' data.");
    let variables =
        ["ENVIRONMENT=development", "BASE_URL=http://127.0.0.1:", "API_KEY=dev_", "CLINIC_ID=", "WEBHOOK_SECRET="];
    let exports = said[2..].join(" ");
    for variable in variables {
        assert!(exports.contains(&format!("NOVAMED_{variable}")), "{exports}");
    }
}

#[tokio::test]
async fn wrong_options_are_refused() {
    let other = Sandbox::start().await.unwrap();
    let port = other.base_url().rsplit_once(':').unwrap().1.to_owned();
    for (arguments, status, part) in [
        (["--port", &port], 1, "is in use by another process; choose another one"),
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
