//! The problems that were found so far: collected in any order, handed out in the order of the document.

use crate::diagnostic::{Diagnostic, Pointer, Severity};

use super::codes;

/// The most problems of each severity that are kept: nobody reads more, and memory stays bounded.
const LIMIT: usize = 500;

/// Collects problems.
#[derive(Default)]
pub(super) struct Problems {
    /// Each with the offset that it is sorted by.
    found: Vec<(usize, Diagnostic)>,
    errors: usize,
    warnings: usize,
}

impl Problems {
    /// Adds a problem that was found at byte `offset`.
    pub(super) fn push(&mut self, offset: usize, diagnostic: Diagnostic) {
        let count = match diagnostic.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        if *count <= LIMIT {
            self.found.push((offset, diagnostic));
        }
    }

    /// Returns the problems in the order of the document. What an alias or a reference brought in several times is
    /// reported once; a last warning says how many there are beyond the limit.
    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let dropped = self.errors.saturating_sub(LIMIT) + self.warnings.saturating_sub(LIMIT);
        let mut found = self.found;
        found.sort_by_key(|(offset, _)| *offset);
        let mut kept: Vec<(usize, Diagnostic)> = Vec::with_capacity(found.len());
        for (offset, diagnostic) in found {
            let same_place = kept.iter().rev().take_while(|(other, _)| *other == offset);
            let mut same =
                same_place.filter(|(_, other)| other.code == diagnostic.code && other.message == diagnostic.message);
            if same.next().is_none() {
                kept.push((offset, diagnostic));
            }
        }
        let mut diagnostics: Vec<_> = kept.into_iter().map(|(_, diagnostic)| diagnostic).collect();
        if dropped > 0 {
            let message = format!("{dropped} more problems are not shown");
            diagnostics.push(codes::TOO_MANY.at(&Pointer::root(), message));
        }
        diagnostics
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_come_in_the_order_of_the_document_and_once() {
        let mut problems = Problems::default();
        let root = Pointer::root();
        for (offset, message) in [(9, "c"), (2, "a"), (2, "b"), (2, "a")] {
            problems.push(offset, codes::SYNTAX.at(&root, message));
        }
        let messages: Vec<_> = problems.into_diagnostics().into_iter().map(|found| found.message).collect();
        assert_eq!(messages, ["a", "b", "c"]);
    }

    #[test]
    fn many_warnings_do_not_hide_an_error() {
        let mut problems = Problems::default();
        let root = Pointer::root();
        for offset in 0..LIMIT + 7 {
            problems.push(offset, codes::SYNTAX.at(&root, "w"));
        }
        problems.push(1, codes::SYNTAX.at(&root, "e").as_error());
        let diagnostics = problems.into_diagnostics();
        assert_eq!(diagnostics.len(), LIMIT + 2);
        assert!(diagnostics.iter().any(Diagnostic::is_error));
        assert_eq!(diagnostics[LIMIT + 1].message, "7 more problems are not shown");
    }
}
