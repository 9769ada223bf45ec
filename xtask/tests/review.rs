//! `cargo xtask diff` and `drift` as processes: which documents they find, what they print and how they end.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const PONIES: &str = "\
openapi: 3.0.3
info: {title: Ponies, version: '1'}
paths:
  /ponies:
    get:
      operationId: listPonies
      responses:
        '200': {description: All, content: {application/json: {schema: {$ref: 'parts/pony.yaml'}}}}
";

const PONY: &str = "\
type: object
required: [name]
properties:
  name: {type: string}
  age: {type: integer}
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

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("the folder takes a file");
}

fn git(folder: &Path, arguments: &[&str]) {
    let name = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").args(name).args(arguments).current_dir(folder).output().expect("git starts");
    assert!(output.status.success(), "{}", stderr(&output));
}

/// A repository whose first commit has a document in two files, and whose working tree has another state of one.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    write(folder.path(), "spec/api.yaml", PONIES);
    write(folder.path(), "spec/parts/pony.yaml", PONY);
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message=first"]);
    write(folder.path(), "spec/parts/pony.yaml", &PONY.replace("required: [name]", "required: [age]"));
    folder
}

#[test]
fn a_revision_is_read_with_the_files_beside_the_document() {
    let folder = repository();
    let output = xtask(folder.path(), "diff main --spec spec/api.yaml");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.starts_with("breaking[property-became-optional]: "), "{text}");
    assert!(text.contains("--> main:spec/parts/pony.yaml:2:12"), "{text}");
    assert!(text.contains("::: spec/parts/pony.yaml:4:3"), "{text}");
    assert!(text.contains("version 0.1.0 -> 0.2.0 (major)"), "{text}");
    assert!(!text.contains('\u{1b}'), "no color without a terminal");
    let output = xtask(folder.path(), "diff main HEAD --spec spec/api.yaml");
    assert!(stdout(&output).starts_with("no change\n"), "{}", stdout(&output));
}

#[test]
fn findings_end_with_status_1_where_asked_until_they_are_approved() {
    let folder = repository();
    let line = "diff main --spec spec/api.yaml --fail-on";
    for (class, status) in [("breaking", 1), ("documentation", 1), ("blocking", 0), ("never", 0)] {
        let output = xtask(folder.path(), &format!("{line} {class}"));
        assert_eq!(output.status.code(), Some(status), "{class}: {}", stderr(&output));
    }
    // Each is named as an approval names it, those of the client's items too.
    let errors = stderr(&xtask(folder.path(), &format!("{line} breaking")));
    for code in ["\n  property-became-optional ", "\n  rust-breaking "] {
        assert!(errors.contains(code), "{errors}");
    }
    let json = stdout(&xtask(folder.path(), "diff main --spec spec/api.yaml --format json"));
    let values = |key: &str| {
        let lines = json.lines().filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix(": "));
        lines.map(|value| value.trim_matches([',', '"']).to_owned()).collect::<Vec<_>>()
    };
    let pairs: Vec<_> = values("\"code\"").into_iter().zip(values("\"fingerprint\"")).collect();
    let entry = |(code, print): &(String, String)| {
        format!("[[approve]]\ncode = '{code}'\nfingerprint = '{print}'\nreason = 'every app was told'\n")
    };
    write(folder.path(), "spec/approvals.toml", &pairs.iter().map(entry).collect::<String>());
    let output = xtask(folder.path(), &format!("{line} breaking"));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("approved[property-became-optional]"), "{}", stdout(&output));
    let output = xtask(folder.path(), "diff main HEAD --spec spec/api.yaml");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("exception-unused"), "{}", stderr(&output));
    assert!(stderr(&output).contains("problems with the approvals"), "{}", stderr(&output));
    // Once merged, they wait for nobody: the change that they accepted is in the older state as well.
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message=second"]);
    write(folder.path(), "spec/parts/pony.yaml", &PONY.replace("required: [name]", "required: [age, name]"));
    let output = xtask(folder.path(), "diff main --spec spec/api.yaml --fail-on never");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let note = "approvals for changes that main has already, with no effect here";
    assert!(stderr(&output).contains(note), "{}", stderr(&output));
}

#[test]
fn a_list_that_is_written_wrong_is_status_2() {
    let folder = repository();
    write(folder.path(), "parts/pony.yaml", PONY);
    write(folder.path(), "published.yaml", PONIES);
    for (line, file, entry) in [
        ("diff main --spec spec/api.yaml", "spec/approvals.toml", "[[approve]]\ncode = 'property-removed'\n"),
        ("diff main --spec spec/api.yaml", "spec/approvals.toml", "[[approve\n"),
        ("drift published.yaml --spec spec/api.yaml", "spec/drift.toml", "[[known]]\ncode = 'required'\n"),
    ] {
        write(folder.path(), file, entry);
        let output = xtask(folder.path(), line);
        assert_eq!(output.status.code(), Some(2), "{line}: {}", stderr(&output));
        assert!(stderr(&output).contains("can't be used, so there is no comparison"), "{line}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{line}");
        let output = xtask(folder.path(), &format!("{line} --format markdown"));
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(
            stdout(&output).starts_with("### `") && stdout(&output).contains("- **error** "),
            "{}",
            stdout(&output)
        );
    }
}

#[test]
fn a_comment_says_what_stands_in_the_way() {
    let folder = repository();
    let line = "diff main --spec spec/api.yaml --format markdown";
    let entry = "[[approve]]\ncode = 'property-removed'\nfingerprint = '000000000000'\nreason = 'so'\n";
    write(folder.path(), "spec/approvals.toml", entry);
    let output = xtask(folder.path(), line);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let comment = stdout(&output);
    assert!(comment.starts_with("### `spec/api.yaml`: **breaking**\n"), "{comment}");
    let told =
        "spec/approvals.toml`: **1 problem**\n\n- **error** this exception no longer applies (`exception-unused`)";
    assert!(comment.contains(told) && comment.contains("spec/approvals.toml:1`; remove it"), "{comment}");
    write(folder.path(), "spec/api.yaml", &PONIES.replace("openapi: 3.0.3", "swagger: '2.0'"));
    let output = xtask(folder.path(), line);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let comment = stdout(&output);
    assert!(comment.starts_with("### `spec/api.yaml`: **cannot be read, 1 problem**\n\n- **error** "), "{comment}");
    assert!(comment.contains("`spec/api.yaml:"), "{comment}");
}

#[test]
fn a_changelog_is_printed_and_nothing_is_written() {
    let folder = repository();
    let output = xtask(folder.path(), "diff main --spec spec/api.yaml --changelog");
    let text = stdout(&output);
    assert!(text.starts_with("## 0.2.0\n\n### Breaking\n\n- `"), "{text}");
    assert!(text.contains("is `Option<String>` now, and was `String`."), "{text}");
    assert!(!folder.path().join("CHANGELOG.md").exists());
    let comment = stdout(&xtask(folder.path(), "diff main --spec spec/api.yaml --format markdown"));
    assert!(comment.starts_with("### `spec/api.yaml`: **breaking**\n"), "{comment}");
}

#[test]
fn documents_that_cannot_be_found_are_status_2() {
    let folder = repository();
    git(folder.path(), &["mv", "spec/api.yaml", "spec/moved.yaml"]);
    for (line, part) in [
        ("diff", "OLD is missing"),
        ("diff nowhere --spec spec/moved.yaml", "`nowhere` is neither a file nor a revision of git"),
        ("diff main~7 --spec spec/moved.yaml", "neither a file nor a revision"),
        ("diff --output=x --spec spec/moved.yaml", "unknown option"),
        ("diff main --spec spec/moved.yaml", "cannot read spec/moved.yaml of the revision `main`"),
        ("diff main --spec spec/nowhere.yaml", "cannot read"),
        ("diff main a b", "one word too many"),
        ("diff main --fail-on all", "the classes are documentation"),
        ("diff main --format html", "the formats are terminal, json and markdown"),
        ("diff main --changelog --format json", "--changelog is Markdown"),
        ("diff main main --spec spec/api.yaml --approvals no.toml", "cannot read the approvals no.toml"),
        ("drift", "PUBLISHED is missing"),
        ("drift nowhere.yaml --spec spec/moved.yaml", "cannot read the document nowhere.yaml"),
        ("drift a b", "one word too many"),
    ] {
        let output = xtask(folder.path(), line);
        assert_eq!(output.status.code(), Some(2), "{line}: {}", stderr(&output));
        assert!(stderr(&output).contains(part), "{line}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{line}");
    }
}

#[test]
fn a_document_with_errors_is_status_1() {
    let folder = repository();
    write(folder.path(), "bad.yaml", "swagger: '2.0'\n");
    for line in [
        "diff bad.yaml --spec spec/api.yaml",
        "diff main bad.yaml --spec spec/api.yaml",
        "drift bad.yaml --spec spec/api.yaml",
    ] {
        let output = xtask(folder.path(), line);
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(stderr(&output).contains("bad.yaml:1:1"), "{line}: {}", stderr(&output));
        assert!(stderr(&output).contains("there is nothing to compare"), "{line}: {}", stderr(&output));
    }
}

#[test]
fn a_published_document_is_compared_with_what_is_known() {
    let folder = repository();
    write(folder.path(), "parts/pony.yaml", PONY);
    write(folder.path(), "published.yaml", PONIES);
    let line = "drift published.yaml --spec spec/api.yaml";
    let output = xtask(folder.path(), line);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("is required in theirs, and optional in ours"), "{}", stdout(&output));
    assert!(stderr(&output).contains("2 differences that nobody knows of"), "{}", stderr(&output));
    let known = "[[known]]\ncode = 'required'\nsubject = 'listPonies 200.name'\nreason = 'their mistake'\n\
                 [[known]]\ncode = 'required'\nsubject = 'listPonies 200.age'\nreason = 'seen on every answer'\n";
    write(folder.path(), "spec/drift.toml", known);
    let output = xtask(folder.path(), line);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    write(folder.path(), "spec/drift.toml", &known.replacen("'required'", "'requird'", 1));
    let output = xtask(folder.path(), line);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("did you mean `required`?"), "{}", stderr(&output));
    write(folder.path(), "spec/drift.toml", &known.replace("200.age", "200.size"));
    let output = xtask(folder.path(), line);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("spec/drift.toml:5:1") || stderr(&output).contains(":5:1"), "{}", stderr(&output));
}

#[test]
fn a_first_list_of_known_differences_is_written() {
    let folder = repository();
    write(folder.path(), "parts/pony.yaml", PONY);
    write(folder.path(), "published.yaml", PONIES);
    let line = "drift published.yaml --spec spec/api.yaml";
    let output = xtask(folder.path(), &format!("{line} --accept --reason outdated"));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("spec/drift.toml: 2 known differences added\n"), "{}", stdout(&output));
    let output = xtask(folder.path(), line);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    // An entry that no longer applies stays, and is reported.
    write(folder.path(), "published.yaml", &PONIES.replace("parts/pony", "spec/parts/pony"));
    let list = fs::read_to_string(folder.path().join("spec/drift.toml")).expect("the list was written");
    let output = xtask(folder.path(), &format!("{line} --accept --reason outdated"));
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stderr(&output).contains("2 problems with the known differences"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(folder.path().join("spec/drift.toml")).ok(), Some(list));
}
