//! What reading a value from text or a number can lead to: [`ParseError`], and the values of enums that this
//! version doesn't know ([`Unrecognized`], [`UnrecognizedInteger`]).

use std::fmt;

use crate::runtime::value::secret::Redacted;

/// Text or a number that is not a value of a type. It names the type and never the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseError {
    expected: &'static str,
}

impl ParseError {
    /// `expected` names the type, as in `PatientId`.
    pub(crate) const fn new(expected: &'static str) -> Self {
        Self { expected }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a valid {}", self.expected)
    }
}

impl std::error::Error for ParseError {}

/// The value of an enum that this version doesn't know.
///
/// It can't be created or matched on from outside, which means that a value that becomes known breaks no
/// caller. The enum's `unrecognized` returns it. `Debug` prints `[redacted]`.
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

/// The value of an enum of integers that this version doesn't know.
///
/// It can't be created or matched on from outside, which means that a value that becomes known breaks no
/// caller. The enum's `unrecognized` returns it. `Debug` prints `[redacted]`.
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
