//! Diagnostics as text, in the look of rustc.
//!
//! ```text
//! warning[unknown-type]: `objekt` is not a type
//!   --> spec/pets.yaml:12:13
//!    |
//! 12 |       type: objekt
//!    |             ^^^^^^
//!    |
//!    = help: did you mean `object`?
//! ```
//!
//! This is the only module that turns a pointer into a place in the text.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::Source;
use crate::diagnostic::{At, Diagnostic, Label, Severity, Span};
use crate::parse::{Document, Node, Value};

mod json;
mod mask;
mod pair;
mod place;
#[cfg(test)]
mod tests;

pub use json::json;
pub use mask::{Masked, masked};
pub use pair::{Framed, Pair, labelled, pair};
pub use place::{Place, places};

/// Labels that are this many lines apart are shown as separate pieces.
const NEAR: usize = 40;

/// How many bytes of a line are shown on either side of the marked place. A minified document is one line.
const AROUND: usize = 60;

/// A line that is longer is cut.
const LONG: usize = 3 * AROUND;

/// Returns the diagnostics as text, one after the other with a blank line between. Without `root`, only places that
/// are given as spans can be shown. Values of examples are not shown: they may be somebody's.
#[must_use]
pub fn text(diagnostics: &[Diagnostic], source: &Source<'_>, root: Option<&Node>, color: bool) -> String {
    noted(diagnostics, source, root, color, |_| None)
}

/// Returns the same, with a note below each diagnostic that has one.
#[must_use]
pub fn noted(
    diagnostics: &[Diagnostic],
    source: &Source<'_>,
    root: Option<&Node>,
    color: bool,
    note: impl Fn(&Diagnostic) -> Option<String>,
) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let masked = masked(source, root);
    let texts = Texts::new(&masked.of(source));
    let renderer = if color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in diagnostics {
        if !text.is_empty() {
            text.push('\n');
        }
        let mut group = group(diagnostic, root, &texts);
        if let Some(note) = note(diagnostic) {
            group = group.element(Level::NOTE.message(note));
        }
        text.push_str(&renderer.render(&[group]));
        text.push('\n');
    }
    text
}

/// Returns line and column of a byte of `text`, both counted from one, the column in characters.
#[must_use]
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    Lines::new(text).position(offset)
}

fn group<'a>(diagnostic: &'a Diagnostic, root: Option<&Node>, texts: &'a Texts<'a>) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name());
    let marks: Vec<Mark<'_>> = diagnostic.labels.iter().filter_map(|label| mark(label, root, texts)).collect();
    let mut group = Group::with_title(title);
    if marks.is_empty() {
        group = group.element(Origin::path(&*texts.0[0].name));
    }
    for element in elements(&marks, texts) {
        group = group.element(element);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// Joins the problems of parse and lower in the order of the document.
///
/// # Errors
///
/// Returns all of them if one is an error.
pub fn in_order(
    document: &Document,
    parsed: Vec<Diagnostic>,
    lowered: Vec<Diagnostic>,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let mut all = parsed;
    all.extend(lowered.into_iter().map(|diagnostic| document.locate(diagnostic)));
    all.sort_by_key(|diagnostic| start(diagnostic, &document.root));
    if all.iter().any(Diagnostic::is_error) { Err(all) } else { Ok(all) }
}

/// Returns the byte at which a diagnostic's first place starts: the order of the document.
#[must_use]
pub fn start(diagnostic: &Diagnostic, root: &Node) -> usize {
    if let Some(Label { at: At::Span(span), .. }) = diagnostic.labels.first() {
        return span.start;
    }
    let found = root.nearest(&diagnostic.pointer);
    found.key_span.unwrap_or(found.node.span).start
}

/// A place to show: within one line.
struct Mark<'a> {
    /// Which of the texts it is in.
    file: usize,
    /// Its bytes, counted in that text.
    span: Span,
    line: usize,
    text: &'a str,
    first: bool,
    /// The lines that are not to be shown because of it.
    unshown: Option<(usize, usize)>,
}

/// Returns the place of a label; `None` without a tree to find it in.
fn mark<'a>(label: &'a Label, root: Option<&Node>, texts: &Texts<'_>) -> Option<Mark<'a>> {
    let whole = span(label, root, texts)?;
    let file = texts.at(whole.start);
    let lines = &texts.0[file].lines;
    let base = texts.0[file].base;
    let line = lines.line(whole.start - base);
    let limit = lines.span(line);
    let start = lines.boundary((whole.start - base).min(limit.end));
    let end = lines.boundary(whole.end.saturating_sub(base).clamp(start, limit.end));
    let last = lines.line(whole.end.saturating_sub(base + 1).max(whole.start - base));
    let unshown = (label.at == At::Unshown).then_some((line, last));
    Some(Mark { file, span: Span { start, end }, line, text: &label.text, first: false, unshown })
}

/// Returns the bytes of a label, along the line of all texts.
fn span(label: &Label, root: Option<&Node>, texts: &Texts<'_>) -> Option<Span> {
    Some(match label.at {
        At::Span(span) => span,
        At::Key | At::Value | At::Unshown => {
            let found = root?.nearest(&label.pointer);
            let is_large =
                matches!(found.node.value, Value::Array(_) | Value::Object(_)) && texts.spans_lines(found.node.span);
            let by_key = label.at == At::Key || is_large || !found.exact;
            found.key_span.filter(|_| by_key).unwrap_or(found.node.span)
        }
    })
}

/// Returns the pieces of the source that show the marks: one piece when they are near to each other.
fn elements<'a>(marks: &[Mark<'a>], texts: &'a Texts<'a>) -> Vec<Element<'a>> {
    let mut marks: Vec<Mark<'a>> = marks.iter().map(|mark| Mark { ..*mark }).collect();
    if let Some(first) = marks.first_mut() {
        first.first = true;
    }
    let (marks, mut elements) = places_alone(marks, texts);
    elements.extend(drawn(&marks, texts));
    elements
}

/// Takes out the marks whose lines are not to be shown, and those in such lines: their places alone are told.
fn places_alone<'a>(marks: Vec<Mark<'a>>, texts: &'a Texts<'a>) -> (Vec<Mark<'a>>, Vec<Element<'a>>) {
    let unshown: Vec<_> =
        marks.iter().filter_map(|mark| mark.unshown.map(|(from, to)| (mark.file, from..=to))).collect();
    let is_unshown =
        |mark: &Mark<'_>| unshown.iter().any(|(file, lines)| *file == mark.file && lines.contains(&mark.line));
    let (alone, drawn): (Vec<_>, Vec<_>) = marks.into_iter().partition(is_unshown);
    let origin = |mark: Mark<'a>| {
        let text = &texts.0[mark.file];
        let (line, column) = text.lines.position(mark.span.start);
        Element::from(Origin::path(&*text.name).line(line).char_column(column))
    };
    (drawn, alone.into_iter().map(origin).collect())
}

/// Returns the pieces of marks whose lines are shown.
fn drawn<'a>(marks: &[Mark<'a>], texts: &'a Texts<'a>) -> Vec<Element<'a>> {
    let (Some(from), Some(to)) = (marks.iter().map(|mark| mark.line).min(), marks.iter().map(|mark| mark.line).max())
    else {
        return Vec::new();
    };
    let text = &texts.0[marks[0].file];
    let together = marks.iter().all(|mark| mark.file == marks[0].file) && to - from <= NEAR;
    if together && !(from..=to).any(|line| text.lines.is_long(line)) {
        return vec![piece(marks, from, to, text)];
    }
    let pieces = marks.chunks(1).flat_map(|mark| {
        let line = mark[0].line;
        let text = &texts.0[mark[0].file];
        if text.lines.is_long(line) { cut_piece(&mark[0], text) } else { vec![piece(mark, line, line, text)] }
    });
    pieces.collect()
}

/// Returns whole lines.
fn piece<'a>(marks: &[Mark<'a>], from: usize, to: usize, text: &'a TextLines<'a>) -> Element<'a> {
    let lines = &text.lines;
    let start = lines.span(from).start;
    let end = lines.span(to).end;
    let mut snippet = Snippet::source(&lines.text[start..end]).path(&*text.name).line_start(from + 1);
    for mark in marks {
        let annotation = kind(mark).span(mark.span.start - start..mark.span.end - start);
        snippet = snippet.annotation(annotation.label(label(mark)));
    }
    Element::from(snippet)
}

/// Returns the part of a long line around the mark, with the place that it has in the whole.
fn cut_piece<'a>(mark: &Mark<'a>, text: &'a TextLines<'a>) -> Vec<Element<'a>> {
    let lines = &text.lines;
    let line = lines.span(mark.line);
    let start = lines.boundary(mark.span.start.saturating_sub(AROUND).max(line.start));
    let marked_end = lines.boundary(mark.span.end.min(mark.span.start + AROUND));
    let end = lines.boundary((marked_end + AROUND).min(line.end));
    let before = if start > line.start { "…" } else { "" };
    let after = if end < line.end { "…" } else { "" };
    let shown = format!("{before}{}{after}", &lines.text[start..end]);
    let shift = |offset: usize| offset - start + before.len();
    let annotation = kind(mark).span(shift(mark.span.start)..shift(marked_end)).label(label(mark));
    let (number, column) = lines.position(mark.span.start);
    let origin = Origin::path(&*text.name).line(number).char_column(column);
    let snippet = Snippet::source(shown).line_start(number).annotation(annotation);
    vec![Element::from(origin), Element::from(snippet)]
}

fn kind(mark: &Mark<'_>) -> AnnotationKind {
    if mark.first { AnnotationKind::Primary } else { AnnotationKind::Context }
}

fn label<'a>(mark: &Mark<'a>) -> Option<&'a str> {
    (!mark.text.is_empty()).then_some(mark.text)
}

/// All texts of a source.
struct Texts<'t>(Vec<TextLines<'t>>);

/// A text with its name, its place along the line of all texts, and its lines.
struct TextLines<'t> {
    name: Cow<'t, str>,
    base: usize,
    lines: Lines<'t>,
}

impl<'t> Texts<'t> {
    fn new(source: &Source<'t>) -> Self {
        let texts = source.texts();
        Self(texts.map(|text| TextLines { name: text.name, base: text.base, lines: Lines::new(text.text) }).collect())
    }

    /// Returns which text a byte belongs to.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|text| text.base <= offset) - 1
    }

    fn spans_lines(&self, span: Span) -> bool {
        let text = &self.0[self.at(span.start)];
        let line = |offset: usize| text.lines.line(offset.saturating_sub(text.base));
        line(span.start) != line(span.end)
    }
}

/// The lines of a text, counted from zero.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(offset, _)| offset + 1)).collect();
        Self { text, starts }
    }

    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// Returns the bytes of a line, without its end.
    fn span(&self, line: usize) -> Span {
        let start = self.starts[line];
        let next = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let end = start + self.text[start..next].trim_end_matches('\r').len();
        Span { start, end }
    }

    fn is_long(&self, line: usize) -> bool {
        let next = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        next - self.starts[line] > LONG
    }

    fn position(&self, offset: usize) -> (usize, usize) {
        let offset = self.boundary(offset);
        let line = self.line(offset);
        (line + 1, self.text[self.starts[line]..offset].chars().count() + 1)
    }

    /// Returns the nearest beginning of a character that is not behind `offset`.
    fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}
