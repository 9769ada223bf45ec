//! By need, for answers with fields beside the envelope's data, or without data:
//! `Call::whole`. Takes `read_whole` along.

use super::call::Call;
use super::error::Error;
use super::response::Response;
use serde::de::DeserializeOwned;

impl Call<'_> {
    /// Sends the request, and decodes the whole enveloped object.
    pub(crate) async fn whole<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.collected("application/json").await?.whole()
    }
}
