//! Known differences, with the reasons to leave them as they are.
//!
//! ```toml
//! [[known]]
//! code = "type"
//! subject = "Pet.age"
//! theirs = "integer"
//! reason = "their reference is wrong: responses have a string"
//! ```
//!
//! If the two documents have different values, an entry repeats theirs in `theirs`. It stops applying when they change the
//! value.

use std::collections::BTreeSet;

use super::{Difference, Drift};
use crate::exceptions::{self, Entry, Form, codes};
use generator::diagnostic::{Diagnostic, Pointer};

/// The key that says what they have.
const THEIRS: &str = "theirs";

const FORM: Form = Form { list: "known", keys: &["code", "subject"], optional: &[THEIRS], tables: &[] };

impl Drift<'_> {
    /// Reads a list of known differences, and records their reasons. The diagnostics are errors with places in `text`:
    /// mistakes in the list, entries that no longer apply, and entries with an outdated value.
    pub fn know(&mut self, text: &str) -> Vec<Diagnostic> {
        let (mut known, mut problems) = exceptions::read(text, &FORM);
        for difference in &mut self.differences {
            let Some(entry) = known.accept(&[difference.code, difference.subject.as_str()]) else { continue };
            match other(entry, difference) {
                None => difference.reason = Some(entry.reason.clone()),
                Some(problem) => problems.push(problem),
            }
        }
        let found: Vec<Vec<String>> =
            self.differences.iter().map(|it| vec![it.code.to_owned(), it.subject.clone()]).collect();
        problems.extend(known.unused_beside(&found, |_| None));
        problems
    }
}

impl Drift<'_> {
    /// Returns the list with an entry for each unknown difference that it has no entry for, and their number. Keeps
    /// everything that is in the list, comments included. [`Drift::know`] has to read the same list first.
    #[must_use]
    pub fn accept(&self, list: &str, reason: &str) -> (String, usize) {
        let entries = exceptions::read(list, &FORM).0.entries;
        let mut keys: BTreeSet<[&str; 2]> = BTreeSet::new();
        keys.extend(entries.iter().map(|entry| [entry.key[0].as_str(), entry.key[1].as_str()]));
        let known = keys.len();
        let mut text = list.to_owned();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        for difference in self.unknown() {
            if !keys.insert([difference.code, &difference.subject]) {
                continue;
            }
            let separator = if text.is_empty() { "" } else { "\n" };
            let values = [
                ("code", Some(difference.code)),
                ("subject", Some(&*difference.subject)),
                (THEIRS, difference.value.as_deref()),
                ("reason", Some(reason)),
            ];
            let lines = values.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}\n", quoted(value?))));
            text.extend([separator, "[[known]]\n"]);
            text.extend(lines);
        }
        (text, keys.len() - known)
    }
}

/// Returns a string as TOML. TOML has the escapes of JSON, and requires one more.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// Returns what is wrong if an entry has a different value for the published document.
fn other(entry: &Entry, difference: &Difference) -> Option<Diagnostic> {
    let value = difference.value.as_ref()?;
    let line = format!("`{THEIRS} = {}`", quoted(value));
    let (place, message) = match entry.optional.get(THEIRS) {
        Some(known) if known == value => return None,
        Some(known) => {
            (entry.places[THEIRS], format!("the published document now has `{value}`; this entry has `{known}`"))
        }
        None => (entry.span, format!("this entry lacks the value of the published document: `{value}`")),
    };
    let problem = codes::KNOWN_VALUE.at(&Pointer::root(), message).at_span(place);
    Some(problem.help(format!("write {line}, and check that the reason still applies")))
}
