//! Findings as text for people and for programs: all from one [`Report`].

use std::collections::BTreeMap;

use generator::Source;
use generator::diagnostic::{Diagnostic, Severity};
use generator::parse::Node;
use generator::report::{self, Place};

use super::{Accepted, place_name};

mod github;
mod json;
mod sarif;

pub use github::github;
pub use json::json;
pub use sarif::sarif;

/// So many findings of one code are drawn in a terminal, unless all are asked for.
const MANY: usize = 20;

/// What a run has to tell.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The document's name.
    pub document: &'a str,
    /// The findings, by the texts that they are about.
    pub sheets: &'a [Sheet<'a>],
    /// What exceptions accept.
    pub accepted: &'a [Accepted],
}

/// Findings in one text and the files beside it.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// The findings, in their order.
    pub findings: &'a [Diagnostic],
    /// The text.
    pub source: Source<'a>,
    /// Its tree; none where the findings' places are spans.
    pub root: Option<&'a Node>,
}

/// A finding with its places in numbers.
struct Finding<'a> {
    diagnostic: &'a Diagnostic,
    /// Its place.
    place: Place,
    /// The places that it names beside.
    beside: Vec<Place>,
}

impl<'a> Report<'a> {
    /// Returns the findings of all sheets.
    fn findings(&self) -> Vec<Finding<'a>> {
        let sheets = self.sheets.iter().flat_map(|sheet| {
            let places = report::places(sheet.findings, &sheet.source, sheet.root);
            sheet.findings.iter().zip(places).map(|(diagnostic, places)| {
                let mut places = places.into_iter();
                let place = places.next().expect("a diagnostic marks a place");
                Finding { diagnostic, place, beside: places.collect() }
            })
        });
        sheets.collect()
    }

    /// Returns how many findings are errors, and how many are warnings.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let all = || self.sheets.iter().flat_map(|sheet| sheet.findings);
        let errors = all().filter(|diagnostic| diagnostic.is_error()).count();
        (errors, all().count() - errors)
    }

    /// Returns the counts in words.
    #[must_use]
    pub fn summary(&self) -> String {
        let (errors, warnings) = self.counts();
        let counted = |count: usize, word: &str| match count {
            1 => format!("1 {word}"),
            _ => format!("{count} {word}s"),
        };
        let found = match (errors, warnings) {
            (0, 0) => "nothing found".to_owned(),
            (0, _) => counted(warnings, "warning"),
            (_, 0) => counted(errors, "error"),
            _ => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
        };
        let accepted = match self.accepted.len() {
            0 => String::new(),
            count => format!(", {count} accepted"),
        };
        format!("{}: {found}{accepted}", self.document)
    }
}

/// Returns the findings in the look of rustc, with the counts at the end. Of a code that is found very often only the
/// first ones are drawn, unless `all` are asked for.
#[must_use]
pub fn terminal(report: &Report<'_>, color: bool, all: bool) -> String {
    let mut text = String::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for sheet in report.sheets {
        let drawn: Vec<Diagnostic> = sheet
            .findings
            .iter()
            .filter(|diagnostic| {
                let count = counts.entry(diagnostic.code.name()).or_default();
                *count += 1;
                all || *count <= MANY
            })
            .cloned()
            .collect();
        let note = |diagnostic: &Diagnostic| {
            let pointer = place_name(&diagnostic.pointer);
            (!pointer.is_empty()).then(|| format!("at `{pointer}`"))
        };
        text += &report::noted(&drawn, &sheet.source, sheet.root, color, note);
        if !drawn.is_empty() {
            text.push('\n');
        }
    }
    let more = counts.iter().filter(|(_, count)| **count > MANY && !all);
    for (code, count) in more {
        text += &["… and ", &(count - MANY).to_string(), " more of ", code, ": `--all` shows them\n"].concat();
    }
    text += &report.summary();
    text.push('\n');
    if let Some(code) = report.sheets.iter().flat_map(|sheet| sheet.findings).map(|found| found.code).next() {
        text += &["help: `cargo xtask lint --explain ", code.name(), "` says more, and so for each code\n"].concat();
    }
    text
}

/// Returns the word that programs know for a weight.
const fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
