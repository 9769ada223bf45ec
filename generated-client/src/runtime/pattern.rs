//! By need, for texts that have to match a pattern: `Checker::pattern`.

use super::check::Checker;

/// A pattern that needs no engine: a row of character classes, from the start of the text, in which
/// each takes as many characters as there are.
pub(crate) struct Pattern {
    /// As the document writes it.
    pub(crate) text: &'static str,
    /// One after the other.
    pub(crate) parts: &'static [Class],
    /// Whether the text ends where the parts do.
    pub(crate) is_whole: bool,
}

/// The ranges of a class, and how many of its characters there are, at least and at most.
type Class = (&'static [(char, char)], usize, usize);

impl Pattern {
    fn matches(&self, text: &str) -> bool {
        let mut rest = text.chars().peekable();
        for (ranges, min, max) in self.parts {
            let is_in = |c: &char| ranges.iter().any(|(low, high)| (low..=high).contains(&c));
            let mut count = 0;
            while count < *max && rest.next_if(is_in).is_some() {
                count += 1;
            }
            if count < *min {
                return false;
            }
        }
        !self.is_whole || rest.next().is_none()
    }
}

impl Checker {
    /// The text matches the pattern.
    pub(crate) fn pattern(&mut self, text: &str, pattern: &Pattern) -> &mut Self {
        self.expect(pattern.matches(text), || format!("matches `{}`", pattern.text))
    }
}
