//! Places of diagnostics as numbers, for programs.

use std::borrow::Cow;

use super::{Texts, span};
use crate::Source;
use crate::diagnostic::{Diagnostic, Label, Pointer};
use crate::parse::{Node, of_file};

/// Where a label is, in numbers from one on; columns count characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The text's name.
    pub file: String,
    /// The node, in the file that is named; empty for the whole of it.
    pub pointer: Pointer,
    /// Its first and its last line; none where the text has no such place.
    pub lines: Option<(usize, usize)>,
    /// The column of its first character, and the column behind its last; also `None`.
    pub columns: Option<(usize, usize)>,
    /// The text next to the mark; may be empty.
    pub text: String,
}

/// Returns the places of each diagnostic's labels. Without `root`, only places that are given as spans are known.
#[must_use]
pub fn places(diagnostics: &[Diagnostic], source: &Source<'_>, root: Option<&Node>) -> Vec<Vec<Place>> {
    let texts = Texts::new(source);
    let places = |diagnostic: &Diagnostic| diagnostic.labels.iter().map(|label| place(label, root, &texts)).collect();
    diagnostics.iter().map(places).collect()
}

fn place(label: &Label, root: Option<&Node>, texts: &Texts<'_>) -> Place {
    let found = span(label, root, texts).map(|span| {
        let text = &texts.0[texts.at(span.start)];
        let (from, to) = (span.start - text.base, span.end.saturating_sub(text.base));
        (&text.name, text.lines.position(from), text.lines.position(to.max(from)))
    });
    let file = found.map_or(&texts.0[0].name, |(file, ..)| file);
    let pointer = of_file(&label.pointer).map_or_else(|| label.pointer.clone(), |(_, inside)| inside);
    Place {
        file: Cow::to_string(file),
        pointer,
        lines: found.map(|(_, (from, _), (to, _))| (from, to)),
        columns: found.map(|(_, (_, from), (_, to))| (from, to)),
        text: label.text.clone(),
    }
}
