//! Compares what `diff` reports about the client's items with what other tools find.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use generator::{Config, Source};
use review::diff::{self, Semver};
use serde::Deserialize;

use crate::edits::edit::Edit;

/// A justified difference between two judges: an entry of `tests/edits/disagreements.yaml`.
#[derive(Debug, Deserialize)]
pub struct Accepted {
    /// The edit, or `any`.
    edit: String,
    /// The judge that reports more: `compiler`, `semver-checks` or `diff`.
    says_more: String,
    /// The item; `*` matches any text.
    item: String,
    /// The lint, if `semver-checks` reports more.
    lint: Option<String>,
    /// The reason.
    #[allow(dead_code, reason = "it is for readers, and has to be there")]
    reason: String,
}

/// A thing that one judge finds and another does not.
#[derive(Debug, PartialEq, Eq)]
pub struct Disagreement {
    pub edit: String,
    pub says_more: &'static str,
    pub item: String,
    /// In the words of the judge that reports more.
    pub why: String,
}

/// Reads the list.
pub fn accepted() -> Vec<Accepted> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("edits/disagreements.yaml");
    serde_yaml::from_str(&fs::read_to_string(path).expect("the list is there")).expect("the list is a list of entries")
}

impl Accepted {
    fn is_about(&self, disagreement: &Disagreement) -> bool {
        (self.edit == "any" || self.edit == disagreement.edit)
            && self.says_more == disagreement.says_more
            && matches(&self.item, &disagreement.item)
            && self.lint.as_ref().is_none_or(|lint| *lint == disagreement.why)
    }
}

/// Whether a text matches a pattern, in which `*` matches any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            (0..=text.len()).filter(|at| text.is_char_boundary(*at)).any(|at| matches(rest, &text[at..]))
        }),
    }
}

/// Returns the differences without an entry, and the entries without a difference.
pub fn unexplained(found: Vec<Disagreement>, accepted: &[Accepted]) -> (Vec<Disagreement>, Vec<&Accepted>) {
    let idle = accepted.iter().filter(|entry| !found.iter().any(|it| entry.is_about(it))).collect();
    let open = found.into_iter().filter(|it| !accepted.iter().any(|entry| entry.is_about(it))).collect();
    (open, idle)
}

/// What `diff` reports about an edit: items, named like in the probes.
pub struct Said {
    /// All items that changed.
    items: Vec<String>,
    /// Items with a breaking change.
    breaking: Vec<String>,
}

impl Said {
    /// Runs `diff`.
    pub fn of(edit: &Edit) -> Self {
        let config = Config::new("novamed");
        let (old, new) = (Source::alone("old.yaml", &edit.old), Source::alone("novamed.yaml", &edit.new));
        let diff = diff::diff(old, new, &config).expect("both documents can be read");
        let items = |wanted: &dyn Fn(Semver) -> bool| {
            diff.items.iter().filter(|change| wanted(change.semver)).map(|change| item(&change.path)).collect()
        };
        Self { items: items(&|_| true), breaking: items(&|semver| semver == Semver::Major) }
    }

    /// Returns what others find but `diff` doesn't, and the reverse.
    pub fn disagreements(
        &self,
        edit: &Edit,
        compiler: &BTreeMap<String, String>,
        checks: &BTreeMap<String, String>,
    ) -> Vec<Disagreement> {
        let disagreement = |says_more, item: &str, why: &str| {
            let (edit, item, why) = (edit.name.clone(), item.to_owned(), why.to_owned());
            Disagreement { edit, says_more, item, why }
        };
        let mut found = Vec::new();
        for (broken, why) in compiler.iter().filter(|(broken, _)| !follows(broken, compiler)) {
            if !self.breaking.iter().any(|item| covers(item, broken)) {
                found.push(disagreement("compiler", broken, why));
            }
        }
        for (missed, lint) in checks {
            // It omits modules in the names of methods.
            let is_same = |item: &String| item.ends_with(&format!("::{missed}"));
            if !self.items.iter().any(|item| covers(item, missed) || covers(missed, item) || is_same(item)) {
                found.push(disagreement("semver-checks", missed, lint));
            }
        }
        for item in &self.breaking {
            if !compiler.keys().any(|broken| covers(item, broken) || covers(broken, item)) {
                found.push(disagreement("diff", item, "it is called breaking, and every program compiles"));
            }
        }
        found
    }
}

/// Whether a program breaks because of another item: a chain that ends in `build` contains setters.
fn follows(broken: &str, compiler: &BTreeMap<String, String>) -> bool {
    let Some(owner) = broken.strip_suffix("build") else { return false };
    compiler.keys().any(|other| other != broken && other.starts_with(owner))
}

/// Whether a change of `item` affects `part`: the same item, or one that contains it.
fn covers(item: &str, part: &str) -> bool {
    let part = part.trim_end_matches(" (match)");
    part.strip_prefix(item).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// Returns the name that a probe has for an item of `diff`: `Pet::tags` for `Pet.tags`, `Pet: Clone` for
/// `impl Clone for Pet`.
fn item(path: &str) -> String {
    match path.strip_prefix("impl ").and_then(|rest| rest.split_once(" for ")) {
        Some((of, owner)) => format!("{owner}: {of}"),
        None => path.replace('.', "::"),
    }
}

#[test]
fn names_and_patterns_are_matched() {
    assert_eq!(item("impl From<&str> for Species"), "Species: From<&str>");
    assert_eq!(item("Carrier.id"), "Carrier::id");
    assert!(
        covers("Carrier", "Carrier::id") && covers("Carrier", "Carrier: Clone") && covers("Gender", "Gender (match)")
    );
    assert!(!covers("Carrier", "Carriers"));
    assert!(matches("*Builder::*", "PatientRequestBuilder::dob") && !matches("*Builder", "PatientRequestBuilder::dob"));
}
