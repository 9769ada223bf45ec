//! A comparison for people at a terminal: the lines of both documents, the items of the client, and the verdict last.

use std::fmt::Write as _;

use annotate_snippets::Level;

use super::super::finding::Class;
use super::super::rust::Happened;
use super::super::{Approved, Diff};
use super::{Frames, Told, at, broken, counts, proof, shown, told, version};
use generator::report::{Pair, labelled, pair};

/// So many items of the client are listed.
const ITEMS: usize = 60;

/// So many changes of words are listed.
const WORDS: usize = 20;

/// Returns the report.
#[must_use]
pub fn terminal(diff: &Diff<'_>, approved: &Approved, color: bool) -> String {
    let frames = Frames::of(diff);
    let mut text = String::new();
    let all = told(diff, approved);
    let counts = counts(diff, &all);
    let (words, effects): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|told| told.finding.class == Class::Documentation);
    for told in &effects {
        text.push_str(&frame(told, diff, &frames, color));
        text.push('\n');
    }
    if !words.is_empty() {
        text.push_str("words:\n");
        for told in words.iter().take(WORDS) {
            let (file, line) = at(told, diff, &frames);
            writeln!(text, "  {file}:{line}: {}", told.finding.message).expect("a string takes any text");
        }
        more(&mut text, words.len(), WORDS);
        text.push('\n');
    }
    items(&mut text, diff, approved);
    let verdict = diff.verdict().map_or("no change", Class::word);
    let counts = if counts.is_empty() { counts } else { format!(": {counts}") };
    writeln!(text, "{verdict}{counts}").expect("a string takes any text");
    writeln!(text, "version {}", version(diff)).expect("a string takes any text");
    if let Some(proof) = proof(diff) {
        writeln!(text, "{proof}").expect("a string takes any text");
    }
    text
}

fn frame(told: &Told<'_>, diff: &Diff<'_>, frames: &Frames<'_>, color: bool) -> String {
    let finding = told.finding;
    let level = match (told.reason, finding.class) {
        (Some(_), _) => Level::NOTE.with_name("approved"),
        (None, Class::Breaking) => Level::ERROR.with_name("breaking"),
        (None, _) if finding.is_blocking => Level::WARNING.with_name("blocking"),
        (None, class) => Level::INFO.with_name(class.word()),
    };
    let mut places = Vec::new();
    if let Some(pointer) = &finding.old {
        places.push((&frames.old, labelled(diff.old.written(pointer), "before")));
    }
    if let Some(pointer) = &finding.new {
        places.push((&frames.new, labelled(diff.new.written(pointer), "after")));
    }
    let mut notes = vec![format!("{}; fingerprint {}", told.sides(), told.fingerprints.join(", "))];
    if !told.others.is_empty() {
        let other = |it: &Told<'_>| format!("`{}` ({})", it.finding.subject, it.fingerprints.join(", "));
        notes.push(format!("the same for {}", told.others.iter().map(other).collect::<Vec<_>>().join(", ")));
    }
    if told.is_waiting() {
        notes.push("waits until a second person has approved it; the reason names the source that says so".to_owned());
    }
    notes.extend(told.reason.map(|reason| format!("approved: {reason}")));
    pair(&Pair { level, code: finding.code, message: &finding.message, places, notes }, color)
}

fn items(text: &mut String, diff: &Diff<'_>, approved: &Approved) {
    if diff.items.is_empty() {
        return;
    }
    text.push_str("items of the client:\n");
    let all = shown(&diff.items);
    for shown in all.iter().take(ITEMS) {
        let path = &shown.item.path;
        let line = match (shown.item.happened, &shown.old, &shown.new) {
            (Happened::Removed, Some(old), _) if old.is_empty() => format!("  - {path}"),
            (Happened::Removed, Some(old), _) => format!("  - {path}: {old}"),
            (Happened::Added, _, Some(new)) if new.is_empty() => format!("  + {path}"),
            (Happened::Added, _, Some(new)) => format!("  + {path}: {new}"),
            (_, Some(old), Some(new)) => {
                format!("  ~ {path}: {old}\n    {:>width$}  {new}", "", width = path.chars().count())
            }
            _ => format!("  {path}"),
        };
        let weight = if shown.item.semver == super::super::Semver::Major { "  [breaking]" } else { "" };
        writeln!(text, "{line}{}{weight}", shown.inside()).expect("a string takes any text");
    }
    more(text, all.len(), ITEMS);
    text.push('\n');
    let broken = broken(diff, approved);
    if broken.is_empty() {
        return;
    }
    text.push_str("breaking items are approved as `rust-breaking`, by what they belong to:\n");
    for told in broken {
        let reason = told.reason.map(|reason| format!("; approved: {reason}")).unwrap_or_default();
        writeln!(text, "  {}: fingerprint {}{reason}", told.finding.subject, told.fingerprints.join(", "))
            .expect("a string takes any text");
    }
    text.push('\n');
}

fn more(text: &mut String, count: usize, shown: usize) {
    if count > shown {
        let left = count - shown;
        writeln!(text, "  and {left} more, which `--format json` lists").expect("a string takes any text");
    }
}
