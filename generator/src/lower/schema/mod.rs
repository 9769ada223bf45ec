//! Schema Objects to types.
//!
//! [`value`] gives the type of a value where it is used, and names new types on the way. Their shapes wait in a queue, so
//! that a long chain of schemas doesn't overflow the stack. [`define_all`] empties it.

mod choice;
mod class;
mod contradiction;
mod definition;
mod discriminator;
mod enumeration;
mod joined;
mod object;
mod pattern;
mod relation;
mod rules;
mod union;
mod value;

pub use class::{Class, classify, enum_values, is_binary, is_object, is_string, is_text, is_untyped, items};
pub use definition::define_all;
pub use object::properties;
pub use pattern::read as read_pattern;
pub use rules::{of_text as text_rules, rules};
pub use value::{Value, leaf_show, value};
