//! The guide documents every setting with its default, and everything that a caller can see in a log.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use novamed::{Client, Environment};

use super::DEV_KEY;
use crate::rejected::rust_files;

fn client_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated-client")
}

fn text(path: &str) -> String {
    fs::read_to_string(client_folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the texts of all source files of the client.
fn sources() -> Vec<String> {
    let files = rust_files(&client_folder().join("src"));
    files.iter().map(|path| fs::read_to_string(path).expect("the source can be read")).collect()
}

/// Returns the names of a type's public methods, in whatever file they are.
fn methods(of: &str) -> BTreeSet<String> {
    let head = format!("impl {of} {{");
    let files = sources();
    let mut names = BTreeSet::new();
    for lines in files.iter().map(|text| text.lines()) {
        let mut is_inside = false;
        for line in lines {
            is_inside = line == head || (is_inside && line != "}");
            let rest = line.strip_prefix("    pub ").filter(|_| is_inside);
            let rest = rest.map(|rest| rest.trim_start_matches("const ").trim_start_matches("async "));
            if let Some(rest) = rest.and_then(|rest| rest.strip_prefix("fn ")) {
                let end = rest.find(['(', '<']).expect("a function has parameters");
                names.insert(rest[..end].to_owned());
            }
        }
    }
    assert!(names.len() > 5, "`{of}` was not found");
    names
}

/// Returns the variants of a public enum without payloads, and the heads of those with one.
fn variants(file: &str, of: &str) -> BTreeSet<String> {
    let text = text(file);
    let body = text.split(&format!("pub enum {of} {{\n")).nth(1).and_then(|rest| rest.split("\n}").next());
    let lines = body.expect("the enum is there").lines().map(str::trim);
    let variants = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    variants.map(|line| line.split(['(', ',', ' ']).next().unwrap_or_default().to_owned()).collect()
}

/// Returns the cells of the table whose head starts with this.
fn table(text: &str, head: &str) -> Vec<Vec<String>> {
    let lines = text.lines().map(|line| line.trim_start_matches("//! "));
    let rows = lines.skip_while(|line| !line.starts_with(head)).skip(2).take_while(|line| line.starts_with('|'));
    let rows: Vec<Vec<String>> =
        rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect();
    assert!(!rows.is_empty(), "the table `{head}` is missing");
    rows
}

/// Returns the names in backticks.
fn names(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(|name| name.trim_end_matches("()").to_owned())
}

fn pages() -> BTreeSet<String> {
    let entries = fs::read_dir(client_folder().join("guide")).expect("the guide is there");
    let names = entries.map(|entry| entry.expect("the guide can be read").file_name());
    let names = names.map(|name| name.to_string_lossy().trim_end_matches(".md").to_owned());
    // This page belongs to the module `testing`, which exists only with its feature.
    names.filter(|name| name != "testing").collect()
}

/// Fails unless the page contains each name in backticks.
fn assert_names(page: &str, expected: impl IntoIterator<Item = String>) {
    let guide = text(&format!("guide/{page}.md"));
    let words: BTreeSet<String> = names(&guide.replace("```", "")).collect();
    let is_named = |name: &String| {
        words.iter().any(|word| word == name || word.split(['(', '{']).next() == Some(name))
            || guide.contains(&format!("[`{name}`]"))
    };
    let missing: Vec<String> = expected.into_iter().filter(|name| !is_named(name)).collect();
    assert!(missing.is_empty(), "guide/{page}.md does not name {missing:?}");
}

#[test]
fn every_setting_is_in_the_guide_and_on_its_page() {
    let rows = table(&text("src/guide.rs"), "| `ClientBuilder`");
    for (column, of) in ["ClientBuilder", "Options"].into_iter().enumerate() {
        let listed: BTreeSet<String> = rows.iter().flat_map(|row| names(&row[column])).collect();
        let mut there = methods(of);
        there.retain(|name| !name.starts_with("build"));
        assert_eq!(listed, there, "the methods of `{of}` in the guide's table of settings");
    }
    for row in &rows {
        let page = names(&row[3]).next().expect("a setting has a page");
        let page = page.trim_matches(['[', ']']);
        assert_names(page, row[..2].iter().flat_map(|cell| names(cell)));
    }
}

#[test]
fn the_defaults_are_those_of_the_guide() {
    let builder = Client::builder().environment(Environment::Development).api_key(DEV_KEY);
    let printed = format!("{builder:?} retry_budget: {}", default_of_the_budget());
    let rows = table(&text("src/guide.rs"), "| `ClientBuilder`");
    let mut compared = 0;
    for row in rows {
        let name = names(&row[0]).next().unwrap_or_default();
        let Some(value) = printed.split(&format!("{name}: ")).nth(1).filter(|_| !name.is_empty()) else {
            continue;
        };
        let value = value.split([',', ' ', '}']).next().unwrap_or_default();
        let expected = match row[2].split_once(' ') {
            Some((seconds, "s")) => format!("{seconds}s"),
            Some((mebibytes, "MiB")) => (mebibytes.parse::<u32>().expect("it is a number") * 1024 * 1024).to_string(),
            _ => row[2].clone(),
        };
        if name != "environment" && name != "proxy" {
            assert_eq!(value, expected, "`{name}`");
            compared += 1;
        }
    }
    assert_eq!(compared, 8, "settings whose defaults are numbers");
}

/// The only default that isn't printed.
fn default_of_the_budget() -> String {
    let text = text("src/runtime/client/builder.rs");
    let line = text.lines().find_map(|line| line.trim().strip_prefix("retry_budget: ")?.strip_suffix(','));
    line.filter(|value| value.parse::<u32>().is_ok()).expect("the budget has a default").to_owned()
}

#[test]
fn every_page_is_listed() {
    let rows = table(&text("src/guide.rs"), "| question |");
    let listed: BTreeSet<String> =
        rows.iter().flat_map(|row| names(&row[1])).map(|name| name.trim_matches(['[', ']']).to_owned()).collect();
    assert_eq!(listed, pages());
}

#[test]
fn every_feature_is_listed() {
    let manifest = text("Cargo.toml");
    let section = |title: &str| {
        let lines = manifest.lines().skip_while(|line| *line != title).skip(1);
        let lines: Vec<String> = lines.take_while(|line| !line.starts_with('[')).map(str::to_owned).collect();
        lines
    };
    let name = |line: &String| line.split([' ', '=']).next().unwrap_or_default().to_owned();
    let is_entry = |line: &&String| line.contains(" = ") && !line.starts_with('#');
    let features = section("[features]");
    let optional = section("[dependencies]").into_iter().filter(|line| line.contains("optional = true"));
    let implicit = optional
        .map(|line| name(&line))
        .filter(|name| !features.iter().any(|line| line.contains(&format!("\"dep:{name}\""))));
    let mut there: BTreeSet<String> = features.iter().filter(is_entry).map(name).chain(implicit).collect();
    there.remove("default");
    let rows = table(&text("src/guide.rs"), "| feature |");
    let listed: BTreeSet<String> = rows.iter().flat_map(|row| names(&row[0])).collect();
    assert_eq!(listed, there);
}

#[test]
fn what_can_be_told_of_a_failure_is_on_its_page() {
    assert_names("delivery", variants("src/runtime/error/mod.rs", "Delivery"));
    assert_names("retries", variants("src/runtime/error/problem.rs", "NotRepeated"));
    assert_names("transport", variants("src/runtime/error/connection.rs", "ConnectionProblem"));
    assert_names("audit", variants("src/runtime/audit/mod.rs", "Outcome"));
    assert_names("audit", methods("AuditRecord"));
}

#[test]
fn every_field_of_a_span_is_listed() {
    let text = text("src/runtime/audit/span.rs");
    let fields = text.split("\"HTTP\",").nth(1).and_then(|rest| rest.split(");\n").next()).expect("there is a span");
    let fields =
        fields.lines().filter_map(|line| line.trim().split_once(" = ")).map(|(name, _)| name.replace("r#", ""));
    let fields: Vec<String> = fields.collect();
    assert!(fields.len() > 10, "the span has {} fields", fields.len());
    assert_names("audit", fields);
}

#[test]
fn what_is_received_and_answered_is_on_its_page() {
    assert_names("webhooks", methods("Receiver"));
    assert_names("webhooks", variants("src/runtime/receiver/received.rs", "ReceiveErrorKind"));
    assert_names("webhooks", variants("src/runtime/receiver/inbox.rs", "Verdict"));
    let guide = text("guide/webhooks.md");
    let source = text("src/runtime/receiver/service.rs").replace("/// |", "|");
    let statuses =
        |text: &str| -> Vec<String> { table(text, "| status |").into_iter().map(|row| row[0].clone()).collect() };
    assert_eq!(statuses(&guide), statuses(&source), "statuses on the page and at the service");
    assert!(text("src/runtime/receiver/mod.rs").contains("const MAX_BODY_BYTES: usize = 1 << 20;"));
    assert!(guide.contains("| `max_body_bytes` | 1 MiB |"));
    assert!(source.contains("const DEADLINE: Duration = Duration::from_secs(4);"));
}
