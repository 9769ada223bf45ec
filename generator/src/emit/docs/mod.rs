//! The document's descriptions as doc comments, with one `#[doc = " line"]` for all lines of a comment.
//!
//! An attribute for each line would make up a large part of a client's tokens. So one attribute has all lines, separated
//! by [`LINE_END`], and `render` splits them after formatting.
//!
//! Descriptions are untrusted `CommonMark`. Anything that could run or mislead is removed here: code blocks get a language
//! other than Rust, indented code becomes text, HTML is shown as source, links must be absolute, and identifiers get the
//! backticks that clippy asks for.
//!
//! pulldown-cmark would read the same blocks, but takes 1.5 s to build and leaves the writing to us.

use proc_macro2::TokenStream;
use quote::quote;

use super::krate::Crate;
use crate::model::{Docs, Field, Group, TypeDef};

mod blocks;
mod inline;

pub(super) use inline::proper_names;

/// The separator of the lines in a comment. It is a control character, which safe text never contains.
///
/// If a document's text contained one anyway, its line would only be split into two comment lines.
pub const LINE_END: char = '\u{1}';

/// A doc comment that is being written, with blank lines between its paragraphs.
#[derive(Debug, Default)]
pub(super) struct Text {
    lines: Vec<String>,
}

impl Text {
    /// Starts with the document's text, or with our sentence if it's empty.
    pub(super) fn of(cx: &Crate<'_>, docs: &Docs, otherwise: &str) -> Self {
        let text = Self::default().document(cx, docs);
        if text.lines.is_empty() { text.paragraph(otherwise) } else { text }
    }

    /// Starts with a sentence of ours.
    pub(super) fn ours(sentence: &str) -> Self {
        Self::default().paragraph(sentence)
    }

    /// Adds the document's text.
    pub(super) fn document(mut self, cx: &Crate<'_>, docs: &Docs) -> Self {
        let summary = docs.summary.trim();
        // A description that starts with the summary isn't repeated.
        let is_repeated = docs.description.trim_start().starts_with(summary.trim_end_matches('.'));
        if !summary.is_empty() && !is_repeated {
            self.add(blocks::lines(&sentence(&one_line(summary)), &cx.proper_names));
        }
        self.add(blocks::lines(&docs.description, &cx.proper_names));
        self
    }

    /// Adds a paragraph of ours, which already is `CommonMark`.
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

    /// Adds a list whose items have a head of ours and the document's text.
    pub(super) fn list(mut self, cx: &Crate<'_>, items: impl IntoIterator<Item = (String, Docs)>) -> Self {
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

    /// Adds lines of ours unchanged, such as example code.
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

    /// Returns the attributes for the enclosing module.
    pub(super) fn inner_tokens(&self) -> TokenStream {
        let text = self.joined();
        text.map(|text| quote!(#![doc = #text])).unwrap_or_default()
    }

    /// Returns the text as a Markdown file.
    pub(super) fn into_markdown(self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }

    /// The lines, each as it follows the slashes; `None` without lines.
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

/// Returns the document's text as part of a line of ours.
pub(super) fn phrase(cx: &Crate<'_>, text: &str) -> String {
    inline::safe(&one_line(text), &cx.proper_names)
}

/// Returns a name on the wire as a code span.
pub(super) fn code(wire: &str) -> String {
    inline::code(wire)
}

/// Returns our sentence about a field, such as ``The property `name`.``
pub(super) fn of_field(field: &Field, start: &str) -> String {
    if field.flattened {
        let start = start.replace("The property", "The").replace("the property", "the");
        return format!("{start} properties of one of the alternatives.");
    }
    format!("{start} {}.", code(&field.wire))
}

/// Returns the comment of an item, with our sentence if the document doesn't describe it.
pub(super) fn item(cx: &Crate<'_>, docs: &Docs, otherwise: &str) -> TokenStream {
    Text::of(cx, docs, otherwise).tokens()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Adds a full stop, unless the text already ends with punctuation.
fn sentence(text: &str) -> String {
    let open = text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '`' | '"' | '\''));
    if open { format!("{text}.") } else { text.to_owned() }
}

/// Returns the comment of a type.
pub(super) fn of_type(cx: &Crate<'_>, def: &TypeDef) -> TokenStream {
    let otherwise = format!("The API's `{}`.", def.name);
    let text = Text::of(cx, &def.docs, &otherwise);
    // The attribute would warn wherever the client itself names the type.
    let text = if def.deprecated { text.paragraph("Deprecated by the API's description.") } else { text };
    text.tokens()
}

/// Returns the comment of the module that holds a group's operations.
pub(super) fn of_group(cx: &Crate<'_>, group: &Group) -> TokenStream {
    let tag = &group.docs.summary;
    let text = if tag.is_empty() {
        Text::ours("Operations without a tag.")
    } else {
        Text::ours(&format!("Operations of the tag {}.", code(tag)))
    };
    let description = Docs { summary: String::new(), description: group.docs.description.clone() };
    text.document(cx, &description).inner_tokens()
}
