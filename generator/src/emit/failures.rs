//! `src/failures.rs`: a page with the failures that several operations document, each described once.
//!
//! ```text
//! //! # 401 Unauthorized
//! //!
//! //! The API key is missing, wrong or revoked.
//! ```

use proc_macro2::TokenStream;

use super::docs;
use super::file::File;
use super::krate::Crate;
use crate::model::SharedFailure;

/// Returns the file, if operations share failures.
pub(super) fn files<'c>(cx: &'c Crate<'_>) -> Vec<File<'c>> {
    if cx.api.failures.is_empty() { Vec::new() } else { vec![File::tokens("src/failures.rs", || tokens(cx))] }
}

fn tokens(cx: &Crate<'_>) -> TokenStream {
    let about = docs::Text::ours("Failures that several operations document.");
    let text =
        cx.api.failures.iter().fold(about, |text, failure| text.heading(&failure.title).document(cx, &failure.docs));
    text.inner_tokens()
}

/// Returns a link to the description of a failure.
pub(super) fn link(failure: &SharedFailure) -> String {
    format!("[{}](crate::failures#{})", failure.title, anchor(&failure.title))
}

/// The id that rustdoc gives a heading.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '-' | '_'));
    kept.map(|c| if c.is_whitespace() { '-' } else { c.to_ascii_lowercase() }).collect()
}
