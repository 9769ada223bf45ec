//! Changes of the text that no other finding covers: words, examples, and everything that no comparison reads.
//!
//! The marked trees of both documents are compared node by node, so that no change of a document stays unsaid. A key
//! that nobody knows is taken for the worst that it can be, on each side on which it travels.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Class, Finding, Side};
use super::reach::Reach;
use super::renamed;
use super::tree::{Differs, Kind, Known};
use super::wire;
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::FILES;

/// What is left of a comparison.
#[derive(Debug)]
pub struct Left {
    /// What changed beside the findings that there were.
    pub findings: Vec<Finding>,
    /// Whether all nodes that differ are words or examples.
    pub is_words_alone: bool,
}

/// Reports what changed beside the findings that there are. `wire` says what was looked at on the wire.
#[must_use]
pub fn compare(old: &Reading<'_>, new: &Reading<'_>, findings: &[Finding], wire: &wire::Compared) -> Left {
    let mut differ = Known::new().differences(&old.document.root, &new.document.root);
    let renamed = renamed::take([old, new], &mut differ);
    let mut covered = Covered::by([old, new], findings);
    // A part that went with its use is told where it was used.
    let is_gone = |pointer: &Pointer| new.document.root.find(pointer).is_none();
    covered.units.extend(wire.gone.iter().map(|at| old.written(at)).filter(is_gone).map(|at| unit(&at)));
    let equivalent = wire.equivalent.iter().flat_map(|pointer| [old, new].map(|it| it.written(pointer).to_string()));
    covered.keywords.extend(equivalent);
    let mut found: BTreeMap<(String, Kind, String), Vec<Finding>> = BTreeMap::new();
    let mut travels = None;
    for node in &differ {
        let unit = unit(&node.pointer);
        let told = match node.kind {
            Kind::Read if is_privacy_mark(node) => covered.has_mark(&node.pointer),
            Kind::Read => covered.has(&unit),
            Kind::Unread => covered.is_within_keyword(&node.pointer),
            Kind::Words | Kind::Examples | Kind::Foreign => false,
        };
        // A part of a kind is told once; of keys that are nobody's words, each.
        let key = match node.kind {
            Kind::Unread | Kind::Foreign => node.key.clone(),
            _ if is_privacy_mark(node) => node.pointer.to_string(),
            _ => String::new(),
        };
        if told || found.contains_key(&(unit.clone(), node.kind, key.clone())) {
            continue;
        }
        let name = name(&unit);
        let told = if node.kind == Kind::Read && is_privacy_mark(node) {
            vec![unread_mark(node, &name)]
        } else if matches!(node.kind, Kind::Unread | Kind::Read) {
            travels.get_or_insert_with(|| Travels::of([old, new], &wire.looked_at)).told(node, &unit, &name)
        } else {
            vec![beside(node, &name)]
        };
        found.insert((unit, node.kind, key), told);
    }
    let is_words_alone =
        renamed.keeps_names && differ.iter().all(|node| matches!(node.kind, Kind::Words | Kind::Examples));
    Left { findings: renamed.findings.into_iter().chain(found.into_values().flatten()).collect(), is_words_alone }
}

/// What the findings of a comparison are about.
struct Covered {
    units: BTreeSet<String>,
    /// The keywords that are not looked into and are known to have changed.
    keywords: BTreeSet<String>,
    /// The places of findings about privacy.
    marks: BTreeSet<String>,
}

impl Covered {
    fn by(readings: [&Reading<'_>; 2], findings: &[Finding]) -> Self {
        let (mut units, mut keywords, mut marks) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for finding in findings {
            // Both the place of use and the place of definition, because a response may be a reference.
            for (reading, pointer) in readings.into_iter().zip([&finding.old, &finding.new]) {
                let Some(pointer) = pointer else { continue };
                let written = reading.written(pointer);
                units.extend([unit(pointer), unit(&written)]);
                if finding.side == Side::Privacy {
                    marks.insert(written.to_string());
                }
                // Where the keyword is not there, the place is the schema.
                if finding.code == wire::KEYWORD && pointer.last().is_some_and(|key| *key == finding.detail) {
                    keywords.insert(written.to_string());
                }
            }
        }
        Self { units, keywords, marks }
    }

    /// Whether there is a finding in a part of the document. A whole path that is gone is told by its operations.
    fn has(&self, unit: &str) -> bool {
        let inside = format!("{unit}/");
        self.units.contains(unit) || self.units.range(inside.clone()..).next().is_some_and(|it| it.starts_with(&inside))
    }

    /// Whether there is a finding about privacy at a mark, or at a part that contains it.
    fn has_mark(&self, pointer: &Pointer) -> bool {
        let is_told = |pointer: &Pointer| self.marks.contains(&pointer.to_string());
        is_told(pointer) || pointer.parent().is_some_and(is_told)
    }

    fn is_within_keyword(&self, pointer: &Pointer) -> bool {
        let mut at = Some(pointer);
        while let Some(here) = at {
            if self.keywords.contains(&here.to_string()) {
                return true;
            }
            at = here.parent();
        }
        false
    }
}

fn beside(node: &Differs, name: &str) -> Finding {
    let (code, words) = match node.kind {
        Kind::Words => ("words-changed", format!("the words of `{name}` changed")),
        Kind::Examples => ("examples-changed", format!("the examples of `{name}` changed")),
        Kind::Foreign => ("foreign-extension", format!("`{}` of `{name}` changed, which no client reads", node.key)),
        Kind::Read | Kind::Unread if name == "tags" => ("tags-changed", "the document lists other tags".to_owned()),
        Kind::Read | Kind::Unread => ("other-change", format!("`{name}` {}", unnoticed(node))),
    };
    let finding = Finding::new(code, Class::Documentation, Side::Request, name, words);
    place(finding.detail(if node.kind == Kind::Foreign { &node.key } else { "" }), node)
}

/// Whether a mark changed. An added or removed mark comes with its value, which has separate findings.
fn is_privacy_mark(node: &Differs) -> bool {
    node.in_old && node.in_new && node.pointer.last().is_some_and(|key| key == "x-client-privacy")
}

/// A mark of privacy is never words alone, also where no code comes of it.
fn unread_mark(node: &Differs, name: &str) -> Finding {
    let message = format!("a mark of privacy in `{name}` changed that nothing in the client reads");
    let finding = Finding::new("privacy-mark-changed", Class::Compatible, Side::Privacy, name, message);
    place(finding.detail(&node.pointer.to_string()), node)
}

/// What happened that no caller notices, in words.
fn unnoticed(node: &Differs) -> &'static str {
    match (node.in_old, node.in_new, unit(&node.pointer) == node.pointer.to_string()) {
        (false, true, true) => "is new, and no caller notices",
        (true, false, true) => "is gone, and no caller notices",
        _ => "changed in a way that no caller notices",
    }
}

/// Which parts travel, and which of them were looked at.
struct Travels {
    reach: [Reach; 2],
    looked_at: BTreeSet<String>,
}

impl Travels {
    fn of(readings: [&Reading<'_>; 2], looked_at: &[Pointer]) -> Self {
        let reach = readings.map(|reading| Reach::of(&reading.document.root));
        Self { reach, looked_at: looked_at.iter().map(unit).collect() }
    }

    /// What nobody looked into counts as breaking on each side on which it travels.
    fn told(&self, node: &Differs, unit: &str, name: &str) -> Vec<Finding> {
        let sides: BTreeSet<Side> = self.reach.iter().flat_map(|reach| reach.sides(&node.pointer)).collect();
        let is_schema = unit.starts_with("/components/schemas/");
        // A component that one of the documents does not have comes or goes with what refers to it, which is told there.
        let is_whole = node.pointer.to_string() == unit && !(node.in_old && node.in_new);
        if node.kind == Kind::Read && (is_whole || !is_schema || sides.is_empty() || self.looked_at.contains(unit)) {
            return vec![beside(node, name)];
        }
        let what = if node.key.is_empty() || node.key == name {
            format!("`{name}`")
        } else {
            format!("`{}` of `{name}`", node.key)
        };
        let finding = |class, side, words: &str| {
            let finding = Finding::new("unknown-change", class, side, name, format!("{what} changed, {words}"));
            place(finding.detail(&node.key), node)
        };
        if sides.is_empty() {
            return vec![finding(Class::Compatible, Side::Request, "which nothing refers to")];
        }
        let breaking = |side| finding(Class::Breaking, side, "and what that does is not known here");
        sides.into_iter().map(breaking).collect()
    }
}

fn place(finding: Finding, node: &Differs) -> Finding {
    Finding {
        old: node.in_old.then(|| node.pointer.clone()),
        new: node.in_new.then(|| node.pointer.clone()),
        ..finding
    }
}

/// The part of the document that a pointer is in: a component, an operation, a file, or an entry of the root.
pub(super) fn unit(pointer: &Pointer) -> String {
    let steps = pointer.steps();
    let depth = match steps.first().map(AsRef::as_ref) {
        Some("components" | "paths") => 3,
        Some("webhooks" | FILES) => 2,
        _ => 1,
    };
    steps.iter().take(depth).fold(Pointer::root(), |at, step| at.key(step)).to_string()
}

/// What to call a part.
fn name(unit: &str) -> String {
    let pointer = Pointer::from_reference(&format!("#{unit}")).unwrap_or_default();
    match pointer.steps().as_slice() {
        [first, path, method] if first == "paths" => format!("{} {path}", method.to_uppercase()),
        [] => "the document".to_owned(),
        steps => steps.last().map(ToString::to_string).unwrap_or_default(),
    }
}
