//! By need, for open enums of strings: [`Unrecognized`].

use std::fmt;

use super::redact::Redacted;

/// The value of an enum that this version does not know.
///
/// It cannot be made or matched on from outside, so that a value that becomes known breaks no
/// caller: the enum's `unrecognized` returns its text. `Debug` prints `[redacted]`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unrecognized(Box<str>);

impl Unrecognized {
    pub(crate) fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Unrecognized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted.fmt(f)
    }
}
