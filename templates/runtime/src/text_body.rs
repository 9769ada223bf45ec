//! By need, for text bodies: `Call::text`.

use super::body::Body;
use super::call::Call;

impl Call<'_> {
    /// Sends a text under the given media type.
    pub(crate) fn text(mut self, media_type: &'static str, text: impl Into<String>) -> Self {
        self.content_type = Some(media_type);
        self.body = Body::from(text.into());
        self
    }
}
