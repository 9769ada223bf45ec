//! What is wrong with a document, and where.
//!
//! A stage that finds a problem describes it as a [`Diagnostic`]: a [`Code`], a sentence, the places that matter, and what
//! to write instead. A place is a [`Pointer`] into the document; only `report` turns it into a line and a column.
//!
//! ```
//! use generator::diagnostic::{Pointer, codes};
//!
//! let schema = Pointer::root().key("components").key("schemas").key("Pet");
//! let diagnostic = codes::UNKNOWN_TYPE
//!     .at(&schema.key("type"), "`objekt` is not a type")
//!     .help("did you mean `object`?");
//! assert_eq!(diagnostic.pointer.to_string(), "/components/schemas/Pet/type");
//! ```
//!
//! This module knows no OpenAPI, and never prints.

use std::fmt;

mod code;
pub mod codes;
mod pointer;

pub use code::Code;
pub use pointer::Pointer;
pub(crate) use pointer::percent_decoded;

/// A range of bytes in the source text, `start` inclusive and `end` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing can be generated.
    Error,
    /// The part that is named is read in another way than it is written, or left out; the rest is generated.
    Warning,
}

/// Which part of the place that a pointer names is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The key that leads to the value.
    Key,
    /// The value itself.
    Value,
    /// The value, whose lines are not to be shown: line and column are told, and no more. An example may hold
    /// somebody's data.
    Unshown,
    /// These bytes, for what has no pointer: a syntax error, or the second of two equal keys.
    Span(Span),
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One marked place of a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The node of the document.
    pub pointer: Pointer,
    /// The part of it that is marked.
    pub at: At,
    /// What to say beside the mark; may be empty.
    pub text: String,
}

/// A problem in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of problem.
    pub code: &'static Code,
    /// Error or warning.
    pub severity: Severity,
    /// The node that the problem is about.
    pub pointer: Pointer,
    /// The marked places, never empty: the first is the place of the problem.
    pub labels: Vec<Label>,
    /// The problem in one sentence: lower case, no full stop, the document's own words in backquotes.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Whether the document is right and nothing that travels differs. Such a warning is for those who ask for it.
    pub is_minor: bool,
}

impl Diagnostic {
    fn new(code: &'static Code, pointer: &Pointer, message: String) -> Self {
        let label = Label { pointer: pointer.clone(), at: At::Value, text: String::new() };
        Self {
            code,
            severity: code.severity(),
            pointer: pointer.clone(),
            labels: vec![label],
            message: shortened(message),
            help: None,
            is_minor: false,
        }
    }

    /// Makes this one of the warnings that most readers can do nothing about.
    #[must_use]
    pub fn as_minor(mut self) -> Self {
        self.is_minor = true;
        self
    }

    /// Makes this an error, if the code's severity is that of most cases and this one is worse.
    #[must_use]
    pub fn as_error(mut self) -> Self {
        self.severity = Severity::Error;
        self
    }

    /// Makes this a warning, if the code's severity is that of most cases and this one is less serious.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Marks the key instead of the value.
    #[must_use]
    pub fn at_key(mut self) -> Self {
        self.labels[0].at = At::Key;
        self
    }

    /// Names the place of the value, and shows none of its lines.
    #[must_use]
    pub fn unshown(mut self) -> Self {
        self.labels[0].at = At::Unshown;
        self
    }

    /// Marks these bytes instead of the value.
    #[must_use]
    pub fn at_span(mut self, span: Span) -> Self {
        self.labels[0].at = At::Span(span);
        self
    }

    /// Says something beside the first mark.
    #[must_use]
    pub fn marked(mut self, text: impl Into<String>) -> Self {
        self.labels[0].text = text.into();
        self
    }

    /// Marks a second place: the value at `pointer`.
    #[must_use]
    pub fn label(self, pointer: &Pointer, text: impl Into<String>) -> Self {
        self.label_at(pointer, At::Value, text)
    }

    /// Marks a second place: the given part of what `pointer` names.
    #[must_use]
    pub fn label_at(mut self, pointer: &Pointer, at: At, text: impl Into<String>) -> Self {
        self.labels.push(Label { pointer: pointer.clone(), at, text: text.into() });
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(shortened(text.into()));
        self
    }

    /// Returns whether nothing can be generated because of this.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A sentence quotes the document, whose words may be of any length: cuts it at 400 characters.
fn shortened(mut sentence: String) -> String {
    if let Some((end, _)) = sentence.char_indices().nth(400) {
        sentence.truncate(end);
        sentence.push('…');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_cut() {
        let diagnostic = codes::SYNTAX.at(&Pointer::root(), "ä".repeat(1000)).help("short");
        assert_eq!(diagnostic.message.chars().count(), 401);
        assert_eq!(diagnostic.help.as_deref(), Some("short"));
    }
}
