// Written by `cargo xtask codegen` from the API's description; do not edit.

use crate::types::FieldError;

/// The invalid fields.
pub type FieldErrors = Vec<FieldError>;
