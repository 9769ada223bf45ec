//! Command lines and what they are parsed to.

use super::*;
use crate::failure;

fn parsed(line: &str) -> Result<Command, Failure> {
    parse(line.split_whitespace().map(OsString::from))
}

#[test]
fn no_argument_asks_for_help() {
    assert_eq!(parsed("").unwrap(), Command::Help(USAGE));
    assert_eq!(parsed("--help").unwrap(), Command::Help(USAGE));
    assert_eq!(parsed("codegen -h").unwrap(), Command::Help(CODEGEN));
    assert_eq!(parsed("ci --help").unwrap(), Command::Help(CI));
    assert_eq!(parsed("bench --help").unwrap(), Command::Help(BENCH));
    assert_eq!(parsed("diff --help").unwrap(), Command::Help(review::DIFF));
    assert_eq!(parsed("drift main -h").unwrap(), Command::Help(review::DRIFT));
}

#[test]
fn codegen_takes_its_options() {
    let line = "codegen --spec a.yaml --out=b --name c --check --deny-warnings \
                --server --verbose --unmarked shown --report d";
    let options = Codegen {
        spec: Some("a.yaml".into()),
        out: Some("b".into()),
        name: Some("c".to_owned()),
        check: true,
        deny_warnings: true,
        verbose: true,
        unmarked_shown: true,
        server: true,
        report: Some("d".into()),
    };
    assert_eq!(parsed(line).unwrap(), Command::Codegen(options));
}

#[test]
fn lint_takes_a_document_and_a_format() {
    let options = Lint {
        document: Some("a.yaml".into()),
        config: Some("b.toml".into()),
        format: LintFormat::Sarif,
        all: true,
        deny_warnings: true,
        ..Lint::default()
    };
    let line = "lint --format sarif a.yaml --config=b.toml --all --deny-warnings";
    assert_eq!(parsed(line).unwrap(), Command::Lint(options));
    assert_eq!(parsed("lint").unwrap(), Command::Lint(Lint::default()));
    let explain = Lint { explain: Some("missing-tag".to_owned()), ..Lint::default() };
    assert_eq!(parsed("lint --explain missing-tag").unwrap(), Command::Lint(explain));
}

#[test]
fn bench_measures_all_parts_or_those_that_are_named() {
    let parts = |line| match parsed(line).unwrap() {
        Command::Bench(options) => options.parts,
        other => panic!("{other:?}"),
    };
    assert_eq!(parts("bench"), PARTS.map(|(_, part)| part));
    assert_eq!(parts("bench --only builds --only codegen"), [Part::Codegen, Part::Builds]);
}

#[test]
fn command_with_a_server_keeps_its_options() {
    let words = ["cargo", "test", "--", "--exact", "-h"];
    let line = format!("postgres {}", words.join(" "));
    assert_eq!(parsed(&line).unwrap(), Command::Postgres(words.map(OsString::from).to_vec()));
    assert_eq!(parsed("postgres --help").unwrap(), Command::Help(POSTGRES));
}

#[test]
fn wrong_lines_are_usage_failures_that_name_the_help() {
    for (line, part) in [
        ("codgen", "unknown command `codgen`; did you mean `codegen`?"),
        ("serve", "unknown command `serve`\n"),
        ("--check", "unknown option `--check`"),
        ("codegen --chek", "unknown option `--chek`; did you mean `--check`?"),
        ("codegen --fast", "unknown option `--fast`\n"),
        ("bench --large-file a", "unknown option `--large-file`"),
        ("codegen spec.yaml", "`spec.yaml` is one word too many"),
        ("codegen --spec", "missing argument for option '--spec'"),
        ("codegen --spec a", "--spec needs --out"),
        ("codegen --name a", "--name goes with --spec"),
        ("codegen --unmarked shown", "--unmarked goes with --spec"),
        ("codegen --server", "--server goes with --spec"),
        ("codegen --spec a --out b --unmarked x", "`shown` or `redacted`"),
        ("codegen --out a --out b", "--out is given twice"),
        ("codegen --check=yes", "--check"),
        ("lint a.yaml b.yaml", "`b.yaml` is one word too many"),
        ("lint --formt json", "unknown option `--formt`; did you mean `--format`?"),
        ("lint --format xml", "the formats are terminal, json, sarif, github"),
        ("lint --explain", "missing argument for option '--explain'"),
        ("lint --config a --config b", "--config is given twice"),
        ("lint --all --all", "--all is given twice"),
        ("lint --list --list", "--list is given twice"),
        ("lint --deny-warnings --deny-warnings", "--deny-warnings is given twice"),
        ("codegen --check --check", "--check is given twice"),
        ("codegen --deny-warnings --deny-warnings", "--deny-warnings is given twice"),
        ("diff main --changelog --changelog", "--changelog is given twice"),
        ("drift a.yaml --accept", "--accept needs --reason TEXT"),
        ("drift a.yaml --reason so", "--reason goes with --accept"),
        ("drift a.yaml --accept --reason so --format json", "it takes no --format"),
        ("ci --full --full", "--full is given twice"),
        ("ci --list --list", "--list is given twice"),
        ("ci --fast", "unknown option `--fast`"),
        ("oracle --fast", "unknown option `--fast`"),
        ("oracle --full --full", "--full is given twice"),
        ("oracle --full a.yaml", "leave out the names"),
        ("postgres --fast", "unknown option `--fast`"),
        ("bench --runs 0", "a number from 1 on"),
        ("bench --only speed", "the parts are codegen, calls, inbox, postgres, sandbox, builds, large-builds"),
    ] {
        let failure = parsed(line).expect_err(line);
        assert_eq!(failure.status, failure::USAGE, "{line}");
        assert!(failure.message.contains(part), "{line}: {}", failure.message);
        assert!(failure.message.contains("--help`"), "{line}");
    }
}
