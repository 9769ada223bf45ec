//! What changed on the wire: operation by operation, and schema by schema for each way that a value travels.
//!
//! A schema in a request and in an answer gives findings for both: a property that is newly required breaks who sends
//! it, and serves who reads it. A schema that several operations share is compared once for each way.
//!
//! The names of the checks that oasdiff (1.28) publishes were read for cases to miss. Left out on purpose: its levels
//! of stability, dates of sunset and `x-extensible-enum`, which are its extensions; grace for what was deprecated
//! before it went; and `info.version`, which says nothing of a client. Keywords of 3.1 that no client reads (`if`,
//! `contains`, `dependentRequired`, `prefixItems` and others), `not`, and keys that nobody knows are seen to change and
//! not looked into: such a change counts as breaking wherever it may be. A URL of an OAuth flow and a scope are part of
//! their scheme: another one is another way to show a credential.

mod access;
mod body;
mod choice;
mod keywords;
mod limits;
mod merged;
mod operation;
mod parameter;
mod root;
mod schema;
mod security;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::finding::{Class, Finding, Side};
use super::tree::Known;
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::Node;

pub(super) use operation::name;

/// The code of a finding about a keyword that is not looked into.
pub(super) const KEYWORD: &str = "keyword-changed";

/// So many alternatives in each other are tried, where the question is whether a schema is one of several.
const DEPTH: usize = 3;

/// Which way a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// From the caller to the API.
    Request,
    /// From the API to the caller.
    Answer,
    /// From the API to a receiver of webhooks.
    Event,
    /// From a receiver of webhooks to the API.
    Reply,
}

impl Way {
    /// Where a change is noticed.
    const fn side(self) -> Side {
        match self {
            Self::Request => Side::Request,
            Self::Answer => Side::Answer,
            Self::Event | Self::Reply => Side::Webhook,
        }
    }

    /// What it does that fewer values are allowed than before: who sends may be refused, who reads is served.
    const fn narrowed(self) -> Class {
        match self {
            Self::Request | Self::Reply => Class::Breaking,
            Self::Answer | Self::Event => Class::Compatible,
        }
    }

    /// What it does that more values are allowed than before.
    const fn widened(self) -> Class {
        match self {
            Self::Request | Self::Reply => Class::Compatible,
            Self::Answer | Self::Event => Class::Breaking,
        }
    }

    /// Whether a program of ours writes the value.
    const fn is_sent(self) -> bool {
        matches!(self, Self::Request | Self::Reply)
    }
}

/// A comparison under way.
#[derive(Debug)]
struct Walk<'a> {
    /// The older document.
    old: &'a Reading<'a>,
    /// The newer document.
    new: &'a Reading<'a>,
    /// The objects of both documents that have unread keys, by their pointers.
    unread: Rc<[BTreeMap<String, &'a Node>; 2]>,
    /// Which keys are read.
    keys: Rc<Known>,
    /// What was found so far.
    findings: Vec<Finding>,
    /// The pairs of schemas that were compared already.
    seen: BTreeSet<(String, String, Way)>,
    /// What was found so far, by all that tells findings apart.
    known: BTreeSet<[String; 4]>,
    /// The places of the schemas that were compared.
    looked_at: Vec<Pointer>,
    /// The places of unread keywords that mean the same as a keyword in the other document that is read.
    equivalent: Vec<Pointer>,
    /// The places, in the older document, of parts that are no longer used. The loss is reported at the place of use.
    gone: Vec<Pointer>,
    /// How many trials this one is in.
    depth: usize,
}

impl<'a> Walk<'a> {
    /// A comparison of two documents, the older first, in which nothing was found yet.
    const fn new(
        [old, new]: [&'a Reading<'a>; 2],
        unread: Rc<[BTreeMap<String, &'a Node>; 2]>,
        keys: Rc<Known>,
        depth: usize,
    ) -> Self {
        Self {
            old,
            new,
            unread,
            keys,
            findings: Vec::new(),
            seen: BTreeSet::new(),
            known: BTreeSet::new(),
            looked_at: Vec::new(),
            equivalent: Vec::new(),
            gone: Vec::new(),
            depth,
        }
    }

    fn add(&mut self, finding: Finding) {
        let key = [finding.code, finding.side.word(), &finding.subject, &finding.detail].map(str::to_owned);
        // The same thing may be reached by several ways: a security requirement of the whole document, say.
        if self.known.insert(key) {
            self.findings.push(finding);
        }
    }
}

/// What travels, compared.
#[derive(Debug)]
pub struct Compared {
    /// What was found.
    pub findings: Vec<Finding>,
    /// The places of the schemas that were compared, in either document.
    pub looked_at: Vec<Pointer>,
    /// The places of unread keywords that mean the same as the other document.
    pub equivalent: Vec<Pointer>,
    /// The places, in the older document, of parts that are no longer used.
    pub gone: Vec<Pointer>,
}

/// Compares what travels.
#[must_use]
pub fn compare<'a>(old: &'a Reading<'a>, new: &'a Reading<'a>) -> Compared {
    let keys = Known::new();
    let unread = [old, new].map(|reading| keys.unread(&reading.document.root));
    let mut walk = Walk::new([old, new], Rc::new(unread), Rc::new(keys), 0);
    walk.root();
    walk.operations();
    walk.events();
    let Walk { findings, looked_at, equivalent, gone, .. } = walk;
    Compared { findings, looked_at, equivalent, gone }
}

/// What a key of the document says now, and what it said; nothing where it is not there.
fn is_now(key: &str, now: &str, before: &str) -> String {
    let word = |value: &str| if value.is_empty() { "nothing".to_owned() } else { format!("`{value}`") };
    format!("`{key}` is {} now, and was {}", word(now), word(before))
}

/// Quotes a list of words.
fn quoted<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect();
    words.join(", ")
}
