//! By need, for answers of any bytes: `Answer::bytes`. Takes `byte_stream` along.

use super::answer::Answer;
use super::byte_stream::ByteStream;
use super::client::Client;
use super::response::{Meta, Response};

impl Answer {
    /// Returns the body's bytes as they come.
    pub(crate) fn bytes(self, client: &Client) -> Response<ByteStream> {
        let meta = Meta::new(self.status, self.headers, None);
        let stream = ByteStream {
            body: self.body,
            context: self.context,
            status: self.status,
            wait: client.options.attempt_timeout,
            max: client.options.max_answer_bytes,
            watch: self.watch,
        };
        Response::from_parts(stream, meta)
    }
}
