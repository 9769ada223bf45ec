//! Compares each edit with its expected results.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::thread;

use generator::{Config, Source};
use review::diff::{self, Diff, Side};

use super::edit::{self, Edit};

/// Returns the effects of an edit, by the keys of its file.
///
/// `verdict` is the most severe class of all. `version` is the part of the client's version that increases. Each other
/// side has its most severe class, followed by `blocking` if a second person has to accept it.
fn found(diff: &Diff<'_>) -> BTreeMap<String, String> {
    let verdict = diff.verdict().map_or("none", diff::Class::word);
    let semver = diff.semver.map_or("none", diff::Semver::word);
    let mut found =
        BTreeMap::from([("verdict".to_owned(), verdict.to_owned()), ("version".to_owned(), semver.to_owned())]);
    for side in Side::ALL.into_iter().filter(|side| *side != Side::Rust) {
        let findings = || diff.findings.iter().filter(|finding| finding.side == side);
        if let Some(class) = findings().map(|finding| finding.class).max() {
            let blocking = if findings().any(|finding| finding.is_blocking) { ", blocking" } else { "" };
            found.insert(side.word().to_owned(), format!("{}{blocking}", class.word()));
        }
    }
    found
}

/// Returns how the effects of an edit differ from the expected ones, if they do.
fn difference(edit: &Edit) -> String {
    let config = Config::new("novamed");
    let (old, new) = (Source::alone("old.yaml", &edit.old), Source::alone("novamed.yaml", &edit.new));
    let diff = match diff::diff(old, new, &config) {
        Ok(diff) => diff,
        Err(unreadable) => return format!("{}: a document cannot be read: {:?}\n", edit.name, unreadable.diagnostics),
    };
    let warnings = diff.new.warnings.len() + diff.old.warnings.len();
    let found = found(&diff);
    if found == edit.expected && warnings == 0 {
        return String::new();
    }
    let mut text = format!("{}: {}\n  expected: {:?}\n  found:    {found:?}\n", edit.name, edit.title, edit.expected);
    for finding in &diff.findings {
        let (class, side) = (finding.class.word(), finding.side.word());
        writeln!(text, "    {class} {side} {}: {}", finding.code, finding.message).expect("a string takes any text");
    }
    for warning in diff.new.warnings.iter().chain(&diff.old.warnings) {
        writeln!(text, "    warning: {}", warning.message).expect("a string takes any text");
    }
    text
}

#[test]
fn every_edit_does_what_its_file_says() {
    let edits = edit::all();
    assert!(edits.len() >= 36, "there are edits of every kind");
    let (one, other) = edits.split_at(edits.len() / 2);
    let differences = |edits: &[Edit]| edits.iter().map(difference).collect::<String>();
    let text = thread::scope(|scope| {
        let one = scope.spawn(|| differences(one));
        let other = differences(other);
        one.join().expect("no comparison panics") + &other
    });
    assert!(text.is_empty(), "\n{text}");
}
