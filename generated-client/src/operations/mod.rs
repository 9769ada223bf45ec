// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The operations of the API, by tag.

pub(crate) mod practitioners;
pub(crate) mod patients;
pub(crate) mod medication_orders;
pub(crate) mod refills;
pub(crate) mod carriers;
pub(crate) mod webhooks;
