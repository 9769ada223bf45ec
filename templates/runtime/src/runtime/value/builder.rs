//! The states of the builders of structs with required fields, and the arguments of optional setters.
//!
//! A builder has a type parameter for each required field. It starts as `Missing<field::FirstName>` and
//! becomes [`Set`]. `build` requires each to be [`Provided`], which means that a program that leaves a field
//! out doesn't compile.

use std::fmt;
use std::marker::PhantomData;

/// A required field that has not been set; `F` names it.
#[allow(dead_code, reason = "it names a state, and no value of it exists")]
pub struct Missing<F>(PhantomData<fn() -> F>);

impl<F> Clone for Missing<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Missing<F> {}

impl<F> fmt::Debug for Missing<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Missing")
    }
}

/// A required field that has been set.
#[derive(Debug, Clone, Copy)]
pub struct Set(());

mod sealed {
    pub trait Sealed {}

    impl Sealed for super::Set {}
}

/// The state of a required field that lets `build` be called.
#[diagnostic::on_unimplemented(
    message = "a required field was not set: `{Self}`",
    label = "the field named here is required",
    note = "call the setter of that name before `build`"
)]
pub trait Provided: sealed::Sealed {}

impl Provided for Set {}

/// Returns a field that the builder's type says is set.
pub(crate) fn required<T>(field: Option<T>) -> T {
    field.expect("the builder's type says that the field is set")
}

/// The argument of an optional setter: converts from a value, or from an `Option` of one.
pub struct Optional<T>(pub(crate) Option<T>);

/// Prints no value.
impl<T> fmt::Debug for Optional<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Optional")
    }
}

impl<T> From<T> for Optional<T> {
    fn from(value: T) -> Self {
        Self(Some(value))
    }
}

impl<T> From<Option<T>> for Optional<T> {
    fn from(value: Option<T>) -> Self {
        Self(value)
    }
}

impl From<&str> for Optional<String> {
    fn from(text: &str) -> Self {
        Self(Some(text.to_owned()))
    }
}

impl From<Option<&str>> for Optional<String> {
    fn from(text: Option<&str>) -> Self {
        Self(text.map(str::to_owned))
    }
}
