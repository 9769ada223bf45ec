//! The names that the modules of the runtime's files use.

pub(super) use super::ident::{ident, ident_of};
pub(super) use super::krate::Crate as Context;
