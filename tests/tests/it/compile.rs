//! What is emitted for the accepted fixtures is Rust, and says nothing that rustc, clippy or rustdoc minds.

use generator::Config;

use crate::fixture;
use crate::scratch::{self, Crates, Scratch};

/// Returns whether the tests that take minutes are asked for.
pub fn is_long() -> bool {
    is_set("NOVAMED_LONG_TESTS")
}

/// Returns whether a step of `cargo xtask ci` asks for the tests that compile other crates or run examples as processes.
pub fn is_step() -> bool {
    is_long() || is_set("NOVAMED_CI_TESTS")
}

/// Returns whether such a test is left out, and says so.
pub fn is_skipped() -> bool {
    let is_skipped = !is_step();
    if is_skipped {
        println!("skipped: a step of `cargo xtask ci` runs it, with NOVAMED_CI_TESTS=1");
    }
    is_skipped
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}

#[test]
fn every_accepted_fixture_compiles_without_a_warning() {
    if is_skipped() {
        return;
    }
    let mut crates = Crates::new();
    let mut behaving = Vec::new();
    for fixture in fixture::all("accepted") {
        let name = fixture.crate_name();
        let mut config = Config { server: true, ..Config::new(&name) };
        if let Some(behavior) = fixture.behavior.clone() {
            config.includes.insert("tests/behavior.rs".to_owned(), behavior);
            behaving.extend(["--package".to_owned(), name.clone()]);
        }
        let generated = fixture.generate(&config).unwrap_or_else(|problems| panic!("{problems}"));
        crates.insert(name, generated.files);
    }
    let scratch = Scratch::new("accepted", &crates, true);
    assert_clean(&scratch, &["check", "--workspace", "--all-features", "--keep-going"]);
    // An import that only a feature uses causes a warning without it.
    assert_clean(&scratch, &["check", "--workspace", "--keep-going"]);
    let tests = ["test", "--test", "behavior", "--no-fail-fast"].into_iter();
    assert_clean(&scratch, &tests.chain(behaving.iter().map(String::as_str)).collect::<Vec<_>>());
    if is_long() {
        let pedantic = ["clippy", "--workspace", "--all-features", "--keep-going", "--", "-W", "clippy::pedantic"];
        assert_clean(&scratch, &pedantic);
        assert_clean(&scratch, &["doc", "--workspace", "--no-deps", "--keep-going"]);
        assert_clean(&scratch, &["test", "--workspace", "--doc", "--no-fail-fast"]);
    } else {
        println!("clippy, rustdoc and the examples of the docs: with NOVAMED_LONG_TESTS=1");
    }
}

fn assert_clean(scratch: &Scratch, arguments: &[&str]) {
    let (command, options) = arguments.split_first().expect("Cargo takes a command");
    // The tool's options come last, after `--`.
    let at = options.iter().position(|option| *option == "--").unwrap_or(options.len());
    let output = scratch.cargo(command, &options[..at], &options[at..]);
    assert!(
        output.status.success(),
        "`cargo {}` fails for {} crates:\n{}",
        arguments.join(" "),
        scratch::failed(&output).len(),
        scratch::problems(&output)
    );
}
