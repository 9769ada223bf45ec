//! By need, for every answer that is not streamed: `Call::collected`.

use super::answer::Answer;
use super::call::Call;
use super::error::Error;

impl Call<'_> {
    /// Sends the request and returns the answer, its body at hand. `accept` is asked for, unless
    /// the call asks for something else.
    pub(super) async fn collected(mut self, accept: &'static str) -> Result<Answer, Error> {
        self.accept.get_or_insert(accept);
        self.send(&|_, _| false).await
    }
}
