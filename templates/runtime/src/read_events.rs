//! By need, for server-sent events whose data is JSON: `Answer::events`. Takes `read_bytes` along.

use serde::de::DeserializeOwned;

use super::answer::Answer;
use super::client::Client;
use super::event_stream::EventStream;
use super::objects::Objects;
use super::response::Response;

impl Answer {
    /// Returns the events as they come.
    pub(crate) fn events<T: DeserializeOwned>(self, client: &Client) -> Response<EventStream<T>> {
        let (bytes, meta) = self.bytes(client).into_parts();
        let decode = |data: String| serde_json::from_str(&data).map(|Objects(data)| data);
        Response::from_parts(EventStream::new(bytes, decode), meta)
    }
}
