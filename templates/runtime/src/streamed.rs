//! By need, for answers that are handed over before they were read to their end: `Call::streamed`.

use super::answer::Answer;
use super::call::Call;
use super::error::Error;

impl Call<'_> {
    /// Sends the request and returns the answer, whose body is yet to come. `accept` is asked for,
    /// unless the call asks for something else.
    pub(crate) async fn streamed(mut self, accept: &'static str) -> Result<Answer, Error> {
        self.accept.get_or_insert(accept);
        self.send(&|_, _| true).await
    }
}
