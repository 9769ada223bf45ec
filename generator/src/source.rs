//! A document and the files that it refers to.
//!
//! The caller passes in the texts, so that the output depends only on the input. [`parse::load`](crate::parse::load)
//! determines which files to read.
//!
//! The positions of all texts form one sequence: the document first, then the files in the order of their paths. A
//! [`Span`](crate::diagnostic::Span) is a range in this sequence, and `report` finds the text that contains it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// A document and the name that diagnostics give it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The name in diagnostics, such as `spec/pets.yaml`. Other files refer to the document by its last part.
    pub name: &'a str,
    /// YAML or JSON.
    pub text: &'a str,
    /// The files that the document refers to.
    pub files: &'a Files,
}

/// The files that a document refers to, by their paths below its folder, such as `schemas/pet.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    pub(crate) found: BTreeMap<String, Result<String, Unread>>,
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// There is no such file.
    Missing,
    /// It is outside the document's folder, by way of a symbolic link.
    Outside,
    /// It isn't UTF-8. The first invalid byte is in this line, counted from one.
    NotText(usize),
    /// There are too many files, or they are too large in total.
    TooMuch,
    /// The system refused, with this message.
    Refused(String),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no such file"),
            Self::Outside => f.write_str("it leads out of the document's folder"),
            Self::NotText(line) => write!(f, "line {line} is not UTF-8"),
            Self::TooMuch => f.write_str("the files are too many or too large"),
            Self::Refused(why) => f.write_str(why),
        }
    }
}

/// One text of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<'a> {
    /// The name that diagnostics give it.
    pub name: Cow<'a, str>,
    /// The path below the document's folder; none for the document itself.
    pub path: Option<&'a str>,
    /// The text.
    pub text: &'a str,
    /// Where it starts in the sequence of all texts.
    pub base: usize,
}

static NONE: Files = Files { found: BTreeMap::new() };

impl<'a> Source<'a> {
    /// Returns a document that refers to no files.
    #[must_use]
    pub fn alone(name: &'a str, text: &'a str) -> Self {
        Self { name, text, files: &NONE }
    }

    /// Returns the last part of the document's name.
    #[must_use]
    pub fn file_name(&self) -> &'a str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(self.name)
    }

    /// Returns the texts in their order.
    pub(crate) fn texts(self) -> impl Iterator<Item = Text<'a>> {
        let folder = &self.name[..self.name.len() - self.file_name().len()];
        let mut base = self.text.len() + 1;
        let files = self.files.found.iter().filter_map(|(path, text)| Some((path, text.as_ref().ok()?)));
        let files = files.map(move |(path, text)| {
            let start = base;
            base += text.len() + 1;
            Text { name: Cow::Owned(format!("{folder}{path}")), path: Some(path), text, base: start }
        });
        let document = Text { name: Cow::Borrowed(self.name), path: None, text: self.text, base: 0 };
        std::iter::once(document).chain(files)
    }
}
