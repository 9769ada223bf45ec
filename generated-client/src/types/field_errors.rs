// Written by `cargo xtask codegen` from the API's description; do not edit.

use crate::types::FieldError;

/// The wrong fields, one after the other.
pub type FieldErrors = Vec<FieldError>;
