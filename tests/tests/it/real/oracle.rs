//! Instances of every schema are decoded and encoded to the same JSON, and none of them is unknown to its type.
//!
//! `tests/oracle/instances.py` makes the instances from the document alone, and an independent validator says which of
//! them are valid. `tests/oracle/exceptions.yaml` lists the values that are known to be lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

use super::decoding;
use super::document::Document;
use super::passing::{self, Case, Passing};
use super::program::Built;
use crate::compile::is_long;
use crate::{corpus, fixture};

/// Documents that only the long run has time for: their clients take minutes to compile.
const LARGE: &[&str] = &[
    "box-v2025",
    "e2b-api",
    "figma-rest",
    "keycloak-admin-11",
    "kubeflow-model-registry",
    "lakefs-api",
    "ory-kratos",
    "overseerr-api",
    "oxide-wicketd-commission",
    "spotify-web-api",
    "vonage-reports",
    "xero-payroll-au",
];

/// The problem of a value that the schema knows and the type doesn't.
const UNRECOGNIZED: &str = "is unrecognized";

/// Losses that are understood: an entry of `tests/oracle/exceptions.yaml`. It's about every loss that has all it names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    /// The document's name, or `any`.
    document: String,
    /// The beginning of the schema's pointer.
    #[serde(default)]
    schema: String,
    /// A part of what the instance is called.
    #[serde(default)]
    instance: String,
    /// A part of the problem.
    #[serde(default)]
    problem: String,
    #[expect(dead_code, reason = "it is for readers, and has to be there")]
    reason: String,
}

impl Exception {
    fn is_of(&self, document: &str) -> bool {
        self.document == "any" || self.document == document
    }

    fn is_about(&self, loss: &Loss<'_>) -> bool {
        self.is_of(loss.document)
            && loss.case.schema.starts_with(&self.schema)
            && loss.case.name.contains(&self.instance)
            && loss.problem.contains(&self.problem)
    }
}

/// An instance that was made.
#[derive(Debug, Deserialize)]
struct Instance {
    schema: String,
    what: String,
    value: Value,
    /// The value without the property that the schema doesn't name.
    without: Option<Value>,
}

/// The valid instances of a document.
struct Instances {
    passing: Passing,
    /// What may be left of the case at the same place, where that is less than its value.
    less: Vec<Option<Value>>,
    /// So many are not valid.
    invalid: usize,
    /// So many schemas were asked for.
    schemas: usize,
    /// Schemas without a valid instance.
    without: BTreeSet<String>,
}

/// An instance that did not return as it was.
struct Loss<'a> {
    document: &'a str,
    case: &'a Case,
    problem: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle")
}

impl Instances {
    fn of(document: Document) -> Self {
        let mut types: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for place in decoding::places(&document) {
            types.entry(place.schema).or_default().insert(place.ty);
        }
        let mut without: BTreeSet<String> = types.keys().cloned().collect();
        let (mut cases, mut less, mut invalid) = (Vec::new(), Vec::new(), 0);
        for instance in made(&document, types.keys()) {
            if !document.validators.is_valid(&instance.schema, &instance.value) {
                invalid += 1;
                continue;
            }
            without.remove(&instance.schema);
            for ty in &types[&instance.schema] {
                cases.push(Case {
                    name: instance.what.clone(),
                    schema: instance.schema.clone(),
                    ty: ty.clone(),
                    value: instance.value.clone(),
                });
                less.push(instance.without.clone());
            }
        }
        Self { passing: Passing { document, cases }, less, invalid, schemas: types.len(), without }
    }

    fn losses(&self, built: &Built) -> Vec<Loss<'_>> {
        let passed = self.passing.pass(built);
        let document = self.passing.document.fixture.name.as_str();
        let judged = self.passing.cases.iter().zip(&self.less).zip(&passed);
        let losses = judged.filter_map(|((case, less), passed)| {
            let loss = passed.loss(&case.value);
            let loss = loss.filter(|_| less.as_ref().is_none_or(|less| passed.loss(less).is_some()));
            let problem = loss.or_else(|| passed.is_unrecognized().then(|| UNRECOGNIZED.to_owned()))?;
            Some(Loss { document, case, problem })
        });
        losses.collect()
    }
}

/// Has instances of the schemas made.
fn made<'a>(document: &Document, schemas: impl Iterator<Item = &'a String>) -> Vec<Instance> {
    let asked = json!({"document": document.root, "schemas": schemas.collect::<Vec<_>>()}).to_string();
    let mut command = Command::new("python3");
    command.arg(folder().join("instances.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("Python 3 is installed");
    let mut stdin = child.stdin.take().expect("its input is open");
    let writer = std::thread::spawn(move || stdin.write_all(asked.as_bytes()));
    let output = child.wait_with_output().expect("the script ends");
    writer.join().expect("nothing panics there").expect("the script reads all its input");
    assert!(output.status.success(), "no instances of {} can be made", document.fixture.name);
    let output = String::from_utf8(output.stdout).expect("JSON is text");
    output.lines().map(|line| serde_json::from_str(line).expect("it is an instance")).collect()
}

/// Returns the documents that a variable names by their paths or their names in the corpus, or those of the run.
fn documents() -> Option<Vec<Document>> {
    let only = std::env::var("NOVAMED_DOCUMENTS").unwrap_or_default();
    if only.is_empty() {
        return super::documents(|name| is_long() || !LARGE.contains(&name));
    }
    let named = |name: &str| {
        let path = Path::new(name);
        if path.is_file() {
            return Document::read(fixture::read(path));
        }
        let corpus = corpus::folder().map(|folder| fixture::documents(&folder)).unwrap_or_default();
        let found = corpus.into_iter().find(|fixture| fixture.name == name);
        Document::read(found.unwrap_or_else(|| panic!("{name} is neither a file nor a document of the corpus")))
    };
    Some(only.split(',').map(named).collect())
}

/// Prints one loss of each schema and kind of problem.
fn show(losses: &[&Loss<'_>]) {
    let mut shown: BTreeMap<(&str, String), (usize, &Loss<'_>)> = BTreeMap::new();
    for loss in losses {
        let kind = loss.problem.replace(|c: char| c.is_ascii_digit(), "");
        shown.entry((&loss.case.schema, kind)).or_insert((0, loss)).0 += 1;
    }
    for ((schema, _), (count, Loss { case, problem, .. })) in shown {
        let value: String = case.value.to_string().chars().take(300).collect();
        println!("    {count} of {schema} as {}, such as {}: {problem}\n        {value}", case.ty, case.name);
    }
}

/// Prints what became of a document's instances, and returns how many losses no exception lists.
fn report(instances: &Instances, losses: &[Loss<'_>], exceptions: &[Exception]) -> usize {
    let is_listed = |loss: &Loss<'_>| exceptions.iter().any(|exception| exception.is_about(loss));
    let unlisted: Vec<&Loss<'_>> = losses.iter().filter(|loss| !is_listed(loss)).collect();
    println!(
        "{:<28} {:>6} instances, {:>5} lost, {:>5} of them unlisted; {:>5} invalid, {:>3} of {} schemas without one",
        instances.passing.document.fixture.name,
        instances.passing.cases.len(),
        losses.len(),
        unlisted.len(),
        instances.invalid,
        instances.without.len(),
        instances.schemas,
    );
    show(&unlisted);
    unlisted.len()
}

fn exceptions() -> Vec<Exception> {
    let text = fs::read_to_string(folder().join("exceptions.yaml")).expect("the exceptions can be read");
    serde_yaml::from_str(&text).expect("the exceptions are a list of entries")
}

#[test]
fn instances_of_every_schema_are_decoded_and_encoded_without_loss() {
    if !super::is_wanted("NOVAMED_ORACLE") {
        println!("skipped: `cargo xtask oracle` runs it, with NOVAMED_ORACLE=1");
        return;
    }
    let Some(documents) = documents() else { return };
    let all: Vec<Instances> = documents.into_iter().map(Instances::of).collect();
    let built = passing::build("oracle", all.iter().map(|instances| &instances.passing));
    let exceptions = exceptions();
    let (mut count, mut lost, mut unlisted, mut needed) = (0, 0, 0, BTreeSet::new());
    for instances in &all {
        let losses = instances.losses(&built);
        unlisted += report(instances, &losses, &exceptions);
        count += instances.passing.cases.len();
        lost += losses.len();
        let is_needed = |exception: &Exception| losses.iter().any(|loss| exception.is_about(loss));
        needed.extend((0..exceptions.len()).filter(|index| is_needed(&exceptions[*index])));
    }
    println!("{} of {count} instances return as they were", count - lost);
    // What is about any document need not occur in those that somebody names.
    let is_whole = std::env::var_os("NOVAMED_DOCUMENTS").is_none();
    let names: BTreeSet<&str> = all.iter().map(|instances| instances.passing.document.fixture.name.as_str()).collect();
    let is_looked_for =
        |exception: &Exception| names.contains(exception.document.as_str()) || is_whole && exception.document == "any";
    let idle: Vec<&Exception> = exceptions
        .iter()
        .enumerate()
        .filter(|(index, exception)| !needed.contains(index) && is_looked_for(exception))
        .map(|(_, exception)| exception)
        .collect();
    assert!(idle.is_empty(), "exceptions that no longer occur: {idle:#?}");
    assert!(unlisted == 0, "{unlisted} instances don't return as they were, and no exception lists them");
}
