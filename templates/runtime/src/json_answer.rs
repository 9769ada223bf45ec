//! By need, for JSON answers without an envelope: `Call::json_answer`. Takes `read_json` along.

use super::call::Call;
use super::error::Error;
use super::response::Response;
use serde::de::DeserializeOwned;

impl Call<'_> {
    /// Sends the request, and decodes the answer's body.
    pub(crate) async fn json_answer<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.collected("application/json").await?.json()
    }
}
