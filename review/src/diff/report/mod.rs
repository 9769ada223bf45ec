//! A comparison as text: for the terminal, for programs, for a pull request, and for a changelog.

mod changelog;
mod json;
mod markdown;
mod problems;
mod terminal;

pub use changelog::changelog;
pub use json::json;
pub use markdown::markdown;
pub use problems::problems;
pub use terminal::terminal;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Class, Finding, Side};
use super::rust::{Change, Happened, Semver};
use super::{Approved, Diff};
use crate::reading::Reading;
use generator::report::Framed;

/// Both documents, ready to be shown.
struct Frames<'d> {
    old: Framed<'d>,
    new: Framed<'d>,
}

impl<'d> Frames<'d> {
    fn of(diff: &'d Diff<'_>) -> Self {
        let framed = |reading: &'d Reading<'_>| Framed::new(&reading.shown(), &reading.document.root);
        Self { old: framed(&diff.old), new: framed(&diff.new) }
    }
}

/// Findings that say the same: of several sides, or of several subjects that have one place in common, as a response
/// has that many operations name.
struct Told<'f> {
    finding: &'f Finding,
    sides: Vec<Side>,
    fingerprints: Vec<String>,
    reason: Option<&'f str>,
    /// Further findings with the same message about other subjects.
    others: Vec<Told<'f>>,
}

/// Puts findings together that differ in their side alone, or in their subject alone. Those of the items of the client are
/// told by the items.
fn told<'f>(diff: &'f Diff<'_>, approved: &'f Approved) -> Vec<Told<'f>> {
    let mut all: Vec<Told<'f>> = Vec::new();
    for finding in diff.findings.iter().filter(|finding| finding.side != Side::Rust) {
        let reason = approved.reason(finding);
        let same = |told: &&mut Told<'_>| {
            let other = told.finding;
            (other.code, other.class, &other.message, &other.old, &other.new, told.reason)
                == (finding.code, finding.class, &finding.message, &finding.old, &finding.new, reason)
        };
        if let Some(told) = all.iter_mut().find(same) {
            told.sides.push(finding.side);
            told.fingerprints.push(finding.fingerprint());
        } else {
            let (sides, fingerprints) = (vec![finding.side], vec![finding.fingerprint()]);
            all.push(Told { finding, sides, fingerprints, reason, others: Vec::new() });
        }
    }
    let places = |finding: &Finding| {
        let old = finding.old.as_ref().map(|pointer| diff.old.written(pointer).to_string());
        (old, finding.new.as_ref().map(|pointer| diff.new.written(pointer).to_string()))
    };
    let said = |told: &Told<'_>| told.finding.message.replacen(&told.finding.subject, "", 1);
    let mut firsts: BTreeMap<_, usize> = BTreeMap::new();
    let mut grouped: Vec<Told<'f>> = Vec::new();
    for told in all {
        let finding = told.finding;
        let key = (finding.code, finding.class, said(&told), places(finding), told.sides.clone(), told.reason);
        match firsts.entry(key) {
            Entry::Occupied(first) => grouped[*first.get()].others.push(told),
            Entry::Vacant(entry) => {
                entry.insert(grouped.len());
                grouped.push(told);
            }
        }
    }
    grouped
}

/// The breaking changes of the client's items, which are accepted by what they belong to.
fn broken<'f>(diff: &'f Diff<'_>, approved: &'f Approved) -> Vec<Told<'f>> {
    let is_broken = |finding: &&Finding| finding.side == Side::Rust && finding.class == Class::Breaking;
    let told = |finding: &'f Finding| {
        let (sides, fingerprints) = (vec![finding.side], vec![finding.fingerprint()]);
        Told { finding, sides, fingerprints, reason: approved.reason(finding), others: Vec::new() }
    };
    diff.findings.iter().filter(is_broken).map(told).collect()
}

impl Told<'_> {
    /// The sides in words.
    fn sides(&self) -> String {
        self.sides.iter().map(|side| side.phrase()).collect::<Vec<_>>().join(" and ")
    }

    /// The word for what it does.
    fn word(&self) -> &'static str {
        match self.finding.class {
            Class::Breaking => "breaking",
            _ if self.finding.is_blocking => "blocking",
            class => class.word(),
        }
    }

    /// Whether a second person still has to accept it.
    fn is_waiting(&self) -> bool {
        self.finding.is_blocking && self.reason.is_none()
    }
}

/// The file and the line that a reader looks at first.
fn at(told: &Told<'_>, diff: &Diff<'_>, frames: &Frames<'_>) -> (String, usize) {
    let (file, line, _) = match (&told.finding.new, &told.finding.old) {
        (Some(pointer), _) => frames.new.position(&diff.new.written(pointer)),
        (None, Some(pointer)) => frames.old.position(&diff.old.written(pointer)),
        (None, None) => (diff.new.source.name, 1, 1),
    };
    (file.to_owned(), line)
}

/// How many findings of each kind are shown, and how many items, in words: whoever counts them finds as many.
fn counts(diff: &Diff<'_>, all: &[Told<'_>]) -> String {
    let count = |class| all.iter().filter(|told| told.finding.class == class).count();
    let blocking = all.iter().filter(|told| told.is_waiting());
    let accepted = all.iter().filter(|told| told.reason.is_some()).count();
    let findings = [
        (count(Class::Breaking), "breaking"),
        (count(Class::Compatible), "compatible"),
        (count(Class::Documentation), "of words alone"),
        (blocking.count(), "waiting for a second person"),
        (accepted, "approved"),
    ];
    let items = shown(&diff.items);
    let heavy = items.iter().filter(|shown| shown.item.semver == Semver::Major).count();
    let items = [(heavy, "breaking"), (items.len() - heavy, "compatible")];
    let (findings, items) = (listed(&findings), listed(&items));
    let items = if items.is_empty() { items } else { format!("items of the client: {items}") };
    [findings, items].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Returns the numbers of things, without zeros.
fn listed(counts: &[(usize, &str)]) -> String {
    let parts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    parts.collect::<Vec<_>>().join(", ")
}

/// What the comparison proves, in a sentence; none where something travels or compiles differently.
fn proof(diff: &Diff<'_>) -> Option<String> {
    let proof = diff.proof?;
    Some(format!(
        "nothing changes on the wire: the models are the same without their words ({} operations, types and events), and \
         so is the code without its documentation ({} files)",
        proof.parts, proof.files
    ))
}

/// The versions in words.
fn version(diff: &Diff<'_>) -> String {
    match diff.semver {
        None => format!("{} stays", diff.version),
        Some(semver) => {
            let has = if diff.is_raised { ", which the manifest has" } else { "" };
            format!("{} -> {} ({}){has}", diff.version, diff.next_version, semver.word())
        }
    }
}

/// An item as it is listed: without what its user does not write, and without what its name says already.
struct Shown<'c> {
    item: &'c Change,
    old: Option<String>,
    new: Option<String>,
    /// How many items came or went with it.
    parts: usize,
}

impl Shown<'_> {
    /// The parts in words.
    fn inside(&self) -> String {
        if self.parts == 0 { String::new() } else { format!(" (and {} inside)", self.parts) }
    }
}

/// The items, without those that came or went with their type.
fn shown(items: &[Change]) -> Vec<Shown<'_>> {
    let mut counts: BTreeMap<(&str, Happened), usize> = BTreeMap::new();
    for item in items {
        *counts.entry((&item.owner, item.happened)).or_default() += 1;
    }
    let is_whole = |item: &Change| item.path == item.owner && item.happened != Happened::Changed;
    let whole: BTreeSet<(&str, Happened)> =
        items.iter().filter(|item| is_whole(item)).map(|item| (item.owner.as_str(), item.happened)).collect();
    let shown = items.iter().filter(|item| is_whole(item) || !whole.contains(&(&item.owner, item.happened)));
    let shown = shown.map(|item| {
        let parts = if is_whole(item) { counts[&(item.owner.as_str(), item.happened)] - 1 } else { 0 };
        let plain = |text: &Option<String>| {
            let text = text.as_ref()?.replace("#[must_use] ", "");
            let text = text.trim_end_matches(',');
            Some(if text == item.path { String::new() } else { text.to_owned() })
        };
        Shown { item, old: plain(&item.old), new: plain(&item.new), parts }
    });
    shown.collect()
}
