//! Differences that somebody knows of, with the reason why they stay.
//!
//! ```toml
//! [[known]]
//! code = "type"
//! subject = "Pet.age"
//! theirs = "integer"
//! reason = "their reference says so, and every answer has a text"
//! ```
//!
//! Where the two have another value each, an entry says theirs: it does not cover what they make of it later.

use super::{Difference, Drift};
use crate::exceptions::{self, Entry, Form, codes};
use generator::diagnostic::{Diagnostic, Pointer};

/// The key that says what they have.
const THEIRS: &str = "theirs";

const FORM: Form = Form { list: "known", keys: &["code", "subject"], optional: &[THEIRS], tables: &[] };

impl Drift<'_> {
    /// Reads a list of known differences, and notes their reasons. The diagnostics are errors with places in `text`: what
    /// is wrong with the list, each entry that no longer applies, and each that knows of another value.
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

/// What is wrong where an entry knows of another value than there is.
fn other(entry: &Entry, difference: &Difference) -> Option<Diagnostic> {
    let value = difference.value.as_ref()?;
    let line = format!("`{THEIRS} = {}`", serde_json::Value::from(value.as_str()));
    let (place, message) = match entry.optional.get(THEIRS) {
        Some(known) if known == value => return None,
        Some(known) => (entry.places[THEIRS], format!("they have `{value}` now, and this entry knows of `{known}`")),
        None => (entry.span, format!("this entry does not say what they have: `{value}`")),
    };
    let problem = codes::KNOWN_VALUE.at(&Pointer::root(), message).at_span(place);
    Some(problem.help(format!("write {line}, with the reason why that is left as it is")))
}
