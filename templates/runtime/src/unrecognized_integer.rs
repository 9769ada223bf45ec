//! By need, for open enums of integers: [`UnrecognizedInteger`].

use std::fmt;

use super::redact::Redacted;

/// The value of an enum of integers that this version does not know.
///
/// It cannot be made or matched on from outside, so that a value that becomes known breaks no
/// caller: the enum's `unrecognized` returns it. `Debug` prints `[redacted]`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnrecognizedInteger(i64);

impl UnrecognizedInteger {
    pub(crate) const fn new(value: i64) -> Self {
        Self(value)
    }

    pub(crate) const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Debug for UnrecognizedInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted.fmt(f)
    }
}
