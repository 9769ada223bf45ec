//! Places in two documents, shown together.

use annotate_snippets::{Element, Group, Level, Origin, Renderer};

use super::{Mark, Texts, elements, mark};
use crate::Source;
use crate::diagnostic::{At, Label, Pointer};
use crate::parse::Node;

/// The texts of a document, ready to be shown piece by piece.
pub struct Framed<'d> {
    texts: Texts<'d>,
    root: &'d Node,
}

/// What to show together.
pub struct Pair<'p> {
    /// The word and the look of the title.
    pub level: Level<'p>,
    /// The code, in brackets after the level.
    pub code: &'p str,
    /// The sentence.
    pub message: &'p str,
    /// Places, with the texts next to their marks.
    pub places: Vec<(&'p Framed<'p>, Label)>,
    /// Lines below.
    pub notes: Vec<String>,
}

impl<'d> Framed<'d> {
    /// Takes a document.
    #[must_use]
    pub fn new(source: &Source<'d>, root: &'d Node) -> Self {
        Self { texts: Texts::new(source), root }
    }

    /// Returns the file, line and column of what a pointer names, counted from one: of its key, where it has one.
    #[must_use]
    pub fn position(&self, pointer: &Pointer) -> (&str, usize, usize) {
        let found = self.root.nearest(pointer);
        let start = found.key_span.unwrap_or(found.node.span).start;
        let text = &self.texts.0[self.texts.at(start)];
        let (line, column) = text.lines.position(start - text.base);
        (&text.name, line, column)
    }

    /// Returns the line of what a pointer names, without its end.
    #[must_use]
    pub fn line(&self, pointer: &Pointer) -> &str {
        let found = self.root.nearest(pointer);
        let start = found.key_span.unwrap_or(found.node.span).start;
        let text = &self.texts.0[self.texts.at(start)];
        let span = text.lines.span(text.lines.line(start - text.base));
        &text.lines.text[span.start..span.end]
    }
}

/// Returns a place with a text next to its mark, which is at the key that leads there.
#[must_use]
pub fn labelled(pointer: Pointer, text: &str) -> Label {
    Label { pointer, at: At::Key, text: text.to_owned() }
}

/// Returns the pair as text.
#[must_use]
pub fn pair(pair: &Pair<'_>, color: bool) -> String {
    let renderer = if color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let mut group = Group::with_title(pair.level.clone().primary_title(pair.message).id(pair.code));
    for (framed, label) in &pair.places {
        let marks: Vec<Mark<'_>> = mark(label, Some(framed.root), &framed.texts).into_iter().collect();
        if marks.is_empty() {
            group = group.element(Element::from(Origin::path(&*framed.texts.0[0].name)));
        }
        for element in elements(&marks, &framed.texts) {
            group = group.element(element);
        }
    }
    for note in &pair.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    let mut text = renderer.render(&[group]);
    text.push('\n');
    text
}
