//! By need, for bodies of any media type of a range, such as `image/*`: [`MediaBody`], `Call::media`.

use http::{HeaderValue, header};

use super::body::Body;
use super::call::Call;

/// A body with its media type, which is the caller's to say where the API takes a range of them.
///
/// It is made from both: `("image/png", bytes)`.
#[derive(Debug)]
#[must_use]
pub struct MediaBody {
    media_type: String,
    body: Body,
}

impl MediaBody {
    /// Makes a body of this media type, at hand or streamed. A media type that the API does not take makes the call
    /// fail before anything is sent.
    pub fn new(media_type: impl Into<String>, body: impl Into<Body>) -> Self {
        Self { media_type: media_type.into(), body: body.into() }
    }
}

impl<B: Into<Body>> From<(&str, B)> for MediaBody {
    fn from((media_type, body): (&str, B)) -> Self {
        Self::new(media_type, body)
    }
}

impl Call<'_> {
    /// Sends a body under its own media type, which has to be of the range.
    pub(crate) fn media(mut self, range: &'static str, body: impl Into<MediaBody>) -> Self {
        let MediaBody { media_type, body } = body.into();
        let start = range.split('*').next().unwrap_or(range);
        let is_of_range = media_type.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start));
        match HeaderValue::try_from(media_type) {
            Ok(media_type) if is_of_range => {
                self.headers.insert(header::CONTENT_TYPE, media_type);
                self.body = body;
            }
            _ => self.note("the body's media type is not of the range", range),
        }
        self
    }
}
