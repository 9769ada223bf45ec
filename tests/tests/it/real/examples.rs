//! Examples that match their schemas are decoded, and encoded to the same JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::decoding;
use super::document::Document;
use super::named::named;
use super::passing::{self, Case, Passing};
use super::program::Built;

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

/// Returns the examples of a document that fit their schemas, and how many don't or have a schema that the library
/// refuses.
fn valid(document: Document) -> (Passing, usize) {
    let mut cases = BTreeMap::new();
    for place in decoding::places(&document) {
        for pointer in place.examples {
            let value = document.root.pointer(&pointer).expect("the example was found there").clone();
            let (schema, ty) = (place.schema.clone(), place.ty.clone());
            cases.entry(pointer.clone()).or_insert(Case { name: pointer, schema, ty, value });
        }
    }
    let all = cases.len();
    cases.retain(|_, case| document.validators.is_valid(&case.schema, &case.value));
    let invalid = all - cases.len();
    (Passing { document, cases: cases.into_values().collect() }, invalid)
}

/// Returns what is wrong with each example that did not return as it was, by its pointer; adds the names of the
/// properties that did not return and that no schema names.
fn losses<'a>(valid: &'a Passing, built: &Built, unnamed: &mut BTreeSet<String>) -> BTreeMap<&'a str, String> {
    let passed = valid.pass(built);
    let losses = valid.cases.iter().zip(&passed).filter_map(|(case, passed)| {
        passed.loss(&case.value)?;
        let expected = named(&valid.document, &case.schema, &case.value, unnamed);
        Some((case.name.as_str(), passed.loss(&expected)?))
    });
    losses.collect()
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
    let valid: Vec<(Passing, usize)> =
        documents.into_iter().map(valid).filter(|(valid, _)| !valid.cases.is_empty()).collect();
    let built = passing::build("examples", valid.iter().map(|(valid, _)| valid));
    let (mut count, mut lost, mut unknown) = (0, 0, String::new());
    for (valid, invalid) in &valid {
        let name = valid.document.fixture.name.as_str();
        let (mut unnamed, mut used) = (BTreeSet::new(), BTreeSet::new());
        let losses = losses(valid, &built, &mut unnamed);
        println!("{name:<28} {:>5} valid, {invalid:>4} invalid, {:>3} lost", valid.cases.len(), losses.len());
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
        count += valid.cases.len();
        lost += losses.len();
    }
    println!("{} of {count} examples return as they were", count - lost);
    assert!(unknown.is_empty(), "examples that do not return as they were, or as it is said of them:\n{unknown}");
    assert!((count - lost) * 100 >= count * PERCENT, "{lost} of {count} examples do not return as they were");
}
