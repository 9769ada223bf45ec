//! By need, for answers without data: `Call::empty`. Takes `read_empty` along.

use super::call::Call;
use super::error::Error;
use super::response::Response;

impl Call<'_> {
    /// Sends the request; the answer's body does not matter.
    pub(crate) async fn empty(self) -> Result<Response<()>, Error> {
        self.collected("application/json").await?.empty()
    }
}
