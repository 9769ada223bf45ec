//! The bodies of a call: JSON, form, text and bytes.

use http::{HeaderValue, header};
use serde::Serialize;

use crate::runtime::call::node::Node;
use crate::runtime::call::style::Style;
use crate::runtime::call::style::{escape_but_reserved, percent_encode};
use crate::runtime::call::{Call, style};
use crate::runtime::transport::body::Body;

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

    /// Sends the properties of `value` as a form: an array repeats its property, and an object
    /// inside of the value is written as JSON (`OpenAPI` 3.0.3, Media Type Object), unless
    /// `styles` says by a property's name how it is written, and whether its reserved characters
    /// stay as they are. Null and absent properties are left out.
    pub(crate) fn form(mut self, value: &impl Serialize, styles: &[(&str, Style, bool)]) -> Self {
        const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";
        let Ok(Node::Pairs(properties)) = Node::of(value) else {
            self.note("the body cannot be written as a form", MEDIA_TYPE);
            return self;
        };
        let pairs: Vec<String> = properties
            .iter()
            .filter(|(_, value)| !style::is_empty(value))
            .map(|(name, value)| match styles.iter().find(|(styled, ..)| styled == name) {
                Some((_, style, true)) => style::write(name, value, *style, escape_but_reserved, true),
                Some((_, style, false)) => style::write(name, value, *style, escape, true),
                None if matches!(value, Node::Pairs(_)) => style::write(name, value, Style::Json, escape, true),
                None => style::write(name, value, Style::Form { explode: true }, escape, true),
            })
            .collect();
        self.content_type = Some(MEDIA_TYPE);
        self.body = Body::from(pairs.join("&"));
        self
    }
}

/// Encodes as forms do, where a space is a plus.
fn escape(text: &str, out: &mut String) {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push('+');
        }
        percent_encode(word, out);
    }
}

impl Call<'_> {
    /// Sends a text under the given media type.
    pub(crate) fn text(mut self, media_type: &'static str, text: impl Into<String>) -> Self {
        self.content_type = Some(media_type);
        self.body = Body::from(text.into());
        self
    }

    /// Sends a body, from memory or streamed, under the given media type.
    pub(crate) fn bytes(mut self, media_type: &'static str, body: impl Into<Body>) -> Self {
        self.content_type = Some(media_type);
        self.body = body.into();
        self
    }
}

/// A body with its media type, for an API that accepts a range of media types.
///
/// Create it from both: `("image/png", bytes)`.
#[derive(Debug)]
#[must_use]
pub struct MediaBody {
    media_type: String,
    body: Body,
}

impl MediaBody {
    /// Creates a body of this media type, from memory or streamed. If the API doesn't accept the media type, the call
    /// fails before anything is sent.
    pub fn new(media_type: impl Into<String>, body: impl Into<Body>) -> Self {
        Self { media_type: media_type.into(), body: body.into() }
    }

    /// Returns the media type.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Returns the body.
    pub fn into_body(self) -> Body {
        self.body
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
