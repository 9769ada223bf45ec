//! By need, for operations one of whose several answers is of any bytes: `Answer::bytes`. Takes
//! `byte_stream` along.

use std::time::Duration;

use super::answer::Answer;
use super::byte_stream::ByteStream;
use super::response::{Meta, Response};

impl Answer {
    /// Returns the body's bytes, which are at hand: the limits were looked at before.
    pub(crate) fn bytes(self) -> Response<ByteStream> {
        let stream = ByteStream {
            body: self.body,
            context: self.context,
            status: self.status,
            wait: Duration::MAX,
            max: usize::MAX,
            watch: self.watch,
        };
        Response::from_parts(stream, Meta::new(self.status, self.headers, None))
    }
}
