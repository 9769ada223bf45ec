//! A list of accepted things, each with its reason, that somebody keeps by hand.
//!
//! ```toml
//! [levels]
//! missing-summary = "warn"
//!
//! [[except]]
//! code = "missing-example"
//! pointer = "/components/schemas/Pet"
//! reason = "an example would not help anyone"
//! ```
//!
//! A [`Form`] says what such a list may hold. [`read`] gives the entries and settings, each with its place, and a
//! diagnostic for all that is wrong: another key, a reason that is missing, a repeated entry. A command that
//! finds something asks [`Accepted::accepts`]; what was never asked for [no longer applies](Accepted::unused), which is
//! an error too, so that a list does not outlive what it is about.
//!
//! ```
//! use review::exceptions::{Form, read};
//!
//! let form = Form { list: "except", keys: &["code", "pointer"], optional: &[], tables: &[] };
//! let text = "[[except]]\ncode = 'a'\npointer = '/x'\nreason = 'so it is published'\n";
//! let (mut accepted, problems) = read(text, &form);
//! assert!(problems.is_empty());
//! assert!(!accepted.accepts(&["a", "/y"]));
//! assert_eq!(accepted.unused()[0].message, "this exception no longer applies");
//! assert!(accepted.accepts(&["a", "/x"]));
//! assert!(accepted.unused().is_empty());
//! ```
//!
//! The places are spans of the list's own text, so that diagnostics are shown with
//! [`Source::alone`](generator::Source::alone) of it, and without a tree. Knows neither documents nor rules.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use generator::diagnostic::{Diagnostic, Pointer, Span};
use generator::parse::nearest;

pub mod codes;
mod problem;

pub use problem::is_mistake;

/// The key that says why a thing is accepted.
const REASON: &str = "reason";

/// What a list may hold.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// The name of the array of tables: `except` for `[[except]]`.
    pub list: &'static str,
    /// The keys that say together which things an entry accepts; each is required, and a text. `reason` is required
    /// beside them.
    pub keys: &'static [&'static str],
    /// Keys that an entry may have as well, each a text.
    pub optional: &'static [&'static str],
    /// The names of tables of settings, whose values are texts and whose keys the caller checks.
    pub tables: &'static [&'static str],
}

/// The entries and settings of a list, in the order of the text.
#[derive(Debug, Clone, Default)]
pub struct Accepted {
    /// What is accepted.
    pub entries: Vec<Entry>,
    /// What the tables of settings hold.
    pub settings: Vec<Setting>,
}

/// One accepted thing.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The values of the form's `keys`, in their order.
    pub key: Vec<String>,
    /// Why it is accepted; never blank.
    pub reason: String,
    /// The values of the form's `optional` keys that are there.
    pub optional: BTreeMap<&'static str, String>,
    /// The head of the entry, such as `[[except]]`.
    pub span: Span,
    /// The places of all values, by their keys.
    pub places: BTreeMap<String, Span>,
    /// How often [`Accepted::accepts`] came to it.
    pub uses: usize,
}

/// One setting of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The table's name, one of the form's `tables`.
    pub table: &'static str,
    /// The key.
    pub key: String,
    /// The place of the key.
    pub key_span: Span,
    /// The value.
    pub value: String,
    /// The place of the value.
    pub value_span: Span,
}

impl Accepted {
    /// Returns whether an entry accepts the thing that these values of the form's `keys` name, and counts the use.
    pub fn accepts(&mut self, key: &[&str]) -> bool {
        self.accept(key).is_some()
    }

    /// Returns the entry that accepts the thing that these values of the form's `keys` name, and counts the use.
    pub fn accept(&mut self, key: &[&str]) -> Option<&Entry> {
        let entry =
            self.entries.iter_mut().find(|entry| entry.key.iter().map(String::as_str).eq(key.iter().copied()))?;
        entry.uses += 1;
        Some(entry)
    }

    /// Returns an error for each entry that nothing came to.
    #[must_use]
    pub fn unused(&self) -> Vec<Diagnostic> {
        self.unused_beside(&[], |_| None)
    }

    /// Returns an error for each entry that nothing came to. `found` are the keys of all things that were found, the code
    /// first: an entry that differs from one in its code alone has it misspelt. `instead` says what to do rather than to
    /// remove an entry.
    #[must_use]
    pub fn unused_beside(&self, found: &[Vec<String>], instead: impl Fn(&Entry) -> Option<String>) -> Vec<Diagnostic> {
        let unused = self.entries.iter().filter(|entry| entry.uses == 0);
        let told = unused.map(|entry| {
            let is_same = |key: &&Vec<String>| key.len() == entry.key.len() && key[1..] == entry.key[1..];
            let codes: Vec<&str> =
                found.iter().filter(is_same).filter_map(|key| key.first()).map(String::as_str).collect();
            match nearest(&entry.key[0], codes.iter().copied()).or(codes.first().copied()) {
                Some(near) => problem::other_code(entry, near),
                None => problem::unused(entry, instead(entry)),
            }
        });
        told.collect()
    }
}

/// Reads a list. An entry or a setting with a mistake is reported and left out.
///
/// The diagnostics are errors in the order of the text; their places are spans of it.
#[must_use]
pub fn read(text: &str, form: &Form) -> (Accepted, Vec<Diagnostic>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut accepted = Accepted::default();
    if !errors.is_empty() {
        return (accepted, errors.iter().map(|error| problem::syntax(error, text)).collect());
    }
    let mut problems = Vec::new();
    for (key, value) in in_order(root.get_ref()) {
        let name = key.get_ref().as_ref();
        if name == form.list {
            accepted.entries = entries(value, form, &mut problems);
        } else if let Some(table) = form.tables.iter().find(|table| **table == name) {
            accepted.settings.extend(settings(table, value, &mut problems));
        } else {
            let known = form.tables.iter().copied().chain([form.list]);
            problems.push(problem::unknown_key(name, span(key), "the list", known));
        }
    }
    accepted.settings.sort_by_key(|setting| setting.key_span);
    problems.extend(twice(&mut accepted.entries));
    problems.sort_by_key(problem::start);
    (accepted, problems)
}

fn entries(value: &Spanned<DeValue<'_>>, form: &Form, problems: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let DeValue::Array(items) = value.get_ref() else {
        problems.push(problem::not_a_list(form.list, span(value)));
        return Vec::new();
    };
    items.iter().filter_map(|item| entry(item, form, problems)).collect()
}

fn entry(item: &Spanned<DeValue<'_>>, form: &Form, problems: &mut Vec<Diagnostic>) -> Option<Entry> {
    let head = span(item);
    let DeValue::Table(table) = item.get_ref() else {
        problems.push(problem::not_a_table(form.list, head));
        return None;
    };
    let known = || form.keys.iter().chain(form.optional).copied().chain([REASON]);
    let (mut values, mut places, before) = (BTreeMap::new(), BTreeMap::new(), problems.len());
    for (key, value) in in_order(table) {
        let name = key.get_ref().as_ref();
        places.insert(name.to_owned(), span(value));
        if let Some(known) = known().find(|known| *known == name) {
            values.extend(text(name, value, problems).map(|text| (known, text)));
        } else {
            let what = format!("an entry of `[[{}]]`", form.list);
            problems.push(problem::unknown_key(name, span(key), &what, known()));
        }
    }
    for key in form.keys.iter().filter(|key| !places.contains_key(**key)) {
        problems.push(problem::missing(key, form.list, head));
    }
    let reason = values.remove(REASON).map(|reason| reason.trim().to_owned());
    let is_missing = if let Some(reason) = &reason { reason.is_empty() } else { !places.contains_key(REASON) };
    if is_missing {
        problems.push(problem::without_reason(places.get(REASON).copied().unwrap_or(head)));
    }
    if problems.len() > before {
        return None;
    }
    let key = form.keys.iter().filter_map(|key| values.remove(key)).collect();
    Some(Entry { key, reason: reason.unwrap_or_default(), optional: values, span: head, places, uses: 0 })
}

fn settings(table: &'static str, value: &Spanned<DeValue<'_>>, problems: &mut Vec<Diagnostic>) -> Vec<Setting> {
    let DeValue::Table(entries) = value.get_ref() else {
        problems.push(problem::not_settings(table, span(value)));
        return Vec::new();
    };
    let settings = in_order(entries).into_iter().filter_map(|(key, value)| {
        let (key_span, value_span) = (span(key), span(value));
        let key = key.get_ref().to_string();
        text(&key, value, problems).map(|value| Setting { table, key, key_span, value, value_span })
    });
    settings.collect()
}

/// Leaves out and reports each entry that accepts what one before it accepts.
fn twice(entries: &mut Vec<Entry>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut seen: BTreeMap<Vec<String>, Span> = BTreeMap::new();
    entries.retain(|entry| {
        let first = seen.get(&entry.key).copied();
        if let Some(first) = first {
            problems.push(problem::twice(entry.span, first));
        }
        seen.entry(entry.key.clone()).or_insert(entry.span);
        first.is_none()
    });
    problems
}

fn text(key: &str, value: &Spanned<DeValue<'_>>, problems: &mut Vec<Diagnostic>) -> Option<String> {
    if let DeValue::String(text) = value.get_ref() {
        return Some(text.to_string());
    }
    problems.push(problem::not_a_text(key, span(value)));
    None
}

/// Returns the entries of a table in the order of the text. The table itself is sorted by name.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t Spanned<DeString<'i>>, &'t Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn span<T>(spanned: &Spanned<T>) -> Span {
    let range = spanned.span();
    Span { start: range.start, end: range.end }
}
