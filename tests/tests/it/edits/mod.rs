//! Effects of edits on callers: small edits of the document, each with its expected results.

pub mod edit;
mod semver;
mod verdicts;
