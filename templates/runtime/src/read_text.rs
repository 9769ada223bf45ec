//! By need, for text answers: `Answer::text`.

use super::answer::Answer;
use super::at_hand::respond;
use super::error::Error;
use super::response::Response;
use super::unreadable::unreadable;

impl Answer {
    /// Returns the body as text, which must be UTF-8.
    pub(crate) fn text(self) -> Result<Response<String>, Error> {
        self.read(|context, answer| match std::str::from_utf8(&answer.body) {
            Ok(text) => Ok(respond(text.to_owned(), answer, None)),
            Err(_) => Err(unreadable(context, "the answer is no UTF-8 text", None, answer)),
        })
    }
}
