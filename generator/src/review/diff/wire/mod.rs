//! What changed on the wire: operation by operation, and schema by schema for each way that a value travels.
//!
//! A schema in a request and in an answer gives findings for both: a property that is newly required breaks who sends
//! it, and serves who reads it. A schema that several operations share is compared once for each way.
//!
//! The names of the checks that oasdiff (1.28) publishes were read for cases to miss. Left out on purpose: its levels of stability, dates
//! of sunset and `x-extensible-enum`, which are extensions of its own; grace for what was deprecated before it went;
//! `info.version`, which says nothing of a client; URLs of OAuth flows apart from the scheme that they belong to; what
//! only 3.1 has and no client reads (`if`, `contains`, `dependentRequired`, `prefixItems`); and changes of `not`, which
//! count as a limit of an unknown form.

mod body;
mod limits;
mod operation;
mod parameter;
mod root;
mod schema;
mod security;
mod view;

use std::collections::BTreeSet;

use openapiv3::ReferenceOr;

use super::finding::{Class, Finding, Side};
use crate::diagnostic::Pointer;
use crate::review::reading::Reading;

pub(super) use operation::operations;
pub(super) use view::any;

/// Which way a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// From the caller to the API.
    Request,
    /// From the API to the caller.
    Answer,
    /// From the API to a receiver of webhooks.
    Event,
}

impl Way {
    /// Where a change is noticed.
    const fn side(self) -> Side {
        match self {
            Self::Request => Side::Request,
            Self::Answer => Side::Answer,
            Self::Event => Side::Webhook,
        }
    }

    /// What it does that fewer values are allowed than before: who sends may be refused, who reads is served.
    const fn narrowed(self) -> Class {
        match self {
            Self::Request => Class::Breaking,
            Self::Answer | Self::Event => Class::Compatible,
        }
    }

    /// What it does that more values are allowed than before.
    const fn widened(self) -> Class {
        match self {
            Self::Request => Class::Compatible,
            Self::Answer | Self::Event => Class::Breaking,
        }
    }

    /// Whether the caller writes the value.
    const fn is_sent(self) -> bool {
        matches!(self, Self::Request)
    }
}

/// A comparison under way.
#[derive(Debug)]
struct Walk<'a> {
    /// The older document.
    old: &'a Reading<'a>,
    /// The newer document.
    new: &'a Reading<'a>,
    /// What was found so far.
    findings: Vec<Finding>,
    /// The pairs of schemas that were compared already.
    seen: BTreeSet<(String, String, Way)>,
    /// What was found so far, by all that tells findings apart.
    known: BTreeSet<[String; 4]>,
}

impl Walk<'_> {
    fn add(&mut self, finding: Finding) {
        let key = [finding.code, finding.side.word(), &finding.subject, &finding.detail].map(str::to_owned);
        // The same thing may be reached by several ways: a security requirement of the whole document, say.
        if self.known.insert(key) {
            self.findings.push(finding);
        }
    }
}

/// Compares what travels.
#[must_use]
pub fn compare<'a>(old: &'a Reading<'a>, new: &'a Reading<'a>) -> Vec<Finding> {
    let mut walk = Walk { old, new, findings: Vec::new(), seen: BTreeSet::new(), known: BTreeSet::new() };
    walk.root();
    walk.operations();
    walk.events();
    walk.findings
}

/// Follows references to a component of one kind. None where one leads nowhere.
fn follow<'a, T>(
    item: &'a ReferenceOr<T>,
    pointer: Pointer,
    section: &str,
    find: impl Fn(&str) -> Option<&'a ReferenceOr<T>>,
) -> Option<(&'a T, Pointer)> {
    let (mut item, mut pointer) = (item, pointer);
    for _ in 0..8 {
        let reference = match item {
            ReferenceOr::Item(item) => return Some((item, pointer)),
            ReferenceOr::Reference { reference } => reference,
        };
        let target = Pointer::from_reference(reference)?;
        let name = target.last()?.into_owned();
        if target.parent()?.last()? != section {
            return None;
        }
        item = find(&name)?;
        pointer = target;
    }
    None
}

/// Quotes a list of words.
fn quoted<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect();
    words.join(", ")
}
