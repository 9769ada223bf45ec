//! What reading a value from text or a number can lead to: [`ParseError`], and the values of enums that this
//! version doesn't know ([`Unrecognized`], [`UnrecognizedInteger`]).

use std::cell::Cell;
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
        Unknown::count_value();
        Self(text.into())
    }

    /// The value of an enum with a single value, which makes it a constant.
    pub(crate) fn instead_of_constant(text: impl Into<Box<str>>) -> Self {
        Unknown::count_constant();
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
    pub(crate) fn new(value: i64) -> Self {
        Unknown::count_value();
        Self(value)
    }

    /// The value of an enum with a single value, which makes it a constant.
    pub(crate) fn instead_of_constant(value: i64) -> Self {
        Unknown::count_constant();
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

/// How many values, read so far by this thread, the document doesn't list. A union compares the counts from
/// before and after an alternative is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// Values of open enums and unions.
    pub(crate) values: usize,
    /// Values other than the only one that an enum lists.
    pub(crate) constants: usize,
}

thread_local! {
    static UNKNOWN: Cell<Unknown> = const { Cell::new(Unknown { values: 0, constants: 0 }) };
}

impl Unknown {
    /// Returns what was counted.
    pub(crate) fn counted() -> Self {
        UNKNOWN.get()
    }

    /// Returns what was counted, and goes on from `self`.
    pub(crate) fn replace(self) -> Self {
        UNKNOWN.replace(self)
    }

    /// Returns the sum.
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self { values: self.values + other.values, constants: self.constants + other.constants }
    }

    /// Counts a value of an open enum or union.
    pub(crate) fn count_value() {
        Self::counted().plus(Self { values: 1, constants: 0 }).replace();
    }

    /// Counts a value other than the only one that is listed.
    pub(crate) fn count_constant() {
        Self::counted().plus(Self { values: 0, constants: 1 }).replace();
    }
}
