// Written by `cargo xtask codegen` from the API's description; do not edit.

#![doc = include_str!("../../guide/testing.md")]

pub mod answers;

pub use crate::runtime::testing::builders::FieldValue;
pub use crate::runtime::testing::difference::{
    Difference, DifferenceKind, assert_same, differences,
};
pub use crate::runtime::testing::expected::{
    Data, Empty, Expected, Plain, Raw, Several, Whole,
};
pub use crate::runtime::testing::recorded::{Any, Recorded};
pub use crate::runtime::testing::{Fake, FakeTransport};
