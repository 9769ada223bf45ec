//! By need, for answers of any bytes: `Call::bytes_answer`. Takes `byte_stream` along.

use super::byte_stream::ByteStream;
use super::call::Call;
use super::error::Error;
use super::response::{Meta, Response};

impl Call<'_> {
    /// Sends the request, and returns the answer's body as it comes.
    pub(crate) async fn bytes_answer(mut self) -> Result<Response<ByteStream>, Error> {
        self.accept.get_or_insert("*/*");
        let options = &self.client.options;
        let (wait, max) = (options.attempt_timeout, options.max_answer_bytes);
        let answer = self.send(true).await?;
        let stream = ByteStream {
            body: answer.body,
            context: answer.context,
            status: answer.status,
            wait,
            max,
            watch: answer.watch,
        };
        let meta = Meta::new(answer.status, answer.headers, None);
        Ok(Response::from_parts(stream, meta))
    }
}
