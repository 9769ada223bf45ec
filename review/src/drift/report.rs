//! A drift as text: for the terminal, for programs and for a comment.

use std::fmt::Write as _;

use annotate_snippets::Level;
use serde_json::{Value, json as value};

use super::{Difference, Drift, Whose};
use crate::comment::{Comment, code, escaped, sentence};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::report::{Framed, Pair, labelled, pair};

/// Each with its heading.
const PARTS: [(Whose, &str); 3] = [
    (Whose::Theirs, "They have, and we do not"),
    (Whose::Ours, "We have, and they do not"),
    (Whose::Differs, "Differs"),
];

/// Returns the report for people: the lines of both documents, known differences in one line each, the sum last.
#[must_use]
pub fn terminal(drift: &Drift<'_>, color: bool) -> String {
    let frames = [framed(&drift.ours), framed(&drift.theirs)];
    let mut text = String::new();
    for difference in drift.differences.iter().filter(|it| it.reason.is_none()) {
        let level = match difference.whose {
            Whose::Theirs | Whose::Ours => Level::WARNING,
            Whose::Differs => Level::ERROR,
        };
        let mut places = Vec::new();
        if let Some(pointer) = &difference.ours {
            places.push((&frames[0], labelled(drift.ours.written(pointer), "ours")));
        }
        if let Some(pointer) = &difference.theirs {
            places.push((&frames[1], labelled(drift.theirs.written(pointer), "theirs")));
        }
        let (level, message) = (level.with_name(difference.whose.word()), difference.message.as_str());
        let pair = pair(&Pair { level, code: difference.code, message, places, notes: Vec::new() }, color);
        text.push_str(&pair);
        text.push('\n');
    }
    let known: Vec<_> = drift.differences.iter().filter_map(|it| Some((it, it.reason.as_ref()?))).collect();
    if !known.is_empty() {
        text.push_str("known:\n");
        for (difference, reason) in &known {
            writeln!(text, "  {} ({reason})", difference.message).expect("a string takes any text");
        }
        text.push('\n');
    }
    writeln!(text, "{}", sum(drift)).expect("a string takes any text");
    text
}

/// Returns the report for programs: `{"ours", "theirs", "differences": [{whose, code, subject, message, value, ours,
/// theirs, reason}]}`; `value` is what they have, where that is one value; a place has a file, a line and a column, which count from one, and a pointer.
#[must_use]
pub fn json(drift: &Drift<'_>) -> String {
    let frames = [framed(&drift.ours), framed(&drift.theirs)];
    let place = |framed: &Framed<'_>, reading: &Reading<'_>, pointer: &Pointer| -> Value {
        let (file, line, column) = framed.position(&reading.written(pointer));
        value!({"file": file, "line": line, "column": column, "pointer": pointer.to_string()})
    };
    let difference = |it: &Difference| {
        value!({
            "whose": it.whose.word(),
            "code": it.code,
            "subject": it.subject,
            "message": it.message,
            "value": it.value,
            "ours": it.ours.as_ref().map(|pointer| place(&frames[0], &drift.ours, pointer)),
            "theirs": it.theirs.as_ref().map(|pointer| place(&frames[1], &drift.theirs, pointer)),
            "reason": it.reason,
        })
    };
    let report = value!({
        "ours": drift.ours.source.name,
        "theirs": drift.theirs.source.name,
        "differences": drift.differences.iter().map(difference).collect::<Vec<_>>(),
    });
    format!("{report:#}\n")
}

/// Returns the report as a comment.
#[must_use]
pub fn markdown(drift: &Drift<'_>) -> String {
    let mut comment = Comment::default();
    let (ours, theirs) = (code(drift.ours.source.name), code(drift.theirs.source.name));
    comment.always(&format!("### {ours} beside {theirs}\n\n{}\n", escaped(&sum(drift))));
    for (whose, title) in PARTS {
        let all: Vec<_> = drift.unknown().into_iter().filter(|it| it.whose == whose).collect();
        if !all.is_empty() {
            comment.fold(&format!("{title} ({})", all.len()), |comment| {
                for it in &all {
                    comment.entry(&format!("- {} ({})\n", sentence(&it.message), code(it.code)));
                }
            });
        }
    }
    let known: Vec<_> = drift.differences.iter().filter_map(|it| Some((it, it.reason.as_ref()?))).collect();
    if !known.is_empty() {
        comment.fold(&format!("Known ({})", known.len()), |comment| {
            for (it, reason) in &known {
                comment.entry(&format!("- {}: {}\n", sentence(&it.message), escaped(reason)));
            }
        });
    }
    comment.into_text()
}

fn framed<'d>(reading: &'d Reading<'_>) -> Framed<'d> {
    Framed::new(&reading.shown(), &reading.document.root)
}

fn sum(drift: &Drift<'_>) -> String {
    let unknown = drift.unknown();
    let count = |whose| unknown.iter().filter(|it| it.whose == whose).count();
    let known = drift.differences.len() - unknown.len();
    if drift.differences.is_empty() {
        return "no difference".to_owned();
    }
    format!(
        "{} in theirs alone, {} in ours alone, {} differ; {known} known",
        count(Whose::Theirs),
        count(Whose::Ours),
        count(Whose::Differs)
    )
}
