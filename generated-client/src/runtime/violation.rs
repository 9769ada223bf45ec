//! A rule of the document that a request breaks.

use std::fmt;

/// A rule that a request breaks, and where. It never holds the value: all of it may be logged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Violation {
    pub(super) pointer: String,
    pub(super) rule: String,
}

impl Violation {
    /// Returns where the value stands in the body: a JSON pointer (RFC 6901), such as
    /// `/addresses/0/state`. The key of a map is data, and written as `*`.
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

/// Prints pointer and rule, in one line.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |text: &str| text.replace(char::is_control, " ");
        write!(f, "{}: {}", line(&self.pointer), line(&self.rule))
    }
}
