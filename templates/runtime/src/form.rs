//! By need, for `application/x-www-form-urlencoded`: `Call::form`.

use serde::Serialize;

use super::body::Body;
use super::call::Call;
use super::node::Node;
use super::percent::percent_encode;
use super::reserved::escape_but_reserved;
use super::style::{self, Style};

impl Call<'_> {
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
