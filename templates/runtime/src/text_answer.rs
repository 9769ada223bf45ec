//! By need, for text answers: `Call::text_answer`. Takes `read_text` along.

use super::call::Call;
use super::error::Error;
use super::response::Response;

impl Call<'_> {
    /// Sends the request, and returns the answer's text.
    pub(crate) async fn text_answer(self) -> Result<Response<String>, Error> {
        self.collected("text/plain").await?.text()
    }
}
