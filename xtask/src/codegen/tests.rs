use generator::diagnostic::{Pointer, codes};

use super::*;
use crate::failure;

fn stand_alone_options(spec: &str, out: &str) -> Codegen {
    Codegen { spec: Some(spec.into()), out: Some(out.into()), ..Codegen::default() }
}

/// The committed client is what the generator makes of the document now.
#[test]
fn committed_client_is_fresh() {
    let options = Codegen { check: true, deny_warnings: true, ..Codegen::default() };
    if let Err(failure) = run(&options) {
        panic!("{failure}");
    }
}

#[test]
fn own_client_denies_warnings_and_takes_the_hand_written_parts() {
    let job = job(&Codegen::default()).unwrap();
    assert!(job.deny_warnings);
    assert_eq!(job.config.name, "novamed");
    assert_eq!(job.repair, "cargo xtask codegen");
    assert_eq!(job.config.unmarked, Unmarked::Redacted);
    let head = job.config.manifest_head.unwrap();
    assert!(head.contains("name = \"novamed\""), "{head}");
    assert!(job.config.includes.contains_key("README.md"));
}

#[test]
fn own_client_can_go_elsewhere() {
    let options = Codegen { out: Some("else where".into()), ..Codegen::default() };
    let job = job(&options).unwrap();
    assert_eq!(job.repair, "cargo xtask codegen --out 'else where'");
    assert_eq!(job.config.command, "cargo xtask codegen");
}

#[test]
fn crate_is_called_like_its_folder() {
    let options = stand_alone_options("specs/petstore.yaml", "clients/pet-store");
    let job = job(&options).unwrap();
    assert_eq!(job.config.name, "pet-store");
    assert_eq!(job.config.manifest_head, None);
    assert!(!job.deny_warnings);
    assert_eq!(job.repair, "cargo xtask codegen --spec specs/petstore.yaml --out clients/pet-store --name pet-store");
    assert_eq!(job.config.command, "cargo xtask codegen --spec petstore.yaml --out pet-store --name pet-store");
}

#[test]
fn unmarked_shown_is_part_of_the_command() {
    let mut options = stand_alone_options("a.yaml", "a");
    options.unmarked_shown = true;
    let job = job(&options).unwrap();
    assert_eq!(job.config.unmarked, Unmarked::Shown);
    assert!(job.repair.ends_with(" --unmarked shown"), "{}", job.repair);
}

#[test]
fn name_that_cargo_refuses_is_a_usage_failure() {
    for name in ["1a", "a b", "", "self", "test", "é", "-a", &"a".repeat(65)] {
        let mut options = stand_alone_options("a.yaml", "out");
        options.name = Some(name.to_owned());
        let failure = job(&options).unwrap_err();
        assert_eq!(failure.status, failure::USAGE, "{name}");
        assert!(failure.message.contains("--name"), "{failure}");
    }
    let failure = job(&stand_alone_options("a.yaml", "/")).unwrap_err();
    assert!(failure.message.contains("add --name"), "{failure}");
}

#[test]
fn closing_line_counts() {
    let summary = Summary {
        operations: 1,
        types: 2,
        events: 0,
        left_out_operations: 0,
        left_out_schemas: 1,
        unused_schemas: 2,
        untyped: 3,
    };
    let expected = "1 operation, 2 types, 1 schema left out, 2 schemas unused and not generated, 3 places untyped";
    assert_eq!(contents(&summary), expected);
}

#[test]
fn a_denied_warning_is_shown_as_an_error() {
    let pointer = Pointer::root();
    let mut diagnostics = [codes::UNKNOWN_KEY.at(&pointer, "a"), codes::BAD_EXTENSION.at(&pointer, "b")];
    assert_eq!(deny(&mut diagnostics), 1);
    assert!(diagnostics.iter().all(Diagnostic::is_error));
    assert_eq!(refusal("a.yaml", 1, 1), "a.yaml has 1 warning, and warnings are denied; nothing was written");
    assert_eq!(refusal("a.yaml", 2, 1), "a.yaml has 2 problems, including denied warnings; nothing was written");
}
