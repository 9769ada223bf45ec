//! Proofs over real documents: what an independent validator says of the requests, and what becomes of the examples.
//!
//! Both tests read the documents of the corpus by themselves ([`document`]) and take from the generator only the names
//! that a caller of the client would write ([`code`]). Each builds one scratch workspace and runs a program for each
//! document. A variable of the environment asks for them; without it they say so and pass.

mod code;
mod compare;
mod decoding;
mod document;
mod examples;
mod named;
mod oracle;
mod passing;
mod pattern;
mod program;
mod requests;
mod translate;
mod validator;
mod value;
mod wire;

use document::Document;

use crate::corpus;
use crate::fixture;

/// Returns the documents of the corpus that `wanted` names, or says why there are none.
fn documents(wanted: impl Fn(&str) -> bool) -> Option<Vec<Document>> {
    let Some(folder) = corpus::folder() else {
        println!("skipped: there is no corpus beside the repository");
        return None;
    };
    let fixtures = fixture::documents(&folder).into_iter().filter(|fixture| wanted(&fixture.name));
    Some(fixtures.map(Document::read).collect())
}

/// Returns whether a variable of the environment asks for a test.
fn is_wanted(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}
