//! By need, for header parameters: `Call::header`.

use http::{HeaderName, HeaderValue};
use serde::Serialize;

use super::call::Call;
use super::node::Node;
use super::style::{self, Style};

impl Call<'_> {
    /// Adds a header parameter, which is marked as sensitive; `None` and null are left out.
    pub(crate) fn header(mut self, name: &'static str, value: &impl Serialize, style: Style) -> Self {
        let Ok(value) = Node::of(value) else {
            self.note("the header cannot be written", name);
            return self;
        };
        if style::is_empty(&value) {
            return self;
        }
        let text = style::write(name, &value, style, |text, out| out.push_str(text), false);
        // Headers are not percent-encoded. Control characters, line breaks among them, are refused.
        match (HeaderName::try_from(name), HeaderValue::from_bytes(text.as_bytes())) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            _ => self.note("the header cannot be written", name),
        }
        self
    }
}
