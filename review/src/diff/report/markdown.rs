//! A comparison as a comment on a pull request: the verdict first, the details folded.
//!
//! The document's words may be anything. Outside of fences every sign that Markdown, HTML or GitHub reads is written so
//! that it stays a sign; the comment is never longer than GitHub takes.

use super::super::finding::{Class, Finding};
use super::super::rust::{Happened, Semver};
use super::super::{Approved, Diff};
use super::{Frames, Shown, Told, at, broken, counts, proof, shown, told, version};
use crate::comment::{Comment, code, escaped, sentence};
use generator::diagnostic::Pointer;

/// The number of findings that are shown above the fold.
const ABOVE: usize = 10;

/// Returns the comment.
#[must_use]
pub fn markdown(diff: &Diff<'_>, approved: &Approved) -> String {
    let mut comment = Comment::default();
    let verdict = match diff.verdict() {
        None => "no change".to_owned(),
        Some(Class::Documentation) if diff.proof.is_some() => "words alone".to_owned(),
        Some(Class::Documentation) => "nothing that callers notice".to_owned(),
        Some(class) => format!("**{}**", class.word()),
    };
    comment.always(&format!("### {}: {verdict}\n\n", code(diff.new.source.name)));
    let all = told(diff, approved);
    let counts = counts(diff, &all);
    let separator = if counts.is_empty() { "" } else { " · " };
    comment.always(&format!("{counts}{separator}version {}\n", code(&version(diff))));
    if let Some(proof) = proof(diff) {
        comment.always(&format!("\nProof: {}.\n", escaped(&proof)));
    }
    let frames = Frames::of(diff);
    let is_heavy = |told: &&Told<'_>| told.word() == "breaking" || told.word() == "blocking";
    let heavy: Vec<&Told<'_>> = all.iter().filter(is_heavy).collect();
    let broken = broken(diff, approved);
    let above = heavy.len() + broken.len();
    if above > 0 {
        comment.always("\n");
        heavy.iter().copied().chain(&broken).take(ABOVE).for_each(|told| comment.entry(&line(told)));
        if above > ABOVE {
            comment.always(&format!("- and {} more below\n", above - ABOVE));
        }
    }
    if !heavy.is_empty() {
        comment.fold(&format!("The lines of these ({})", heavy.len()), |comment| {
            for told in &heavy {
                comment.entry(&fenced(told, diff, &frames));
            }
        });
    }
    for (class, title) in [(Class::Compatible, "Compatible"), (Class::Documentation, "Words")] {
        let light: Vec<_> = all.iter().filter(|told| told.finding.class == class && !is_heavy(told)).collect();
        if !light.is_empty() {
            comment.fold(&format!("{title} ({})", light.len()), |comment| {
                for told in &light {
                    comment.entry(&placed(told, diff, &frames));
                }
            });
        }
    }
    if !diff.items.is_empty() {
        let items = shown(&diff.items);
        comment.fold(&format!("Items of the client ({})", items.len()), |comment| {
            let below = broken.iter().skip(ABOVE.saturating_sub(heavy.len()));
            below.for_each(|told| comment.entry(&line(told)));
            for shown in &items {
                comment.entry(&item(shown));
            }
        });
    }
    comment.into_text()
}

fn line(told: &Told<'_>) -> String {
    let approved = told.reason.map(|reason| format!(" — approved: {}", escaped(reason))).unwrap_or_default();
    let fingerprints: Vec<String> = told.fingerprints.iter().map(|it| code(it)).collect();
    let told_by = format!("({} {}){}{approved}\n", code(told.finding.code), fingerprints.join(", "), others(told));
    let sentence = sentence(&told.finding.message);
    // Words are neither in the request nor in the answer, and break nobody.
    if told.finding.class == Class::Documentation {
        return format!("- {sentence} {told_by}");
    }
    format!("- **{}** {}: {sentence} {told_by}", told.word(), told.sides())
}

/// The other subjects of which it says the same.
fn others(told: &Told<'_>) -> String {
    if told.others.is_empty() {
        return String::new();
    }
    let other = |it: &Told<'_>| {
        let fingerprints: Vec<String> = it.fingerprints.iter().map(|it| code(it)).collect();
        format!("{} ({})", code(&it.finding.subject), fingerprints.join(", "))
    };
    format!("; the same for {}", told.others.iter().map(other).collect::<Vec<_>>().join(", "))
}

/// A finding whose lines are not shown, with its place.
fn placed(told: &Told<'_>, diff: &Diff<'_>, frames: &Frames<'_>) -> String {
    let (file, line_number) = at(told, diff, frames);
    format!("{}: {}\n", line(told).trim_end(), code(&format!("{file}:{line_number}")))
}

/// A finding with its lines in both documents.
fn fenced(told: &Told<'_>, diff: &Diff<'_>, frames: &Frames<'_>) -> String {
    let finding = told.finding;
    let (mut lines, mut places) = (Vec::new(), Vec::new());
    let (old, new) = marked(finding);
    if let Some(pointer) = old {
        let at = diff.old.written(pointer);
        let (file, line, _) = frames.old.position(&at);
        places.push(code(&format!("{file}:{line}")));
        lines.push(format!("- {}", shortened(frames.old.line(&at))));
    }
    if let Some(pointer) = new {
        let at = diff.new.written(pointer);
        let (file, line, _) = frames.new.position(&at);
        places.push(code(&format!("{file}:{line}")));
        lines.push(format!("+ {}", shortened(frames.new.line(&at))));
    }
    let longest = lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(3.max(longest + 1));
    let subject = sentence(&finding.message);
    format!("{subject}: {}\n\n{fence}diff\n{}\n{fence}\n\n", places.join(" → "), lines.join("\n"))
}

/// The places whose lines are shown. What came or went has a line in one document alone: in the other one, its place is
/// what holds it.
fn marked(finding: &Finding) -> (Option<&Pointer>, Option<&Pointer>) {
    let (Some(old), Some(new)) = (&finding.old, &finding.new) else {
        return (finding.old.as_ref(), finding.new.as_ref());
    };
    let (before, after) = (old.steps(), new.steps());
    if finding.code.ends_with("-removed") || before.len() > after.len() && before.starts_with(&after) {
        return (Some(old), None);
    }
    if finding.code.ends_with("-added") || after.len() > before.len() && after.starts_with(&before) {
        return (None, Some(new));
    }
    (Some(old), Some(new))
}

fn item(shown: &Shown<'_>) -> String {
    let item = shown.item;
    let weight = if item.semver == Semver::Major { "**breaking**: " } else { "" };
    let told = match (item.happened, &shown.old, &shown.new) {
        (Happened::Changed, Some(old), Some(new)) => format!("{} → {}", code(old), code(new)),
        (_, Some(one), _) | (_, None, Some(one)) => code(one),
        _ => String::new(),
    };
    let colon = if told.is_empty() { "" } else { ": " };
    format!("- {weight}{} {}{colon}{told}{}\n", item.happened.word(), code(&item.path), shown.inside())
}

/// A line of a document, which may be minified.
fn shortened(line: &str) -> String {
    const LONGEST: usize = 160;
    let plain: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    if line.chars().count() > LONGEST { format!("{plain}…") } else { plain }
}
