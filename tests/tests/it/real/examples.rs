//! Examples that match their schemas are decoded, and encoded to the same JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use super::compare::difference;
use super::decoding::{self, Example};
use super::document::Document;
use super::named::named;
use super::program::{Built, Programs};

/// Examples that don't survive decoding and encoding: document, start of the example's pointer, and the reason. An entry
/// that no example needs anymore fails the test.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("xero-files", "/paths/~1Folders/post/", JSON_IN_TEXT),
    ("xero-files", "/paths/~1Folders~1{FolderId}/get/", JSON_IN_TEXT),
    ("xero-files", "/paths/~1Folders~1{FolderId}/put/", JSON_IN_TEXT),
    ("xero-files", "/paths/~1Inbox/get/", JSON_IN_TEXT),
];

const JSON_IN_TEXT: &str = "the example is a string that contains JSON; its schema `Folder` has properties but no \
                            `type`, so JSON Schema accepts any string";

/// Properties of examples that are missing from their schemas, so types have no fields for them.
const UNNAMED: &[(&str, &[&str])] = &[
    ("paypal-payments-v2", &["information_link"]),
    ("redocly-museum", &["eventName"]),
    ("xero-payroll-au", &["DateTimeUTC", "Id", "LastEdited", "ProviderName", "Status"]),
];

/// The percentage of examples that must survive decoding and encoding.
const PERCENT: usize = 99;

/// Reads lines with a number, which selects the type, and a value. Writes the result for each.
const PROGRAM: &str = r#"
fn pass<T: serde::Serialize + serde::de::DeserializeOwned>(text: &str) -> Result<String, String> {
    let value: T = serde_json::from_str(text).map_err(|problem| format!("is not decoded: {problem}"))?;
    serde_json::to_string(&value).map_err(|problem| format!("is not encoded: {problem}"))
}

fn main() {
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let (number, text) = line.split_once(' ').unwrap();
        let passed = TYPES[number.parse::<usize>().unwrap()](text);
        println!("{}", serde_json::to_string(&passed).unwrap());
    }
}
"#;

/// The examples of a document that match their schemas.
struct Valid {
    document: Document,
    /// By the example's pointer.
    examples: BTreeMap<String, Example>,
    /// The number of examples that don't match, or whose schema the library rejects.
    invalid: usize,
}

impl Valid {
    fn of(document: Document) -> Self {
        let mut examples = decoding::examples(&document);
        let all = examples.len();
        examples.retain(|pointer, example| {
            let value = document.root.pointer(pointer).expect("the example was found there");
            document.validators.is_valid(&example.schema, value)
        });
        let invalid = all - examples.len();
        Self { document, examples, invalid }
    }

    /// The types, each once.
    fn types(&self) -> Vec<&str> {
        let mut types: Vec<&str> = self.examples.values().map(|example| example.ty.as_str()).collect();
        types.sort_unstable();
        types.dedup();
        types
    }

    fn program(&self) -> String {
        let types = self.types();
        let mut list = format!("const TYPES: [fn(&str) -> Result<String, String>; {}] = [\n", types.len());
        for ty in types {
            // A null is one of the values of a property that may be null.
            writeln!(list, "    pass::<Option<{ty}>>,").expect("a string takes any text");
        }
        format!("{list}];\n{PROGRAM}")
    }

    /// Returns what is wrong with each example that was changed, by its pointer. Adds the names of the properties that
    /// were lost and that no schema has.
    fn losses(&self, built: &Built, unnamed: &mut BTreeSet<String>) -> BTreeMap<&str, String> {
        let types = self.types();
        let value = |pointer: &str| self.document.root.pointer(pointer).expect("the example was found there");
        let mut input = String::new();
        for (pointer, example) in &self.examples {
            let number = types.binary_search(&example.ty.as_str()).expect("the types are those of the examples");
            writeln!(input, "{number} {}", value(pointer)).expect("a string takes any text");
        }
        let mut command = built.command(&self.document.crate_name());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program runs");
        let mut stdin = child.stdin.take().expect("its input is open");
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("nothing panics there").expect("the program reads all its input");
        let passed = String::from_utf8(output.stdout).expect("JSON is text");
        assert_eq!(passed.lines().count(), self.examples.len(), "the program answers each line");
        let losses = self.examples.iter().zip(passed.lines()).filter_map(|((pointer, example), line)| {
            let passed = serde_json::from_str(line).expect("it is JSON");
            loss(value(pointer), &passed)?;
            let expected = named(&self.document, &example.schema, value(pointer), unnamed);
            Some((pointer.as_str(), loss(&expected, &passed)?))
        });
        losses.collect()
    }
}

/// Returns what is wrong with what became of a value; none where nothing is.
fn loss(value: &Value, passed: &Value) -> Option<String> {
    match passed.get("Ok").and_then(Value::as_str) {
        Some(text) => difference(value, &serde_json::from_str(text).expect("it is JSON")),
        None => Some(passed["Err"].as_str().unwrap_or_default().to_owned()),
    }
}

/// Returns the place of the exception that an example is.
fn exception(document: &str, pointer: &str) -> Option<usize> {
    EXCEPTIONS.iter().position(|(name, beginning, _)| *name == document && pointer.starts_with(beginning))
}

/// Returns what is listed for a document and was not found.
fn not_needed(document: &str, used: &BTreeSet<usize>, unnamed: &BTreeSet<String>) -> String {
    let exceptions =
        EXCEPTIONS.iter().enumerate().filter(|(index, (name, ..))| *name == document && !used.contains(index));
    let exceptions = exceptions.map(|(_, (name, beginning, _))| format!("{name}: the exception {beginning}"));
    let listed = UNNAMED.iter().filter(|(name, _)| *name == document).flat_map(|(_, names)| *names);
    let listed =
        listed.filter(|name| !unnamed.contains(**name)).map(|name| format!("{document}: the property `{name}`"));
    exceptions.chain(listed).map(|what| format!("{what} is not needed any more\n")).collect::<Vec<_>>().concat()
}

#[test]
fn valid_examples_are_decoded_and_encoded_without_loss() {
    if !super::is_wanted("NOVAMED_LONG_TESTS") {
        println!("skipped: examples of the corpus are decoded with NOVAMED_LONG_TESTS=1");
        return;
    }
    let only = std::env::var("NOVAMED_DOCUMENTS").unwrap_or_default();
    let wanted = |name: &str| only.is_empty() || only.split(',').any(|only| only == name);
    let Some(documents) = super::documents(wanted) else { return };
    let valid: Vec<Valid> = documents.into_iter().map(Valid::of).collect();
    let mut programs = Programs::new("examples");
    for valid in valid.iter().filter(|valid| !valid.examples.is_empty()) {
        programs.add(valid.document.crate_name(), valid.document.generate(), &valid.program());
    }
    let built = programs.build();
    let (mut count, mut lost, mut unknown) = (0, 0, String::new());
    for valid in valid.iter().filter(|valid| !valid.examples.is_empty()) {
        let name = valid.document.fixture.name.as_str();
        let (mut unnamed, mut used) = (BTreeSet::new(), BTreeSet::new());
        let losses = valid.losses(&built, &mut unnamed);
        println!(
            "{name:<28} {:>5} valid, {:>4} invalid, {:>3} lost",
            valid.examples.len(),
            valid.invalid,
            losses.len()
        );
        if !unnamed.is_empty() {
            println!("    not named by the schemas: {unnamed:?}");
        }
        let listed = UNNAMED.iter().find(|(document, _)| *document == name).map_or(&[][..], |(_, names)| *names);
        for property in unnamed.iter().filter(|property| !listed.contains(&property.as_str())) {
            writeln!(unknown, "{name} `{property}` is named by no schema").expect("a string takes any text");
        }
        for (pointer, problem) in &losses {
            println!("    {pointer} {problem}");
            if let Some(exception) = exception(name, pointer) {
                used.insert(exception);
            } else {
                writeln!(unknown, "{name} {pointer} {problem}").expect("a string takes any text");
            }
        }
        unknown += &not_needed(name, &used, &unnamed);
        count += valid.examples.len();
        lost += losses.len();
    }
    println!("{} of {count} examples return as they were", count - lost);
    assert!(unknown.is_empty(), "examples that do not return as they were, or as it is said of them:\n{unknown}");
    assert!((count - lost) * 100 >= count * PERCENT, "{lost} of {count} examples do not return as they were");
}
