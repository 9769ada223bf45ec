//! The rules themselves: lengths, patterns, counts, ranges and formats.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::runtime::checks::{Checker, Step};
use crate::runtime::value::range::Ranged;

impl Checker {
    /// The text has so many characters, or more.
    pub(crate) fn min_length(&mut self, text: &str, min: usize) -> &mut Self {
        self.expect(text.chars().count() >= min, || format!("at least {min} character{}", plural(min)))
    }

    /// The text has so many characters, or fewer.
    pub(crate) fn max_length(&mut self, text: &str, max: usize) -> &mut Self {
        self.expect(text.chars().count() <= max, || format!("at most {max} character{}", plural(max)))
    }

    /// The text has something on both sides of an `@`, and no space. Whether there is such an
    /// address the server knows better.
    pub(crate) fn email(&mut self, text: &str) -> &mut Self {
        let sides = text.rsplit_once('@');
        let is_kept = sides.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty()) && !has_space(text);
        self.expect(is_kept, || "an email address".to_owned())
    }

    /// The text begins with a scheme, goes on after its colon, and has no space.
    pub(crate) fn uri(&mut self, text: &str) -> &mut Self {
        let is_scheme = |scheme: &str| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        };
        let parts = text.split_once(':');
        let is_kept = parts.is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty()) && !has_space(text);
        self.expect(is_kept, || "a URI".to_owned())
    }
}

fn has_space(text: &str) -> bool {
    text.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

impl Checker {
    /// The list has so many items, or more.
    pub(crate) fn min_items<T>(&mut self, items: &[T], min: usize) -> &mut Self {
        self.expect(items.len() >= min, || format!("at least {min} item{}", plural(min)))
    }

    /// The list has so many items, or fewer.
    pub(crate) fn max_items<T>(&mut self, items: &[T], max: usize) -> &mut Self {
        self.expect(items.len() <= max, || format!("at most {max} item{}", plural(max)))
    }
}

impl Checker {
    /// The number is this one or greater.
    pub(crate) fn at_least(&mut self, number: &impl Ranged, end: f64) -> &mut Self {
        self.expect(number.compare(end).is_some_and(Ordering::is_ge), || format!("at least {end}"))
    }

    /// The number is this one or less.
    pub(crate) fn at_most(&mut self, number: &impl Ranged, end: f64) -> &mut Self {
        self.expect(number.compare(end).is_some_and(Ordering::is_le), || format!("at most {end}"))
    }

    /// The number is greater than this one.
    pub(crate) fn more_than(&mut self, number: &impl Ranged, end: f64) -> &mut Self {
        self.expect(number.compare(end).is_some_and(Ordering::is_gt), || format!("more than {end}"))
    }

    /// The number is less than this one.
    pub(crate) fn less_than(&mut self, number: &impl Ranged, end: f64) -> &mut Self {
        self.expect(number.compare(end).is_some_and(Ordering::is_lt), || format!("less than {end}"))
    }

    /// Checks each value of a map; its keys are data, and no part of a place.
    pub(crate) fn values<T>(
        &mut self,
        values: &BTreeMap<String, T>,
        check: impl for<'c> Fn(&'c mut Self, &T) -> &'c mut Self,
    ) -> &mut Self {
        for value in values.values() {
            self.place.push(Step::Key);
            check(self, value);
            self.place.pop();
        }
        self
    }
}

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
