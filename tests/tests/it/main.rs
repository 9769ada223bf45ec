//! The generator from the outside: documents in, files and diagnostics out.
//!
//! A single binary, so it is linked only once. `NOVAMED_CI_TESTS=1` adds the tests that compile other crates or run examples as
//! processes, which are steps of `cargo xtask ci`. `NOVAMED_LONG_TESTS=1` adds those that take minutes.

mod accepted;
mod answers;
mod both_sides;
mod bytes;
mod client;
mod compile;
mod contributing;
mod corpus;
mod diff;
mod drift;
mod edits;
mod fixture;
mod hostile;
mod house;
mod imports;
mod lint;
mod mutation;
mod real;
mod rejected;
mod rooms;
mod rules;
mod scratch;
mod values;
mod yaml;
