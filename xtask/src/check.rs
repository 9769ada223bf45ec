//! `codegen --check`: turns a survey into a list of problems, and writes nothing.

use crate::owned;
use crate::survey::{State, Survey};

/// Returns one line for each file that `codegen` would write, remove or refuse to touch, sorted by path
/// within each kind. The result is empty if the folder is up to date.
pub fn problems(survey: &Survey) -> Vec<String> {
    let mut lines = Vec::new();
    for (state, word, why) in [
        (State::Missing, "missing", ""),
        (State::Stale, "stale", ""),
        (State::Edited, "stale", " (edited by hand)"),
        (State::Foreign, "in the way", " (not on the list of owned files: move it away)"),
        (State::Orphan, "orphan", " (no longer generated)"),
        (State::EditedOrphan, "orphan", " (no longer generated, and edited by hand)"),
        (State::Gone, "orphan", " (on the list of owned files alone)"),
    ] {
        let paths = survey.paths(&[state]).into_iter();
        lines.extend(paths.map(|path| format!("{word}: {path}{why}")));
    }
    let leftovers = survey.leftovers.iter();
    lines.extend(leftovers.map(|path| format!("orphan: {path} (left by an interrupted run)")));
    if lines.is_empty() && !survey.list_is_fresh {
        lines.push(format!("stale: {} (the list itself)", owned::FILE));
    }
    lines
}
