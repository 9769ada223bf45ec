// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The operations of the API, by tag.

mod practitioners;
mod patients;
mod medication_orders;
mod refills;
mod carriers;
mod webhooks;
