//! By need, for streams of lines that are JSON: `Answer::lines`. Takes `read_bytes` along.

use serde::de::DeserializeOwned;

use super::answer::Answer;
use super::client::Client;
use super::json_lines::JsonLines;
use super::objects::Objects;
use super::response::Response;

impl Answer {
    /// Returns the values as they come.
    pub(crate) fn lines<T: DeserializeOwned>(self, client: &Client) -> Response<JsonLines<T>> {
        let (bytes, meta) = self.bytes(client).into_parts();
        let decode = |line: &[u8]| serde_json::from_slice(line).map(|Objects(data)| data);
        Response::from_parts(JsonLines::new(bytes, decode), meta)
    }
}
