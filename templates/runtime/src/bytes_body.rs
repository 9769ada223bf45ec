//! By need, for bodies of any bytes: `Call::bytes`.

use super::body::Body;
use super::call::Call;

impl Call<'_> {
    /// Sends a body, at hand or streamed, under the given media type.
    pub(crate) fn bytes(mut self, media_type: &'static str, body: impl Into<Body>) -> Self {
        self.content_type = Some(media_type);
        self.body = body.into();
        self
    }
}
