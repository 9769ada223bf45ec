// Written by `cargo xtask codegen` from the API's description; do not edit.

#![doc = include_str!("../../guide/testing.md")]

pub mod answers;

pub use crate::runtime::difference::{
    Difference, DifferenceKind, assert_same, differences,
};
pub use crate::runtime::expected::{Data, Empty, Expected, Plain, Raw, Several, Whole};
pub use crate::runtime::fake::{Fake, FakeTransport};
pub use crate::runtime::given::Given;
pub use crate::runtime::recorded::{Any, Recorded};
