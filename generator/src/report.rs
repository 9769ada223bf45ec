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
use crate::parse::{Node, Value};

mod json;

pub use json::json;

/// Labels that are so many lines apart are shown as separate pieces.
const NEAR: usize = 40;

/// So many bytes of a line are shown on either side of the marked place. A minified document is one line.
const AROUND: usize = 60;

/// A line that is longer is cut.
const LONG: usize = 3 * AROUND;

/// Returns the diagnostics as text, one after the other with a blank line between. Without `root`, only places that
/// are given as spans can be shown.
#[must_use]
pub fn text(diagnostics: &[Diagnostic], source: &Source<'_>, root: Option<&Node>, color: bool) -> String {
    let texts = Texts::new(source);
    let renderer = if color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in diagnostics {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&renderer.render(&[group(diagnostic, root, &texts)]));
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
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
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
}

/// Returns the place of a label; `None` where there is no tree to find it in.
fn mark<'a>(label: &'a Label, root: Option<&Node>, texts: &Texts<'_>) -> Option<Mark<'a>> {
    let whole = span(label, root, texts)?;
    let file = texts.at(whole.start);
    let lines = &texts.0[file].lines;
    let base = texts.0[file].base;
    let line = lines.line(whole.start - base);
    let limit = lines.span(line);
    let start = lines.boundary((whole.start - base).min(limit.end));
    let end = lines.boundary(whole.end.saturating_sub(base).clamp(start, limit.end));
    Some(Mark { file, span: Span { start, end }, line, text: &label.text, first: false })
}

/// Returns the bytes of a label, along the line of all texts.
fn span(label: &Label, root: Option<&Node>, texts: &Texts<'_>) -> Option<Span> {
    Some(match label.at {
        At::Span(span) => span,
        At::Key | At::Value => {
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
    let (Some(from), Some(to)) = (marks.iter().map(|mark| mark.line).min(), marks.iter().map(|mark| mark.line).max())
    else {
        return Vec::new();
    };
    let text = &texts.0[marks[0].file];
    let together = marks.iter().all(|mark| mark.file == marks[0].file) && to - from <= NEAR;
    if together && !(from..=to).any(|line| text.lines.is_long(line)) {
        return vec![piece(&marks, from, to, text)];
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    fn shown(text: &str) -> String {
        let source = Source::alone("spec/a.yaml", text);
        let (document, diagnostics) = parse(&source);
        super::text(&diagnostics, &source, document.as_ref().map(|document| &document.root), false)
    }

    const HEAD: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n";

    #[test]
    fn a_diagnostic_looks_like_one_of_rustc() {
        let text = format!("{HEAD}    A:\n      type: objekt # ä\n");
        let expected = "\
warning[unknown-type]: `objekt` is not a type
 --> spec/a.yaml:7:13
  |
7 |       type: objekt # ä
  |             ^^^^^^
  |
  = help: did you mean `object`?
";
        assert_eq!(shown(&text), expected);
    }

    #[test]
    fn two_places_are_shown_together() {
        let text = format!("{HEAD}    A: {{}}\n    B: {{}}\n    A: {{type: string}}\n");
        let expected = "\
warning[duplicate-key]: the key `A` stands twice in this object
 --> spec/a.yaml:8:5
  |
6 |     A: {}
  |     - this one is lost
7 |     B: {}
8 |     A: {type: string}
  |     ^ this one counts
  |
  = help: remove one of the two, or give it another name
";
        assert_eq!(shown(&text), expected);
    }

    #[test]
    fn two_places_far_apart_are_two_pieces() {
        let filler = "    # nothing\n".repeat(NEAR + 10);
        let shown = shown(&format!("{HEAD}    A: {{}}\n{filler}    A: {{}}\n"));
        assert!(shown.contains(" --> spec/a.yaml:57:5\n"), "{shown}");
        assert!(shown.contains(" ::: spec/a.yaml:6:5\n"), "{shown}");
        assert!(!shown.contains("nothing"), "{shown}");
    }

    #[test]
    fn a_large_value_is_marked_by_its_key() {
        let shown = shown(&format!("{HEAD}    A:\n      required:\n        a: 1\n        b: 2\n"));
        assert!(shown.contains("7 |       required:\n  |       ^^^^^^^^\n"), "{shown}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark() {
        let filler = "ä".repeat(100_000);
        let text = format!(
            r#"{{"openapi": "3.0.0", "info": {{"title": "{filler}", "version": 1, "description": "{filler}"}}, "paths": {{}}}}"#
        );
        let shown = shown(&text);
        assert!(shown.len() < 1000, "{} bytes", shown.len());
        assert!(shown.contains(" --> spec/a.yaml:1:100055\n"), "{shown}");
        let line = shown.lines().position(|line| line.starts_with("1 | ")).expect("the line is shown");
        let marks = shown.lines().nth(line + 1).expect("the mark is shown");
        let column = marks.chars().position(|letter| letter == '^').expect("there is a mark");
        let line: Vec<char> = shown.lines().nth(line).unwrap_or_default().chars().collect();
        assert_eq!(line[column], '1');
    }

    #[test]
    fn a_syntax_error_is_shown_without_a_tree() {
        let shown = shown("{\"openapi\": \n");
        assert!(
            shown.starts_with("error[syntax]: the text ends where a value is expected\n --> spec/a.yaml:2:1\n"),
            "{shown}"
        );
    }

    #[test]
    fn a_missing_place_is_shown_at_the_nearest() {
        let source = Source::alone("a.json", "{\"a\": {\"b\": 1}}");
        let pointer = crate::diagnostic::Pointer::root().key("a").key("x").index(1);
        let diagnostic = Diagnostic::error("code", &pointer, "message").marked("here").label(&pointer, "and here");
        let root = crate::parse::parse(&source).0.map(|document| document.root);
        assert!(text(std::slice::from_ref(&diagnostic), &source, root.as_ref(), false).contains("a.json"));
        assert!(!text(&[diagnostic], &source, None, true).is_empty());
    }

    #[test]
    fn positions_count_characters() {
        assert_eq!(position("aä\nb€c", 1), (1, 2));
        assert_eq!(position("aä\nb€c", 2), (1, 2));
        assert_eq!(position("aä\nb€c", 8), (2, 3));
        assert_eq!(position("aä\nb€c", 99), (2, 4));
    }
}
