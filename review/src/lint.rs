//! Lint: mistakes in a document, and design problems that would hurt callers.
//!
//! [`lint`] returns the findings of the rules, and what parse and lower report. A [`Config`] sets levels by code, and lists
//! exceptions with their reasons. [`codes`] is the table of rules; [`explain`] returns a code's explanation with examples.
//!
//! ```
//! use review::lint::{Config, lint};
//!
//! let text = "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\nservers: [{url: 'http://pets.example'}]\npaths: {}\n";
//! let lint = lint(&generator::Source::alone("pets.yaml", text), &mut Config::default());
//! assert_eq!(lint.findings[0].code, "server-without-https");
//! assert_eq!(lint.findings[0].pointer.to_string(), "/servers/0/url");
//! ```
//!
//! The rules read what the stages of the generator give; none reads the text again.

use std::collections::BTreeSet;

use generator::diagnostic::{Code, Diagnostic, Pointer, Severity};
use generator::parse::{self, Document, Node, of_file};
use generator::{Source, Unmarked, lower, report};

pub mod codes;
mod config;
mod explain;
mod fit;
mod output;
mod rules;
#[cfg(test)]
mod tests;
mod view;

pub use config::{Config, Level};
pub use explain::{all_codes, code, complete, explain, list};
pub use output::{Report, Sheet, github, json, sarif, terminal};

use rules::CHECKS;
use view::View;

/// What was found in a document.
#[derive(Debug)]
pub struct Lint {
    /// What is not accepted, in the order of the document: an error where its level is deny, a warning where it is warn.
    pub findings: Vec<Diagnostic>,
    /// What an exception accepts, in the same order.
    pub accepted: Vec<Accepted>,
    /// An error for each exception that no longer applies; its place is one in the text of the configuration. Empty
    /// where the document has errors that hide what else there is to find.
    pub unused: Vec<Diagnostic>,
    /// The document's tree, which tells the places of the findings; none where the text cannot be read.
    pub root: Option<Node>,
}

/// A finding that an exception accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Its rule.
    pub code: &'static Code,
    /// Its place, as an exception names it.
    pub pointer: String,
    /// Why it is accepted.
    pub reason: String,
}

/// Returns a place as an exception names it: a pointer, and `FILE#POINTER` in a file beside the document.
#[must_use]
pub fn place_name(pointer: &Pointer) -> String {
    of_file(pointer).map_or_else(|| pointer.to_string(), |(file, inside)| format!("{file}#{inside}"))
}

/// Looks at a document. The exceptions of the configuration count their uses.
#[must_use]
pub fn lint(source: &Source<'_>, config: &mut Config) -> Lint {
    let (document, mut found) = parse::parse(source);
    let Some(document) = document else {
        let root = parse::tree(source);
        return Lint { findings: found, accepted: Vec::new(), unused: Vec::new(), root };
    };
    found.extend(of_rules(&document));
    // The rules see a path item once for each path that refers to it.
    let mut seen = BTreeSet::new();
    found.retain(|diagnostic| {
        seen.insert((diagnostic.code, diagnostic.pointer.to_string(), diagnostic.message.clone()))
    });
    found.sort_by_key(|diagnostic| report::start(diagnostic, &document.root));
    let is_broken = found.iter().any(prevents_generating);
    let (findings, accepted) = weigh(found, config);
    let unused = if is_broken { Vec::new() } else { config.unused() };
    Lint { findings, accepted, unused, root: Some(document.root) }
}

/// Returns what lowering and the rules find, with the pointers of the text.
fn of_rules(document: &Document) -> Vec<Diagnostic> {
    let lowered = lower::lower(document, Unmarked::Redacted);
    let mut found = Vec::new();
    let view = View::new(document, &lowered);
    for check in CHECKS {
        check(&view, &mut found);
    }
    let locate = |diagnostics: Vec<Diagnostic>| -> Vec<Diagnostic> {
        diagnostics.into_iter().map(|diagnostic| document.locate(diagnostic)).collect()
    };
    let stage = locate(lowered.diagnostics.clone());
    let mut found = locate(found);
    found.extend(rules::untyped(generator::places(document, &lowered.api, &stage, &lowered.untyped).untyped, &stage));
    found.extend(stage);
    found
}

/// Returns whether no client can be generated because of a finding. Configuration doesn't change these.
fn prevents_generating(finding: &Diagnostic) -> bool {
    finding.is_error() && !codes::CODES.contains(&finding.code)
}

/// Gives each finding the severity of its level, and separates those that an exception accepts.
fn weigh(found: Vec<Diagnostic>, config: &mut Config) -> (Vec<Diagnostic>, Vec<Accepted>) {
    let (mut findings, mut accepted) = (Vec::new(), Vec::new());
    for mut diagnostic in found {
        if !prevents_generating(&diagnostic) {
            diagnostic.severity = match config.level(diagnostic.code) {
                Level::Allow => continue,
                Level::Warn => Severity::Warning,
                Level::Deny => Severity::Error,
            };
            let pointer = place_name(&diagnostic.pointer);
            if let Some(reason) = config.accept(diagnostic.code.name(), &pointer) {
                accepted.push(Accepted { code: diagnostic.code, pointer, reason });
                continue;
            }
        }
        findings.push(diagnostic);
    }
    (findings, accepted)
}
