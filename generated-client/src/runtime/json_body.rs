//! By need, for JSON bodies: `Call::json`.

use serde::Serialize;

use super::body::Body;
use super::call::Call;

impl Call<'_> {
    /// Sends `value` as JSON under the given media type.
    pub(crate) fn json(mut self, media_type: &'static str, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(json) => {
                self.content_type = Some(media_type);
                self.body = Body::from(json);
            }
            Err(_) => self.note("the body cannot be written as JSON", media_type),
        }
        self
    }
}
