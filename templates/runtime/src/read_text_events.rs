//! By need, for server-sent events whose data is text: `Answer::text_events`. Takes `read_bytes` along.

use super::answer::Answer;
use super::client::Client;
use super::event_stream::EventStream;
use super::response::Response;

impl Answer {
    /// Returns the events as they come.
    pub(crate) fn text_events(self, client: &Client) -> Response<EventStream<String>> {
        let (bytes, meta) = self.bytes(client).into_parts();
        Response::from_parts(EventStream::new(bytes, Ok), meta)
    }
}
