//! Two states of a document: what a change of one into the other does to every caller.
//!
//! ```
//! use review::diff::{self, Class};
//! use generator::{Config, Source};
//!
//! let text = "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths: {}\n";
//! let old = Source::alone("pets.yaml", text);
//! let diff = diff::diff(old, old, &Config::new("pets")).unwrap();
//! assert_eq!(diff.verdict(), None);
//! ```
//!
//! [`wire`] compares what travels, over the parsed documents; [`delivery`], [`privacy`] and [`webhooks`] compare the
//! models; [`rust`] compares the clients, item by item. What is left of the text is [`prose`]: a key that nobody knows
//! counts as breaking where it travels, and only a change of words and examples is [proven](Proof) to be one. Each
//! finding is about one [`Side`], has a [`Class`], its places in both documents, and a fingerprint that later commits
//! keep.

pub mod delivery;
pub mod finding;
pub mod privacy;
pub mod proof;
pub mod prose;
pub mod rust;
pub mod unmarked;
pub mod webhooks;
pub mod wire;

mod api;
mod approval;
mod reach;
mod renamed;
mod report;
mod state;
mod tree;

use std::thread;

pub use approval::Approved;
pub use finding::{Class, Finding, Side};
pub use proof::Proof;
pub use report::{changelog, json, markdown, problems, terminal};
pub use rust::{Change, Semver};
pub(super) use state::note as note_states;

use super::reading::{self, Reading};
use generator::diagnostic::Diagnostic;
use generator::{Config, Source};

/// What a change does.
#[derive(Debug)]
pub struct Diff<'s> {
    /// The older state.
    pub old: Reading<'s>,
    /// The newer state.
    pub new: Reading<'s>,
    /// What was found: by side, the heaviest first, and in the order of the document.
    pub findings: Vec<Finding>,
    /// The client's items that changed.
    pub items: Vec<Change>,
    /// How much the change weighs; none where nothing changed.
    pub semver: Option<Semver>,
    /// The version of the client in the older state.
    pub version: String,
    /// The version after the change.
    pub next_version: String,
    /// Whether the newer state's manifest has that version already.
    pub is_raised: bool,
    /// That nothing but words changed.
    pub proof: Option<Proof>,
}

/// Why the documents can't be compared: one of them is unreadable.
#[derive(Debug)]
pub struct Unreadable {
    /// Whether it is the newer one.
    pub is_new: bool,
    /// What is wrong with it, warnings included.
    pub diagnostics: Vec<Diagnostic>,
}

impl Diff<'_> {
    /// Returns the findings that nobody accepted and that are of a class at least, or wait for a second person. Without a
    /// class, only the latter.
    #[must_use]
    pub fn failing(&self, class: Option<Class>, approved: &Approved) -> Vec<&Finding> {
        let fails = |finding: &&Finding| finding.is_blocking || class.is_some_and(|class| finding.class >= class);
        self.findings.iter().filter(fails).filter(|finding| approved.reason(finding).is_none()).collect()
    }

    /// Says which versions the two states have, by the heads of their clients' manifests: both clients are written with
    /// one head, which may have the next version already. A text without a version is ignored.
    pub fn between(&mut self, old: &str, new: &str) {
        let (Some(old), Some(new)) = (rust::version_of(old), rust::version_of(new)) else { return };
        self.next_version = rust::next(&old, self.semver);
        // A version that is further than asked for is somebody's choice.
        self.is_raised = old != new && rust::reaches(&new, &self.next_version);
        if self.is_raised {
            self.next_version = new;
        }
        self.version = old;
    }

    /// The heaviest class of all findings; none where nothing changed.
    #[must_use]
    pub fn verdict(&self) -> Option<Class> {
        self.findings.iter().map(|finding| finding.class).max()
    }
}

/// Compares two states of a document, and the clients that are made of them.
///
/// # Errors
///
/// One of the documents cannot be read, or one of our extensions in it is wrong.
pub fn diff<'s>(old: Source<'s>, new: Source<'s>, config: &Config) -> Result<Diff<'s>, Unreadable> {
    let read = |source: Source<'s>, is_new| {
        Reading::of(source, config).map_err(|diagnostics| Unreadable { is_new, diagnostics })
    };
    let (old, new) = thread::scope(|scope| {
        let other = scope.spawn(|| read(old, false));
        let new = read(new, true);
        (other.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload)), new)
    });
    let (mut old, mut new) = (old?, new?);
    reading::clients(&mut old, &mut new, config);
    let items = rust::compare(&old.files, &new.files);
    let compared = wire::compare(&old, &new);
    let mut findings = compared.findings.clone();
    findings.extend(webhooks::compare(&old, &new));
    findings.extend(delivery::compare(&old, &new));
    findings.extend(privacy::compare(&old, &new));
    findings.extend(unmarked::compare(&old, &new));
    findings.extend(api::findings(&old, &new, &items));
    let left = prose::compare(&old, &new, &findings, &compared);
    findings.extend(left.findings);
    state::note(&mut findings, &old, &new);
    let has_no_effect = findings.iter().all(|finding| finding.class == Class::Documentation);
    let proof = if has_no_effect && left.is_words_alone { proof::of(&old, &new) } else { None };
    findings.sort_by_cached_key(|finding| {
        let start = finding.new.as_ref().map_or(usize::MAX, |pointer| new.document.start(pointer));
        (finding.class == Class::Documentation, finding.side, std::cmp::Reverse(finding.class), start)
    });
    let semver = semver(&findings, &items);
    let version = new.files.get("Cargo.toml").and_then(|it| rust::version_of(it)).unwrap_or_else(|| "0.1.0".to_owned());
    let next_version = rust::next(&version, semver);
    Ok(Diff { old, new, findings, items, semver, version, next_version, is_raised: false, proof })
}

/// The heaviest of all that happened, by the tables of VERSIONING.md.
fn semver(findings: &[Finding], items: &[Change]) -> Option<Semver> {
    let of_finding = |finding: &Finding| match (finding.class, finding.side) {
        (Class::Breaking, _) => Semver::Major,
        (Class::Compatible, Side::Privacy) => Semver::Minor,
        (Class::Compatible | Class::Documentation, _) => Semver::Patch,
    };
    let findings = findings.iter().map(of_finding);
    findings.chain(items.iter().map(|item| item.semver)).max()
}
