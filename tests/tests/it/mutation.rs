//! Documents that are almost right: real ones and the accepted fixtures, changed in a few places.
//!
//! The changes are random with a fixed seed, so a run can be repeated: a failure contains the document and the seed. The
//! short run uses the fixtures. The long one also uses the corpus, and compiles a sample of the results.
//!
//! The reader's limits bound memory (nesting, aliases, expanded references, stored problems), and `hostile` tests them one
//! by one. This test checks that the size of the output stays within a multiple of the document.

use std::thread;

use generator::source::Files;
use generator::{Config, Source, Texts};
use serde_json::{Map, Value, json};

use crate::compile::is_long;
use crate::corpus;
use crate::fixture::{self, Fixture};
use crate::scratch::{self, Crates, Scratch};

/// The default stack size of a thread.
const STACK: usize = 2 << 20;

/// Pseudorandom numbers, the same in every run (xorshift64*, Marsaglia and Vigna).
pub struct Lot(u64);

impl Lot {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    /// Returns a number below `end`, which is not zero.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).expect("a count")).expect("a count")
    }

    pub fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

/// Words to put in the place of others.
const WORDS: &[&str] = &[
    "string",
    "object",
    "array",
    "integer",
    "float",
    "null",
    "",
    "binary",
    "byte",
    "date-time",
    "uuid",
    "decimal",
    "Self",
    "type",
    "a b",
    "\u{1F600}",
    "*/",
    "```",
    "{x}",
    "-1",
    "query",
    "path",
    "cookie",
    "form",
    "deepObject",
    "1.5e400",
];

/// Keys that are allowed anywhere.
const KEYS: &[&str] = &[
    "$ref",
    "type",
    "format",
    "enum",
    "const",
    "default",
    "nullable",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "discriminator",
    "readOnly",
    "writeOnly",
    "deprecated",
    "pattern",
    "minimum",
    "schema",
    "content",
    "parameters",
    "in",
    "name",
    "style",
    "explode",
    "servers",
    "security",
    "tags",
];

/// Returns a document with one to four changes.
fn mutant(document: &Value, seed: u64) -> Value {
    let mut lot = Lot::new(seed);
    let mut document = document.clone();
    let references = references(&document);
    for _ in 0..=lot.below(4) {
        let count = places(&document);
        let other = nth(&document, lot.below(count)).cloned().unwrap_or_default();
        let mut at = lot.below(count);
        if let Some(place) = nth_mut(&mut document, &mut at) {
            change(place, other, &references, &mut lot);
        }
    }
    document
}

fn change(place: &mut Value, other: Value, references: &[String], lot: &mut Lot) {
    let reference = |lot: &mut Lot| match references {
        [] => json!({"$ref": "#"}),
        some => json!({"$ref": lot.one(some)}),
    };
    match lot.below(10) {
        0 => *place = other,
        1 => *place = reference(lot),
        2 => *place = json!(lot.one(WORDS)),
        3 => *place = lot.one(&[json!(null), json!(true), json!(-1), json!(1.5), json!([]), json!({})]).clone(),
        4 => *place = json!({"allOf": [place.take(), reference(lot)]}),
        5 => *place = json!({"oneOf": [place.take(), reference(lot)], "discriminator": {"propertyName": "type"}}),
        _ => inside(place, other, reference(lot), lot),
    }
}

/// Changes a list or an object, if there is one: removes, adds, renames or repeats a member.
fn inside(place: &mut Value, other: Value, reference: Value, lot: &mut Lot) {
    match place {
        Value::Object(entries) if !entries.is_empty() => {
            let keys: Vec<String> = entries.keys().cloned().collect();
            let key = lot.one(&keys).clone();
            match lot.below(5) {
                0 => _ = entries.remove(&key),
                1 => _ = entries.insert((*lot.one(KEYS)).to_owned(), other),
                2 => _ = entries.insert(key, reference),
                3 => {
                    let value = entries.remove(&key).unwrap_or_default();
                    entries.insert((*lot.one(WORDS)).to_owned(), value);
                }
                _ => {
                    let value = entries[&key].clone();
                    entries.insert(key.to_uppercase(), value);
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = lot.below(items.len());
            match lot.below(4) {
                0 => _ = items.remove(at),
                1 => items.push(items[at].clone()),
                2 => items.insert(at, other),
                _ => items.swap(0, at),
            }
        }
        place => *place = other,
    }
}

/// Counts the values in a value, including itself.
fn places(value: &Value) -> usize {
    1 + match value {
        Value::Object(entries) => entries.values().map(places).sum(),
        Value::Array(items) => items.iter().map(places).sum::<usize>(),
        _ => 0,
    }
}

fn nth(value: &Value, mut index: usize) -> Option<&Value> {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        if index == 0 {
            return Some(value);
        }
        index -= 1;
        match value {
            Value::Object(entries) => open.extend(entries.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    None
}

fn nth_mut<'v>(value: &'v mut Value, index: &mut usize) -> Option<&'v mut Value> {
    if *index == 0 {
        return Some(value);
    }
    *index -= 1;
    match value {
        Value::Object(entries) => entries.values_mut().find_map(|value| nth_mut(value, index)),
        Value::Array(items) => items.iter_mut().find_map(|value| nth_mut(value, index)),
        _ => None,
    }
}

/// References from the document, and some to other places.
fn references(document: &Value) -> Vec<String> {
    let mut found = vec!["#".to_owned(), "#/paths".to_owned(), "#/components/schemas/Missing".to_owned()];
    for key in ["schemas", "parameters", "responses", "requestBodies"] {
        let named = document.pointer(&format!("/components/{key}")).and_then(Value::as_object);
        found.extend(named.into_iter().flat_map(Map::keys).map(|name| format!("#/components/{key}/{name}")));
    }
    found
}

/// Generates a client from a mutant, and returns its files, if there are any.
fn outcome(name: &str, document: &Value, files: &Files, seed: u64) -> Option<Texts> {
    let text = mutant(document, seed).to_string();
    let (shown, own, files) = (format!("{name} with seed {seed}"), name.to_owned(), files.clone());
    let run = move || {
        let source = Source { name: &own, text: &text, files: &files };
        let (files, problems) = match generator::generate(&source, &Config::new(&crate_name(&own, seed))) {
            Ok(generated) => (Some(generated.files), generated.warnings),
            Err(problems) => (None, problems),
        };
        let _ = fixture::shown(&problems, &source);
        let size: usize = files.iter().flatten().map(|(_, text)| text.len()).sum();
        assert!(size < (4 << 20) + 200 * text.len(), "{size} bytes from {}", text.len());
        files
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread can be started");
    thread.join().unwrap_or_else(|_| panic!("a panic: {shown}"))
}

fn crate_name(name: &str, seed: u64) -> String {
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("mutant-{name}-{seed}")
}

/// Returns a document as JSON, for mutation.
fn as_json(fixture: &Fixture) -> Value {
    if fixture.is_json() {
        return serde_json::from_str(&fixture.text).unwrap_or_default();
    }
    let mut value: serde_yaml::Value = serde_yaml::from_str(&fixture.text).expect("the document is YAML");
    value.apply_merge().expect("what is merged is an object");
    serde_json::to_value(corpus::with_text_keys(value)).expect("YAML with texts as keys is JSON")
}

#[test]
fn every_mutant_of_a_fixture_ends_in_files_or_diagnostics() {
    let seeds = if is_long() { 10 } else { 2 };
    let mut generated = 0;
    for fixture in fixture::all("accepted") {
        let document = as_json(&fixture);
        let found = (0..seeds).filter(|seed| outcome(&fixture.file, &document, &fixture.files, *seed).is_some());
        generated += found.count();
    }
    println!("{generated} mutants gave a client");
    assert!(generated > 50, "most mutants give a client, and {generated} did");
}

#[test]
fn every_mutant_of_the_corpus_ends_in_files_or_diagnostics_and_compiles() {
    let Some(folder) = corpus::folder().filter(|_| is_long()) else {
        println!("skipped: with NOVAMED_LONG_TESTS=1, and the corpus beside the repository");
        return;
    };
    let mut crates = Crates::new();
    for fixture in fixture::documents(&folder) {
        let document = as_json(&fixture);
        for seed in 0..mutants(&fixture) {
            let files = outcome(&fixture.file, &document, &fixture.files, seed);
            if let Some(files) = files.filter(|_| seed == 0 && fixture.text.len() < COMPILED) {
                crates.insert(crate_name(&fixture.file, seed), files);
            }
        }
    }
    // Seeds that the short run doesn't use. Every other fixture is a sufficient sample.
    for fixture in fixture::all("accepted").iter().step_by(2) {
        let files = outcome(&fixture.file, &as_json(fixture), &fixture.files, SAMPLE);
        crates.extend(files.map(|files| (crate_name(&fixture.file, SAMPLE), files)));
    }
    let scratch = Scratch::new("mutants", &crates, false);
    let output = scratch.cargo("check", &["--workspace", "--all-features", "--keep-going"], &[]);
    let failed = scratch::failed(&output);
    println!("{} of {} compiled", crates.len() - failed.len(), crates.len());
    assert!(output.status.success(), "{failed:?} do not compile:\n{}", scratch::problems(&output));
    let warned = scratch::warned(&output);
    assert!(warned.is_empty(), "{warned:?} have warnings:\n{}", scratch::problems(&output));
}

/// Only mutants of smaller documents are compiled: a check takes seconds per hundred kilobytes.
const COMPILED: usize = 60_000;

/// The seed of the fixtures' mutants that are compiled.
const SAMPLE: u64 = 2;

/// Large documents take longer.
fn mutants(fixture: &Fixture) -> u64 {
    if fixture.text.len() < 100_000 { 4 } else { 1 }
}
