//! By need, for texts of a certain length or form: `Checker::min_length` and its like.

use super::check::Checker;

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
