//! By need, for answers of any bytes: `Call::bytes_answer`. Takes `streamed` and `read_bytes` along.

use super::byte_stream::ByteStream;
use super::call::Call;
use super::error::Error;
use super::response::Response;

impl Call<'_> {
    /// Sends the request, and returns the answer's body as it comes.
    pub(crate) async fn bytes_answer(self) -> Result<Response<ByteStream>, Error> {
        let client = self.client;
        Ok(self.streamed("*/*").await?.bytes(client))
    }
}
