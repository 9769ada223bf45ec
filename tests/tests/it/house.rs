//! Rules of this repository that reviewers would otherwise have to check.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use generator::{Config, Source};
use serde_yaml::Value;

use crate::rejected::rust_files;
use crate::{fixture, imports};

/// Words of one API. The generator must work for any API.
const API_WORDS: &[&str] = &[
    "novamed",
    "nimbus",
    "practitioner",
    "patient",
    "clinic",
    "prescri",
    "refill",
    "medication",
    "shipment",
    "pharmacy",
    "carrier",
];

/// The name of an environment's fact: whether patient data may be sent there.
const ALLOWED: &[&str] = &["patient-data", "patient_data", "PatientData"];

/// The parts of `review/src` that read emitted clients, which are Rust; in turn, they must not know documents.
const READS_RUST: &[&str] = &["diff/rust/", "diff/proof.rs"];

/// Schemas nest in these shapes, so their modules may call each other.
const ALLOWED_CIRCLE: &[&str] = &["lower/schema/class", "lower/schema/enumeration", "lower/schema/union"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The generator's source files: the path below `generator/src`, and the text.
fn sources(below: &str) -> Vec<(String, String)> {
    sources_of("generator/src", below)
}

/// A crate's source files: the path below `source`, and the text.
fn sources_of(source: &str, below: &str) -> Vec<(String, String)> {
    let source = root().join(source);
    let at = source.join(below);
    let files = if at.is_dir() { rust_files(&at) } else { vec![at] };
    let relative = |path: &Path| path.strip_prefix(&source).expect("the file lies there").display().to_string();
    files.iter().map(|path| (relative(path), fs::read_to_string(path).expect("the source can be read"))).collect()
}

/// Returns the lines that contain one of the words, with their places.
fn lines_with(files: &[(String, String)], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        for (index, line) in text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{path}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    found
}

/// Removes comments, docs and unit tests, which may mention things that the code must not use.
fn code(files: Vec<(String, String)>) -> Vec<(String, String)> {
    let code = |text: &str| {
        let lines = text.lines().take_while(|line| *line != "#[cfg(test)]");
        lines.map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
    };
    files.into_iter().filter(|(path, _)| !path.contains("tests")).map(|(path, text)| (path, code(&text))).collect()
}

#[test]
fn the_generator_and_its_reviews_know_no_api() {
    let files: Vec<(String, String)> = sources("")
        .into_iter()
        .chain(sources_of("review/src", ""))
        .map(|(path, text)| (path, ALLOWED.iter().fold(text, |text, word| text.replace(word, "")).to_ascii_lowercase()))
        .collect();
    let found = lines_with(&files, API_WORDS);
    assert!(found.is_empty(), "words of one API:\n{}", found.join("\n"));
}

#[test]
fn each_stage_imports_only_what_it_may() {
    let rules: &[(&str, &[&str])] = &[
        ("", &["HashMap", "HashSet"]),
        (
            "parse",
            &[
                "quote::",
                "quote!",
                "syn::",
                "heck::",
                "proc_macro2",
                "crate::model",
                "crate::lower",
                "crate::emit",
                "crate::names",
            ],
        ),
        (
            "lower",
            &["quote::", "quote!", "syn::", "proc_macro2", "TokenStream", "crate::emit", "serde_yaml", "granit_parser"],
        ),
        (
            "model.rs",
            &[
                "openapiv3",
                "quote::",
                "quote!",
                "syn::",
                "proc_macro2",
                "serde_json",
                "heck::",
                "crate::parse",
                "crate::lower",
            ],
        ),
        ("names.rs", &["openapiv3", "quote::", "syn::", "crate::model", "crate::parse", "crate::lower", "crate::emit"]),
        (
            "emit",
            &["openapiv3", "heck::", "crate::parse", "crate::lower", "crate::diagnostic", "prettyplease", "serde_yaml"],
        ),
        ("render.rs", &["openapiv3", "heck::", "crate::model", "crate::parse", "crate::lower", ".replace(", "regex"]),
        ("diagnostic.rs", &["openapiv3", "quote!", "syn::", "println!", "crate::parse"]),
    ];
    for (room, banned) in rules {
        let files = code(sources(room));
        assert!(!files.is_empty(), "{room} doesn't exist anymore");
        let found = lines_with(&files, banned);
        assert!(found.is_empty(), "`{room}` must not know {banned:?}:\n{}", found.join("\n"));
    }
}

#[test]
fn reviews_import_only_what_they_may() {
    let of_documents = [
        "quote::",
        "quote!",
        "syn::",
        "proc_macro2",
        "heck::",
        "granit_parser",
        "serde_yaml",
        "std::fs",
        "std::io",
        "HashMap",
        "HashSet",
    ];
    let mut files = code(sources_of("review/src", ""));
    files.retain(|(path, _)| !READS_RUST.iter().any(|part| path.starts_with(part)));
    let found = lines_with(&files, &of_documents);
    assert!(found.is_empty(), "a review must not know {of_documents:?}:\n{}", found.join("\n"));

    let of_rust = ["openapiv3", "heck::", "generator::", "prettyplease", "HashMap"];
    let files = code(sources_of("review/src", "diff/rust"));
    assert!(!files.is_empty(), "`review/src/diff/rust` is gone");
    let found = lines_with(&files, &of_rust);
    assert!(found.is_empty(), "`diff/rust` must not know {of_rust:?}:\n{}", found.join("\n"));
}

#[test]
fn modules_of_a_stage_do_not_import_each_other_in_circles() {
    for (room, allowed) in [("emit", [].as_slice()), ("lower", ALLOWED_CIRCLE)] {
        let mut circles = imports::circles(&sources(room), room);
        circles.retain(|circle| !circle.iter().all(|module| allowed.contains(&module.as_str())));
        assert!(circles.is_empty(), "modules of `{room}` import each other in circles: {circles:#?}");
    }
}

#[test]
fn only_a_scope_makes_a_name() {
    let files: Vec<_> = code(sources("")).into_iter().filter(|(path, _)| path != "names.rs").collect();
    let found = lines_with(&files, &["to_snake_case", "to_upper_camel_case", "Name("]);
    let found: Vec<_> = found.into_iter().filter(|line| line.contains("_case") || line.contains(" Name(")).collect();
    assert!(found.is_empty(), "names that weren't created by a scope:\n{}", found.join("\n"));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    for fixture in fixture::all("accepted") {
        let config = Config::new("fixture");
        let one = fixture.generate(&config).expect("the fixture is accepted");
        let other = fixture.generate(&config).expect("the fixture is accepted");
        assert_eq!(one.files, other.files, "{}", fixture.file);
        assert_eq!(one.warnings, other.warnings, "{}", fixture.file);
    }
}

#[test]
fn a_document_written_as_json_gives_the_same_bytes() {
    let mut documents = fixture::all("accepted");
    let spec = fixture::documents(&root().join("spec")).into_iter().find(|document| document.file == "novamed.yaml");
    documents.extend(spec);
    for document in documents.iter().filter(|document| !document.is_json()) {
        let mut value: Value = serde_yaml::from_str(&document.text).expect("the document is YAML");
        value.apply_merge().expect("what is merged is an object");
        let text = json(&value);
        let config = Config::new("fixture");
        let from_yaml = document.generate(&config).unwrap_or_else(|problems| panic!("{problems}"));
        let source = Source { name: &document.file, text: &text, files: &document.files };
        let from_json = generator::generate(&source, &config).expect("the same document");
        assert_eq!(from_yaml.files.keys().collect::<Vec<_>>(), from_json.files.keys().collect::<Vec<_>>());
        for (path, text) in &from_yaml.files {
            assert_eq!(Some(text), from_json.files.get(path), "{}: {path}", document.file);
        }
    }
}

/// Writes a value as JSON, with its keys in order.
fn json(value: &Value) -> String {
    match value {
        Value::Mapping(entries) => {
            let entries: Vec<_> =
                entries.iter().map(|(key, value)| format!("{}:{}", text(&key_text(key)), json(value))).collect();
            format!("{{{}}}", entries.join(","))
        }
        Value::Sequence(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(",")),
        Value::String(string) => text(string),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null => "null".to_owned(),
        Value::Tagged(tagged) => json(&tagged.value),
    }
}

/// Keys that aren't strings in YAML, such as the `200:` of a response, are strings in JSON.
fn key_text(key: &Value) -> String {
    match key {
        Value::String(text) => text.clone(),
        other => json(other),
    }
}

fn text(string: &str) -> String {
    serde_json::to_string(string).expect("a string can be written as JSON")
}

#[test]
fn the_spec_has_no_warning() {
    let spec = fixture::documents(&root().join("spec")).into_iter().find(|document| document.file == "novamed.yaml");
    let spec = spec.expect("the spec is there");
    let generated = spec.generate(&Config::new("novamed")).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(generated.warnings.is_empty(), "{}", fixture::shown(&generated.warnings, &spec.source()));
    assert_eq!(generated.summary.left_out_operations, 0);
    assert_eq!(generated.summary.untyped, 0);
}

/// Returns the fixtures that the tables name in a column; columns count from the end.
fn fixtures_named(text: &str, column: usize) -> BTreeSet<&str> {
    let rows = text.lines().filter(|line| line.starts_with("| ") && line.ends_with('|'));
    let cells = rows.filter_map(|line| line.trim_end_matches('|').rsplit('|').nth(column));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn every_fixture_is_listed_as_supported() {
    let page = fs::read_to_string(root().join("generator/README.md")).expect("the README can be read");
    let (_, section) = page.split_once("\n## What is supported\n").expect("the README has the section");
    let text = section.split("\n## ").next().unwrap_or_default();
    for (folder, column) in [("accepted", 1), ("rejected", 0)] {
        let named = fixtures_named(text, column);
        let fixtures = fixture::all(folder);
        let there: BTreeSet<&str> = fixtures.iter().map(|fixture| fixture.name.as_str()).collect();
        let missing: Vec<_> = named.difference(&there).collect();
        let unlisted: Vec<_> = there.difference(&named).collect();
        assert!(missing.is_empty() && unlisted.is_empty(), "{folder}: no fixture {missing:?}, in no row {unlisted:?}");
    }
}

/// Collects the Markdown files below a folder.
fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && !name.starts_with('.') && !["target", "node_modules"].contains(&name) {
            pages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// Returns the relative links of a page, without fragments. Links to items and to other sites contain a colon.
fn relative_links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    targets.filter(|target| !target.contains(':')).filter_map(|target| target.split('#').next())
}

#[test]
fn the_files_that_the_contributing_page_names_exist() {
    let page = fs::read_to_string(root().join("CONTRIBUTING.md")).expect("the page can be read");
    let folders = ["", "generator/src", "templates/runtime/src", "tests/tests/it"];
    let names = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| Path::new(name).extension().is_some_and(|it| it == "rs") && !name.contains(' '));
    // `time` is what the example adds.
    for name in names.filter(|name| !name.contains("time.rs")) {
        assert!(folders.iter().any(|folder| root().join(folder).join(name).is_file()), "there is no `{name}`");
    }
}

#[test]
fn relative_links_between_pages_resolve() {
    let mut files = Vec::new();
    pages(&root(), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).expect("the page can be read");
        for link in relative_links(&text) {
            let target = file.parent().expect("a file has a folder").join(link);
            assert!(target.exists(), "{} links to `{link}`, which doesn't exist", file.display());
        }
    }
}
