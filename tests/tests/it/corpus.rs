//! Real documents: the 40 of `shared/corpus`, which stands beside the repository.
//!
//! The short run generates all of them and counts; the long one compiles them as well.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use generator::{Config, Generated};

use crate::compile::is_long;
use crate::fixture::{self, Fixture};
use crate::scratch::{self, Crates, Scratch};

/// So many documents give a complete crate that compiles.
const COMPLETE: usize = 40;

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// What became of a document.
struct Outcome {
    fixture: Fixture,
    /// Operations under `paths`, counted by another reader.
    operations: usize,
    result: Result<Generated, String>,
}

impl Outcome {
    fn is_complete(&self) -> bool {
        self.result.as_ref().is_ok_and(|generated| generated.summary.operations == self.operations)
    }

    fn row(&self) -> String {
        let head = format!("{:<28} {:>4}", self.fixture.name, self.operations);
        match &self.result {
            Ok(generated) => {
                let summary = &generated.summary;
                format!(
                    "{head} {:>9} {:>5} {:>7} {:>8} {:>8}",
                    summary.operations,
                    summary.types,
                    summary.untyped,
                    generated.warnings.len(),
                    generated.files.len()
                )
            }
            Err(problem) => format!("{head} {}", problem.lines().next().unwrap_or_default()),
        }
    }
}

#[test]
fn every_document_of_the_corpus_gives_all_its_operations() {
    let Some(folder) = folder() else {
        println!("skipped: there is no corpus beside the repository");
        return;
    };
    let outcomes: Vec<Outcome> = fixture::documents(&folder).into_iter().map(outcome).collect();
    let mut table = format!(
        "{:<28} {:>4} {:>9} {:>5} {:>7} {:>8} {:>8}\n",
        "document", "ops", "delivered", "types", "untyped", "warnings", "files"
    );
    for outcome in &outcomes {
        writeln!(table, "{}", outcome.row()).expect("a string takes any text");
    }
    let delivered: usize =
        outcomes.iter().filter_map(|outcome| Some(outcome.result.as_ref().ok()?.summary.operations)).sum();
    let operations: usize = outcomes.iter().map(|outcome| outcome.operations).sum();
    println!("{table}{delivered} of {operations} operations");
    assert!(outcomes.len() >= 40, "the corpus holds 40 documents");
    let incomplete: Vec<String> = outcomes.iter().filter(|outcome| !outcome.is_complete()).map(Outcome::row).collect();
    assert!(incomplete.is_empty(), "operations are missing:\n{}", incomplete.join("\n"));
    if is_long() {
        compile(&outcomes);
    } else {
        println!("compiled with NOVAMED_LONG_TESTS=1");
    }
}

/// Returns the folder of the corpus, where it is there.
pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    folder.is_dir().then_some(folder)
}

fn outcome(fixture: Fixture) -> Outcome {
    let config = Config::new(&crate_name(&fixture));
    let result =
        catch_unwind(AssertUnwindSafe(|| fixture.generate(&config))).unwrap_or_else(|_| Err("panic".to_owned()));
    Outcome { operations: operations(&fixture), fixture, result }
}

fn crate_name(fixture: &Fixture) -> String {
    format!("corpus-{}", fixture.name)
}

/// Counts the operations under `paths`.
fn operations(fixture: &Fixture) -> usize {
    let document: serde_yaml::Value = if fixture.is_json() {
        // JSON's escapes for characters beyond the basic plane are unknown to YAML.
        let json: serde_json::Value = serde_json::from_str(&fixture.text).expect("the corpus is JSON");
        serde_yaml::to_value(json).expect("JSON is YAML")
    } else {
        serde_yaml::from_str(&fixture.text).expect("the corpus is YAML")
    };
    let Some(paths) = document.get("paths").and_then(serde_yaml::Value::as_mapping) else { return 0 };
    paths.values().map(|item| METHODS.iter().filter(|method| item.get(**method).is_some()).count()).sum()
}

fn compile(outcomes: &[Outcome]) {
    let mut crates = Crates::new();
    for outcome in outcomes {
        if let Ok(generated) = &outcome.result {
            crates.insert(crate_name(&outcome.fixture), generated.files.clone());
        }
    }
    let scratch = Scratch::new("corpus", &crates, false);
    let output = scratch.cargo("check", &["--workspace", "--keep-going"], &[]);
    let failed = scratch::failed(&output);
    let complete = crates.keys().filter(|name| !failed.contains(*name)).count();
    let warned = scratch::warned(&output);
    println!("{complete} of {} complete and compiled; not: {failed:?}", outcomes.len());
    println!("{} without a warning; not: {warned:?}", crates.len() - warned.len());
    println!("{}", scratch::problems(&output));
    assert!(
        output.status.success() || !failed.is_empty(),
        "Cargo did not get as far as to compile:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(complete >= COMPLETE, "{complete} documents are complete, and {COMPLETE} were");
}

/// Turns the keys that are no texts in YAML, such as the `200:` of a response, into texts.
pub fn with_text_keys(value: serde_yaml::Value) -> serde_yaml::Value {
    use serde_yaml::Value;
    match value {
        Value::Mapping(entries) => {
            let text = |key: Value| match key {
                Value::String(text) => text,
                other => serde_yaml::to_string(&other).expect("a key is YAML").trim().to_owned(),
            };
            let entries = entries.into_iter().map(|(key, value)| (Value::String(text(key)), with_text_keys(value)));
            Value::Mapping(entries.collect())
        }
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(with_text_keys).collect()),
        other => other,
    }
}
