//! By need, for structs with required fields: the states of their builders.
//!
//! Items: [`Missing`], [`Set`], [`Provided`], [`required`]. A builder has a type parameter for each
//! required field, which goes from `Missing<field::FirstName>` to `Set`; `build` asks each to be
//! [`Provided`], so that a program that leaves a field out does not compile.

use std::fmt;
use std::marker::PhantomData;

/// A required field that has not been set; `F` names it.
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
