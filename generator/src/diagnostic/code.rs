//! The codes of diagnostics, declared in tables and explained on a Markdown page.
//!
//! [`codes!`](crate::codes) declares a table. Every code has a section on the page: a summary, an explanation, and a part
//! of a document that is wrong and one that is right.
//!
//! ```
//! use generator::diagnostic::codes;
//!
//! let code = &codes::PATH_WITHOUT_SLASH;
//! assert_eq!(code.name(), "path-without-slash");
//! assert_eq!(code.summary(), "A path doesn't start with `/`");
//! assert_eq!(code.right(), "paths: {/pets: {}}\n");
//! ```

use std::cmp::Ordering;
use std::fmt;

use super::{Diagnostic, Pointer, Severity};

/// A kind of problem. Only a table creates one, so every diagnostic is explained.
#[derive(Clone, Copy)]
pub struct Code {
    name: &'static str,
    severity: Severity,
    page: &'static str,
}

/// Declares a table of codes: a static for each, and `CODES`, which lists them all.
///
/// The page is the text of a Markdown file with a section for each code.
#[macro_export]
macro_rules! codes {
    ($page:expr; $($severity:ident $name:ident = $code:literal;)*) => {
        $(
            #[doc = concat!("`", $code, "`: its section on the page explains it.")]
            pub static $name: $crate::diagnostic::Code =
                $crate::diagnostic::Code::declared($code, $crate::diagnostic::Severity::$severity, $page);
        )*
        /// Every code, in alphabetical order.
        pub static CODES: &[&$crate::diagnostic::Code] = &[$(&$name),*];
    };
}

impl Code {
    /// Only for [`codes!`](crate::codes).
    #[doc(hidden)]
    #[must_use]
    pub const fn declared(name: &'static str, severity: Severity, page: &'static str) -> Self {
        Self { name, severity, page }
    }

    /// Returns the name, in kebab-case. It never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the severity of a diagnostic with this code, unless the place that reports it chooses the other one.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns a diagnostic that marks the value at `pointer`.
    #[must_use]
    pub fn at(&'static self, pointer: &Pointer, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self, pointer, message.into())
    }

    /// Returns the code's section of the page without the heading, as Markdown.
    ///
    /// # Panics
    ///
    /// If the page has no such section, which the table's own tests rule out.
    #[must_use]
    pub fn section(&self) -> &'static str {
        let heading = format!("## `{}` ({})\n\n", self.name, self.severity);
        let (_, section) = self.page.split_once(&heading).expect("the page has a section for each code");
        section.split("\n## ").next().unwrap_or_default()
    }

    /// Returns the first line of the section, without its period.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.section().lines().next().unwrap_or_default().trim_end_matches('.')
    }

    /// Returns the paragraphs between the summary and the examples, as Markdown.
    #[must_use]
    pub fn explanation(&self) -> &'static str {
        let (_, rest) = self.section().split_once('\n').unwrap_or_default();
        rest.split("\nWrong:\n").next().unwrap_or_default().trim()
    }

    /// Returns the example that gives this diagnostic.
    #[must_use]
    pub fn wrong(&self) -> &'static str {
        self.example("\nWrong:\n")
    }

    /// Returns the corrected example.
    #[must_use]
    pub fn right(&self) -> &'static str {
        self.example("\nRight:\n")
    }

    /// Returns the text of the first code block after a line.
    fn example(&self, after: &str) -> &'static str {
        let (_, rest) = self.section().split_once(after).unwrap_or_default();
        let (_, block) = rest.split_once("\n```").unwrap_or_default();
        let (_, text) = block.split_once('\n').unwrap_or_default();
        text.split("```").next().unwrap_or_default()
    }
}

/// Displays the name.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({:?})", self.name)
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Code {}

impl PartialEq<str> for Code {
    fn eq(&self, other: &str) -> bool {
        self.name == other
    }
}

impl Ord for Code {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(other.name)
    }
}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
