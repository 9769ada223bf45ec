//! By need, for answers whose envelope holds the data: `Call::data`. Takes `read_data` along.

use super::call::Call;
use super::error::Error;
use super::response::Response;
use serde::de::DeserializeOwned;

impl Call<'_> {
    /// Sends the request, and decodes the data in the answer's envelope.
    pub(crate) async fn data<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.collected("application/json").await?.data()
    }
}
