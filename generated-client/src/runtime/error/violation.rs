//! A rule of the document that a request breaks.

use std::fmt;

/// A rule that a request breaks, and where. It never holds the value: all of it may be logged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Violation {
    /// None for the body.
    pub(crate) parameter: Option<&'static str>,
    pub(crate) pointer: String,
    pub(crate) rule: String,
}

impl Violation {
    /// Returns the parameter that breaks the rule, by its name on the wire; none where the body does.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        self.parameter
    }

    /// Returns the place of the value in the body, or in the value of the parameter: a JSON pointer
    /// (RFC 6901), such as `/addresses/0/state`, empty for the whole. The key of a map is data, and
    /// written as `*`.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns what the value has to be, such as ``at least 2 characters`` or
    /// ``matches `^[0-9]{10}$` ``.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }
}

/// Prints place and rule, in one line.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |text: &str| text.replace(char::is_control, " ");
        let (pointer, rule) = (line(&self.pointer), line(&self.rule));
        match (self.parameter, pointer.as_str()) {
            (Some(name), "") => write!(f, "parameter `{}`: {rule}", line(name)),
            (Some(name), pointer) => write!(f, "parameter `{}`, {pointer}: {rule}", line(name)),
            (None, "") => write!(f, "the body: {rule}"),
            (None, pointer) => write!(f, "{pointer}: {rule}"),
        }
    }
}
