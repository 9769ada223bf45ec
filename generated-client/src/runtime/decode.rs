//! By need, for JSON answers: decoding, with errors that hold no value.

use serde_json::error::Category;

use super::error::{Answered, Context, Error};
use super::unreadable::unreadable;

/// The error of a body that could not be decoded. Of serde's own error only the place is kept: its
/// text holds values.
pub(super) fn undecodable(context: Context, answer: Answered, error: &serde_json::Error) -> Error {
    if answer.body.is_empty() {
        return unreadable(context, "the answer is empty", None, answer);
    }
    let text = match error.classify() {
        Category::Data => "the answer is JSON of another shape than documented",
        Category::Syntax | Category::Eof | Category::Io => "the answer is not JSON",
    };
    unreadable(context, text, Some((error.line(), error.column())), answer)
}
