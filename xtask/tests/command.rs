//! `cargo xtask` as a process: what it prints, what it writes and how it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SPEC: &str = "\
openapi: 3.0.3
info: {title: Ponies, version: '1'}
servers:
  - url: https://ponies.example
paths:
  /ponies:
    get:
      operationId: listPonies
      summary: Lists the ponies
      responses:
        '204': {description: There are none}
";

fn xtask(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(line.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("the test's own program starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("output is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("output is UTF-8")
}

/// Returns a folder with a document in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("ponies.yaml"), SPEC).expect("the folder takes a file");
    folder
}

#[test]
fn usage_is_printed_and_status_is_0() {
    let folder = folder();
    for line in ["", "--help", "codegen --help", "lint --help", "diff --help", "drift -h", "ci --help", "bench -h"] {
        let output = xtask(folder.path(), line);
        assert_eq!(output.status.code(), Some(0), "{line}");
        assert!(stdout(&output).starts_with("Usage: cargo xtask"), "{line}");
    }
}

#[test]
fn wrong_command_line_is_status_2() {
    let folder = folder();
    for line in [
        "codgen",
        "codegen --chek",
        "codegen --spec ponies.yaml",
        "codegen --spec",
        "codegen --spec nowhere.yaml --out client",
        "codegen --spec . --out client",
        "codegen --spec ponies.yaml --out client --name 1",
        "ci --skip nothing",
        "lint nowhere.yaml",
        "lint ponies.yaml --config nowhere.toml",
        "lint ponies.yaml --format xml",
        "lint --explain missing-nothing",
    ] {
        let output = xtask(folder.path(), line);
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(stderr(&output).starts_with("error: "), "{line}");
        assert_eq!(stdout(&output), "", "{line}");
    }
    assert!(!folder.path().join("client").exists());
}

#[test]
fn client_is_written_checked_and_repaired() {
    let folder = folder();
    let generate = "codegen --spec ponies.yaml --out client";
    let check = "codegen --spec ponies.yaml --out client --check";

    let missing = xtask(folder.path(), check);
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("missing: Cargo.toml"));
    assert!(!folder.path().join("client").exists());

    let written = xtask(folder.path(), generate);
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    let line = stdout(&written);
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.starts_with("client: "), "{line}");
    assert!(line.contains(" 0 unchanged, 0 removed in client"), "{line}");

    let again = xtask(folder.path(), generate);
    assert!(stdout(&again).contains("; 0 files written, "));
    assert_eq!(xtask(folder.path(), check).status.code(), Some(0));

    fs::write(folder.path().join("client/src/lib.rs"), "mine").expect("the file is there");
    let stale = xtask(folder.path(), check);
    assert_eq!(stale.status.code(), Some(1));
    let message = stderr(&stale);
    assert!(message.contains("stale: src/lib.rs (edited by hand)"), "{message}");
    assert!(message.contains("run `cargo xtask codegen --spec ponies.yaml --out client"));

    let repaired = xtask(folder.path(), generate);
    assert!(stdout(&repaired).contains("; 1 file written, "));
    assert!(stderr(&repaired).contains("note: client/src/lib.rs had been edited by hand"));
    assert_eq!(xtask(folder.path(), check).status.code(), Some(0));
}

#[test]
fn unreadable_document_is_status_1_and_writes_nothing() {
    let folder = folder();
    fs::write(folder.path().join("bad.yaml"), "no: document\n").expect("the folder takes a file");
    fs::write(folder.path().join("bytes.yaml"), b"a: 1\nb: \xff\n").expect("the folder takes it");
    let output = xtask(folder.path(), "codegen --spec bad.yaml --out client --report report.txt");
    assert_eq!(output.status.code(), Some(1));
    let message = stderr(&output);
    assert!(message.contains("nothing was written"), "{message}");
    assert!(!message.contains('\u{1b}'), "no color without a terminal");
    let report = fs::read_to_string(folder.path().join("report.txt")).expect("the report is there");
    assert!(!report.is_empty() && message.starts_with(&report), "{report}");

    let output = xtask(folder.path(), "codegen --spec bytes.yaml --out client");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("bytes.yaml:2: the document is not UTF-8"));
    assert!(!folder.path().join("client").exists());
}

#[test]
fn file_of_someone_else_is_refused() {
    let folder = folder();
    fs::create_dir(folder.path().join("client")).expect("the folder takes a folder");
    fs::write(folder.path().join("client/Cargo.toml"), "mine").expect("the folder takes a file");
    let output = xtask(folder.path(), "codegen --spec ponies.yaml --out client");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("\n  Cargo.toml\n"), "{}", stderr(&output));
    let content = fs::read_to_string(folder.path().join("client/Cargo.toml"));
    assert_eq!(content.expect("the file is there"), "mine");
    assert!(!folder.path().join("client/src").exists());
}

#[test]
fn steps_of_ci_are_listed() {
    let folder = folder();
    let output = xtask(folder.path(), "ci --list");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0));
    assert!(text.contains("cargo test --workspace"), "{text}");
    assert!(text.contains("cargo xtask codegen --check --deny-warnings"), "{text}");
    assert!(!text.contains("NOVAMED_LONG_TESTS"), "{text}");
    let full = stdout(&xtask(folder.path(), "ci --full --list"));
    assert!(full.contains("NOVAMED_LONG_TESTS=1 cargo test"), "{full}");
}

/// A document in two files, one schema that is malformed, and one of an unknown type.
const PARTED: &str = "\
openapi: 3.0.3
info: {title: Parted, version: '1'}
paths:
  /ponies:
    get:
      operationId: listPonies
      responses:
        '200': {description: All, content: {application/json: {schema: {$ref: 'parts/pony.yaml'}}}}
    delete: 5
components:
  schemas:
    Bad: 5
    Idle: {type: string}
";

const PONY: &str = "type: object\nproperties:\n  name: {type: text}\n";

#[test]
fn changed_file_beside_the_document_makes_the_client_stale() {
    let folder = folder();
    let parts = folder.path().join("spec/parts");
    fs::create_dir_all(&parts).expect("the folder takes a folder");
    fs::write(folder.path().join("spec/api.yaml"), PARTED).expect("the folder takes a file");
    fs::write(parts.join("pony.yaml"), PONY).expect("the folder takes a file");
    let line = "codegen --spec spec/api.yaml --out client";
    let output = xtask(folder.path(), line);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains(" --> spec/parts/pony.yaml:3:16"), "{}", stderr(&output));
    let closing = stdout(&output);
    assert!(
        closing.contains("1 operation left out, 1 schema left out, 1 schema unused and not generated"),
        "{closing}"
    );
    assert!(closing.contains("not generated, 1 place untyped"), "{closing}");
    assert_eq!(xtask(folder.path(), &format!("{line} --check")).status.code(), Some(0));
    fs::write(parts.join("pony.yaml"), PONY.replace("text", "string")).expect("the folder takes a file");
    let output = xtask(folder.path(), &format!("{line} --check"));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("stale: src/types/pony.rs"), "{}", stderr(&output));
}

#[test]
fn report_is_json_where_its_name_says_so() {
    let folder = folder();
    fs::create_dir_all(folder.path().join("parts")).expect("the folder takes a folder");
    fs::write(folder.path().join("api.yaml"), PARTED).expect("the folder takes a file");
    fs::write(folder.path().join("parts/pony.yaml"), PONY).expect("the folder takes a file");
    let read = |line: &str, file: &str| {
        let output = xtask(folder.path(), line);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        fs::read_to_string(folder.path().join(file)).expect("the report is written")
    };
    let report = read("codegen --spec api.yaml --out client --report r.json", "r.json");
    for part in [
        r#""document": "api.yaml""#,
        r#""generated": true"#,
        r#""operations": 1,"#,
        r#""pointer": "/paths/~1ponies/delete""#,
        r#""pointer": "/components/schemas/Bad""#,
        r#""pointer": "/components/schemas/Idle""#,
        r#""pointer": "/properties/name""#,
        r#""file": "parts/pony.yaml""#,
        r#""code": "unknown-type""#,
        r#""severity": "warning""#,
        r#""line": 3"#,
        r#""column": 16"#,
        r#""message": "`text` is not a type""#,
    ] {
        assert!(report.contains(part), "{part} in {report}");
    }
    let text = read("codegen --spec api.yaml --out client --report r.txt", "r.txt");
    assert!(text.starts_with("warning[wrong-type]"), "{text}");
    fs::write(folder.path().join("api.yaml"), "swagger: '2.0'\n").expect("the folder takes a file");
    let output = xtask(folder.path(), "codegen --spec api.yaml --out client --report r.json");
    assert_eq!(output.status.code(), Some(1));
    let report = fs::read_to_string(folder.path().join("r.json")).expect("the report is written");
    assert!(report.contains(r#""generated": false"#) && report.contains(r#""operations": null"#), "{report}");
}

#[test]
fn lint_tells_what_it_finds_by_its_status() {
    let folder = folder();
    let warned = xtask(folder.path(), "lint ponies.yaml");
    assert_eq!(warned.status.code(), Some(0), "{}", stderr(&warned));
    let text = stdout(&warned);
    assert!(text.starts_with("warning[missing-tag]: this operation has no tag\n --> ponies.yaml:7:5\n"), "{text}");
    assert!(text.contains("\nponies.yaml: 2 warnings\n"), "{text}");
    assert!(!text.contains('\u{1b}'), "no color without a terminal");

    let denied = xtask(folder.path(), "lint ponies.yaml --deny-warnings --format github");
    assert_eq!(denied.status.code(), Some(1));
    assert!(stdout(&denied).starts_with("::error file=ponies.yaml,line=7,"), "{}", stdout(&denied));
    assert_eq!(stderr(&denied), "");

    fs::write(folder.path().join("bad.yaml"), "no: document\n").expect("the folder takes a file");
    let unreadable = xtask(folder.path(), "lint bad.yaml");
    assert_eq!(unreadable.status.code(), Some(1));
    assert!(stdout(&unreadable).starts_with("error[unsupported-version]"), "{}", stdout(&unreadable));
}

#[test]
fn lint_reads_the_configuration_beside_the_document() {
    let folder = folder();
    let configure = |text: &str| fs::write(folder.path().join("lint.toml"), text).expect("the folder takes a file");
    configure("[levels]\nmissing-tag = 'allow'\nmissing-4xx = 'deny'\n");
    let output = xtask(folder.path(), "lint ponies.yaml");
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("ponies.yaml: 1 error\n"), "{}", stdout(&output));

    configure("[[except]]\ncode = 'missing-tag'\npointer = '/paths/~1foals/get'\nreason = 'so'\n");
    let output = xtask(folder.path(), "lint ponies.yaml");
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.contains("error[exception-unused]: this exception no longer applies\n --> lint.toml:1:1\n"), "{text}");

    configure("[levels]\nmissing-tags = 'allow'\n");
    let output = xtask(folder.path(), "lint ponies.yaml");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "");
    let text = stderr(&output);
    assert!(text.starts_with("error[exception-key]: unknown rule `missing-tags`\n --> lint.toml:2:1\n"), "{text}");
    assert!(text.contains("help: did you mean `missing-tag`?") && text.contains("nothing was looked at"), "{text}");
    assert_eq!(xtask(folder.path(), "lint ponies.yaml --config ponies.yaml").status.code(), Some(2));
}

#[test]
fn lint_lists_and_explains_its_rules() {
    let folder = folder();
    let list = stdout(&xtask(folder.path(), "lint --list"));
    for line in list.lines() {
        let code = line.split_whitespace().next().expect("a line begins with a code");
        let explained = xtask(folder.path(), &format!("lint --explain {code}"));
        assert_eq!(explained.status.code(), Some(0), "{code}");
        assert!(stdout(&explained).starts_with(code), "{code}");
    }
    let near = xtask(folder.path(), "lint --explain missing-tags");
    assert!(stderr(&near).contains("did you mean `missing-tag`?"));
}
