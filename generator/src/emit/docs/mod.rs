//! The document's texts as doc comments: one `#[doc = " line"]` for all lines of a comment.
//!
//! An attribute for each line would be a good part of all tokens of a client. The lines stand in one, with
//! [`LINE_END`] between them, and `render` takes them apart once they are formatted.
//!
//! The texts are `CommonMark` by whomever. Here they lose what could run or mislead: code fences get
//! a language that is not Rust, code by indentation becomes text, HTML shows as it is written, links
//! go only to absolute addresses, and identifiers get the backticks that clippy asks for.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::context::Context;
use crate::model::Docs;

mod blocks;
mod inline;

pub(super) use inline::proper_names;

/// What stands between the lines of a comment: a control character, which no text has once it is safe.
///
/// It is never mistaken for more than that. Where the text of a document had one, its line would be two, and each of
/// them a comment.
pub const LINE_END: char = '\u{1}';

/// A doc comment in the making: paragraphs, a blank line between two.
#[derive(Debug, Default)]
pub(super) struct Text {
    lines: Vec<String>,
}

impl Text {
    /// Starts with the document's text, or with a sentence of ours where it has none.
    pub(super) fn of(cx: &Context<'_>, docs: &Docs, otherwise: &str) -> Self {
        let text = Self::default().document(cx, docs);
        if text.lines.is_empty() { text.paragraph(otherwise) } else { text }
    }

    /// Starts with the first paragraph of the document's text, or with a sentence of ours where it has none.
    pub(super) fn first_of(cx: &Context<'_>, docs: &Docs, otherwise: &str) -> Self {
        let summary = match docs.summary.trim() {
            "" => docs.description.trim().split("\n\n").next().unwrap_or_default(),
            summary => summary,
        };
        let first = Docs { summary: one_line(summary), description: String::new() };
        Self::of(cx, &first, otherwise)
    }

    /// Starts with a sentence of ours.
    pub(super) fn ours(sentence: &str) -> Self {
        Self::default().paragraph(sentence)
    }

    /// Adds the document's text.
    pub(super) fn document(mut self, cx: &Context<'_>, docs: &Docs) -> Self {
        let summary = docs.summary.trim();
        // A description that begins with its summary says it once.
        let is_repeated = docs.description.trim_start().starts_with(summary.trim_end_matches('.'));
        if !summary.is_empty() && !is_repeated {
            self.add(blocks::lines(&sentence(&one_line(summary)), &cx.proper_names));
        }
        self.add(blocks::lines(&docs.description, &cx.proper_names));
        self
    }

    /// Adds a paragraph of ours, which is `CommonMark` already.
    pub(super) fn paragraph(mut self, text: &str) -> Self {
        self.add(inline::wrapped(text, "", ""));
        self
    }

    /// Adds a heading of an item's comment, such as `# Errors`.
    pub(super) fn heading(self, title: &str) -> Self {
        self.verbatim(vec![format!("# {title}")])
    }

    /// Adds a heading of a page.
    pub(super) fn section(self, title: &str) -> Self {
        self.verbatim(vec![format!("## {title}")])
    }

    /// Adds a list of ours with the document's text in its items.
    pub(super) fn list(mut self, cx: &Context<'_>, items: impl IntoIterator<Item = (String, Docs)>) -> Self {
        let items = items.into_iter().flat_map(|(head, docs)| {
            let text = one_line(if docs.summary.is_empty() { &docs.description } else { &docs.summary });
            let text = inline::safe(&text, &cx.proper_names);
            let item = if text.is_empty() { head } else { format!("{head}: {text}") };
            inline::wrapped(&item, "- ", "  ")
        });
        let items = items.collect();
        self.add(items);
        self
    }

    /// Adds a list of ours.
    pub(super) fn items(mut self, items: &[String]) -> Self {
        self.add(items.iter().flat_map(|item| inline::wrapped(item, "- ", "  ")).collect());
        self
    }

    /// Adds lines of ours as they are, such as example code.
    pub(super) fn verbatim(mut self, lines: Vec<String>) -> Self {
        self.add(lines);
        self
    }

    fn add(&mut self, lines: Vec<String>) {
        if !lines.is_empty() {
            if !self.lines.is_empty() {
                self.lines.push(String::new());
            }
            self.lines.extend(lines);
        }
    }

    /// Returns the attributes.
    pub(super) fn tokens(&self) -> TokenStream {
        let text = self.joined();
        text.map(|text| quote!(#[doc = #text])).unwrap_or_default()
    }

    /// Returns the attributes of the module that they stand in.
    pub(super) fn inner_tokens(&self) -> TokenStream {
        let text = self.joined();
        text.map(|text| quote!(#![doc = #text])).unwrap_or_default()
    }

    /// Returns the text, as a file of its own has it.
    pub(super) fn into_markdown(self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }

    /// The lines as they stand behind the slashes. None where there are none.
    fn joined(&self) -> Option<String> {
        let mut text = String::with_capacity(self.lines.iter().map(|line| line.len() + 2).sum());
        for (index, line) in self.lines.iter().enumerate() {
            if index > 0 {
                text.push(LINE_END);
            }
            if !line.is_empty() {
                text.push(' ');
                text.push_str(line);
            }
        }
        (!self.lines.is_empty()).then_some(text)
    }
}

/// Returns the document's text as a piece of a line of ours.
pub(super) fn phrase(cx: &Context<'_>, text: &str) -> String {
    inline::safe(&one_line(text), &cx.proper_names)
}

/// Returns a name on the wire as a code span.
pub(super) fn code(wire: &str) -> String {
    inline::code(wire)
}

/// Returns the comment of an item that the document may describe.
pub(super) fn item(cx: &Context<'_>, docs: &Docs, otherwise: &str) -> TokenStream {
    Text::of(cx, docs, otherwise).tokens()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Ends the text with a full stop, unless something ends it already.
fn sentence(text: &str) -> String {
    let open = text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '`' | '"' | '\''));
    if open { format!("{text}.") } else { text.to_owned() }
}

/// Names that are written like identifiers.
type ProperNames = BTreeSet<String>;
