//! What an edit of the document does to its callers: small edits, each with what is expected of it.

pub mod edit;
mod semver;
mod verdicts;
