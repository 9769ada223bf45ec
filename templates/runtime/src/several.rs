//! By need, for operations with several answers of success: `Call::several`, `Answer::status`,
//! `Answer::media_type`.
//!
//! ```text
//! let answer = self.call(&GET_REPORT).several(|_, media_type| media_type == "image/png").await?;
//! match (answer.status().as_u16(), answer.media_type().as_str()) {
//!     (200, "text/csv") => Ok(answer.text()?.map(GetReportAnswer::Csv)),
//!     (200, "image/png") => Ok(answer.bytes(self).map(GetReportAnswer::Png)),
//!     _ => Ok(answer.json()?.map(GetReportAnswer::Report)),
//! }
//! ```

use http::{HeaderMap, StatusCode, header};

use super::answer::Answer;
use super::call::Call;
use super::error::Error;
use super::response::Response;

impl Call<'_> {
    /// Sends the request, and returns the answer for one of the methods of `Answer` to read.
    /// `is_streamed` says by the status and the media type whether the body is yet to come.
    pub(crate) async fn several(mut self, is_streamed: impl Fn(u16, &str) -> bool + Sync) -> Result<Answer, Error> {
        self.accept.get_or_insert("*/*");
        self.send(&|status, headers| is_streamed(status.as_u16(), &media_type(headers))).await
    }
}

impl Answer {
    /// Returns the status, which is one of success.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the media type in lower case without its parameters; empty where there is none.
    pub(crate) fn media_type(&self) -> String {
        media_type(&self.headers)
    }
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE);
    let text = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let end = text.find(';').unwrap_or(text.len());
    text[..end].trim().to_ascii_lowercase()
}

impl<T> Response<T> {
    /// Returns the answer with other data: the variant that it is, say.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        let (data, meta) = self.into_parts();
        Response::from_parts(change(data), meta)
    }
}
